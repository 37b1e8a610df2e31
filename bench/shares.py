"""Where the time of one *Next phase* goes: the same work in this process, with lines that lead nowhere."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent

from bench.figures import Figure
from bench.meeting import prepare
from facilitator import create_app
from facilitator.core.config import Settings
from facilitator.core.db import PatientConnection
from facilitator.core.websockets import Frames
from facilitator.meetings import live, loading, screens, seats, snapshot_cache
from facilitator.meetings.actions import steering

ROUNDS = 12
# What counts as what: a function, and where it is looked up. What is called inside another one counts there only.
PARTS: dict[str, tuple[tuple[object, str], ...]] = {
    "commit": ((PatientConnection, "commit"),),
    "reading": ((snapshot_cache, "current"), (snapshot_cache, "patched"), (loading, "load")),
    "building": ((screens, "build"), (screens, "everybody"), (screens, "own_rows")),
    "rendering": ((screens, "rendered"),),
    "encoding": ((live, "Encoded"), (Frames, "bytes")),
    "writing": ((live, "_send"),),
}


def figures(sizes: tuple[int, ...] = (8, 100, 1000)) -> Iterator[Figure]:
    """One line a size."""
    for phones in sizes:
        whole, parts = measured(phones)
        rest = whole - sum(parts.values())
        told = ", ".join(f"{name} {100 * part / whole:.0f} %" for name, part in {**parts, "the rest": rest}.items())
        yield Figure(
            f"one *Next phase* with {phones} phones, work of the server", 1000 * whole, "ms", float("inf"), told
        )


def measured(phones: int) -> tuple[float, dict[str, float]]:
    """The seconds of a press and its push, and how many of them each part took."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        meeting = prepare(data, phones)
        app = create_app(Settings.load(data, {}).kept())
        room = app.extensions["hall"]
        with app.app_context():
            snapshot = loading.read(meeting.meeting_id)
            for seat in snapshot.seats:
                view = next(view for view, kind in seats.KIND_OF_VIEW.items() if kind == seat.kind)
                room.enter(live.Listener(seat.id, meeting.meeting_id, seat.id, view, seat.id))
            lead = next(seat.id for seat in snapshot.seats if seat.kind == "moderator")
            press(room, meeting.meeting_id, lead)
            with taken_apart() as parts:
                times = [press(room, meeting.meeting_id, lead) for _ in range(ROUNDS)]
    return statistics.mean(times), {name: parts[name] / ROUNDS / 2 for name in PARTS}


def press(room: live.Hall, meeting_id: str, lead: str) -> float:
    """There and back, and the mean seconds of one."""
    seconds = 0.0
    for move in ("next", "back"):
        turn = snapshot_cache.current(meeting_id).state.turn
        began = time.perf_counter()
        steering.steer(meeting_id, lead, move, turn)
        revision = snapshot_cache.current(meeting_id).revision
        while any(listener.as_of < revision for listener in room.by_meeting[meeting_id].values()):
            gevent.sleep(0)
        gevent.sleep(0)
        seconds += time.perf_counter() - began
        while room.busy:
            gevent.sleep(0.01)  # the pause after a push is no work
    return seconds / 2


@contextmanager
def taken_apart() -> Iterator[dict[str, float]]:
    """The seconds spent in each part from now on, and how it was put back."""
    spent: dict[str, float] = defaultdict(float)
    inside: list[str] = []

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:  # Any: whatever it takes and gives
        def measured_work(*arguments: Any, **named: Any) -> Any:
            if inside and name != "encoding":
                return work(*arguments, **named)
            inside.append(name)
            began = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                spent[name] += time.perf_counter() - began
                inside.pop()

        return measured_work

    before = [(place, attribute, getattr(place, attribute)) for found in PARTS.values() for place, attribute in found]
    for name, found in PARTS.items():
        for place, attribute in found:
            setattr(place, attribute, timed(name, getattr(place, attribute)))
    try:
        yield spent
    finally:
        for place, attribute, work in before:
            setattr(place, attribute, work)
