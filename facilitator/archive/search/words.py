"""From a text to words, and from a word to what it is found by. Pure.

Promises: the same text gives the same words on every machine and database; what changes them changes `VERSION`, and a card
indexed under another version is indexed anew (`reindexing`). No text raises: what is no word is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from facilitator.archive.search.stopwords import STOP_WORDS

LANGUAGES = ("nl", "en", "de", "fr")
OTHER = "xx"  # a card in a language without stems is found by its words as they are
VERSION = f"1/{Stemmer.version()}"

# Snowball's newer Dutch parts moeilijk from moeilijke, the older one huis from huizen: a word is found by either.
ALGORITHMS = {"nl": ("dutch", "dutch_porter"), "en": ("english",), "de": ("german",), "fr": ("french",)}
STEMMERS = {language: [Stemmer.Stemmer(name) for name in names] for language, names in ALGORITHMS.items()}

LONGEST_WORD = 40
WORD = re.compile(r"[^\W_]+(?:['’ʼ‑\-][^\W_]+)*")
APOSTROPHE = re.compile(r"['’ʼ]")
HYPHEN = re.compile(r"[‑\-]")
ELISIONS = frozenset(["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"])
ENDINGS = frozenset(["s", "t", "d", "m", "n", "tje", "tjes", "er", "ers", "ll", "re", "ve"])
# What Unicode does not take apart by itself; the rest of the accents falls off in `fold`.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "\u00ad": ""}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word where it stands in a text. `word` is in small letters with its accents, without hyphens; `parts` are what
    the hyphens join, and empty where there are none.
    """

    start: int
    end: int
    word: str
    parts: tuple[str, ...] = ()


def composed(text: str) -> str:
    """A text as it is cut into words: letters and their accents in one, ligatures apart."""
    return unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """A word without capitals, accents and ligatures."""
    bare = unicodedata.normalize("NFKD", word.casefold().translate(LETTERS))
    return bare if bare.isascii() else "".join(sign for sign in bare if not unicodedata.combining(sign))


def tokens(text: str) -> Iterator[Token]:
    """The words of a composed text, in order."""
    for found in WORD.finditer(text):
        start = found.start()
        # An apostrophe parts a word or ends it; a hyphen joins what is a word alone as well.
        for piece in _pieces(found.group()):
            yield _token(start + piece.start(), piece.group())


def words_of(text: str) -> list[Token]:
    """The words of any text."""
    return list(tokens(composed(text)))


@lru_cache(maxsize=50_000)
def stems(word: str, language: str) -> frozenset[str]:
    """What a word of a language is found by, folded. People leave accents out: both spellings are cut."""
    bare = fold(word)
    if language not in STEMMERS:
        return frozenset([bare])
    return frozenset(
        fold(stemmer.stemWord(form)) for stemmer in STEMMERS[language] for form in {word, bare} if form
    ) or frozenset([bare])


def is_stop_word(word: str, language: str) -> bool:
    """Does it say nothing in this language?"""
    return fold(word) in STOP_WORDS.get(language, ())


def language_of(locale: str) -> str:
    """The language of a card, of those with stems, or `OTHER`."""
    language = locale[:2].lower()
    return language if language in LANGUAGES else OTHER


def _pieces(written: str) -> list[re.Match[str]]:
    pieces = list(re.finditer(r"[^'’ʼ]+", written))
    if not pieces:  # one of the three apostrophes is a letter to Unicode, and may stand alone
        return []
    kept = [piece for piece in pieces[:-1] if fold(piece.group()) not in ELISIONS]
    last = pieces[-1]
    if not kept or fold(last.group()) not in ENDINGS:
        kept.append(last)
    return kept


def _token(start: int, written: str) -> Token:
    parts = tuple(part.casefold()[:LONGEST_WORD] for part in HYPHEN.split(written))
    return Token(start, start + len(written), "".join(parts)[:LONGEST_WORD], parts if len(parts) > 1 else ())
