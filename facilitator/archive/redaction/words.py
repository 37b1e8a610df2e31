"""The words of the redaction: what it knows and what it proposes, per language (words.toml). Pure."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).parent / "words.toml"
OTHERWISE = "en"


class Language(BaseModel):
    """Proposals, and words by which dates, people and places are known. Proposals: the first one that fits is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
    """Words that are the same in every language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    firm_suffixes: tuple[str, ...]
    particles: frozenset[str]
    abbreviations: frozenset[str]
    known_capitals: frozenset[str]
    ordinary: frozenset[str]
    places: frozenset[str]
    first_names: frozenset[str]


class Words(BaseModel):
    """Everything in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nl: Language
    en: Language
    de: Language
    fr: Language
    shared: Shared

    @property
    def languages(self) -> dict[str, Language]:
        """By their code."""
        return {"nl": self.nl, "en": self.en, "de": self.de, "fr": self.fr}


@cache
def words() -> Words:
    """The file, read and checked once."""
    return Words.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def language_of(locale: str) -> Language:
    """The words of a language (`nl`, `nl_BE`); English where there is no list."""
    found = words().languages
    return found.get(locale[:2].lower(), found[OTHERWISE])


@cache
def everywhere(field: str) -> frozenset[str]:
    """A list of words of all languages together: people mix languages, and names of days travel along."""
    return frozenset(word for language in words().languages.values() for word in getattr(language, field))
