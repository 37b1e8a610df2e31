"""What somebody typed for a passage, as a value of that passage. Pure but for the reader's clock.

Promises: what was typed comes back whole, also where something is not right; an emptied or ticked line is taken out. The
names of those who gave advice are not asked for, so they do not get in by this form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import to_utc

from facilitator.core.db import random_id
from facilitator.core.text import one_line, tidy
from facilitator.core.times import day_in, is_reckoned_with
from facilitator.reports.deeds import Deed
from facilitator.reports.passages import Next, Passage, Shape, Value
from facilitator.reports.texts import Told

KEY = re.compile("[0-9a-z]{1,32}|[0-9]{1,6}:[0-9]{1,6}")
LONGEST = 2000
MOST_LINES = 60
MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as it was typed, and what is wrong with it in sentences."""

    value: Value
    problems: tuple[str, ...]


def typed(found: Passage, sent: Mapping[str, str], owner: str) -> Typed:
    """Reads a form for a passage; `owner` is whose action a new one is. The form holds all of it, so what stands in the
    report by now makes no difference.
    """
    return Typed(_value(found, sent, owner), tuple(_problems(sent)))


def _value(found: Passage, sent: Mapping[str, str], owner: str) -> Value:
    if found.shape is Shape.TEXT:
        return one_line(sent.get("text")) if found.name == "title" else tidy(sent.get("text"))
    if found.shape is Shape.LINES:
        return lines(sent.get("lines"))
    if found.shape is Shape.NEXT:
        return Next(_moment(sent.get("date", ""), sent.get("time", "")), lines(sent.get("lines")))
    if found.shape is Shape.DEEDS:
        return _deeds(sent, owner)
    return _told(sent)


def lines(text: str | None) -> tuple[str, ...]:
    """One entry a line; empty ones fall out."""
    return tuple(line for line in (one_line(part) for part in tidy(text).split("\n")) if line)


def _told(sent: Mapping[str, str]) -> tuple[Told, ...]:
    rows = (_row(sent, str(i)) for i in range(MOST_ROWS) if f"text-{i}" in sent and f"out-{i}" not in sent)
    kept = [told for told in rows if told.text or told.more or told.doubles]
    return (*kept, *(Told(text) for text in lines(sent.get("new"))))


def _row(sent: Mapping[str, str], row: str) -> Told:
    more, doubles = _numbered(sent, f"more-{row}"), _numbered(sent, f"double-{row}")
    return Told(
        tidy(sent.get(f"text-{row}")), more, doubles, f"chosen-{row}" in sent, one_line(sent.get(f"column-{row}"))
    )


def _numbered(sent: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = (tidy(sent.get(f"{name}-{j}")) for j in range(MOST_ROWS) if f"{name}-{j}" in sent)
    return tuple(text for text in found if text)


def _deeds(sent: Mapping[str, str], owner: str) -> tuple[Deed, ...]:
    rows = [str(i) for i in range(MOST_ROWS) if f"then-{i}" in sent and f"out-{i}" not in sent]
    found = (_deed(sent, row, owner) for row in (*rows, "new"))
    kept: dict[str, Deed] = {}
    for deed in found:
        if deed.then or deed.when_if:
            key = deed.key if KEY.fullmatch(deed.key) and deed.key not in kept else random_id()
            kept[key] = replace(deed, key=key)
    return tuple(kept.values())


def _deed(sent: Mapping[str, str], row: str, owner: str) -> Deed:
    return Deed(
        owner=one_line(sent.get(f"owner-{row}", owner)),
        buddy=one_line(sent.get(f"buddy-{row}")),
        when_if=tidy(sent.get(f"if-{row}")),
        then=tidy(sent.get(f"then-{row}")),
        due=day_in(sent.get(f"due-{row}", "")),
        key=sent.get(f"key-{row}", ""),
    )


def _moment(day: str, time: str) -> datetime | None:
    """A day and a time on the reader's clock, as a moment; noon where no time was given."""
    try:
        local = datetime.fromisoformat(f"{day.strip()}T{time.strip() or '12:00'}")
        moment: datetime = to_utc(local.replace(tzinfo=None)).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if is_reckoned_with(local) else None


def _problems(sent: Mapping[str, str]) -> list[str]:
    problems = []
    if any(len(text) > LONGEST for text in sent.values()):
        problems.append(_("A text may have at most %(count)s characters.", count=LONGEST))
    if any(len(tidy(sent.get(name)).split("\n")) > MOST_LINES for name in ("lines", "new")):
        problems.append(_("Write at most %(count)s lines.", count=MOST_LINES))
    dated = [text for name, text in sent.items() if name.startswith("due-") and text.strip()]
    if any(day_in(text) is None for text in dated):
        problems.append(_("Write the date as year-month-day, such as 2031-05-01."))
    if sent.get("date", "").strip() and _moment(sent["date"], sent.get("time", "")) is None:
        problems.append(_("Write the date as year-month-day, such as 2031-05-01."))
    return problems
