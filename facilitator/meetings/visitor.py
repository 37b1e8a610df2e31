"""Whoever sent a request, as far as one meeting is concerned: the one place that answers it, once for every request
and anew for the next.

Promises: a seat is somebody's own by the device that holds it, or by an account that such a device connected with it. Of
several own seats the device's comes first and then the oldest, everywhere. Who the moderator says somebody without a phone
is, is never proof: it opens their hours and the group's report, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flask import request
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased, object_session

from facilitator.accounts.access import signed_in
from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.remembering import remembered
from facilitator.meetings import models
from facilitator.meetings.seats import Held, held, held_seat, number_of


@dataclass(frozen=True)
class Visitor:
    """Each part is looked up when it is asked for. `number` says which of two people on one phone is meant."""

    meeting: models.Meeting
    number: int = 1

    @cached_property
    def user(self) -> User | None:
        """The account that is signed in, if it is of the meeting's organisation."""
        user = signed_in()
        return user if user is not None and user.organisation_id == self.meeting.organisation_id else None

    @cached_property
    def held(self) -> Held | None:
        """How this browser holds a seat at the table, be it by the moderator's word."""
        return held(self.meeting.id, "phone", self.number)

    @property
    def device(self) -> models.Seat | None:
        """The seat at the table that this browser proves, as it is now: somebody may have been sent away."""
        return self.held.seat if self.held is not None and self.held.is_proved else None

    @cached_property
    def other(self) -> models.Seat | None:
        """The seat of the other one of two people on this phone."""
        return held_seat(self.meeting.id, "phone", 3 - self.number)

    @cached_property
    def console(self) -> models.Seat | None:
        """The seat of this browser that leads or led."""
        return held_seat(self.meeting.id, "console")

    @property
    def lead(self) -> models.Seat | None:
        """The moderator's seat of this device, unless the lead was handed over."""
        return self.console if self.console is not None and self.console.leads else None

    @cached_property
    def own(self) -> tuple[models.Seat, ...]:
        """The seats at the table whose holder this is."""
        held = (self.device,) if self.device is not None and self.device.takes_part else ()
        by_account = () if self._is_somebody_else_s else self._of_account
        return (*held, *(seat for seat in by_account if seat not in held and seat.takes_part))

    @property
    def seat(self) -> models.Seat | None:
        """The own seat that speaks for all of them."""
        return self.own[0] if self.own else None

    @cached_property
    def led(self) -> tuple[models.Seat, ...]:
        """The seats with which this visitor leads or led the meeting."""
        held = (self.console,) if self.console is not None and not self.console.is_expelled else ()
        return (*held, *(seat for seat in self._of_account if seat not in held and seat.kind == "moderator"))

    @cached_property
    def said(self) -> tuple[models.Seat, ...]:
        """The seats that are this visitor's by the moderator's word alone: it joined this browser's to them, or named this account."""
        held = (self.held.seat,) if self.held is not None and self.held.seat.takes_part else ()
        here = and_(models.Seat.meeting_id == self.meeting.id, is_said_to_be(self.user)) if self.user else false()
        found = dict.fromkeys((*held, *(seat for seat in _in_order(here) if seat.takes_part)))
        return tuple(seat for seat in found if seat not in self.own)

    @property
    def _is_somebody_else_s(self) -> bool:
        """On a phone that two share, whoever is signed in is not the second of them, nor somebody with an account of their
        own.
        """
        user, device = self.user, self.device
        if user is None or device is None or device.user_id == user.id:
            return False
        return device.user_id is not None or self.number > 1

    @cached_property
    def _of_account(self) -> tuple[models.Seat, ...]:
        if self.user is None:
            return ()
        return _in_order(and_(models.Seat.meeting_id == self.meeting.id, models.Seat.user_id == self.user.id))


def visitor(meeting_id: str, number: int | None = None) -> Visitor | None:
    """Who this request comes from; None where there is no such meeting. `number` is which of two people on one phone is meant,
    where the address does not say.
    """
    return remembered(("visitor", meeting_id, number or as_seat()), lambda: _visitor(meeting_id, number or as_seat()))


def _visitor(meeting_id: str, number: int) -> Visitor | None:
    meeting = db.session.get(models.Meeting, meeting_id)
    return Visitor(meeting, number) if meeting is not None else None


def lead_of(meeting_id: str) -> models.Seat | None:
    """The seat with which this device leads a meeting, if it does."""
    found = visitor(meeting_id)
    return found.lead if found is not None else None


def as_seat() -> int:
    """Which of the two people on one phone this request is of: 1 or 2."""
    return number_of(request.values.get("as"))


def seat_query() -> str:
    """What an address carries so that it stays with the second person on a phone."""
    return "?as=2" if as_seat() == 2 else ""


def seats_of(user: User) -> dict[str, list[models.Seat]]:
    """The own seats of an account at the table, by meeting."""
    return _by_meeting(user, models.Seat.user_id == user.id)


def seats_said_of(user: User) -> dict[str, list[models.Seat]]:
    """The seats that are an account's by a moderator's word alone, by meeting."""
    return _by_meeting(user, is_said_to_be(user))


def is_said_to_be(user: User) -> ColumnElement[bool]:
    """Which seats are an account's by the moderator's word: of people without a phone, whom nobody else can speak for, and those to
    which the account's own seat was joined.
    """
    of_nobody = and_(models.Seat.said_to_be == user.id, models.Seat.user_id.is_(None), models.Seat.has_phone.is_(False))
    device = aliased(models.Seat)
    joined = select(device.joined_to_id).where(device.user_id == user.id, device.joined_to_id.is_not(None))
    return or_(of_nobody, and_(models.Seat.id.in_(joined), models.Seat.user_id.is_(None)))


def account_for_hours(seat: models.Seat) -> str | None:
    """The account that the hours of a seat go to: its holder's, or else whom the moderator saw there, without a phone or on another
    one.
    """
    known = seat.user_id or (None if seat.has_phone else seat.said_to_be)
    session = object_session(seat)
    if known is not None or session is None:
        return known
    joined = select(models.Seat.user_id).where(models.Seat.joined_to_id == seat.id, models.Seat.user_id.is_not(None))
    return session.scalar(joined.order_by(models.Seat.joined_at).limit(1))


def _by_meeting(user: User, which: ColumnElement[bool]) -> dict[str, list[models.Seat]]:
    here = models.Meeting.organisation_id == user.organisation_id
    found: dict[str, list[models.Seat]] = {}
    for seat in _in_order(and_(which, here, models.Meeting.id == models.Seat.meeting_id)):
        if seat.takes_part:
            found.setdefault(seat.meeting_id, []).append(seat)
    return found


def _in_order(which: ColumnElement[bool]) -> tuple[models.Seat, ...]:
    oldest_first = (models.Seat.joined_at, models.Seat.id)
    found: Iterable[models.Seat] = db.session.scalars(select(models.Seat).where(which).order_by(*oldest_first))
    return tuple(found)
