"""What every live screen has: where the meeting is and who is there, in the words of an audience, and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

from facilitator.core.pictures import Person, Stop
from facilitator.core.times import whole_minutes
from facilitator.meetings import rules, titles
from facilitator.meetings.machine import Status
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.methods.roles import RoleNames
from facilitator.methods.vocabulary import (
    Audience,
    Facet,
    Pace,
    Phase,
    PhaseTexts,
)

SHOWS_CASE_GIVER = ("round",)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every live screen has: where the meeting is, in the words of this audience. Where the meeting has several cases, `case_number` of
    `cases` by `method` tells which one this is; 0 around them, or where there is one only. `has`: what there is in the phase at hand, so that
    a sentence about it stands nowhere else: text, anonymous, keeping, turns, and the kind of its marks.
    """

    meeting_id: str
    audience: str
    locale: str
    turn: int
    status: str
    step_id: str
    kind: str
    goal: str
    case_number: int
    cases: int
    method: str
    method_key: str
    roles: RoleNames
    title: str
    short: str
    instruction: str
    rule: str
    number: int
    total: int
    next_title: str
    case_title: str
    question: str
    stops: tuple[Stop, ...]
    here: int
    people: tuple[Person, ...]
    speaker: str
    case_giver: str
    case_giver_state: str
    moderator: str
    is_paused: bool
    lap: int
    laps: int
    has: frozenset[str]
    is_closing: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The time as it stands at sending; not part of a screen's digest. Seconds; `left` is negative when over."""

    left: float
    total: float
    running: bool
    ahead: float
    due: str | None


def frame_of(snapshot: Snapshot, seat: Seat, locale: str) -> Frame:
    """The frame of a seat's screen. Whoever is of the same audience and may know the same speaker shares one."""
    me = seen_by(snapshot, seat)
    who, inside, speaking, shown = me.audience(), me.seat.is_inside, me.speaker, me.shown
    key = (Frame, who, inside, speaking, shown, locale)
    known = snapshot.frames.get(key)
    if not isinstance(known, Frame):
        known = snapshot.frames[key] = _frame(snapshot, who, inside, speaking, shown, locale)
    return known


def _frame(
    snapshot: Snapshot, who: Audience, inside: bool, speaking: str | None, shown: frozenset[Facet], locale: str
) -> Frame:
    state, step, phase = snapshot.state, snapshot.now.step, snapshot.now.phase
    texts = phase.text(locale)
    found = snapshot.now.round if Facet.QUESTION in shown else None
    giver = rules.case_giver(snapshot) if phase.part in SHOWS_CASE_GIVER else None
    is_closing = inside and (state.status is Status.ENDED or (state.status is Status.RUNNING and state.is_last))
    return Frame(
        meeting_id=snapshot.id,
        audience=who.value,
        locale=locale,
        turn=state.turn,
        status=state.status.value,
        step_id=step.id,
        kind=phase.kind.value if state.step else state.status.value,
        goal=snapshot.goal if inside else "",
        **_which_case(snapshot, inside, locale),
        method_key=snapshot.method_key,
        roles=titles.roles(snapshot, snapshot.now.round, locale),
        title=texts.title,
        short=texts.short,
        instruction=instruction(texts, who.value),
        rule=texts.rule,
        number=state.here + 1,
        total=len(state.steps),
        next_title=snapshot.phases[state.next_step.id].text(locale).short if state.next_step else "",
        case_title=found.title if found else "",
        question=(found.key_question or found.question) if found else "",
        stops=tuple(
            Stop(snapshot.phases[s.id].text(locale).short, max(1, whole_minutes(s.planned + s.added)))
            for s in state.steps
        ),
        here=state.here,
        people=_people(snapshot, speaking) if inside else (),
        speaker=snapshot.name(speaking) if inside else "",
        case_giver=giver.name if giver and inside else "",
        case_giver_state=phase.case_giver.value if giver and inside else "",
        moderator=next((m.name for m in rules.moderators(snapshot)), ""),
        is_paused=state.paused_at is not None,
        lap=step.lap if step.speaker and not step.has_gone_round else 0,
        laps=step.laps,
        has=_there_is(phase),
        is_closing=is_closing,
        next_at=snapshot.next_at if is_closing else None,
    )


def _there_is(phase: Phase) -> frozenset[str]:
    found = {
        "text": any(form.has_text for form in phase.forms),
        "anonymous": any(form.is_anonymous for form in phase.forms),
        "keeping": any(form.may_keep for form in phase.forms),
        "turns": phase.pace is Pace.ROUND,
        **({phase.marks.kind.value: True} if phase.marks else {}),
    }
    return frozenset(what for what, holds in found.items() if holds)


class WhichCase(TypedDict):
    """Which of several cases is at hand."""

    case_number: int
    cases: int
    method: str


def _which_case(snapshot: Snapshot, inside: bool, locale: str) -> WhichCase:
    held = {step.round_id for step in snapshot.state.steps}
    cases = [one for one in snapshot.rounds if one.id in held]
    around = snapshot.now.round if inside and snapshot.now.step.round_id else None
    if around is None or len(cases) == 1:
        return WhichCase(case_number=0, cases=0, method="")
    method = titles.title(around.method_key, around.method_titles, locale)
    return WhichCase(case_number=cases.index(around) + 1, cases=len(cases), method=method)


def instruction(texts: PhaseTexts, who: str) -> str:
    """The instruction for an audience: the case giver has one of their own."""
    return texts.case_giver or texts.instruction if who == "case_giver" else texts.instruction


def _people(snapshot: Snapshot, speaking: str | None) -> tuple[Person, ...]:
    """The people of a frame; every audience that may know the same speaker shares them."""
    known = snapshot.frames.get((people, speaking))
    if not isinstance(known, tuple):
        known = snapshot.frames[people, speaking] = people(snapshot, speaking)
    return known


def people(snapshot: Snapshot, speaking: str | None) -> tuple[Person, ...]:
    """Everybody around the table as they sit, the moderator among them; never who wrote or lost connection."""
    phase = snapshot.now.phase
    state: Literal["speaks", "listens", "turned_away"] = phase.case_giver.value
    giver = rules.case_giver(snapshot) if phase.part in SHOWS_CASE_GIVER else None
    around = [
        Person(
            seat_id=seat.id,
            name=seat.name,
            is_speaking=speaking == seat.id,
            is_case_giver=giver is not None and giver.id == seat.id,
            case_giver_state=state,
            is_moderator=seat.role == "moderator",
        )
        for seat in rules.participants(snapshot)
    ]
    leading = rules.moderators(snapshot)
    if leading and leading[0].name and not any(p.is_moderator for p in around) and snapshot.state.step is not None:
        around.append(Person(seat_id=leading[0].id, name=leading[0].name, is_moderator=True))
    return tuple(around)


def clock_of(snapshot: Snapshot, now: datetime) -> Clock:
    """The clock of the step at hand at a moment."""
    state, step = snapshot.state, snapshot.now.step
    if not snapshot.now.is_running:
        return Clock(0.0, 0.0, False, 0.0, None)
    due = state.due_at
    if due and state.paused_at:
        due += now - state.paused_at
    return Clock(
        left=round(step.left(now), 1),
        total=step.planned + step.added,
        running=step.running_since is not None,
        ahead=state.ahead,
        due=due.isoformat() if due else None,
    )
