"""Every screen that a wall can come to show: each method of the catalogue is played by fourteen people with long double names, with
texts as long as their fields take, and what the wall is sent is kept after every change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from facilitator.core import lengths
from facilitator.meetings import moves
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import FieldType, Form, InputField, Needs
from tests.cast import Cast, Meeting, Person, Texts, plausible

Kind = Literal["short", "words", "unbroken"]
KINDS: tuple[Kind, ...] = ("short", "words", "unbroken")
SENTENCE = (
    "How do we keep somebody involved who says nothing in the arbeidsomstandighedenbijeenkomst of the nightshift, "
)
WORD = "Arbeidsongeschiktheidsverzekeringsmaatschappij"
FIRST = (
    "Annemarie-Louise",
    "Willem-Alexander",
    "Maria-Magdalena",
    "Jan-Willem",
    "Pieter-Bas",
    "Marie-Antoinette",
    "Karel",
)
LAST = ("van Oldenbarnevelt", "Schimmelpenninck")
NAMES = tuple(f"{first} {last}"[: lengths.NAME_AT_THE_DOOR] for last in LAST for first in FIRST)


@dataclass(frozen=True)
class Moment:
    """What a wall is sent, and when."""

    name: str
    html: str


def of(length: int, kind: Kind) -> str:
    """A text of exactly that many letters, or a short one."""
    if kind == "short":
        return "What happened then?"[:length]
    source = SENTENCE if kind == "words" else WORD
    return (source * (length // len(source) + 1))[:length].replace(" ", " ").strip().ljust(length, "x")


def texts(kind: Kind) -> Texts:
    """What everybody writes."""

    def write(person: Person, form: Form, field: InputField) -> str | int | bool | None:
        is_text = field.type in (FieldType.LINE, FieldType.TEXT)
        return of(field.max_length, kind) if is_text else plausible(person, form, field)

    return write


def moments(cast: Cast, key: str, kind: Kind) -> Iterator[Moment]:
    """A whole meeting, moment by moment, without those at which the wall stays as it is."""
    before = ""
    for moment in all_moments(cast, key, kind):
        told = re.sub(r"turn[^>]*>", "", moment.html)
        if told != before:
            yield moment
        before = told


def all_moments(cast: Cast, key: str, kind: Kind) -> Iterator[Moment]:
    """A whole meeting."""
    earlier: Meeting | None = None
    made = [phase.key for phase in load_catalogue()[key].phases if any(form.makes_action for form in phase.forms)]
    for phase in made[:1]:
        earlier = begun(cast, key, kind, None)
        earlier.play_to(phase, texts(kind))
        earlier.fill(texts(kind))
        earlier.end()
    meeting = begun(cast, key, kind, earlier)
    yield seen(meeting, "lobby")
    meeting.start()
    while True:
        name = meeting.step.key
        yield seen(meeting, f"{name}-before")
        meeting.fill(texts(kind))
        yield seen(meeting, f"{name}-written")
        taken: dict[str, int] = {}
        while (move := moves.next_move(meeting.known)) in ("reveal", "next_speaker", "next_item"):
            assert move
            meeting.steer(move)
            taken[move] = taken.get(move, 0) + 1
            if taken[move] <= 2:
                yield seen(meeting, f"{name}-{move}-{taken[move]}")
        meeting.play_step()
        yield seen(meeting, f"{name}-played")
        if meeting.state.is_last:
            break
        meeting.next()
    meeting.post(meeting.mo, "show", what="code", value="on")
    yield seen(meeting, "code")
    meeting.post(meeting.mo, "show", what="code", value="off")
    meeting.end()
    yield seen(meeting, "ended")


def begun(cast: Cast, key: str, kind: Kind, earlier: Meeting | None) -> Meeting:
    """A lobby with everybody in it."""
    is_short = kind == "short"
    has_choice = any(phase.needs is Needs.CASE_TO_CHOOSE for phase in load_catalogue()[key].phases)
    names = ("Gia", "Pete", "Ada", "Bob") if is_short else NAMES
    wifi = {"name": of(32, kind), "password": of(63, kind)} if not is_short else {}
    return cast.meeting(
        *names,
        case_giver=None if has_choice else names[0],
        method=key,
        continues=earlier,
        goal=of(lengths.GOAL, kind),
        wifi=wifi,
        uses_pseudonyms=False,
    )


def seen(meeting: Meeting, name: str) -> Moment:
    """What the wall is sent."""
    return Moment(name, meeting.screen(meeting.wall))
