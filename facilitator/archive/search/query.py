"""What somebody looks for, and how it is read. Pure.

Promises: every text is a query; what is too long is cut, what is no word is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from facilitator.archive.search.tokens import Token, composed, fold, tokens
from facilitator.core.text import cleaned

LONGEST_TEXT = 500
MOST_WORDS = 12
PER_PAGE = 20
MOST_PAGES = 50

MARKS = '"“”„‟«»＂'
QUOTED = re.compile(f"[{MARKS}]([^{MARKS}]*)[{MARKS.replace('„', '')}]")
QUOTES = re.compile(f"[{MARKS}]")

FILTERS = ("theme", "method", "outcome", "form", "period", "locale")


@dataclass(frozen=True, slots=True)
class Query:
    """A text and what to filter by. In one filter any of the values will do, and each filter that has values must fit.

    `theme` takes names, `outcome` the values of `Outcome` with `unknown` for none. Pages count from one.
    """

    text: str = ""
    theme: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    locale: tuple[str, ...] = ()
    page: int = 1
    per_page: int = PER_PAGE

    @property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """The filters that have values."""
        every = {
            "theme": self.theme,
            "method": self.method,
            "outcome": self.outcome,
            "form": self.form,
            "period": self.period,
            "locale": self.locale,
        }
        return {name: values for name, values in every.items() if values}

    @property
    def first(self) -> int:
        """How many hits come before this page."""
        return (min(max(self.page, 1), MOST_PAGES) - 1) * self.per_page


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word somebody looks for; `is_open` while it may still be in the middle of being typed."""

    token: Token
    is_open: bool = False
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it is understood."""

    words: tuple[QueryWord, ...]
    phrases: tuple[tuple[str, ...], ...]


def parse(text: str) -> ParsedQuery:
    """Words and phrases of a query. What stands in quotes is a phrase; a quote that is still open is none yet."""
    text = composed(cleaned(text[:LONGEST_TEXT]))
    words: list[QueryWord] = []
    phrases = []
    for found in QUOTED.finditer(text):
        inside = list(tokens(found.group(1)))[:MOST_WORDS]
        if inside:
            phrases.append(tuple(fold(token.word) for token in inside))
            words.extend(QueryWord(token, is_quoted=True) for token in inside)
    free = QUOTED.sub(lambda found: " " * len(found.group()), text)
    loose = list(tokens(free))
    for token in loose:
        is_open = token is loose[-1] and token.end == len(text.rstrip("\n")) and not QUOTES.search(text[token.end :])
        words.append(QueryWord(token, is_open))
    return ParsedQuery(_without_doubles(words)[:MOST_WORDS], tuple(phrases))


def _without_doubles(words: list[QueryWord]) -> tuple[QueryWord, ...]:
    first: dict[str, QueryWord] = {}
    for asked in words:
        word = fold(asked.token.word)
        if word not in first or asked.is_open:
            first[word] = asked
    return tuple(first.values())
