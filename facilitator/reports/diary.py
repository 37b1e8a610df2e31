"""What of a report stands in calendars, over all of its versions. Pure.

Promises: an action keeps its entry while its words and its date are corrected and others come and go; what is not there any more
stays, as cancelled, so that calendars take it away; an entry that changes counts on. Nothing in it but days, moments and keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from facilitator.reports.report import Entry, Report

NEXT = "next"


def diary_of(report: Report) -> tuple[Entry, ...]:
    """Every entry as this report has it, in the order in which they came; what earlier versions had stands in `report.diary`."""
    now = {entry.key: entry for entry in _dated(report)}
    known = []
    for before in report.diary:
        fresh = now.pop(before.key, None) or replace(before, is_cancelled=True)
        is_same = (fresh.day, fresh.at, fresh.is_cancelled) == (before.day, before.at, before.is_cancelled)
        known.append(before if is_same else _as_of(report, fresh))
    return (*known, *(_as_of(report, entry) for entry in now.values()))


def _as_of(report: Report, entry: Entry) -> Entry:
    day = report.approved_at.date() if report.approved_at else None
    return replace(entry, since=report.version, changed_on=day)


def with_keys(report: Report) -> Report:
    """The report with a key for each action, also where it was kept before actions had any: by the place it stood in then."""
    cases = tuple(
        replace(
            case,
            actions=tuple(
                deed if deed.key else replace(deed, key=f"{case.number}:{place}")
                for place, deed in enumerate(case.actions)
            ),
        )
        for case in report.cases
    )
    return replace(report, cases=cases)


def _dated(report: Report) -> Iterator[Entry]:
    for case in with_keys(report).cases:
        for deed in case.actions:
            if deed.due:
                yield Entry(deed.key, day=deed.due)
    if report.next_at:
        yield Entry(NEXT, at=report.next_at)
