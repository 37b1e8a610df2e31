"""Rows of a form that was sent: added, taken out and moved among what was typed, so that all of it stays, right or not.

Promise: what holds more rows than a method has room for is told before a form is made of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from facilitator.methods.limits import MOST_ASKED, most

Typed = MultiDict[str, str]
Row = list[tuple[str, str]]
NAMES = {"forms": ("key", "form"), "fields": ("name", "field"), "choices": ("key", "answer")}
NAME = re.compile(
    r"[a-z_]+(?:-(?:[a-z_]+|[0-9]{1,6})){0,6}"
)  # of a field on our pages; forms read rows out of more than these
ROW = re.compile(r"(?<=-)[0-9]+")


def known(sent: Typed) -> Typed:
    """What was sent under a name that a field of ours can have."""
    return MultiDict([(name, value) for name, value in sent.items(multi=True) if NAME.fullmatch(name)])


def is_too_much(typed: Typed) -> bool:
    """Whether there are more rows than a method has room for."""
    rows = {name[: row.end()] for name in typed for row in ROW.finditer(name)}
    lists = Counter(row.rpartition("-")[0] for row in rows)
    if any(count > most(place.rpartition("-")[2]) for place, count in lists.items()):
        return True
    return sum(count for place, count in lists.items() if place.startswith("forms")) > MOST_ASKED


def changed(typed: Typed, do: str, fresh: Mapping[str, str] | None = None) -> Typed:
    """What was typed after one of `add:forms`, `remove:forms-0`, `up:forms-1` or `down:forms-1`; the same where there is nothing to do.
    `fresh` is what a new row begins with.
    """
    verb, _, place = do.partition(":")
    name, index = (place, -1) if verb == "add" else _last(place)
    rows = _rows(typed, name)
    if verb == "add":
        rows.append(list((fresh or _fresh(name, rows)).items()))
    elif not 0 <= index < len(rows):
        return typed
    elif verb == "remove":
        del rows[index]
    else:
        other = index + (1 if verb == "down" else -1)
        if 0 <= other < len(rows):
            rows[index], rows[other] = rows[other], rows[index]
    kept = [(key, value) for key, value in typed.items(multi=True) if not _of(name).match(key)]
    return MultiDict([*kept, *((f"{name}-{n}-{rest}", value) for n, row in enumerate(rows) for rest, value in row)])


def is_change(do: str) -> bool:
    return do.partition(":")[0] in ("add", "remove", "up", "down")


def _last(place: str) -> tuple[str, int]:
    name, _, index = place.rpartition("-")
    return name, int(index) if index.isdecimal() else -1


def _of(name: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(name)}-(\d{{1,6}})-(.*)")


def _rows(typed: Typed, name: str) -> list[Row]:
    found: dict[int, Row] = {}
    for key, value in typed.items(multi=True):
        if match := _of(name).fullmatch(key):
            found.setdefault(int(match[1]), []).append((match[2], value))
    return [found[index] for index in sorted(found)]


def _fresh(name: str, rows: list[Row]) -> dict[str, str]:
    """A row that nobody has typed in yet, with a name that no other one has."""
    word, stem = NAMES.get(name.rpartition("-")[2], ("of", ""))
    taken = {value for row in rows for rest, value in row if rest == word}
    names = (f"{stem}{number}" for number in range(len(rows) + 1, len(rows) + len(taken) + 2))
    first = {word: next(one for one in names if one not in taken) if stem else ""}
    return first | ({"fields-0-name": "text"} if stem == "form" else {})
