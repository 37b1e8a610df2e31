"""Dividing a meeting into tables: who sits where, and the phase in which people are apart in place of the rounds that they hold there.

Promises: until people are at their tables it can all be taken back; no table gets fewer people than the method needs, unless somebody left.
A table is a meeting of its own in every other respect (`tables`).
"""

from __future__ import annotations

import contextlib
import secrets
from collections import Counter
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.core import languages, lengths, sealing
from facilitator.core.db import now
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models, rules, table_ids
from facilitator.meetings.actions import tables
from facilitator.meetings.actions.base import Change, change, require_moderator
from facilitator.meetings.actions.rounds import new_round
from facilitator.meetings.actions.setting_up import free_code
from facilitator.meetings.machine import Status
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.meetings.titles import named
from facilitator.methods.tables import seating, sizes
from facilitator.methods.usual import usual_reveals
from facilitator.methods.vocabulary import CaseGiverState, Clients, Kind, Part, Phase, PhaseTexts, Who

KEY = "at_the_tables"
# What comes from the meeting to its tables.
OF_TABLES = ("organisation_id", "created_by", "method_key", "method_head", "locale", "names", "place", "capacity")


def divide(meeting_id: str, moderator_id: str, *, at_random: bool = False) -> None:
    """Puts people at tables as they sit around the room, or at random; again as long as they have not begun there."""
    _make_keys(meeting_id)
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        _require_before(found.before)
        size, people = found.before.method.table_size, list(rules.participants(found.before))
        if size is None:
            raise Refused("no_tables")
        if any(not around.is_in_turn for around in found.before.rounds[1:]):
            raise Refused("further_cases")
        count = len(sizes(len(people), size))
        if count < 2:
            raise Refused("too_few_for_tables")
        if at_random:
            secrets.SystemRandom().shuffle(people)
        _put(found, dict(zip((seat.id for seat in people), seating(len(people), size), strict=True)))
        _lay_tables(found, count)
        division = found.row.division or _apart(found)
        found.row.division = {**division, "count": count}
        _plan_time(found)


def undo(meeting_id: str, moderator_id: str) -> None:
    """Has everybody at one table again, as long as they have not begun at several."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        _require_before(found.before)
        if found.row.division is None:
            return
        _put(found, {})
        _lay_tables(found, 0)
        _together(found, found.row.division)
        found.row.division = None


def place(meeting_id: str, moderator_id: str, seat_id: str, to: str) -> None:
    """Puts somebody at a table by its number, or in the place of somebody else, who gets theirs."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        before = found.before
        if not before.is_divided:
            raise Refused("no_tables")
        who, other = found.seat(seat_id), before.seat(to)
        if who not in rules.participants(before) or (other is not None and other not in rules.participants(before)):
            raise Refused("no_such_seat", 404)
        places = {seat.id: seat.table for seat in rules.participants(before)}
        if other is not None:
            places[who.id], places[other.id] = other.table, who.table
        elif to.isdecimal() and 1 <= int(to) <= before.table_count:
            places[who.id] = int(to)
        else:
            raise Refused("bad_choice", 422)
        if not _has_begun(before):
            _require_enough(before, places, who)
        _put(found, places)
        _plan_time(found)
        tables.follow(found)


def _require_before(meeting: Snapshot) -> None:
    """Before anybody was at work in what is held at the tables."""
    if meeting.state.status not in (Status.LOBBY, Status.RUNNING):
        raise Refused("not_in_lobby")
    if _has_begun(meeting):
        raise Refused("at_work_already")


def _has_begun(meeting: Snapshot) -> bool:
    """Whether what is held at the tables has begun, there or at one table."""
    return any(
        step.has_begun
        for step in meeting.state.steps
        if step.id == meeting.tables_step or step.part is not Part.OPENING
    )


def _require_enough(before: Snapshot, places: dict[str, int], who: Seat) -> None:
    left = Counter(places.values())[who.table] if who.table else before.method.table_size
    if who.table and places[who.id] != who.table and (left or 0) < (before.method.table_size or 0):
        raise Refused("table_too_small")


def _put(found: Change, places: dict[str, int]) -> None:
    for seat in found.before.seats:
        if seat.table != places.get(seat.id, 0):
            found.seat_row(seat.id).table = places.get(seat.id, 0)
    found.session.flush()


def _plan_time(found: Change) -> None:
    """The table with most people takes longest."""
    division = found.row.division
    if division is None:
        return
    at_tables = select(models.Seat.table).where(models.Seat.meeting_id == found.row.id)
    seated = found.session.scalars(at_tables.where(models.Seat.kind == "participant"))
    turns = max(Counter(number for number in seated if number).values(), default=1)
    step = found.session.get(models.Step, division["step"])
    if step is not None:
        once = sum(one["planned"] for one in division["steps"] if not one["is_left_out"])
        step.planned = once * (turns if _is_in_turn(found) else 1)


# -- The tables --------------------------------------------------------------------------------------------------------


def _make_keys(meeting_id: str) -> None:
    """Before their first rows are written; what is not used in the end is let go of like any key without a row."""
    meeting, keyring = loading.read(meeting_id), sealing.keyring()
    for number in range(1, len(sizes(len(rules.participants(meeting)), meeting.method.table_size)) + 1):
        table_id = table_ids.table_id(meeting_id, number)
        if not keyring.holds(table_id):
            with contextlib.suppress(IntegrityError):  # two pressed at once
                keyring.make(table_id)


def _lay_tables(found: Change, count: int) -> None:
    session, row = found.session, found.row
    for number in range(1, table_ids.MOST + 1):
        table_id = table_ids.table_id(row.id, number)
        is_there = session.get(models.Meeting, table_id) is not None
        if number > count and not is_there:
            return
        if number > count:
            session.execute(delete(models.Meeting).where(models.Meeting.id == table_id))
        elif not is_there:
            if not sealing.keyring().holds(table_id):  # somebody came in at this very moment
                raise Refused("moved_already")
            same = {word: getattr(row, word) for word in OF_TABLES}
            same["goal"] = _goal(row, number)
            session.add(models.Meeting(id=table_id, created_at=now(), code=free_code(session), **same))
            session.flush()


def _goal(row: models.Meeting, number: int) -> str:
    """What a table is known by in lists and reports."""
    with force_locale(languages.spoken_or(row.locale, languages.FALLBACK)):
        name = _("Table %(number)s", number=number)
    return f"{row.goal[: lengths.GOAL - len(name) - 3]} ({name})"


# -- The steps ---------------------------------------------------------------------------------------------------------


def _apart(found: Change) -> dict[str, Any]:
    """Takes the rounds out, which are held at the tables, and puts the phase in their place in which people are there."""
    session, before = found.session, found.before
    rows = [row for row in _steps(session, found.row.id) if row.round_id is not None]
    first = [row for row in rows if row.round_id == before.rounds[0].id]
    kept = [{"phase": row.phase, "planned": row.planned, "is_left_out": row.is_left_out} for row in first]
    place, turns = first[0].position, len(before.rounds)
    for row in rows:
        session.delete(row)
    session.flush()
    for around in before.rounds:
        session.delete(session.get_one(models.Round, around.id))
    step = models.Step(meeting_id=found.row.id, position=place, planned=0.0, speakers=[])
    step.phase = _phase(before).model_dump(mode="json")
    session.add(step)
    session.flush()
    return {"step": step.id, "turns": turns, "steps": kept}


def _together(found: Change, division: dict[str, Any]) -> None:
    """Puts the rounds back where they were."""
    session, row = found.session, found.row
    step = session.get_one(models.Step, division["step"])
    position = step.position
    session.delete(step)
    session.flush()
    for number in range(1, division["turns"] + 1):
        around = new_round(session, row.id, number, named(found.before.method), is_in_turn=_is_in_turn(found))
        for kept in division["steps"]:
            session.add(models.Step(meeting_id=row.id, round_id=around.id, position=position, speakers=[], **kept))
            position += 1
    session.flush()


def _is_in_turn(found: Change) -> bool:
    return found.before.method.clients is Clients.EACH


def _steps(session: Session, meeting_id: str) -> list[models.Step]:
    rows = select(models.Step).where(models.Step.meeting_id == meeting_id).order_by(models.Step.position)
    return list(session.scalars(rows))


def _phase(meeting: Snapshot) -> Phase:
    """What the meeting itself is in while people are at their tables."""
    phase = Phase(
        key=KEY,
        kind=Kind.TALK,
        part=Part.OPENING,
        minutes=1,
        speaks=Who.NOBODY,
        case_giver=CaseGiverState.SPEAKS,
        texts={language: _texts(language) for language in meeting.method.texts},
    )
    return phase.model_copy(update={"reveals": usual_reveals(phase)})


def _texts(language: str) -> PhaseTexts:
    with force_locale(languages.spoken_or(language, languages.FALLBACK)):
        return PhaseTexts(
            title=_("At the tables"),
            short=_("Tables"),
            instruction=_("Go to your table. Your phone shows what happens there."),
            rule=_("What is said at a table stays at that table."),
            say=_(
                "Go to your table. Each table works by itself; your phone shows what to do. I tell you when it is time to go on."
            ),
            trap=_("One table is ready long before another, or one waits for somebody who is not there."),
            help=_(
                "Walk past all tables once. Here you see where each of them is, and move them together or one by one."
            ),
        )
