"""From rows to a snapshot and from a state back to rows. The one place where sealed texts are opened.

Promises: a text that does not open keeps no other from being read, and a sentence stands where it would be shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from flask import current_app
from flask_babel import get_locale
from sqlalchemy import BindParameter, ColumnElement, Executable, Row, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.db import Base, db, now
from facilitator.groups import agreements
from facilitator.groups.models import Agreement, Group
from facilitator.meetings import machine, models, offered, snapshot
from facilitator.meetings.ordering import Order
from facilitator.meetings.snapshot import Snapshot, Value, method_from, phase_from
from facilitator.methods.loader import load_catalogue
from facilitator.methods.rounds import of_a_case
from facilitator.methods.vocabulary import MethodHead, Phase
from facilitator.repertoire.store import own_in_use

PHASES_KEPT = 20_000
BEFORE = ("planned", "lobby")

# A snapshot is read for every change and every push: its questions are put together once, and answered with plain rows.
MEETING: BindParameter[str] = bindparam("meeting")


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _all_of(model: type[Base], condition: ColumnElement[bool]) -> Select[Any]:
    return select(_table(model)).where(condition)


SEATS = _all_of(models.Seat, models.Seat.meeting_id == MEETING).order_by(models.Seat.joined_at, models.Seat.id)
ROUNDS = _all_of(models.Round, models.Round.meeting_id == MEETING).order_by(models.Round.number)
TEXTS = _all_of(models.Contribution, models.Contribution.meeting_id == MEETING)
ACTIONS = _all_of(models.Action, models.Action.meeting_id == MEETING).order_by(models.Action.id)
SIGNALS = _all_of(models.Signal, models.Signal.meeting_id == MEETING).order_by(models.Signal.id)
STEP_IDS = select(models.Step.id).where(models.Step.meeting_id == MEETING, models.Step.is_left_out.is_(False))
_mark, _tally, _move, _meeting, _step_table = map(
    _table, (models.Mark, models.Tally, models.Transition, models.Meeting, models.Step)
)
MARKS = select(_mark.c.step_id, _mark.c.seat_id, _mark.c.contribution_id, _mark.c.kind, _mark.c.value).where(
    _mark.c.step_id.in_(STEP_IDS)
)
TALLIES = select(_tally.c.step_id, _tally.c.seat_id, _tally.c.form, _tally.c.count, _tally.c.instead).where(
    _tally.c.step_id.in_(STEP_IDS)
)
STEPS = select(models.Step).where(models.Step.id.in_(STEP_IDS)).order_by(models.Step.position)
STEP_STATES = (
    select(*(column for column in _step_table.c if column.name != "phase"))
    .where(_step_table.c.id.in_(STEP_IDS))
    .order_by(_step_table.c.position)
)
LAST_MOVE = select(_move.c.move).where(_move.c.meeting_id == MEETING).order_by(_move.c.turn.desc()).limit(1)
EARLIER = select(func.count()).where(_meeting.c.group_id == bindparam("group"), _meeting.c.created_at < bindparam("at"))
NEXT = select(func.min(_meeting.c.planned_for)).where(
    _meeting.c.group_id == bindparam("group"), _meeting.c.status == "planned", _meeting.c.planned_for > bindparam("at")
)
REVISION = select(models.Meeting.revision).where(models.Meeting.id == MEETING)
_phases: dict[str, Phase] = {}
_order = Order()


class NoSuchMeeting(LookupError):
    """There is no meeting with this id."""


def read(meeting_id: str) -> Snapshot:
    """A meeting as it is at this moment; raises NoSuchMeeting. Of two readings the one that saw more is the later one."""
    get_locale()  # it may be looked up in the database, and nobody ever holds two connections
    with db.reading() as session:
        found = load(session, meeting_id)
    return placed(found)


def placed(found: Snapshot) -> Snapshot:
    """A reading with the moment from which it counts."""
    return replace(found, taken_at=_order.moment(found.id, found.revision, found.taken_at))


def forget_readings() -> None:
    """Lets the next reading of every meeting count from its own moment: older rows were put back, so that there are fewer
    changes than this process has seen.
    """
    _order.latest.clear()


def revision(meeting_id: str) -> int | None:
    """How many changes a meeting has seen; None where there is no such meeting."""
    db.give_back()  # nobody ever holds two connections
    with db.engine.connect() as connection:
        return connection.scalar(REVISION, {"meeting": meeting_id})


def load(session: Session, meeting_id: str) -> Snapshot:
    """A meeting as a session sees it, also inside a transaction that is changing it; raises NoSuchMeeting, and
    `sealing.Unreadable` of one that was erased, or of which more than single texts is damaged.
    """
    row = session.get(models.Meeting, meeting_id)
    if row is None:
        raise NoSuchMeeting(meeting_id)
    if row.erased_at is not None:
        raise sealing.KeyIsGone(meeting_id)
    sealing.keyring().key(meeting_id)
    try:
        return _load(session, row)
    except (ValueError, TypeError) as error:  # of a column that is no JSON, no moment, no status any more
        raise sealing.Damaged(f"meeting:{meeting_id}") from error


def _load(session: Session, row: models.Meeting) -> Snapshot:
    session.flush()  # what is asked below is asked past the session
    steps = _rows(session, STEP_STATES, row)
    phases = _phases_of(session, [step.id for step in steps])
    group = session.get(Group, row.group_id) if row.group_id else None
    seats = _rows(session, SEATS, row)
    last = session.connection().scalar(LAST_MOVE, {"meeting": row.id})
    hands = {seat.id: seat.joined_to_id for seat in seats if seat.kind == "joined"}
    return claimed_by_those_here(
        Snapshot(
            **plain_columns(row),
            organisation_id=row.organisation_id,
            group_name=group.name if group else "",
            agreed=agreed_of(session, row),
            number=number_of(session, row),
            wifi=wifi_of(row),
            revision=row.revision,
            taken_at=now(),
            last_move=last or "",
            state=state_of(row, steps, phases),
            phases=phases,
            seats=at_table(map(seat_of, (seat for seat in seats if seat.kind != "joined"))),
            hands=hands,
            hand_names={seat.id: seat.name for seat in seats if seat.kind == "joined"},
            rounds=_rounds(session, row),
            items=_items(session, row),
            marks=_marks(session, row),
            tallies=_tallies(session, row),
            actions=_actions(session, row),
            signals=tuple(signal_of(row, found, hands) for found in _rows(session, SIGNALS, row)),
            own_methods=_own_methods(session, row),
            unreadable=str(sealing.UNREADABLE),
            next_at=next_of(session, row),
            expected=expected_of(session, row),
            told=offered.told(session, row) if row.status in BEFORE else (),
        )
    )


def expected_of(session: Session, row: models.Meeting) -> snapshot.Expected | None:
    """Who was invited and what they said, as long as that matters; kept by a room above, which the frame knows."""
    expected: Callable[[Session, models.Meeting], snapshot.Expected | None] = current_app.extensions["expected"]
    return expected(session, row) if row.status in BEFORE else None


def agreed_of(session: Session, row: models.Meeting) -> snapshot.Agreed | None:
    """The version of its group's agreement under which a meeting is held, opened."""
    found = session.get(Agreement, row.agreement_id) if row.agreement_id else None
    if found is None:
        return None
    version = agreements.opened(found)
    return snapshot.Agreed(version.id, version.number, version.day, version.lines)


def _own_methods(session: Session, row: models.Meeting) -> dict[str, dict[str, str]]:
    own = own_in_use(session, row.organisation_id).items()
    return {
        key: {language: texts.title for language, texts in method.texts.items()}
        for key, method in own
        if of_a_case(method)
    }


def claimed_by_those_here(found: Snapshot) -> Snapshot:
    """A meeting in which nothing that came along is somebody's who was taken out. The rows keep it, for when they are taken back in."""
    out = {seat.id for seat in found.seats if seat.is_expelled and seat.kind == "participant"}
    if not out:
        return found
    items = tuple(replace(i, seat_id=None) if i.brought_by is not None and i.seat_id in out else i for i in found.items)
    actions = tuple(replace(a, owner_id=None) if a.is_carried and a.owner_id in out else a for a in found.actions)
    return replace(found, items=items, actions=actions)


class PlainColumns(TypedDict):
    """What a meeting's row says that a snapshot says as well."""

    id: str
    code: str
    goal: str
    method_key: str
    method: MethodHead
    locale: str
    names: str
    place: str
    capacity: int
    created_at: datetime
    planned_for: datetime | None
    continues_id: str | None
    join_host: str | None
    is_locked: bool
    is_blanked: bool
    is_code_shown: bool
    is_screen_chosen: bool
    wall_page: int
    wall_pages: int
    tables_step: str
    table_count: int


def plain_columns(row: models.Meeting) -> PlainColumns:
    """The columns that are taken as they are."""
    return PlainColumns(
        id=row.id,
        code=row.code,
        goal=row.goal,
        method_key=row.method_key,
        method=method_of(row),
        locale=row.locale,
        names=row.names,
        place=row.place,
        capacity=row.capacity,
        created_at=row.created_at,
        planned_for=row.planned_for,
        continues_id=row.continues_id,
        join_host=row.join_host,
        is_locked=row.is_locked,
        is_blanked=row.is_blanked,
        is_code_shown=row.code_shown,
        is_screen_chosen=row.is_screen_chosen,
        wall_page=row.wall_page,
        wall_pages=row.wall_pages,
        tables_step=row.division["step"] if row.division else "",
        table_count=row.division["count"] if row.division else 0,
    )


def method_of(row: models.Meeting) -> MethodHead:
    """A meeting's method as it was when the meeting was planned, without its phases: those are with the steps."""
    return method_from(json.dumps(row.method_head)) if row.method_head else load_catalogue()[row.method_key]


def wifi_of(row: models.Meeting) -> Mapping[str, Value]:
    """The network of the room, opened."""
    return sealing.readable(lambda: _open(row.id, "wifi", row.wifi), {})


def step_rows(session: Session, meeting_id: str) -> list[models.Step]:
    """The steps of a meeting in order, those left out excepted."""
    return list(session.scalars(STEPS, {"meeting": meeting_id}))


def _phases_of(session: Session, step_ids: Sequence[str]) -> dict[str, Phase]:
    """The phases that steps have a copy of. These never change, so each is read once in the life of a process."""
    known = {step_id: _phases.get(step_id) for step_id in step_ids}
    unknown = [step_id for step_id, phase in known.items() if phase is None]
    read = {}
    if unknown:
        rows = session.execute(select(models.Step.id, models.Step.phase).where(models.Step.id.in_(unknown)))
        read = {step_id: phase_from(json.dumps(phase)) for step_id, phase in rows}
        if len(_phases) + len(read) > PHASES_KEPT:
            _phases.clear()
        _phases.update(read)
    return {step_id: phase or read[step_id] for step_id, phase in known.items()}


def state_of(
    row: models.Meeting, steps: Iterable[Row[Any] | models.Step], phases: Mapping[str, Phase]
) -> machine.State:
    """Where a meeting stands, from its rows and the phases of its steps."""
    return state_with(row, tuple(step_of(step, phases[step.id]) for step in steps))


def state_with(row: models.Meeting, steps: tuple[machine.Step, ...]) -> machine.State:
    """Where a meeting with these steps stands."""
    return machine.State(
        status=machine.Status(row.status),
        turn=row.turn,
        steps=steps,
        here=row.here,
        opened_at=row.opened_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        paused_at=row.paused_at,
        due_at=row.due_at,
    )


def store(session: Session, row: models.Meeting, state: machine.State) -> None:
    """Writes a state back to the rows it came from. A step it does not have any more is left out."""
    row.status, row.turn, row.here = state.status.value, state.turn, state.here
    row.opened_at, row.started_at, row.ended_at = state.opened_at, state.started_at, state.ended_at
    row.paused_at, row.due_at = state.paused_at, state.due_at
    steps = {step.id: step for step in state.steps}
    for target in step_rows(session, row.id):
        step = steps.get(target.id)
        target.is_left_out = step is None
        if step is None:
            continue
        target.planned, target.added, target.spent = step.planned, step.added, step.spent
        target.running_since, target.has_begun = step.running_since, step.has_begun
        target.is_skipped, target.is_revealed = step.is_skipped, step.is_revealed
        target.speaker, target.item, target.lap = step.speaker, step.item, step.lap
        if target.done != list(step.done):
            target.done = list(step.done)
        if target.speakers != list(step.speakers):
            target.speakers = list(step.speakers)
        if target.floors != list(step.floors):
            target.floors = list(step.floors)
        if target.put_away != list(step.put_away):
            target.put_away = list(step.put_away)


def step_of(row: Row[Any] | models.Step, phase: Phase) -> machine.Step:
    """A step from its row."""
    return machine.Step(
        id=row.id,
        key=phase.key,
        kind=phase.kind,
        part=phase.part,
        pace=phase.pace,
        round_id=row.round_id,
        planned=row.planned,
        added=row.added,
        spent=row.spent,
        running_since=row.running_since,
        has_begun=row.has_begun,
        is_skipped=row.is_skipped,
        is_taken=row.is_taken,
        is_time_told=row.is_time_told,
        is_revealed=row.is_revealed,
        speakers=tuple(row.speakers),
        floors=tuple(row.floors),
        put_away=tuple(row.put_away),
        speaker=row.speaker,
        item=row.item,
        done=tuple(row.done),
        laps=phase.laps,
        lap=row.lap,
    )


def number_of(session: Session, row: models.Meeting) -> int:
    """Which meeting of its group this is, from 1."""
    if row.group_id is None:
        return 0
    return 1 + (session.connection().scalar(EARLIER, {"group": row.group_id, "at": row.created_at}) or 0)


def next_of(session: Session, row: models.Meeting) -> datetime | None:
    """When the group of a meeting meets next, if that is planned."""
    if row.group_id is None:
        return None
    found: datetime | None = session.connection().scalar(NEXT, {"group": row.group_id, "at": now()})
    return found


def at_table(seats: Iterable[snapshot.Seat]) -> tuple[snapshot.Seat, ...]:
    """Seats as they stand around the table."""
    return tuple(sorted(seats, key=lambda seat: (seat.position, seat.id)))


def seat_of(seat: Row[Any] | models.Seat) -> snapshot.Seat:
    """A seat from its row."""
    return snapshot.Seat(
        id=seat.id,
        kind=seat.kind,
        name=seat.name,
        locale=seat.locale,
        position=seat.position,
        role=seat.role,
        has_phone=seat.has_phone,
        user_id=seat.user_id,
        is_admitted=seat.is_admitted,
        has_left=seat.left_at is not None,
        is_expelled=seat.is_expelled,
        waits_again=seat.waits_again,
        declines=seat.declines,
        offers=tuple(seat.offers.split()),
        table=seat.table,
        has_accepted=seat.has_accepted,
    )


def _rounds(session: Session, row: models.Meeting) -> tuple[snapshot.Round, ...]:
    return tuple(round_of(row, found) for found in _rows(session, ROUNDS, row))


def round_of(row: models.Meeting, found: Row[Any] | models.Round) -> snapshot.Round:
    """A case from its row."""
    return snapshot.Round(
        id=found.id,
        number=found.number,
        case_giver_id=found.case_giver_id,
        case_id=found.case_id,
        title=_line(row, f"round:{found.id}:title", found.title),
        question=_line(row, f"round:{found.id}:question", found.question),
        key_question=_line(row, f"round:{found.id}:key_question", found.key_question),
        is_set=found.is_set,
        is_stopped=found.is_stopped,
        is_told=found.is_told,
        method_key=found.method_key,
        method_titles=found.method_titles,
        method_roles=found.method_roles,
        is_in_turn=found.is_in_turn,
    )


def _items(session: Session, row: models.Meeting) -> tuple[snapshot.Item, ...]:
    return snapshot.in_order(item_of(row, found) for found in _rows(session, TEXTS, row) if is_still_there(found))


def item_of(row: models.Meeting, item: Row[Any] | models.Contribution) -> snapshot.Item:
    """A text from its row, opened."""
    fields = sealing.readable(lambda: _open(item.key_of or row.id, f"contribution:{item.id}", item.body), None)
    return snapshot.Item(
        id=item.id,
        step_id=item.step_id,
        seat_id=item.seat_id,
        form=item.form,
        fields=fields or {},
        rank=item.rank,
        about_id=item.about_id,
        joined_to_id=item.joined_to_id,
        brought_by=item.brought_by,
        from_seat_id=item.from_seat_id,
        key_of=item.key_of,
        hand_id=item.hand_id,
        is_revealed=item.is_revealed,
        is_done=item.is_done,
        is_removed=item.is_removed,
        is_late=item.is_late,
        is_kept=item.is_kept,
        taken_down_by=item.taken_down_by,
        is_damaged=fields is None,
    )


def is_still_there(copy: Row[Any] | models.Contribution | models.Action) -> bool:
    """Whether what came along from an earlier meeting was not erased with it. Its row goes a moment after its key."""
    return copy.key_of is None or sealing.opens(copy.key_of)


def _marks(session: Session, row: models.Meeting) -> tuple[snapshot.Mark, ...]:
    found = (snapshot.Mark(*mark) for mark in _rows(session, MARKS, row))
    return tuple(sorted(found, key=lambda mark: (mark.item_id, mark.seat_id)))


def _tallies(session: Session, row: models.Meeting) -> tuple[snapshot.Tally, ...]:
    return tuple(snapshot.Tally(*tally) for tally in _rows(session, TALLIES, row))


def _actions(session: Session, row: models.Meeting) -> tuple[snapshot.Action, ...]:
    return tuple(action_of(row, found) for found in _rows(session, ACTIONS, row) if is_still_there(found))


def action_of(row: models.Meeting, action: Row[Any] | models.Action) -> snapshot.Action:
    """An action from its row, opened."""
    body = _open_or_say(row, f"action:{action.id}", action.body, "then", action.key_of)
    return snapshot.Action(
        id=action.id,
        from_seat_id=action.from_seat_id,
        key_of=action.key_of,
        item_id=action.contribution_id,
        owner_id=action.owner_id,
        owner_name=action.owner_name,
        buddy_id=action.buddy_id,
        when_if=str(body.get("when_if") or ""),
        then=str(body.get("then") or ""),
        due=action.due,
        is_carried=action.is_carried,
        is_confirmed=action.is_confirmed,
        status=action.status,
        told=_told(row, action) if action.told else None,
    )


def signal_of(row: models.Meeting, found: Row[Any] | models.Signal, hands: Mapping[str, str]) -> snapshot.Signal:
    """A sign from its row, opened: of the seat that its device holds now."""
    body = sealing.readable(lambda: _open(row.id, f"signal:{found.id}", found.body), None) or {}
    device, sign = str(body.get("device") or ""), str(body.get("sign") or "")
    return snapshot.Signal(
        id=found.id,
        sign=snapshot.Sign(sign) if sign in set(snapshot.Sign) else None,
        seat_id=hands.get(device, device),
        is_named=bool(body.get("is_named")),
        hand_id=device if device in hands else None,
    )


def _told(row: models.Meeting, action: Row[Any] | models.Action) -> snapshot.Told:
    body = _open_or_say(row, f"told:{action.id}", action.told, "line", action.key_of)
    return snapshot.Told(str(body.get("status") or ""), str(body.get("line") or ""), bool(body.get("is_by_buddy")))


def _rows(session: Session, question: Executable, row: models.Meeting) -> Sequence[Any]:
    return session.connection().execute(question, {"meeting": row.id}).all()


def _open(meeting_id: str, place: str, sealed: bytes | None) -> Mapping[str, Value]:
    return sealing.unseal(meeting_id, place, sealed) if sealed else {}


def _line(row: models.Meeting, place: str, sealed: bytes | None) -> str:
    return str(_open_or_say(row, place, sealed, "text").get("text") or "")


def _open_or_say(
    row: models.Meeting, place: str, sealed: bytes | None, part: str, key_of: str | None = None
) -> Mapping[str, Value]:
    """What was sealed, or a body that says in one of its parts that it does not open."""
    found = sealing.readable(lambda: _open(key_of or row.id, place, sealed), None)
    return {part: str(sealing.UNREADABLE)} if found is None else found
