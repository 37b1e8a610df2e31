"""Three languages that nobody mistakes for each other: every word that the product says by itself ends in a sign of its language.

    with three_tongues(patch): …               # every text of product and methods is marked
    assert not foreign("Hallo¹", "en")         # no: that is Dutch, and would be read by somebody who reads English

What people type has no such sign, nor have dates; months are known by their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import flask_babel
from babel import Locale
from babel.dates import get_month_names
from babel.support import NullTranslations

from facilitator.core import languages
from facilitator.core.languages import Language
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method, MethodTexts, Phase, PhaseTexts

if TYPE_CHECKING:
    import pytest

# The default, the fallback, and one that nothing falls back to.
SIGNS: Mapping[str, str] = {"nl": "¹", "en": "²", "eo": "³"}
THIRD = "eo"
SHORTEST, LONGEST = 23, 399
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
WORD = re.compile(r"(%\([a-z_]+\)[sd]|%%|\{[a-z]+\}|<[^>]*>|&\w+;|\[[^\]]*\]\([^)]*\))|([^\W\d_][\w’'-]*)")
# Those that are written alike everywhere say nothing.
MONTHS = {code: set(get_month_names("wide", locale=code).values()) for code in SIGNS}


def marked(text: str, language: str) -> str:
    """A text of the product with a sign behind each word; places to fill in and tags stay as they are."""
    return WORD.sub(lambda found: found[1] or f"{found[2]}{SIGNS[language]}", text)


def foreign(said: str, language: str) -> list[str]:
    """Pieces of what somebody was sent that are not in their language."""
    others = "".join(sign for code, sign in SIGNS.items() if code != language)
    months = "|".join(set().union(*(MONTHS[code] for code in SIGNS if code != language)) - MONTHS[language])
    return re.findall(rf".{{0,60}}[{others}].{{0,20}}|.{{0,40}}\b\d+ (?:{months})\b.{{0,20}}", said)


def mislabelled(html: str, language: str) -> list[tuple[str, str]]:
    """Words of the product that stand where an attribute `lang` says another language; `language` is that around the whole."""
    reading = _Labels(language)
    reading.feed(html)
    return reading.wrong


class _Labels(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.languages, self.wrong = [language], list[tuple[str, str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.languages.append(dict(attrs).get("lang") or self.languages[-1])
        for _name, value in attrs:
            self.handle_data(value or "")
        if tag in VOID:
            self.languages.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.languages) > 1:
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        if any(sign in data for code, sign in SIGNS.items() if code != self.languages[-1]):
            self.wrong.append((self.languages[-1], data.strip()[:80]))


class Marked(NullTranslations):
    """A catalogue that has every text."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def gettext(self, message: str) -> str:
        """The text with its signs."""
        return marked(message, self.language)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The same where something is counted."""
        return marked(msgid1 if n == 1 else msgid2, self.language)

    ugettext, ungettext = gettext, ngettext


def three_tongues(patch: pytest.MonkeyPatch) -> None:
    """Has everything that is said by the product, its libraries and its methods marked, in all languages of `SIGNS`."""
    for code in SIGNS:
        known = languages.TABLE.get(code) or Language("Tria", code)
        patch.setitem(languages.TABLE, code, replace(known, speaks=True))
    catalogues = {code: Marked(code) for code in SIGNS}

    def catalogue_of_reader(_domain: object) -> Marked:
        found = flask_babel.get_locale()
        return catalogues[found.language if isinstance(found, Locale) else languages.FALLBACK]

    patch.setattr(flask_babel.Domain, "get_translations", catalogue_of_reader)
    for key, method in load_catalogue().items():
        patch.setitem(load_catalogue(), key, _marked_method(method))


def _marked_method(method: Method) -> Method:
    phases = tuple(phase.model_copy(update={"texts": _in_all(phase)}) for phase in method.phases)
    return method.model_copy(update={"texts": _in_all(method), "phases": phases})


def _in_all(spoken: Method | Phase) -> dict[str, PhaseTexts | MethodTexts]:
    said = spoken.text(languages.FALLBACK)
    return {code: type(said).model_validate(_signed(said.model_dump(), sign)) for code, sign in SIGNS.items()}


def _signed(said: object, sign: str, place: str = "") -> object:
    """One sign at the end of each text, which stays as short as it must be."""
    if isinstance(said, str):
        return f"{said[: SHORTEST if place == 'short' else LONGEST]}{sign}"
    if isinstance(said, dict):
        return {key: _signed(one, sign, key) for key, one in said.items()}
    return tuple(_signed(one, sign) for one in said) if isinstance(said, tuple) else said
