"""Themes a card could be about: those whose words it says, and words that set it apart. Pure.

Promises: a theme is proposed where the card has every word of its name, in whatever form; a word is proposed where the card
says it more than once and hardly another card does. Nothing is ever chosen by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from facilitator.archive.content import CardContent
from facilitator.archive.search.words import Token, is_stop_word, language_of, stems, words_of
from facilitator.core.text import name_key

SHORTEST_WORD = 6
SAID_AT_LEAST = 2
MOST_WORDS = 4
COMMON = 0.2  # a word that more than a fifth of the other cards say sets none of them apart


def sorted_names(names: Iterable[str]) -> list[str]:
    """In the order of a dictionary: capitals and accents make no difference at first."""
    return sorted(names, key=sort_key)


def sort_key(name: str) -> tuple[str, str]:
    """By which names are sorted."""
    return name_key(name), name


def fitting_themes(content: CardContent, locale: str, names: Iterable[str]) -> list[str]:
    """The themes of the list whose words a card says."""
    language = language_of(locale)
    said = _stems_of(content, language)
    return [name for name in sorted_names(names) if _is_said(name, said, language)]


def telling_words(content: CardContent, locale: str, others: Sequence[CardContent], names: Iterable[str]) -> list[str]:
    """Words that could be a theme which is not on the list yet, the most telling first."""
    language = language_of(locale)
    known = {stem for name in names for token in words_of(name) for stem in _stems(token, language)}
    elsewhere = Counter(stem for other in others for stem in _stems_of(other, language))
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for token in words_of(text_of(content)):
        if _could_be_a_theme(token, language):
            stem = min(_stems(token, language))
            counts[stem] += 1
            written.setdefault(stem, token.word)
    telling = [
        stem
        for stem, count in counts.items()
        if count >= SAID_AT_LEAST and stem not in known and elsewhere[stem] <= COMMON * len(others)
    ]
    telling.sort(key=lambda stem: (-counts[stem], elsewhere[stem], stem))
    return [written[stem] for stem in telling[:MOST_WORDS]]


def text_of(content: CardContent) -> str:
    """All words of a card in one."""
    one = (content.title, content.question, content.summary, content.context, content.tried, content.action)
    more = (content.outcome, content.when_to_use, content.when_not, *content.insights, *content.advice)
    return "\n".join((*one, *more, *(step.text for step in content.steps)))


def _could_be_a_theme(token: Token, language: str) -> bool:
    word = token.word
    return len(word) >= SHORTEST_WORD and not word.isdecimal() and not is_stop_word(word, language)


def _is_said(name: str, said: frozenset[str], language: str) -> bool:
    wanted = [token for token in words_of(name) if not is_stop_word(token.word, language)]
    return bool(wanted) and all(stems(token.word, language) & said for token in wanted)


def _stems_of(content: CardContent, language: str) -> frozenset[str]:
    return frozenset(stem for token in words_of(text_of(content)) for stem in _stems(token, language))


def _stems(token: Token, language: str) -> frozenset[str]:
    return frozenset(stem for word in (token.word, *token.parts) for stem in stems(word, language))
