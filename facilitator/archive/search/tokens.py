"""From a text to words, and from a word to what it is found by. Pure.

Promises: the same text gives the same words on every machine and database; what changes them changes `version()`, and a card
indexed under another version is indexed anew (`reindexing`). No text raises: what is no word is left out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

from facilitator.core import languages
from facilitator.core.text import is_unseen, straight

OTHER = "xx"  # a card in a language without stems is found by its words as they are
RULES = 4

LONGEST_WORD = 40
HYPHENS = r"\-‐‑﹣－"
WORD = re.compile(rf"[^\W_]+(?:['{HYPHENS}][^\W_]+)*")
HYPHEN = re.compile(f"[{HYPHENS}]")
ELISIONS = frozenset(["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"])
ENDINGS = frozenset(["s", "t", "d", "m", "n", "tje", "tjes", "er", "ers", "ll", "re", "ve"])
# What Unicode does not take apart by itself; the rest of the accents falls off in `fold`.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word where it stands in a text. `word` is in small letters with its accents, without hyphens; `parts` are what
    the hyphens join, and empty where there are none.
    """

    start: int
    end: int
    word: str
    parts: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The word alone, its parts joined again."""
        return "-".join(self.parts) or self.word

    @classmethod
    def read(cls, written: str, start: int = 0, end: int = 0) -> Token:
        parts = tuple(part[:LONGEST_WORD] for part in HYPHEN.split(written))
        return cls(start, end, "".join(parts)[:LONGEST_WORD], parts if len(parts) > 1 else ())


def composed(text: str) -> str:
    """A text as it is cut into words: letters and their accents in one, ligatures apart."""
    return unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """A word without capitals, accents and ligatures."""
    bare = unicodedata.normalize("NFKD", word.casefold().translate(LETTERS))
    return bare if bare.isascii() else "".join(sign for sign in bare if not unicodedata.combining(sign))


def tokens(text: str) -> Iterator[Token]:
    """The words of a composed text, in order. What nobody sees parts no word, also in a text from before texts were cleaned."""
    places = _places_seen(text)
    for found in WORD.finditer(straight("".join(text[place] for place in places))):
        start = found.start()
        # An apostrophe parts a word or ends it; a hyphen joins what is a word alone as well.
        for piece in _pieces(found.group()):
            first, last = places[start + piece.start()], places[start + piece.end() - 1]
            yield Token.read(piece.group().casefold(), first, last + 1)


def words_of(text: str) -> list[Token]:
    """The words of any text."""
    return list(tokens(composed(text)))


@lru_cache(maxsize=50_000)
def stems(word: str, language: str) -> frozenset[str]:
    """What a word of a language is found by, folded. People leave accents out: both spellings are cut."""
    bare = fold(word)
    return frozenset(
        fold(stemmer.stemWord(form)) for stemmer in _stemmers(language) for form in {word, bare} if form
    ) or frozenset([bare])


def is_stop_word(word: str, language: str) -> bool:
    """Does it say nothing in this language? Such words are not indexed, asked for only in phrases, and never marked by themselves."""
    return fold(word) in _stop_words().get(language, ())


def language_of(locale: str) -> str:
    """The language of a card, of those with stems, or `OTHER`."""
    code = languages.code_of(locale)
    return code if code in languages.stemmed() else OTHER


@cache
def version() -> str:
    """The rules here, the stemmer's, and what languages give: raise `RULES` for a change of the first, the others are noticed."""
    given = [(code, language.stemmers, bool(language.joints)) for code, language in languages.TABLE.items()]
    listed = [(code, sorted(words)) for code, words in _stop_words().items()]
    digest = hashlib.blake2b(repr((given, listed)).encode(), digest_size=4).hexdigest()
    return f"{RULES}/{Stemmer.version()}/{digest}"


@cache
def _stemmers(language: str) -> list[Stemmer.Stemmer]:
    known = languages.of(language)
    return [Stemmer.Stemmer(name) for name in known.stemmers] if known else []


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    """By the code of their language, folded: its file `stop_words.txt`."""
    return {code: frozenset(languages.lines_of(path)) for code, path in languages.data("stop_words.txt").items()}


def _pieces(written: str) -> list[re.Match[str]]:
    pieces = list(re.finditer(r"[^']+", written))
    kept = [piece for piece in pieces[:-1] if fold(piece.group()) not in ELISIONS]
    last = pieces[-1]
    if not kept or fold(last.group()) not in ENDINGS:
        kept.append(last)
    return kept


def _places_seen(text: str) -> Sequence[int]:
    """Where the signs stand that words are made of: neither unseen ones nor accents that no letter holds."""
    if text.isascii() and text.isprintable():
        return range(len(text))
    return [
        place
        for place, sign in enumerate(text)
        if " " <= sign <= "~" or not (is_unseen(sign) or unicodedata.combining(sign))
    ]
