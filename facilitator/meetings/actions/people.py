"""Coming in, being let in, changing places, leaving: who is in the room."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import lengths
from facilitator.core.db import changing, now
from facilitator.core.refusals import Refused
from facilitator.core.sealing import hashed
from facilitator.core.text import is_same_name, name_key, told_apart
from facilitator.groups import agreements
from facilitator.groups.rules import is_member
from facilitator.meetings import models, rules
from facilitator.meetings.actions import tables
from facilitator.meetings.actions.base import (
    Change,
    change,
    require_here,
    require_moderator,
    require_on,
    require_open,
    require_present,
    require_steering,
)
from facilitator.meetings.actions.claiming import claim
from facilitator.meetings.actions.offering import bring_in
from facilitator.meetings.seats import Holding
from facilitator.meetings.seen import seen_by
from facilitator.meetings.turns import MODERATOR, is_next_giver, may_lead
from facilitator.methods.vocabulary import Kind, Role

ROLES = ("", Role.TIMEKEEPER, Role.NOTE_TAKER, Role.OBSERVER)


def join(
    meeting_id: str,
    name: str,
    locale: str,
    has_agreed: bool,
    leads: bool = False,
    user: User | None = None,
    earlier_seats: Collection[str] = (),
    is_again: bool = False,
) -> Holding:
    """Takes a seat. In the lobby people are in at once; later they wait until the moderator lets them in. The seat is the
    account's of whoever is signed in on this device, if it is one of the organisation; an account that has one gets that again, on
    whatever device. `earlier_seats` are those that the device held in the meetings which this one continues. A name that somebody has
    is refused, unless it `is_again` the same person, as they say themselves: then a number tells the two apart until the moderator has looked.
    """
    with change(meeting_id) as found:
        row = found.row
        _require_promise(found, has_agreed)
        account = user.id if user is not None and user.organisation_id == row.organisation_id else None
        known = _seat_of(found, account, name)
        if known is not None:
            _returns(found, known)
            return Holding(row.id, known.id, give_token(found.session, known.id))
        if row.is_locked:
            raise Refused("locked", 403)
        if _is_full(found):
            raise Refused("full")
        leads = leads or account in rules.leading_accounts(found.before)
        if not is_again:
            require_free_name(found, name, _leading(found) if leads else ())
        seat = _new_seat(found, name, locale, role="moderator" if leads else "")
        seat.has_agreed, seat.user_id = True, account
        seat.has_accepted = account in agreements.accepted_by(found.session, row.agreement_id)
        claim(found.session, seat, earlier_seats)
        if row.status == "lobby":
            _let_in(found, seat)
        found.session.flush()
        _takes_turn(found, seat)
        return Holding(row.id, seat.id, give_token(found.session, seat.id))


def _require_promise(found: Change, has_agreed: bool) -> None:
    if found.row.status == "ended":
        raise Refused("ended", 410)
    if found.row.status == "planned":
        raise Refused("not_open_yet")
    if not has_agreed:
        raise Refused("not_agreed", 422)


def accept_agreement(meeting_id: str, seat_id: str, number: int) -> None:
    """Whoever holds a seat accepts the version of the agreement that they read; if their account is a member's, for the group's page as well."""
    with change(meeting_id) as found:
        require_on(found)
        seat, agreed = require_present(found, seat_id), found.before.agreed
        if agreed is None:
            raise Refused("bad_choice", 422)
        if agreed.number != number:
            raise Refused("other_agreement")
        found.seat_row(seat.id).has_accepted = True
        if seat.user_id and is_member(found.session, seat.user_id, found.row.group_id):
            agreements.accepted(found.session, agreed.id, seat.user_id)


def give_token(session: Session, seat_id: str) -> str:
    """A new token for a seat; its hash is stored, the token itself nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(models.SeatToken(token_hash=hashed(token), seat_id=seat_id))
    return token


def device_token(meeting_id: str, seat_id: str) -> str:
    """A token for a device that holds a seat already and lost what proved it."""
    with changing(meeting_id) as session:
        return give_token(session, seat_id)


def moderator_seat(meeting_id: str, name: str, locale: str, user_id: str | None) -> Holding:
    """The moderator's seat for a new device: the one this account has already, or a new one. Refuses an account whose meeting it is not to
    lead at this very moment, and one while somebody else leads: the lead is taken by `doors.take_back`, and nobody leads beside another.
    """
    with change(meeting_id) as found:
        mine = (models.Seat.meeting_id == meeting_id, models.Seat.user_id == user_id)
        query = select(models.Seat).where(*mine, models.Seat.leads)
        if user_id is not None and not may_lead(found.session, user_id, found.row):
            raise Refused("not_moderator", 403)
        seat = found.session.scalar(query) if user_id else None
        if seat is None and user_id is not None and rules.moderators(found.before):
            raise Refused("led_by_other", 403)
        if seat is None:
            seat = seat_to_lead(found, free_name(found, name, seats_of(found, user_id)), locale, user_id)
            tables.follow(found)
        return Holding(meeting_id, seat.id, give_token(found.session, seat.id))


def seat_to_lead(found: Change, name: str, locale: str, user_id: str | None) -> models.Seat:
    """A new seat for whoever leads from now on."""
    seat = models.Seat(meeting_id=found.row.id, kind="moderator", name=name, locale=locale, user_id=user_id)
    seat.joined_at, seat.is_admitted, seat.position = now(), True, 10_000
    found.session.add(seat)
    found.session.flush()
    return seat


def seats_of(found: Change, user_id: str | None) -> list[str]:
    """The seats of an account at the table."""
    return [
        s.id for s in found.before.seats if s.kind == "participant" and user_id is not None and s.user_id == user_id
    ]


def _leading(found: Change) -> list[str]:
    return [seat.id for seat in rules.moderators(found.before)]


def admit(meeting_id: str, by_id: str, seat_id: str) -> None:
    """Lets somebody in who waits; from the room screen as well, for a moderator who has only that. Whoever was taken out is in
    again, by the moderator's tap.
    """
    with change(meeting_id) as found:
        require_on(found)
        by = require_steering(found, by_id)
        seat = _participant(found, seat_id)
        if seat.is_expelled and by.kind == "wall":
            raise Refused("not_moderator", 403)
        if seat.left_at is not None:
            raise Refused("no_such_seat", 404)
        _take_back_in(found, seat)
        if not seat.is_let_in:
            if len(participants_here(found, admitted=True)) >= found.row.capacity:
                raise Refused("full")
            _let_in(found, seat)
            _takes_turn(found, seat)
        _follow(found)


def expel(meeting_id: str, moderator_id: str, seat_id: str) -> None:
    """Sends somebody out: their pages close, and no token of the seat opens anything until they are taken back in. Not once the
    meeting is over: what is theirs by then nobody takes from them.
    """
    with change(meeting_id) as found:
        require_on(found)
        require_moderator(found, moderator_id)
        seat = _participant(found, seat_id)
        seat.is_expelled = True
        _went(found, seat)
        tables.follow(found)


def take_back_in(meeting_id: str, moderator_id: str, seat_id: str) -> None:
    """Undoes that somebody was taken out: everything of theirs was kept, and unless they had left they are there again from now on."""
    with change(meeting_id) as found:
        require_on(found)
        require_moderator(found, moderator_id)
        _take_back_in(found, _participant(found, seat_id))
        _follow(found)


def _follow(found: Change) -> None:
    """What follows from somebody being here again."""
    bring_in(found.session, found.row.id)
    tables.follow(found)


def _take_back_in(found: Change, seat: models.Seat) -> None:
    if not seat.is_expelled:
        return
    if seat.is_let_in and seat.left_at is None:
        if len(participants_here(found)) >= found.row.capacity:
            raise Refused("full")
        found.session.add(models.Presence(seat_id=seat.id, came_at=now()))
    seat.is_expelled = False


def leave(meeting_id: str, by_id: str, seat_id: str) -> None:
    """Leaves early: the person themselves, or the moderator who saw them go."""
    with change(meeting_id) as found:
        if by_id != seat_id:
            require_moderator(found, by_id)
            require_on(found)
        seat = _participant(found, seat_id)
        if seat.left_at is None:
            seat.left_at = now()
            _went(found, seat)
        tables.follow(found)


def come_back(meeting_id: str, by_id: str, seat_id: str) -> None:
    """Comes back after leaving; by the moderator's tap after having been taken out as well."""
    with change(meeting_id) as found:
        if by_id != seat_id:
            require_moderator(found, by_id)
        seat = _participant(found, seat_id)
        if seat.is_expelled and by_id == seat_id:
            raise Refused("taken_out")
        if found.row.status == "ended":
            raise Refused("ended", 410)
        _take_back_in(found, seat)
        # The phone may be in other hands by now: the moderator looks who it is.
        _returns(found, seat, waits=by_id == seat_id)
        _follow(found)


def _returns(found: Change, seat: models.Seat, waits: bool = True) -> None:
    if seat.left_at is None:
        return
    if len(participants_here(found)) >= found.row.capacity:
        raise Refused("full")
    seat.left_at = None
    seat.waits_again = waits and found.row.status == "running"
    if seat.is_let_in:
        found.session.add(models.Presence(seat_id=seat.id, came_at=now()))


def _seat_of(found: Change, account: str | None, name: str) -> models.Seat | None:
    """The seat that an account has at this table already; under pseudonyms only under the same one."""
    if account is None:
        return None
    here = (models.Seat.meeting_id == found.row.id, models.Seat.kind == "participant")
    own = (models.Seat.user_id == account, models.Seat.is_expelled.is_(False))
    query = select(models.Seat).where(*here, *own).order_by(models.Seat.joined_at, models.Seat.id)
    seats = found.session.scalars(query)
    return next((seat for seat in seats if not found.row.uses_pseudonyms or is_same_name(seat.name, name)), None)


def add_without_phone(meeting_id: str, moderator_id: str, name: str, locale: str) -> str:
    """Gives a seat to somebody who takes part without a phone."""
    with change(meeting_id) as found:
        require_on(found)
        require_moderator(found, moderator_id)
        if not name:
            raise Refused("no_name", 422)
        require_free_name(found, name)
        if len(participants_here(found)) >= found.row.capacity:
            raise Refused("full")
        seat = _new_seat(found, name, locale)
        seat.has_phone = False
        _let_in(found, seat)
        found.session.flush()
        return seat.id


def give_role(meeting_id: str, moderator_id: str, seat_id: str, role: str) -> None:
    """Asks somebody to watch the time, take notes or observe."""
    with change(meeting_id) as found:
        require_on(found)
        require_moderator(found, moderator_id)
        if role not in ROLES:
            raise Refused("bad_choice", 422)
        seat = _participant(found, seat_id)
        if seat.role == "moderator":
            raise Refused("leads_now")
        seat.role = role


def offer(meeting_id: str, seat_id: str, role: str, *, is_on: bool) -> None:
    """Says that somebody would take a role, or not after all."""
    with change(meeting_id) as found:
        seat = require_here(found, seat_id)
        if role not in set(Role):
            raise Refused("bad_choice", 422)
        if not seen_by(found.before, seat).may_offer(role):
            raise Refused("no_role_now")
        others = [other for other in seat.offers if other != role]
        found.seat_row(seat.id).offers = " ".join([*others, role] if is_on else others)


def tell_time(meeting_id: str, seat_id: str, step_id: str, value: str) -> None:
    """The timekeeper tells the moderator that the time of a step is nearly over, or takes it back; said late it counts for no other step."""
    with change(meeting_id) as found:
        seat = require_here(found, seat_id)
        if value not in ("on", "off"):
            raise Refused("bad_choice", 422)
        if seen_by(found.before, seat).task != Role.TIMEKEEPER:
            raise Refused("not_yours")
        step = found.before.now.step
        if step.id != step_id:
            raise Refused("step_over")
        found.session.get_one(models.Step, step.id).is_time_told = value == "on"


def lock(meeting_id: str, moderator_id: str, is_locked: bool) -> None:
    """Closes the door to newcomers, or opens it again."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        found.row.is_locked = is_locked


def order(meeting_id: str, by_id: str, seat_ids: tuple[str, ...]) -> None:
    """Puts people in the order in which they sit; whoever is not named keeps their place behind them."""
    with _seating(meeting_id, by_id) as (found, known):
        wanted = [s for s in dict.fromkeys(seat_ids) if s in known]
        _sit(found, [*wanted, *(s for s in known if s not in wanted)])


def move_seat(meeting_id: str, by_id: str, seat_id: str, places: int) -> None:
    """Moves somebody by so many places, forward or back, as far as the table goes."""
    with _seating(meeting_id, by_id) as (found, known):
        if seat_id in known:
            here = known.index(seat_id)
            known.insert(max(0, here + places), known.pop(here))
            _sit(found, known)


@contextmanager
def _seating(meeting_id: str, by_id: str) -> Iterator[tuple[Change, list[str]]]:
    with change(meeting_id) as found:
        require_open(found)
        require_steering(found, by_id)
        yield found, [seat.id for seat in rules.participants(found.before)]


def _sit(found: Change, seat_ids: list[str]) -> None:
    for position, seat_id in enumerate(seat_ids):
        if found.seat(seat_id).position != position:
            found.seat_row(seat_id).position = position


def speak_language(meeting_id: str, seat_id: str, locale: str) -> None:
    """Shows a seat's screens in another language from now on."""
    with changing(meeting_id) as session:
        seat = session.get(models.Seat, seat_id)
        if seat is not None and seat.meeting_id == meeting_id:
            seat.locale = locale


def participants_here(found: Change, admitted: bool = False) -> list[models.Seat]:
    """Who takes up a seat or waits for one, or only those who were let in."""
    query = select(models.Seat).where(
        models.Seat.meeting_id == found.row.id,
        models.Seat.kind == "participant",
        models.Seat.left_at.is_(None),
        models.Seat.is_expelled.is_(False),
    )
    return [seat for seat in found.session.scalars(query) if not admitted or seat.is_let_in]


def _is_full(found: Change) -> bool:
    """Whether nobody more can come in, or as many wait at the door as there are seats: who waits takes no seat."""
    inside = len(participants_here(found, admitted=True))
    return inside >= found.row.capacity or len(participants_here(found)) - inside >= found.row.capacity


def _new_seat(found: Change, name: str, locale: str, role: str = "") -> models.Seat:
    query = select(func.max(models.Seat.position)).where(
        models.Seat.meeting_id == found.row.id, models.Seat.kind == "participant"
    )
    last = found.session.scalar(query)
    seat = models.Seat(
        meeting_id=found.row.id,
        kind="participant",
        name=free_name(found, name, _leading(found) if role == "moderator" else ()),
        locale=locale,
        role=role,
        position=0 if last is None else last + 1,
        joined_at=now(),
    )
    found.session.add(seat)
    found.session.flush()
    return seat


def require_free_name(found: Change, name: str, own: Collection[str] = ()) -> None:
    """Refuses a name that people would take for somebody else's, also of those who left: they may come back. `own`: the
    seats that are the same person's.
    """
    if name_key(name) in _names_taken(found, own):
        raise Refused("name_taken", 422)


def free_name(found: Change, name: str, own: Collection[str] = ()) -> str:
    """A name that nobody else has: a number is added to one that somebody has."""
    return told_apart(name, _names_taken(found, own), lengths.NAME_AT_THE_DOOR)


def _names_taken(found: Change, own: Collection[str]) -> set[str]:
    """The names of everybody at the table, and of whoever leads."""
    somebody = or_(models.Seat.kind == "participant", models.Seat.leads)
    others = (models.Seat.meeting_id == found.row.id, somebody, models.Seat.id.not_in(own))
    return {name_key(name) for name in found.session.scalars(select(models.Seat.name).where(*others))}


def _let_in(found: Change, seat: models.Seat) -> None:
    seat.is_admitted, seat.waits_again = True, False
    found.session.add(models.Presence(seat_id=seat.id, came_at=now()))


def _takes_turn(found: Change, seat: models.Seat) -> None:
    """Whose turn it is to give the case, or to present, does so from the moment at which they are in by their own account: where the group
    chooses nothing in this meeting, nobody has been named yet, and no pseudonym would be told by it.
    """
    around, account = found.before.now.round, seat.user_id
    row = found.session.get(models.Round, around.id) if around else None
    is_chosen = any(phase.kind is Kind.PICK for phase in found.before.phases.values())
    if row is None or account is None or row.case_giver_id is not None or is_chosen or found.row.uses_pseudonyms:
        return
    if seat.is_admitted and seat.role != MODERATOR and is_next_giver(found.session, account, found.row.id):
        row.case_giver_id, row.is_set = seat.id, True


def _participant(found: Change, seat_id: str) -> models.Seat:
    seat = found.seat_row(seat_id)
    if seat.kind != "participant":
        raise Refused("no_such_seat", 404)
    return seat


def _went(found: Change, seat: models.Seat) -> None:
    query = select(models.Presence).where(models.Presence.seat_id == seat.id, models.Presence.went_at.is_(None))
    for presence in found.session.scalars(query):
        presence.went_at = now()
