"""From rows to a snapshot and from a state back to rows. The one place where sealed texts are opened."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.db import db, now
from facilitator.groups.models import Group
from facilitator.meetings import machine, models, sealing, snapshot
from facilitator.meetings.snapshot import Snapshot, Value, phase_from


class NoSuchMeeting(LookupError):
    """There is no meeting with this id."""


def read(meeting_id: str) -> Snapshot:
    """A meeting as it is at this moment; raises NoSuchMeeting."""
    with db.reading() as session:
        return load(session, meeting_id)


def load(session: Session, meeting_id: str) -> Snapshot:
    """A meeting as a session sees it, also inside a transaction that is changing it; raises NoSuchMeeting."""
    row = session.get(models.Meeting, meeting_id)
    if row is None:
        raise NoSuchMeeting(meeting_id)
    steps = step_rows(session, meeting_id)
    group = session.get(Group, row.group_id) if row.group_id else None
    last = session.scalar(
        select(models.Transition.move)
        .where(models.Transition.meeting_id == row.id)
        .order_by(models.Transition.turn.desc())
    )
    return Snapshot(
        id=row.id,
        organisation_id=row.organisation_id,
        code=row.code,
        goal=row.goal,
        method_key=row.method_key,
        locale=row.locale,
        names=row.names,
        place=row.place,
        capacity=row.capacity,
        created_at=row.created_at,
        planned_for=row.planned_for,
        group_name=group.name if group else "",
        number=_number(session, row),
        continues_id=row.continues_id,
        wifi=_open(row.id, "wifi", row.wifi),
        join_host=row.join_host,
        is_locked=row.locked_at is not None,
        is_blanked=row.blanked_at is not None,
        is_code_shown=row.code_shown,
        is_screen_chosen=row.screen_chosen_at is not None,
        is_stop_asked=row.stop_asked_at is not None,
        revision=row.revision,
        taken_at=now(),
        last_move=last or "",
        state=state_of(row, steps),
        phases={step.id: phase_from(json.dumps(step.phase)) for step in steps},
        seats=_seats(session, row),
        rounds=_rounds(session, row),
        items=_items(session, row),
        marks=_marks(session, steps),
        tallies=_tallies(session, steps),
        actions=_actions(session, row),
    )


def step_rows(session: Session, meeting_id: str) -> list[models.Step]:
    """The steps of a meeting in order, those left out excepted."""
    query = select(models.Step).where(models.Step.meeting_id == meeting_id, models.Step.is_left_out.is_(False))
    return list(session.scalars(query.order_by(models.Step.position)))


def state_of(row: models.Meeting, steps: list[models.Step]) -> machine.State:
    """Where a meeting stands, from its rows."""
    return machine.State(
        status=machine.Status(row.status),
        turn=row.turn,
        steps=tuple(_step(step) for step in steps),
        here=row.here,
        opened_at=row.opened_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        paused_at=row.paused_at,
        due_at=row.due_at,
    )


def store(session: Session, row: models.Meeting, state: machine.State) -> None:
    """Writes a state back to the rows it came from."""
    row.status, row.turn, row.here = state.status.value, state.turn, state.here
    row.opened_at, row.started_at, row.ended_at = state.opened_at, state.started_at, state.ended_at
    row.paused_at, row.due_at = state.paused_at, state.due_at
    rows = {step.id: step for step in step_rows(session, row.id)}
    for step in state.steps:
        target = rows[step.id]
        target.planned, target.added, target.spent = step.planned, step.added, step.spent
        target.began_at, target.running_since, target.ended_at = step.began_at, step.running_since, step.ended_at
        target.skipped_at, target.revealed_at = step.skipped_at, step.revealed_at
        target.speaker, target.item = step.speaker, step.item
        if target.speakers != list(step.speakers):
            target.speakers = list(step.speakers)


def _step(row: models.Step) -> machine.Step:
    phase = phase_from(json.dumps(row.phase))
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
        began_at=row.began_at,
        running_since=row.running_since,
        ended_at=row.ended_at,
        skipped_at=row.skipped_at,
        revealed_at=row.revealed_at,
        speakers=tuple(row.speakers),
        speaker=row.speaker,
        item=row.item,
    )


def _number(session: Session, row: models.Meeting) -> int:
    """Which meeting of its group this is, from 1."""
    if row.group_id is None:
        return 0
    earlier = select(func.count()).where(
        models.Meeting.group_id == row.group_id, models.Meeting.created_at < row.created_at
    )
    return 1 + (session.scalar(earlier) or 0)


def _seats(session: Session, row: models.Meeting) -> tuple[snapshot.Seat, ...]:
    found = session.scalars(select(models.Seat).where(models.Seat.meeting_id == row.id))
    seats = (
        snapshot.Seat(
            id=seat.id,
            kind=seat.kind,
            name=seat.name,
            locale=seat.locale,
            position=seat.position,
            role=seat.role,
            has_phone=seat.has_phone,
            user_id=seat.user_id,
            is_admitted=seat.admitted_at is not None,
            has_left=seat.left_at is not None,
            is_expelled=seat.expelled_at is not None,
        )
        for seat in found
    )
    return tuple(sorted(seats, key=lambda seat: (seat.position, seat.id)))


def _rounds(session: Session, row: models.Meeting) -> tuple[snapshot.Round, ...]:
    query = select(models.Round).where(models.Round.meeting_id == row.id).order_by(models.Round.number)
    return tuple(
        snapshot.Round(
            id=found.id,
            number=found.number,
            case_giver_id=found.case_giver_id,
            case_id=found.case_id,
            title=_line(row.id, f"round:{found.id}:title", found.title),
            question=_line(row.id, f"round:{found.id}:question", found.question),
            key_question=_line(row.id, f"round:{found.id}:key_question", found.key_question),
            is_set=found.is_set,
            is_stopped=found.stopped_at is not None,
        )
        for found in session.scalars(query)
    )


def _items(session: Session, row: models.Meeting) -> tuple[snapshot.Item, ...]:
    found = session.scalars(select(models.Contribution).where(models.Contribution.meeting_id == row.id))
    items = (
        snapshot.Item(
            id=item.id,
            step_id=item.step_id,
            seat_id=item.seat_id,
            form=item.form,
            fields=_open(row.id, f"contribution:{item.id}", item.body),
            rank=item.rank,
            about_id=item.about_id,
            joined_to_id=item.joined_to_id,
            brought_by=item.brought_by,
            is_revealed=item.revealed_at is not None,
            is_done=item.done_at is not None,
            is_removed=item.removed_at is not None,
            is_late=item.late_at is not None,
            is_kept=item.is_kept,
            is_by_moderator=item.is_by_moderator,
        )
        for item in found
    )
    return tuple(sorted(items, key=lambda item: (item.rank, item.id)))


def _marks(session: Session, steps: list[models.Step]) -> tuple[snapshot.Mark, ...]:
    query = select(models.Mark).where(models.Mark.step_id.in_([step.id for step in steps]))
    return tuple(
        snapshot.Mark(mark.step_id, mark.seat_id, mark.contribution_id, mark.kind)
        for mark in sorted(session.scalars(query), key=lambda mark: (mark.contribution_id, mark.seat_id))
    )


def _tallies(session: Session, steps: list[models.Step]) -> tuple[snapshot.Tally, ...]:
    query = select(models.Tally).where(models.Tally.step_id.in_([step.id for step in steps]))
    return tuple(
        snapshot.Tally(tally.step_id, tally.seat_id, tally.form, tally.count, tally.instead)
        for tally in session.scalars(query)
    )


def _actions(session: Session, row: models.Meeting) -> tuple[snapshot.Action, ...]:
    query = select(models.Action).where(models.Action.meeting_id == row.id).order_by(models.Action.id)
    found = []
    for action in session.scalars(query):
        body = _open(row.id, f"action:{action.id}", action.body)
        found.append(
            snapshot.Action(
                id=action.id,
                item_id=action.contribution_id,
                owner_id=action.owner_id,
                owner_name=action.owner_name,
                buddy_id=action.buddy_id,
                when_if=str(body.get("when_if") or ""),
                then=str(body.get("then") or ""),
                due=action.due,
                is_carried=action.is_carried,
                is_confirmed=action.confirmed_at is not None,
                status=action.status,
            )
        )
    return tuple(found)


def _open(meeting_id: str, place: str, sealed: bytes | None) -> Mapping[str, Value]:
    return sealing.unseal(meeting_id, place, sealed) if sealed else {}


def _line(meeting_id: str, place: str, sealed: bytes | None) -> str:
    return str(_open(meeting_id, place, sealed).get("text") or "")
