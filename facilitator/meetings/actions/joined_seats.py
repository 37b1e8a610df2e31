"""Two seats of one person: somebody lost their browser, came in again on another one, and sits there twice.

Promises: joined, everything that counts is of one seat – hours, texts, case, votes, actions, turn, roles –, nothing twice, and
nobody is there any more who is not. It is the moderator's word and proves nothing (see `visitor`): what was written on one
device and is not out yet stays closed to the other, and neither approves nor decides for the other. All of it holds at the tables
of a divided meeting, too, wherever either sat. Each of the two devices can say that they are two people after all; only one that held the seat before can say that they are not. What was written without
a name is untouched: no row tells whose it was before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from facilitator.core.db import count_change, now
from facilitator.core.refusals import Refused
from facilitator.meetings import models, rules, table_ids
from facilitator.meetings.actions import tables
from facilitator.meetings.actions.base import Change, change, require_moderator
from facilitator.meetings.actions.notebooks import put_together
from facilitator.meetings.actions.people import free_name, participants_here
from facilitator.meetings.actions.table import take_case
from facilitator.meetings.seats import whose_seat
from facilitator.meetings.snapshot import Seat

# Columns that say whose something is, and that are simply another seat's from then on. Tallies, marks and turns are put
# together below; tokens stay with the seat that the device came in with.
FOLLOW = (
    models.Round.case_giver_id,
    models.Contribution.seat_id,
    models.Contribution.taken_down_by,
    models.Contribution.from_seat_id,
    models.Action.owner_id,
    models.Action.buddy_id,
    models.Action.from_seat_id,
    models.Presence.seat_id,
    models.OpDone.seat_id,
    models.Step.speaker,
    models.Seat.joined_to_id,
)
Follow = Callable[[Session, str, str, bool], None]
Part = Callable[[Session, str, str], None]


def join_seats(meeting_id: str, moderator_id: str, seat_id: str, to_id: str) -> str:
    """Gives somebody who came in again the seat they had. Done once, it is done however often it is asked for. Answers the role that
    nobody has any more, because somebody has one at a time and keeps the earlier one.
    """
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        again, first = found.seat(seat_id), found.seat(to_id)
        if again.id == first.id:
            if seat_id == to_id:
                raise Refused("bad_choice", 422)
            return ""
        _require_one_person(found, again, first)
        free = [_role_too_many(found, again, first)]
        _join(found, again, first)
        for number, table in tables.opened(found):
            if table.before.seat(table_ids.seat_at(again.id, number)) is not None:
                tables.seat_there(found, first, number)
                table.before = table.now()
                pair = table.seat(table_ids.seat_at(again.id, number)), table.seat(table_ids.seat_at(first.id, number))
                free.append(_role_too_many(table, *pair))
                _join(table, *pair)
            tables.seat_hand(found.session, again.id, first.id, number)
        if again.user_id is not None and again.user_id == first.user_id:
            _absorb(found, again.id, first.id)
        tables.follow(found)
        return next(filter(None, free), "")


def part_seats(meeting_id: str, by_id: str, joined_id: str) -> None:
    """Two people after all: whoever came in again has a seat of their own once more, with what was written on their device. Roles,
    the case and votes stay where they are. For the moderator, and for both devices.
    """
    with change(meeting_id) as found:
        by = found.seat(by_id)
        first = found.seat(joined_id)
        if first.id != by.id:
            require_moderator(found, by_id)
        row = found.session.get(models.Seat, joined_id)
        if row is None or row.kind != "joined":
            return  # parted already
        _part(found, row)
        tables.follow(found)


def say_whose(meeting_id: str, by_id: str, is_one: bool, hand_id: str = "") -> None:
    """What a device says of the seat it shares with others: that the other one (`hand_id`) is theirs as well – for which it has to
    have held the seat before – or that they are not one person's.
    """
    with change(meeting_id) as found:
        by = found.seat(by_id)
        hands = [hand for hand, whose in found.before.hands.items() if whose == by.id]
        if by.is_expelled:
            raise Refused("expelled", 403)
        if is_one and by.hand_id is not None:
            raise Refused("not_yours", 403)
        if is_one and hand_id in hands:
            _absorb(found, hand_id, by.id)
        mine = hands if by.hand_id is None else [by.hand_id]
        for hand in () if is_one else [hand for hand in mine if hand_id in (hand, "")]:
            _part(found, found.session.get_one(models.Seat, hand))
        tables.follow(found)


def _require_one_person(found: Change, again: Seat, first: Seat) -> None:
    if again.kind != "participant" or first.kind != "participant":
        raise Refused("no_such_seat", 404)
    if again.is_expelled or first.is_expelled:
        raise Refused("joined_outside")
    if rules.leads(found.before, again) != rules.leads(found.before, first):
        raise Refused("joined_lead")
    if again.user_id is not None and first.user_id is not None and again.user_id != first.user_id:
        raise Refused("joined_accounts")


def _role_too_many(found: Change, again: Seat, first: Seat) -> str:
    has_it = any(seat.role == again.role for seat in participants_here(found, admitted=True) if seat.id != again.id)
    return again.role if first.role and not has_it else ""


def _join(found: Change, again: Seat, first: Seat) -> None:
    """In the meeting, or at one table of it."""
    _take_place(found, again, first)
    _move_rows(found.session, again, first)
    _add_up_tallies(found.session, again.id, first.id)
    _put_marks_together(found, again.id, first.id)
    _take_turns_once(found.session, found.row.id, again.id, first.id)
    _tidy_actions(found.session, first)
    found.session.flush()
    found.session.expire_all()
    _give_case_back(found, first)
    for follow in _following():
        follow(found.session, again.id, first.id, False)


def _take_place(found: Change, again: Seat, first: Seat) -> None:
    """Who they are at the table: in, if one of the two was let in and they are not gone on both."""
    row, other = found.seat_row(first.id), found.seat_row(again.id)
    is_gone = first.has_left and again.has_left
    row.is_admitted = first.is_admitted or again.is_admitted
    row.waits_again = first.waits_again and again.has_left
    if not is_gone:
        row.left_at = None
    is_here = row.is_let_in and not is_gone
    is_counted = first.is_present or again.is_present
    others = [seat for seat in participants_here(found, admitted=True) if seat.id not in (again.id, first.id)]
    if is_here and not is_counted and len(others) >= found.row.capacity:
        raise Refused("full")
    if is_here and not is_counted and found.row.status != "ended":
        found.session.add(models.Presence(seat_id=first.id, hand_id=other.id, came_at=now()))
    row.role, row.table = row.role or other.role, row.table or other.table
    row.has_agreed = row.has_agreed or other.has_agreed
    row.has_accepted = row.has_accepted or other.has_accepted
    _remember_phone(found.session, row, other)
    row.declines = row.declines or other.declines
    row.offers = row.offers or other.offers
    row.said_to_be = row.said_to_be or other.said_to_be
    row.locale = other.locale  # of the device in hand
    other.kind, other.joined_to_id, other.role, other.said_to_be = "joined", row.id, "", None
    found.session.flush()


def _remember_phone(session: Session, first: models.Seat, again: models.Seat) -> None:
    """While two seats are joined, `has_phone` of the second one is what the first one is without it: its own is known by its tokens."""
    session.execute(update(models.Seat).where(models.Seat.joined_to_id == again.id).values(has_phone=True))
    first.has_phone, again.has_phone = first.has_phone or again.has_phone, first.has_phone


def _give_phone_back(session: Session, first_id: str, row: models.Seat) -> None:
    hands = select(models.Seat).where(models.Seat.joined_to_id == first_id, models.Seat.id != row.id)
    if not row.has_phone:
        held_by = session.scalars(hands.order_by(models.Seat.joined_at, models.Seat.id).limit(1)).first()
        (held_by or session.get_one(models.Seat, first_id)).has_phone = False
    tokens = select(models.SeatToken.token_hash).where(models.SeatToken.seat_id == row.id)
    row.has_phone = session.scalar(tokens.limit(1)) is not None


def _move_rows(session: Session, again: Seat, first: Seat) -> None:
    written = (models.Contribution.seat_id == again.id, models.Contribution.hand_id.is_(None))
    session.execute(update(models.Contribution).where(*written).values(hand_id=again.id))
    there = (models.Presence.seat_id == again.id, models.Presence.hand_id.is_(None))
    session.execute(update(models.Presence).where(*there).values(hand_id=again.id))
    for kind in (models.Contribution, models.Action):
        for later_id in session.scalars(select(kind.meeting_id).where(kind.from_seat_id == again.id).distinct()).all():
            count_change(session, later_id)
    for column in FOLLOW:
        session.execute(update(column.class_).where(column == again.id).values({column: first.id}))


def _add_up_tallies(session: Session, again_id: str, first_id: str) -> None:
    for row in session.scalars(select(models.Tally).where(models.Tally.seat_id == again_id)).all():
        same = session.get(models.Tally, (row.step_id, first_id, row.form))
        if same is None:
            same = models.Tally(step_id=row.step_id, seat_id=first_id, form=row.form, count=0, instead="")
            session.add(same)
        same.count, same.instead = same.count + row.count, row.instead or same.instead
        session.delete(row)
    session.flush()


def _put_marks_together(found: Change, again_id: str, first_id: str) -> None:
    """No vote counts twice, and nobody has more than one person may give: of too many those from the device in hand stay."""
    session = found.session
    query = select(models.Mark).where(models.Mark.seat_id.in_((again_id, first_id)))
    rows = sorted(session.scalars(query), key=lambda mark: (mark.seat_id == first_id, mark.contribution_id))
    kept: dict[tuple[str, str], tuple[str, str]] = {}
    used: dict[str, int] = {}
    for row in rows:
        place = (row.step_id, row.contribution_id)
        marks = found.before.phases[row.step_id].marks if row.step_id in found.before.phases else None
        if place not in kept and (marks is None or used.get(row.step_id, 0) < marks.most):
            kept[place] = row.kind, row.value
            used[row.step_id] = used.get(row.step_id, 0) + 1
    if all(row.seat_id == first_id for row in rows):
        return
    for row in rows:
        session.delete(row)
    session.flush()
    for (step_id, item_id), (kind, value) in kept.items():
        session.add(models.Mark(step_id=step_id, seat_id=first_id, contribution_id=item_id, kind=kind, value=value))


def _take_turns_once(session: Session, meeting_id: str, again_id: str, first_id: str) -> None:
    for step in session.scalars(select(models.Step).where(models.Step.meeting_id == meeting_id)).all():
        if again_id in step.speakers:
            turns = (first_id if seat_id == again_id else seat_id for seat_id in step.speakers)
            step.speakers = list(dict.fromkeys(turns))
        if again_id in step.floors:
            step.floors = [first_id if seat_id == again_id else seat_id for seat_id in step.floors]


def _tidy_actions(session: Session, first: Seat) -> None:
    """Nobody is their own buddy, and what they took on has their name."""
    mine = models.Action.owner_id == first.id
    session.execute(update(models.Action).where(mine, models.Action.buddy_id == first.id).values(buddy_id=None))
    session.execute(
        update(models.Action).where(mine, models.Action.is_carried.is_(False)).values(owner_name=first.name)
    )


def _give_case_back(found: Change, first: Seat) -> None:
    """A round that lost its case, because its giver was named on a seat that had none, has it again."""
    meeting = found.now()
    taken = {around.case_id for around in meeting.rounds}
    picks = (step for step in meeting.state.steps if step.kind == "pick")
    own = (item for step in picks for item in meeting.items_of(step) if item.seat_id == first.id and item.is_shown)
    case = next((item for item in own if item.id not in taken), None)
    around = next((one for one in meeting.rounds if one.case_giver_id == first.id and one.case_id is None), None)
    if case is None or around is None:
        return
    row = found.session.get_one(models.Round, around.id)
    typed = row.title, row.question
    take_case(found, row, case)
    row.title, row.question = typed[0] or row.title, typed[1] or row.question


def _absorb(found: Change, hand_id: str, first_id: str) -> None:
    """What was joined is the same person's, by proof: nothing is left of the other seat."""
    for number, table in tables.opened(found):
        if table_ids.seat_at(hand_id, number) in table.before.hands:
            _absorb_here(table, table_ids.seat_at(hand_id, number), table_ids.seat_at(first_id, number))
    _absorb_here(found, hand_id, first_id)


def _absorb_here(found: Change, hand_id: str, first_id: str) -> None:
    session = found.session
    for follow in _following():
        follow(session, hand_id, first_id, True)
    put_together(session, found.row.id, hand_id, first_id)
    row, first = session.get_one(models.Seat, hand_id), session.get_one(models.Seat, first_id)
    first.user_id = first.user_id or row.user_id
    for column in (models.Contribution.hand_id, models.Presence.hand_id, models.SeatToken.seat_id):
        whose = first_id if column is models.SeatToken.seat_id else None
        session.execute(update(column.class_).where(column == hand_id).values({column: whose}))
    session.flush()
    session.delete(row)
    session.flush()


def _part(found: Change, row: models.Seat) -> None:
    row.table = row.table if row.table <= found.before.table_count else 0
    for number, table in tables.opened(found):
        there = found.session.get(models.Seat, table_ids.seat_at(row.id, number))
        if there is not None and _has_sat(found.session, there.id):
            _part_here(table, there)
        elif there is not None:
            found.session.delete(there)
    _part_here(found, row)


def _has_sat(session: Session, hand_id: str) -> bool:
    """Whether anything at a table is of a device, or it came there with the seat it holds only."""
    kinds = (models.Contribution, models.Presence)
    return any(session.scalar(select(kind.id).where(kind.hand_id == hand_id).limit(1)) is not None for kind in kinds)


def _part_here(found: Change, row: models.Seat) -> None:
    session, first_id = found.session, whose_seat(found.session, row).id
    row.name = free_name(found, row.name, [row.id])
    row.kind, row.joined_to_id, row.position = "participant", None, _behind(found.before.seats)
    row.is_admitted, row.waits_again, row.left_at = True, False, None
    written = select(models.Contribution.id).where(models.Contribution.hand_id == row.id)
    for owned, place in (
        (models.OpDone.seat_id, models.OpDone.contribution_id),
        (models.Action.owner_id, models.Action.contribution_id),
    ):
        which = (owned == first_id, place.in_(written))
        session.execute(update(owned.class_).where(*which).values({owned: row.id}))
    own = models.Action.owner_id == row.id
    session.execute(update(models.Action).where(own).values(owner_name=row.name))
    of_device = models.Contribution.hand_id == row.id
    session.execute(update(models.Contribution).where(of_device).values(seat_id=row.id, hand_id=None))
    code = (models.SeatToken.seat_id == row.id, models.SeatToken.kept_on.is_not(None))
    session.execute(delete(models.SeatToken).where(*code))
    _give_phone_back(session, first_id, row)
    _give_hours_back(session, first_id, row)
    session.flush()
    for part in _parting():
        part(session, row.id, first_id)


def _give_hours_back(session: Session, first_id: str, row: models.Seat) -> None:
    """Each was there when their own device was, and has left if it had; whom joining let in is there since they came."""
    of_device = models.Presence.hand_id == row.id
    session.execute(update(models.Presence).where(of_device).values(seat_id=row.id, hand_id=None))
    for seat in (session.get_one(models.Seat, first_id), row):
        stays = session.scalars(select(models.Presence).where(models.Presence.seat_id == seat.id)).all()
        went = [stay.went_at for stay in stays if stay.went_at is not None]
        if stays and len(went) == len(stays) and not seat.is_expelled:
            seat.left_at = max(went)
        if seat is row and not stays:
            session.add(models.Presence(seat_id=row.id, came_at=row.joined_at))


def _behind(seats: Iterable[Seat]) -> int:
    return max((seat.position for seat in seats if seat.kind == "participant"), default=-1) + 1


def _following() -> tuple[Follow, ...]:
    """What the rooms above keep of a seat, which the frame knows."""
    found: tuple[Follow, ...] = current_app.extensions["follow_seat"]
    return found


def _parting() -> tuple[Part, ...]:
    found: tuple[Part, ...] = current_app.extensions["part_seat"]
    return found
