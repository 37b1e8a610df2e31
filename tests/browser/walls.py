"""Every screen that a wall can come to show: each method of the catalogue is played, and what the wall is sent is kept after every
change. `KINDS` of meetings: four people who write little; fourteen with long double names, who write as much as fits and have
everything a meeting can have; and eight with names of one word, who do so with words that nothing breaks, by the method in words of its
own that are as long as its texts may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from facilitator.core import lengths
from facilitator.meetings import moves
from facilitator.meetings.actions.setting_up import PlannedCase
from facilitator.meetings.planning import MOST_CASES
from facilitator.methods.loader import load_catalogue
from facilitator.methods.rounds import further_case, in_minutes, of_a_case
from facilitator.methods.vocabulary import Clients, FieldType, Form, InputField, Method, Needs, Role
from tests.cast import Cast, Meeting, Person, Texts, plausible
from tests.own_methods import in_the_catalogue

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
AT_THE_DOOR = "Wilhelmina-Alexandra van Oldenbarnevelt"
OF_ONE_WORD = tuple(f"{first}{WORD}"[: lengths.NAME_AT_THE_DOOR] for first in "ABCDEFGH")
LINE, SHORT, ROLE = 400, 24, 24  # methods/vocabulary.py


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


@contextmanager
def method_of(key: str, kind: Kind) -> Iterator[Method]:
    """A method of the catalogue, or what somebody made of it in words as long as may be."""
    method = load_catalogue()[key]
    if kind != "unbroken":
        yield method
        return
    with in_the_catalogue(in_longest_words(method, kind)) as own:
        yield load_catalogue()[own]


def in_longest_words(method: Method, kind: Kind) -> Method:
    """A method like this one, with a key and words of its own."""
    line, roles = of(LINE, kind), {role: of(ROLE, kind) for role in Role}
    of_method = {"title": f"{method.key} {line}"[:LINE], "agreement": (line,), "roles": roles}
    of_phase = {"title": line, "short": of(SHORT, kind), "instruction": line, "rule": line, "case_giver": line}
    phases = tuple(
        phase.model_copy(
            update={
                "texts": {
                    language: text.model_copy(
                        update=of_phase
                        | {name: dict.fromkeys(getattr(text, name), line) for name in ("fields", "choices", "ends")}
                    )
                    for language, text in phase.texts.items()
                }
            }
        )
        for phase in method.phases
    )
    texts = {language: text.model_copy(update=of_method) for language, text in method.texts.items()}
    return method.model_copy(update={"key": f"own_{method.key}", "texts": texts, "phases": phases})


def moments(cast: Cast, method: Method, kind: Kind) -> Iterator[Moment]:
    """A whole meeting, moment by moment, without those at which the wall stays as it is."""
    before = ""
    for moment in all_moments(cast, method, kind):
        told = re.sub(r"turn[^>]*>", "", moment.html)
        if told != before:
            yield moment
        before = told


def all_moments(cast: Cast, method: Method, kind: Kind) -> Iterator[Moment]:
    """A whole meeting; of its further cases only the beginning, as they go on like the first one."""
    earlier: Meeting | None = None
    made = [phase.key for phase in method.phases if any(form.makes_action for form in phase.forms)]
    for phase in made[:1]:
        earlier = begun(cast, method, kind, None)
        earlier.play_to(phase, texts(kind))
        earlier.fill(texts(kind))
        earlier.end()
    meeting = begun(cast, method, kind, earlier)
    yield seen(meeting, "lobby")
    meeting.start()
    if kind != "short":
        meeting.join(AT_THE_DOOR)
    while True:
        name = meeting.step.key
        yield seen(meeting, f"{name}-before")
        for _ in range(meeting.step.laps):
            meeting.fill(texts(kind))
        yield seen(meeting, f"{name}-written")
        taken: dict[tuple[str, int], int] = {}
        while (move := moves.next_move(meeting.known)) in ("reveal", "next_speaker", "next_item"):
            assert move
            meeting.steer(move)
            lap = meeting.step.lap
            taken[move, lap] = taken.get((move, lap), 0) + 1
            if taken[move, lap] <= 2:
                yield seen(meeting, f"{name}-{move}-{lap}-{taken[move, lap]}")
        meeting.play_step()
        yield seen(meeting, f"{name}-played")
        if meeting.state.is_last:
            break
        go_on(meeting)
    meeting.post(meeting.mo, "show", what="code", value="on")
    yield seen(meeting, "code")
    meeting.post(meeting.mo, "show", what="code", value="off")
    meeting.end()
    yield seen(meeting, "ended")


def go_on(meeting: Meeting) -> None:
    """To the next phase that is not as in the first case."""
    first = meeting.known.rounds[0].id
    meeting.next()
    while meeting.step.round_id not in (None, first) and meeting.step.kind not in ("pick", "story"):
        if meeting.state.is_last:
            return
        meeting.next()


def begun(cast: Cast, method: Method, kind: Kind, earlier: Meeting | None) -> Meeting:
    """A lobby with everybody in it."""
    is_short = kind == "short"
    has_choice = any(phase.needs is Needs.CASE_TO_CHOOSE for phase in method.phases)
    names = {"short": ("Gia", "Pete", "Ada", "Bob"), "words": NAMES, "unbroken": OF_ONE_WORD}[kind]
    meeting = cast.meeting(
        *names,
        case_giver=None if has_choice else names[0],
        method=method,
        continues=earlier,
        goal=of(lengths.GOAL, kind),
        wifi={} if is_short else {"name": of(32, kind), "password": of(63, kind)},
        locale="nl" if kind == "unbroken" else "en",
        cases=() if is_short else further_cases(method, kind),
        capacity=len(NAMES) + 1,
    )
    if not is_short:
        for name, role in zip(names[1:], (Role.TIMEKEEPER, Role.OBSERVER, Role.NOTE_TAKER), strict=False):
            meeting.give_role(meeting[name], role)
    return meeting


def further_cases(method: Method, kind: Kind) -> tuple[PlannedCase, ...]:
    """As many as may be planned, by the methods with the longest names."""
    if method.clients is Clients.EACH or not of_a_case(method):
        return ()
    others = sorted(load_catalogue().values(), key=lambda one: len(one.text("en").title), reverse=True)
    chosen = [one for one in others if of_a_case(one) and one.key != method.key][: MOST_CASES - 1]
    if kind == "unbroken":
        chosen = [in_longest_words(one, kind) for one in chosen]
    return tuple(PlannedCase(one, in_minutes(further_case(method, one), None)) for one in chosen)


def seen(meeting: Meeting, name: str) -> Moment:
    """What the wall is sent."""
    return Moment(name, meeting.screen(meeting.wall))
