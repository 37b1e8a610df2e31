"""Snapshots by hand, for tests of the rules: a phase, who is there, what was written. No database, no clock.

meeting = running(phase(forms=[form("question")]), texts=[text("t1", by="pete")])
assert seen_by(meeting, seat(meeting, "pete")).may_edit(meeting.items[0])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from facilitator.meetings.machine import State, Status, Step
from facilitator.meetings.snapshot import Action, Item, Mark, Round, Seat, Snapshot, Tally, Value
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import (
    Audience,
    CaseGiverState,
    Facet,
    FieldType,
    Form,
    InputField,
    Kind,
    Marks,
    OnTable,
    Pace,
    Part,
    Phase,
    PhaseTexts,
    Reveal,
    Who,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TABLE = ("gia", "pete", "ada", "bob", "cleo")
WORDS = PhaseTexts(title="T", short="T", instruction="I", rule="R", say="S", trap="T", help="H")


def form(
    key: str = "question",
    who: Who = Who.PEERS,
    *,
    limit: int = 1,
    scale: bool = False,
    private: bool = False,
    anonymous: bool = False,
    is_open: bool = False,
    about_actions: bool = False,
    also_left: bool = False,
) -> Form:
    """A form with one field of its own name."""
    kind = FieldType.SCALE if scale else FieldType.TEXT
    return Form(
        key=key,
        who=who,
        fields=(InputField(name=key, type=kind, is_private=private),),
        limit=limit,
        is_open=is_open,
        is_anonymous=anonymous,
        about_actions=about_actions,
        also_left=also_left,
    )


def phase(
    key: str = "clarify",
    forms: Sequence[Form] = (),
    *,
    kind: Kind = Kind.CLARIFY,
    part: Part = Part.ROUND,
    pace: Pace = Pace.TOGETHER,
    laps: int = 1,
    speaks: Who = Who.NOBODY,
    marks: Marks | None = None,
    shows: OnTable | str | None = None,
    case_giver: CaseGiverState = CaseGiverState.SPEAKS,
    reveals: dict[Audience, Reveal] | None = None,
) -> Phase:
    """A phase as a method would have it."""
    return Phase(
        key=key,
        kind=kind,
        part=part,
        minutes=5,
        pace=pace,
        laps=laps,
        speaks=speaks,
        forms=tuple(forms),
        marks=marks,
        shows=OnTable(of=shows) if isinstance(shows, str) else shows,
        case_giver=case_giver,
        reveals=reveals or {},
        texts={"en": WORDS},
    )


def shown(*before: Facet, after: Sequence[Facet] = ()) -> Reveal:
    """What an audience sees at first, and what it sees besides once it is revealed."""
    return Reveal(before=frozenset(before), after=frozenset({*before, *after}))


def person(name: str, kind: str = "participant", position: int = 0, role: str = "") -> Seat:
    """Somebody who is there; the id is the name."""
    return Seat(
        id=name,
        kind=kind,
        name=name.capitalize(),
        locale="en",
        position=position,
        role=role,
    )


def text(
    name: str,
    by: str | None = None,
    *,
    step: str = "clarify",
    form: str = "question",
    rank: int = 0,
    revealed: bool = False,
    removed: bool = False,
    late: bool = False,
    kept: bool = False,
    done: bool = False,
    joined_to: str | None = None,
    brought_by: str | None = None,
    **fields: Value,
) -> Item:
    """Something that was written; hidden unless it is said to be revealed."""
    return Item(
        id=name,
        step_id=step,
        seat_id=by,
        form=form,
        fields=fields or {form: name},
        rank=rank,
        joined_to_id=joined_to,
        brought_by=brought_by,
        is_revealed=revealed,
        is_done=done,
        is_removed=removed,
        is_late=late,
        is_kept=kept,
    )


def dot(by: str, item: str, step: str = "pick") -> Mark:
    """A vote."""
    return Mark(step, by, item, "dot")


def wrote(by: str, form: str, count: int = 1, instead: str = "", step: str = "clarify") -> Tally:
    """How much somebody wrote with a form."""
    return Tally(step, by, form, count, instead)


def carried_action(owner: str) -> Action:
    """An action of an earlier meeting."""
    return Action(f"action of {owner}", None, owner, owner, None, "if", "then", None, True, True, "open")


def running(
    *phases: Phase,
    here: int = 0,
    case_giver: str | None = "gia",
    texts: Sequence[Item] = (),
    marks: Sequence[Mark] = (),
    tallies: Sequence[Tally] = (),
    actions: Sequence[Action] = (),
    names: Sequence[str] = TABLE,
) -> Snapshot:
    """A meeting in one of its phases (the id of a step is the key of its phase), with Mo leading and a wall."""
    steps = tuple(
        Step(
            id=found.key,
            key=found.key,
            kind=found.kind,
            part=found.part,
            pace=found.pace,
            laps=found.laps,
            round_id="case" if found.part is Part.ROUND else None,
            planned=300.0,
        )
        for found in phases
    )
    table = [person(name, position=place) for place, name in enumerate(names)]
    return Snapshot(
        id="meeting",
        organisation_id="werkplaats",
        code="K7QM2P9X",
        goal="Learn",
        method_key="basis",
        method=load_catalogue()["basis"],
        locale="en",
        created_at=NOON,
        taken_at=NOON,
        last_move="next",
        state=State(Status.RUNNING, here + 2, steps, here, NOON, NOON),
        phases={found.key: found for found in phases},
        seats=(*table, person("mo", "moderator", 10_000), person("wall", "wall")),
        rounds=(Round("case", 1, case_giver, None, "", "", "", False, False),),
        items=tuple(sorted(texts, key=lambda item: (item.rank, item.id))),
        marks=tuple(marks),
        tallies=tuple(tallies),
        actions=tuple(actions),
    )


def seat(meeting: Snapshot, name: str) -> Seat:
    """Somebody's seat."""
    found = meeting.seat(name)
    assert found
    return found


def but(meeting: Snapshot, name: str, **changed: object) -> Snapshot:
    """The same meeting, but for one person: `but(meeting, "pete", has_left=True)`."""
    seats = tuple(replace(s, **changed) if s.id == name else s for s in meeting.seats)  # type: ignore[arg-type]
    return replace(meeting, seats=seats)


def on_table(meeting: Snapshot, item: str | None = None, speaker: str | None = None) -> Snapshot:
    """The same meeting with a text on the table, or with somebody speaking."""
    step = meeting.now.step
    here = meeting.state.here
    steps = (*meeting.state.steps[:here], replace(step, item=item, speaker=speaker), *meeting.state.steps[here + 1 :])
    return replace(meeting, state=replace(meeting.state, steps=steps))
