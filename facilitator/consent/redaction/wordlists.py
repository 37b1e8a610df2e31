"""The words of the redaction: what it knows and what it proposes, in the file `cards.toml` of each language. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from facilitator.core import languages

SHARED = Path(__file__).parent / "shared.toml"
LOOKS_BACK = 60
BREAK = re.compile(r"(?:[.!?…:;\n\r•*–—|/(\[„“\"‘«»]|^|[-+]\s)\s*[\"'“„‘«»(\[]*\s*$")


class Language(BaseModel):
    """Proposals, and words by which dates, people and places are known. Proposals: the first one that fits is taken.

    `if_then` is how an action is said, with `{when}` and `{then}`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    if_then: str
    person: tuple[str, ...]
    person_of: tuple[str, ...]
    firm: tuple[str, ...]
    supplier: tuple[str, ...]
    place: tuple[str, ...]
    place_at: tuple[str, ...]
    at: tuple[str, ...]
    firm_nouns: tuple[str, ...]
    mail: tuple[str, ...]
    phone: tuple[str, ...]
    code: tuple[str, ...]
    url: tuple[str, ...]
    date: tuple[str, ...]
    quarters: tuple[str, ...]
    of_year: str
    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[str, ...]
    before_date: tuple[str, ...]
    before_month: tuple[str, ...]
    week: tuple[str, ...]
    titles: tuple[str, ...]
    place_before: tuple[str, ...]
    supplier_near: tuple[str, ...]
    articles: tuple[str, ...]
    streets: tuple[str, ...]


class Shared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    firm_suffixes: tuple[str, ...]
    particles: frozenset[str]
    abbreviations: frozenset[str]
    known_capitals: frozenset[str]
    ordinary: frozenset[str]
    places: frozenset[str]
    first_names: frozenset[str]


class Words(BaseModel):
    """Everything in the files; languages by their code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    languages: dict[str, Language]
    shared: Shared


@cache
def words() -> Words:
    """The files, read and checked once."""
    found = {code: _read(path) for code, path in languages.data("cards.toml").items()}
    return Words.model_validate({"languages": found, "shared": _read(SHARED)})


def _read(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def language_of(locale: str) -> Language:
    """The words of a language (`nl`, `nl_BE`); English where there is no list."""
    found = words().languages
    return found.get(languages.code_of(locale), found[languages.FALLBACK])


@cache
def everywhere(field: str) -> frozenset[str]:
    """A list of words of all languages together: people mix languages, and names of days travel along."""
    return frozenset(word for language in words().languages.values() for word in getattr(language, field))


def begins_at(text: str, start: int) -> bool:
    """Whether a sentence begins here; the dot of an abbreviation ends none."""
    before = text[max(0, start - LOOKS_BACK) : start]
    if not BREAK.search(before):
        return False
    last = re.search(r"(\S+)\.\s*$", before)
    return last is None or last.group(1).lower().lstrip("(") not in words().shared.abbreviations
