"""What a report can be completed and approved by: its passages. A passage is one text, a list of lines, the texts of a
phase, actions, the next date, or figures that can only be left out. Pure.

Promises: a passage is read and put back by its key; a key that the report does not have gives nothing and changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import cast

from pydantic import TypeAdapter

from facilitator.reports.deeds import Deed
from facilitator.reports.report import Case, Report
from facilitator.reports.results import Results
from facilitator.reports.texts import Section, Told


class Shape(StrEnum):
    """How a passage is written: `FIXED` cannot be rewritten, only left out."""

    TEXT = "text"
    LINES = "lines"
    TOLD = "told"
    DEEDS = "deeds"
    NEXT = "next"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Next:
    """The next meeting: when, and who does what, a line each."""

    at: datetime | None = None
    rota: tuple[str, ...] = ()


Texts = tuple[str, ...]
Value = str | Texts | tuple[Told, ...] | tuple[Deed, ...] | tuple[Results, ...] | Next
ANY_VALUE: TypeAdapter[object] = TypeAdapter(object)


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a report. `case` is the number of the case it belongs to, 0 for what belongs to everybody."""

    key: str
    shape: Shape
    case: int

    @property
    def name(self) -> str:
        """What it is within its case: `title`, `phase.advise`, …"""
        return self.key.partition(".")[2]


def passages(report: Report) -> tuple[Passage, ...]:
    """Every passage of a report in the order in which it is read, empty ones included."""
    return (
        Passage("0.follow_up", Shape.FIXED, 0),
        *(passage for case in report.cases for passage in _of_case(case)),
        *(Passage(f"0.phase.{section.key}", Shape.TOLD, 0) for section in report.sections),
        *(Passage(f"0.results.{results.key}", Shape.FIXED, 0) for results in report.results),
        Passage("0.kept", Shape.TOLD, 0),
        Passage("0.agreements", Shape.LINES, 0),
        Passage("0.next", Shape.NEXT, 0),
    )


def _of_case(case: Case) -> tuple[Passage, ...]:
    number = case.number
    return (
        Passage(f"{number}.title", Shape.TEXT, number),
        Passage(f"{number}.question", Shape.TEXT, number),
        Passage(f"{number}.key_question", Shape.TEXT, number),
        Passage(f"{number}.context", Shape.LINES, number),
        *(Passage(f"{number}.phase.{section.key}", Shape.TOLD, number) for section in case.sections),
        Passage(f"{number}.actions", Shape.DEEDS, number),
    )


def passage(report: Report, key: str) -> Passage | None:
    return next((found for found in passages(report) if found.key == key), None)


def value_of(report: Report, key: str) -> Value:
    """What a passage says; an empty tuple where the report has no such passage."""
    number, _, name = key.partition(".")
    if number != "0":
        case = next((case for case in report.cases if str(case.number) == number), None)
        return _value_of_case(case, name) if case else ()
    if name == "next":
        return Next(report.next_at, report.rota)
    if name in ("follow_up", "agreements"):
        return report.follow_up if name == "follow_up" else report.agreements
    if name == "kept":
        return report.kept_cases
    if name.startswith("results."):
        found = (results for results in report.results if f"results.{results.key}" == name)
        return tuple(results for results in found if results.scales or results.lines)
    return _texts(report.sections, name)


def _value_of_case(case: Case, name: str) -> Value:
    match name:
        case "title":
            return case.title
        case "question":
            return case.question
        case "key_question":
            return case.key_question
        case "context":
            return case.context
        case "actions":
            return case.actions
    return _texts(case.sections, name)


def _texts(sections: tuple[Section, ...], name: str) -> tuple[Told, ...]:
    return next((section.texts for section in sections if f"phase.{section.key}" == name), ())


def with_value(report: Report, key: str, value: Value) -> Report:
    """The report with another passage; the same report where it has no such passage."""
    if passage(report, key) is None:
        return report
    number, _, name = key.partition(".")
    if number != "0":
        cases = tuple(_case_with(c, name, value) if str(c.number) == number else c for c in report.cases)
        return replace(report, cases=cases)
    match name:
        case "next":
            found = cast("Next", value)
            return replace(report, next_at=found.at, rota=found.rota)
        case "follow_up":
            return replace(report, follow_up=cast("tuple[Deed, ...]", value), looks_back=bool(value))
        case "agreements":
            return replace(report, agreements=cast("Texts", value))
        case "kept":
            return replace(report, kept_cases=cast("tuple[Told, ...]", value))
    if name.startswith("results."):
        kept = tuple(results for results in report.results if f"results.{results.key}" != name)
        return replace(report, results=(*kept, *cast("tuple[Results, ...]", value)))
    return replace(report, sections=_sections_with(report.sections, name, value))


def _case_with(found: Case, name: str, value: Value) -> Case:
    match name:
        case "title":
            return replace(found, title=cast("str", value))
        case "question":
            return replace(found, question=cast("str", value))
        case "key_question":
            return replace(found, key_question=cast("str", value))
        case "context":
            return replace(found, context=cast("Texts", value))
        case "actions":
            return replace(found, actions=cast("tuple[Deed, ...]", value))
    return replace(found, sections=_sections_with(found.sections, name, value))


def _sections_with(sections: tuple[Section, ...], name: str, value: Value) -> tuple[Section, ...]:
    texts = cast("tuple[Told, ...]", value)
    return tuple(replace(s, texts=texts) if f"phase.{s.key}" == name else s for s in sections)


def without(report: Report, keys: tuple[str, ...]) -> Report:
    """The report without passages: not even their headings are left."""
    for key in keys:
        found = passage(report, key)
        if found is None:
            continue
        report = with_value(report, key, nothing(found.shape))
    return replace(
        report,
        cases=tuple(_case_without(case, keys) for case in report.cases),
        sections=tuple(s for s in report.sections if f"0.phase.{s.key}" not in keys),
    )


def nothing(shape: Shape) -> Value:
    if shape is Shape.TEXT:
        return ""
    return Next() if shape is Shape.NEXT else ()


def _case_without(case: Case, keys: tuple[str, ...]) -> Case:
    sections = tuple(s for s in case.sections if f"{case.number}.phase.{s.key}" not in keys)
    return replace(case, sections=sections, has_actions=case.has_actions and f"{case.number}.actions" not in keys)


def is_empty(value: Value) -> bool:
    return value in ("", (), Next())


def fingerprint(value: object) -> str:
    """Tells two passages, or two reports, apart. Only ever given to somebody who reads the words themselves; what is stored
    is keyed, see `store`.
    """
    return hashlib.sha256(ANY_VALUE.dump_json(_words(value))).hexdigest()[:32]


def _words(value: object) -> object:
    """A value without what is no word of it."""
    if isinstance(value, Deed):
        return {name: text for name, text in asdict(value).items() if name != "key"}
    return tuple(_words(one) for one in value) if isinstance(value, tuple) else value
