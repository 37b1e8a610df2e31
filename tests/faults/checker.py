"""Reads the history of the phones and what the database holds, and says what is wrong: the invariants I1 to I4.

A finding is a sentence; an empty list is the proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from facilitator.meetings.models import Transition
from facilitator.meetings.snapshot import Item, Snapshot

ONWARDS = {"next": 1, "skip": 1, "back": -1, "undo": -1, "start": 1, "to_lobby": -1}
NOWHERE = {
    "pause",
    "resume",
    "extend",
    "share_out",
    "reveal",
    "next_speaker",
    "give_floor",
    "next_item",
    "table",
    "open",
}
Line = dict[str, Any]  # Any: a line of JSON


def findings(
    lines: Sequence[Line], snapshot: Snapshot, transitions: Sequence[Transition], seats: dict[str, str]
) -> list[str]:
    """Everything that breaks a promise. `seats`: the seat of each writer by name."""
    return [
        *lost_or_doubled(lines, snapshot),
        *forged(lines, snapshot, seats),
        *off_the_path(transitions, snapshot),
        *two_winners(lines, transitions),
        *out_of_time(lines, snapshot, transitions),
    ]


def outcomes(lines: Iterable[Line], kind: str) -> dict[str, tuple[Line, str]]:
    """Each attempt of a kind by its op id, and how it ended; one nobody heard of again is unknown."""
    found: dict[str, tuple[Line, str]] = {}
    for line in lines:
        if line["kind"] == kind:
            op = line["op"]
            found[op] = (line, "unknown") if line["what"] == "invoke" else (found[op][0], line["what"])
    return found


def lost_or_doubled(lines: Sequence[Line], snapshot: Snapshot) -> Iterable[str]:
    """I1: acknowledged, stored once; refused, not stored; unknown, stored at most once."""
    stored = Counter(text_in(item) for item in snapshot.items)
    for line, outcome in outcomes(lines, "write").values():
        text = next(iter(line["fields"].values()))
        allowed = {"ok": (1,), "fail": (0,), "unknown": (0, 1)}[outcome]
        if stored[text] not in allowed:
            yield f"I1: {text!r} was {outcome} and is stored {stored[text]} times"


def forged(lines: Sequence[Line], snapshot: Snapshot, seats: dict[str, str]) -> Iterable[str]:
    """I2: whatever is stored was sent so, by that seat; what is anonymous has no seat."""
    sent = {next(iter(line["fields"].values())): line for line, _ in outcomes(lines, "write").values()}
    for item in snapshot.items:
        line = sent.get(text_in(item))
        phase = snapshot.phases[item.step_id]
        form = phase.form(item.form)
        if line is None or form is None:
            yield f"I2: nobody sent {text_in(item)!r}"
        elif (line["step"], line["form"]) != (item.step_id, item.form):
            yield f"I2: {text_in(item)!r} is in another place than it was written for"
        elif item.seat_id != (None if form.is_anonymous else seats[line["who"]]):
            yield f"I2: {text_in(item)!r} has the wrong author"


def off_the_path(transitions: Sequence[Transition], snapshot: Snapshot) -> Iterable[str]:
    """I3: turns go up by one, and the moves, one after the other, lead to where the meeting stands."""
    is_paused = False
    for turn, move in enumerate(transitions, start=1):
        if move.turn != turn:
            yield f"I3: turn {turn} is missing"
        if move.move not in ONWARDS and move.move not in NOWHERE:
            yield f"I3: turn {turn} is a move that nobody made ({move.move})"
        if (move.move, is_paused) in (("pause", True), ("resume", False)):
            yield f"I3: turn {turn} is a {move.move} too many"
        is_paused = move.move == "pause" or (is_paused and move.move not in ("resume", *ONWARDS))
    last, here = len(transitions), positions(transitions)[-1]
    if (snapshot.state.turn, snapshot.state.here) != (last, here):
        yield f"I3: the meeting stands at turn {snapshot.state.turn}, {snapshot.state.here}, not {last}, {here}"


def positions(transitions: Sequence[Transition]) -> list[int]:
    """Where the meeting stood on each turn, from 0 on."""
    return [*accumulate((ONWARDS.get(move.move, 0) for move in transitions), initial=-1)]


def two_winners(lines: Sequence[Line], transitions: Sequence[Transition]) -> Iterable[str]:
    """I3: of all moves chosen on the screen of one turn, the one that was acknowledged is the one that happened."""
    happened = {move.turn: move.move for move in transitions}
    won = Counter(line["turn"] for line, outcome in outcomes(lines, "steer").values() if outcome == "ok")
    yield from (f"I3: {count} moves won on turn {turn}" for turn, count in won.items() if count > 1)
    for line, outcome in outcomes(lines, "steer").values():
        if outcome == "ok" and happened.get(line["turn"] + 1) != line["move"]:
            yield f"I3: {line['move']} was acknowledged on turn {line['turn']} and did not happen"


def out_of_time(lines: Sequence[Line], snapshot: Snapshot, transitions: Sequence[Transition]) -> Iterable[str]:
    """I4: nothing but what is marked late was written while another step was at hand. When something was written is not
    kept: not before its phone sent it, and not after that phone was shown the screen with the answer.
    """
    stood = positions(transitions)
    places = {step.id: position for position, step in enumerate(snapshot.state.steps)}
    in_time = {text_in(item): places[item.step_id] for item in snapshot.items if not item.is_late}
    for line, first, last in sent_between(lines, len(transitions)):
        place = in_time.get(next(iter(line["fields"].values())))
        if place is not None and place not in stood[first : last + 1]:
            yield f"I4: {line['fields']} entered a step that was not at hand"


def sent_between(lines: Sequence[Line], end: int) -> Iterable[tuple[Line, int, int]]:
    """Each text that was sent: the last turn that anybody knew of before, and the turn of the screen that came with the answer."""
    known, begun = 0, dict[str, tuple[Line, int]]()
    for line in lines:
        op, what = line["op"], line["what"]
        if what == "invoke":
            begun[op] = line, max(known, line["turn"])
        elif line["kind"] == "write":
            yield *begun[op], line["turn"] if what == "ok" else end
        elif what == "ok":
            known = max(known, begun[op][0]["turn"] + 1)


def text_in(item: Item) -> str:
    """What somebody wrote."""
    return next((str(value) for value in item.fields.values() if isinstance(value, str) and value), "")
