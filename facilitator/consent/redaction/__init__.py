"""Marks what could tell who or where it was, and proposes words instead. Pure; people decide.

Promises: findings stand in order and do not overlap; with every proposal in its place, no name of somebody who was
there is left; no text of any kind makes it fail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from facilitator.consent.redaction.capitals import delivers, find_capitals
from facilitator.consent.redaction.dates import find_dates
from facilitator.consent.redaction.findings import Finding, Kind, Segment, applied, segments, together
from facilitator.consent.redaction.names import find_names, holds_word, is_possessive, name_words
from facilitator.consent.redaction.patterns import find_codes, find_streets
from facilitator.consent.redaction.wordlists import Language, begins_at, language_of
from facilitator.core import languages

__all__ = ["Finding", "Kind", "Segment", "applied", "find", "holds_name", "in_new_words", "segments"]

NOTHING_SAID = "…"


def find(text: str, names: Sequence[str], locale: str) -> tuple[Finding, ...]:
    """What could tell who or where it was, in a text of this language, written by people with these names."""
    language, known = language_of(locale), languages.of(locale)
    capital_nouns = known is not None and known.nouns_have_capitals
    found = together(
        text,
        (
            *find_names(text, names),
            *find_codes(text),
            *find_dates(text, language),
            *find_streets(text),
            *find_capitals(text, language, capital_nouns),
        ),
    )
    taken = name_words(names)
    said = (_with_what_goes_before(text, one, language) for one in found)
    return tuple(replace(one, proposal=_proposal(text, one, language, taken)) for one in together(text, said))


def in_new_words(text: str, names: Sequence[str], locale: str) -> str:
    return applied(text, find(text, names, locale))


def _with_what_goes_before(text: str, found: Finding, language: Language) -> Finding:
    """The whole of "in Zwolle" is replaced as a whole; of "the supplier Acme" the name goes and the word before it stays."""
    before = re.search(r"([^\W\d_]+)(\s)$", text[: found.start])
    if before is None:
        return found
    word = before.group(1).lower()
    if found.kind is Kind.PLACE and word in language.at:
        return replace(found, start=before.start(1))
    if found.kind is Kind.FIRM and word in language.firm_nouns:
        return replace(found, start=before.start(2))
    return found


def _proposal(text: str, found: Finding, language: Language, taken: frozenset[str]) -> str:
    """The first wording that holds no word of somebody's name, with a capital where a sentence begins."""
    if found.kind is Kind.FIRM and text[found.start].isspace():
        return ""
    fitting = (words for words in _wordings(text, found, language) if words and not holds_word(words, taken))
    chosen = next(fitting, NOTHING_SAID)
    return chosen[:1].upper() + chosen[1:] if begins_at(text, found.start) and not _goes_on(text, found) else chosen


def _goes_on(text: str, found: Finding) -> bool:
    """Whether what stands before is a colon or the like, after which a small letter is right."""
    return text[: found.start].rstrip(' "“„‘«([')[-1:] in (":", ";", "/", "–", "—")


def _wordings(text: str, found: Finding, language: Language) -> tuple[str, ...]:
    """What could stand there, the best first."""
    match found.kind:
        case Kind.NAME | Kind.PERSON:
            return language.person_of if is_possessive(found.of(text)) else language.person
        case Kind.FIRM:
            return language.supplier if delivers(text, found, language) else language.firm
        case Kind.PLACE:
            is_whole = found.of(text).split(maxsplit=1)[0].lower() in language.at
            return language.place_at if is_whole else language.place
        case Kind.DATE:
            return (found.proposal, *language.date)
    return {Kind.MAIL: language.mail, Kind.PHONE: language.phone, Kind.URL: language.url}.get(found.kind, language.code)


def holds_name(text: str, names: Sequence[str]) -> bool:
    return next(find_names(text, names), None) is not None
