"""A version of a report while it is being completed: the words, what the meeting gave, and what was left out. Pure.

Promises: a draft starts from `session_report` and nothing else. As long as the meeting can be read, what was taken off the
table since leaves the draft as well, also where somebody has rewritten the passage around it; what came out since joins it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from facilitator.reports.passages import (
    Passage,
    Shape,
    Value,
    fingerprint,
    is_empty,
    passages,
    value_of,
    with_value,
    without,
)
from facilitator.reports.report import Report


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gave a case, as long as that is known. `is_stopped`: the group stopped it, so the moderator may leave it out."""

    number: int
    seat_id: str | None
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """`report` is what there is now, `base` what the meeting gave when that was last looked at (None once approved);
    `touched` and `left_out` are keys of passages, `dropped` numbers of cases that the moderator left out as a whole.
    `revision` is the meeting's when it was last read.
    """

    report: Report
    givers: tuple[Giver, ...]
    base: Report | None = None
    touched: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()
    revision: int = -1

    def giver(self, number: int) -> Giver | None:
        return next((giver for giver in self.givers if giver.number == number), None)

    def cases_of(self, seat_ids: Collection[str]) -> tuple[int, ...]:
        """The numbers of the cases that these seats gave."""
        return tuple(giver.number for giver in self.givers if giver.seat_id in seat_ids)


DRAFT = TypeAdapter(Draft)


def begun(fresh: Report, givers: tuple[Giver, ...], revision: int) -> Draft:
    """The first draft of a meeting."""
    return Draft(fresh, givers, fresh, revision=revision)


def refilled(draft: Draft, fresh: Report, givers: tuple[Giver, ...], revision: int) -> Draft:
    """The draft after the meeting has changed: what nobody touched is as the meeting has it now."""
    report = fresh
    for key in draft.touched:
        base = value_of(draft.base, key) if draft.base else None
        report = with_value(report, key, merged(base, value_of(draft.report, key), value_of(fresh, key)))
    report = replace(report, version=draft.report.version, diary=draft.report.diary)
    return replace(draft, report=report, base=fresh, givers=givers, revision=revision)


def merged(base: Value | None, mine: Value, fresh: Value) -> Value:
    """Somebody's wording of a list, without what was taken off since and with what was added since."""
    if not (isinstance(base, tuple) and isinstance(mine, tuple) and isinstance(fresh, tuple)):
        return mine
    kept = _less(list(mine), _less(list(base), fresh))
    return (*kept, *_less(list(fresh), base))  # type: ignore[return-value]  # of one shape


def _less(lines: list[object], others: Iterable[object]) -> list[object]:
    """Lines without others, each as often as it occurs there: two people may have written the same."""
    for other in others:
        if other in lines:
            lines.remove(other)
    return lines


def edited(draft: Draft, key: str, value: Value) -> Draft:
    """The draft with another wording of a passage; a passage that was left out is in again."""
    return replace(
        draft,
        report=with_value(draft.report, key, value),
        touched=tuple(sorted({*draft.touched, key})),
        left_out=tuple(k for k in draft.left_out if k != key),
    )


def leaving_out(draft: Draft, key: str, is_out: bool) -> Draft:
    """The draft with a passage left out, or put back."""
    others = tuple(k for k in draft.left_out if k != key)
    return replace(draft, left_out=(*others, key) if is_out else others)


def as_read(draft: Draft) -> Report:
    """What the draft says, without what was left out and with nothing of a case that was dropped but that it was there."""
    report = without(draft.report, draft.left_out)
    dropped = tuple(p.key for p in passages(report) if p.case in draft.dropped)
    found = without(report, dropped)
    cases = (replace(case, case_giver="") if case.number in draft.dropped else case for case in found.cases)
    return replace(found, cases=tuple(cases))


def needed(draft: Draft) -> tuple[int, ...]:
    """The cases that must be approved before the report is: each by its own giver. 0 is the moderator, who approves what is
    nobody's case.
    """
    numbers = [case.number for case in draft.report.cases if case.number not in draft.dropped]
    given = [number for number in numbers if (giver := draft.giver(number)) and giver.seat_id]
    return tuple(given) if given and given == numbers else (0, *given)


def asked(draft: Draft, number: int) -> tuple[Passage, ...]:
    """What an approval of a case is about: every passage of it and of what belongs to everybody that says something. The
    next date is a matter of the diary.
    """
    report = as_read(draft)
    given = [n for n in needed(draft) if n]
    return tuple(
        found
        for found in passages(report)
        if found.shape is not Shape.NEXT
        and (found.case in (0, number) if number else found.case not in given)
        and not is_empty(value_of(report, found.key))
    )


def words_asked(draft: Draft, number: int) -> str:
    """A fingerprint of all that an approval of a case is about, as it is now."""
    report = as_read(draft)
    return fingerprint(tuple((found.key, value_of(report, found.key)) for found in asked(draft, number)))


def shown_to_giver(report: Report, numbers: tuple[int, ...]) -> Report:
    """What a case giver reads of a draft: their own case, and what belongs to everybody."""
    return replace(report, cases=tuple(case for case in report.cases if case.number in numbers), diary=())


def with_cases_only(report: Report, numbers: tuple[int, ...]) -> Report:
    """What may be read while a case waits: the cases that are approved, and nothing of what belongs to everybody."""
    shared = tuple(p.key for p in passages(report) if not p.case)
    found = without(report, shared)
    cases = tuple(case for case in found.cases if case.number in numbers)
    return replace(found, cases=cases, looks_back=False, results=(), sections=(), diary=(), is_whole=False)


def settled(draft: Draft) -> Draft:
    """The draft as it is kept once approved: what was left out is gone for good, and so is what the meeting gave."""
    return replace(draft, report=as_read(draft), base=None)
