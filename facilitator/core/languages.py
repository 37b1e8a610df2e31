"""The one table of languages: what the product knows of each, in one line. Everything else asks here, and when it is asked.

Promises: the interface speaks what has `speaks`, the first of them for whoever asks for none of them; a text that a language lacks is
said in `FALLBACK`, the language of the code; the words of a language are in its own folder of `translations`, found by its code.
Sentences for people are not here: they are in catalogues and in method files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is what its speakers call it, `tag` the region whose spelling files are checked by (BCP 47), `stemmers` are Snowball's.

    `joints` is what it puts between the parts of a compound, the most frequent first; empty where words are not joined.
    `speaks` puts it in the interface; `is_complete` says that no text of product, methods or example may be missing in it.
    """

    name: str
    tag: str
    speaks: bool = False
    is_complete: bool = False
    stemmers: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    nouns_have_capitals: bool = False


# Snowball's newer Dutch parts moeilijk from moeilijke, the older one huis from huizen: a word is found by either.
TABLE: dict[str, Language] = {
    "nl": Language(
        "Nederlands", "nl-NL", True, True, stemmers=("dutch", "dutch_porter"), joints=("", "s", "en", "n", "e")
    ),
    "en": Language("English", "en-GB", True, True, stemmers=("english",)),
    "de": Language(
        "Deutsch", "de-DE", stemmers=("german",), joints=("", "s", "n", "en", "e", "es"), nouns_have_capitals=True
    ),
    "fr": Language("Français", "fr-FR", stemmers=("french",)),
}
DEFAULT = next(iter(TABLE))
FALLBACK = "en"


def spoken() -> tuple[str, ...]:
    """The codes of what the interface speaks, the default first."""
    return tuple(code for code, language in TABLE.items() if language.speaks)


def complete() -> tuple[str, ...]:
    """The codes of those in which nothing may be missing."""
    return tuple(code for code, language in TABLE.items() if language.is_complete)


def stemmed() -> tuple[str, ...]:
    """The codes of those whose words are found by their stems."""
    return tuple(code for code, language in TABLE.items() if language.stemmers)


def joining() -> tuple[str, ...]:
    """The codes of those that write compounds as one word."""
    return tuple(code for code, language in TABLE.items() if language.joints)


def code_of(locale: str) -> str:
    """The code in `nl`, `nl_BE` or `nl-BE`, whether we know that language or not."""
    return locale[:2].lower()


def of(locale: str) -> Language | None:
    """What is known of the language of a locale."""
    return TABLE.get(code_of(locale))


def spoken_or(locale: str, otherwise: str) -> str:
    """The code of a locale's language where the interface speaks it, `otherwise` where not."""
    code = code_of(locale)
    return code if code in spoken() else otherwise


def nearest(wanted: str, known: Iterable[str]) -> str:
    """The language in which something is said that not every language has: the one that is wanted, else the language of the code, else
    the first there is; empty where there is none.
    """
    found = tuple(known)
    return next((code for code in (wanted, FALLBACK) if code in found), found[0] if found else "")


def name_of(locale: str) -> str:
    """What speakers of a language call it; of one that we do not know, the locale as it was given."""
    found = of(locale)
    return found.name if found else locale


def tag_of(locale: str) -> str:
    """A locale as files name it, with the region whose spelling is checked where none is given: `nl` is `nl-NL`."""
    found = TABLE.get(locale)
    return found.tag if found else locale.replace("_", "-")


def data(name: str) -> dict[str, Path]:
    """The files of this name that languages have, by their code, in the order of the table."""
    files = {code: FOLDER / code / name for code in TABLE}
    return {code: path for code, path in files.items() if path.exists()}


def lines_of(path: Path) -> tuple[str, ...]:
    """What a list in such a file names, one on a line."""
    return tuple(path.read_text(encoding="utf-8").splitlines())
