"""Passages as they stand on a page: their heading, their words as blocks, and where they are in being approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask_babel import gettext

from facilitator.methods.vocabulary import Kind
from facilitator.reports.blocks import Block, Line, Lines, Words
from facilitator.reports.closing import next_blocks
from facilitator.reports.deeds import Deed
from facilitator.reports.passages import Passage, Shape, Value, fingerprint, is_empty, passages, value_of
from facilitator.reports.report import Case, Report
from facilitator.reports.sheet import choice_parts, deed_facts, results_part, section_heading, told_blocks
from facilitator.reports.texts import Section, Told


def _(text: str, /, **names: object) -> str:
    return str(gettext(text, **names))


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage on a page. `seen` goes with every form about it: the fingerprint of the words that are shown. `hint` says
    what belongs in it. `place` says whose it is.
    """

    key: str
    shape: str
    case: int
    title: str
    place: str
    hint: str
    blocks: tuple[Block, ...]
    value: Value
    seen: str
    is_empty: bool
    is_out: bool
    is_right: bool
    can_choose: bool


def pieces(
    shown: Report, stored: Report, left_out: tuple[str, ...] = (), right: frozenset[str] = frozenset()
) -> tuple[Piece, ...]:
    """Every passage of a report. `shown` is in the reader's language, `stored` what the fingerprints are of."""
    return tuple(_piece(shown, stored, found, left_out, right) for found in passages(shown))


def _piece(shown: Report, stored: Report, found: Passage, left_out: tuple[str, ...], right: frozenset[str]) -> Piece:
    value = value_of(shown, found.key)
    return Piece(
        key=found.key,
        shape=found.shape.value,
        case=found.case,
        title=heading(shown, found),
        place=_place(shown, found),
        hint=_hint(found),
        blocks=blocks(shown, found),
        value=value,
        seen=fingerprint(value_of(stored, found.key)),
        is_empty=is_empty(value),
        is_out=found.key in left_out,
        is_right=found.key in right,
        can_choose=_kind(shown, found) is Kind.ADVISE,
    )


def heading(report: Report, found: Passage) -> str:
    known = {
        "title": _("Title of the case"),
        "question": _("Question at the start"),
        "key_question": _("Key question after"),
        "context": _("Context"),
        "actions": _("Action"),
        "follow_up": _("Earlier actions"),
        "kept": _("Cases kept for next time"),
        "agreements": _("Agreements of this meeting"),
        "next": _("Next meeting"),
    }
    if found.name in known:
        return known[found.name]
    section = _section(report, found)
    if section is not None:
        return _("Chosen, and why") if section.kind is Kind.CHOOSE else section_heading(section)
    return next((r.title for r in report.results if f"results.{r.key}" == found.name), "")


def blocks(report: Report, found: Passage) -> tuple[Block, ...]:
    """What a passage says, as the report says it."""
    value, section = value_of(report, found.key), _section(report, found)
    if found.shape is Shape.NEXT:
        return next_blocks(report)
    if section is not None and section.kind is Kind.CHOOSE and (case := _case(report, found)):
        return choice_parts(case, section, "")[0].blocks
    if found.shape is Shape.TEXT:
        return (Words(str(value)),) if value else ()
    if found.name.startswith("results."):
        return tuple(
            block for r in report.results if f"results.{r.key}" == found.name for block in results_part(r).blocks
        )
    if found.shape is Shape.DEEDS or found.name == "follow_up":
        return tuple(deed_facts(deed) for deed in cast("tuple[Deed, ...]", value))
    if found.shape is Shape.LINES:
        return (Lines(tuple(Line(text) for text in cast("tuple[str, ...]", value))),) if value else ()
    return told_blocks(cast("tuple[Told, ...]", value))


def _place(report: Report, found: Passage) -> str:
    if not found.case:
        return _("What belongs to everybody")
    return _("Case %(number)s", number=found.case) if len(report.cases) > 1 else _("Case")


def _hint(found: Passage) -> str:
    if found.name == "title":
        return _("Without names: would a colleague know who this is about?")
    if found.name == "context":
        return _("What one has to know to understand the question, in some five lines. Roles instead of names.")
    if found.name == "agreements":
        return _("What you agreed with each other, one agreement a line.")
    return ""


def _kind(report: Report, found: Passage) -> Kind | None:
    section = _section(report, found)
    return section.kind if section else None


def _case(report: Report, found: Passage) -> Case | None:
    return next((case for case in report.cases if case.number == found.case), None)


def _section(report: Report, found: Passage) -> Section | None:
    case = _case(report, found)
    sections = case.sections if case else () if found.case else report.sections
    return next((s for s in sections if f"phase.{s.key}" == found.name), None)
