"""Whoever sent a request, as far as one meeting is concerned: the one place that answers it, anew for every request.

Promises: a seat is somebody's own by the device that holds it, or by an account that such a device connected with it. Of
several own seats the device's comes first and then the oldest, everywhere. Who the moderator says somebody without a phone
is, is never proof: it opens their hours and the group's report, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flask import request
from sqlalchemy import ColumnElement, and_, select

from facilitator.accounts.access import signed_in
from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.meetings import models
from facilitator.meetings.personal import takes_part
from facilitator.meetings.seats import held_seat


@dataclass(frozen=True)
class Visitor:
    """`user` is the account that is signed in, if it is of the meeting's organisation; `device` the seat at the table that
    this browser holds, `console` the one that leads or led, both as they are now: somebody may have been sent away. `number`
    says which of two people on one phone is meant.
    """

    meeting: models.Meeting
    user: User | None
    device: models.Seat | None
    console: models.Seat | None
    number: int = 1

    @property
    def lead(self) -> models.Seat | None:
        """The moderator's seat of this device, unless the lead was handed over."""
        seat = self.console
        return seat if seat is not None and seat.left_at is None and not seat.is_expelled else None

    @cached_property
    def own(self) -> tuple[models.Seat, ...]:
        """The seats at the table whose holder this is."""
        held = (self.device,) if self.device is not None and takes_part(self.device) else ()
        by_account = () if self._is_somebody_else_s else self._of_account
        return (*held, *(seat for seat in by_account if seat not in held and takes_part(seat)))

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
        """The seats that are this account's by the moderator's word alone."""
        if self.user is None:
            return ()
        here = and_(models.Seat.meeting_id == self.meeting.id, is_said_to_be(self.user))
        return tuple(seat for seat in _in_order(here) if takes_part(seat))

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
    number = number or as_seat()
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None:
        return None
    user = signed_in()
    return Visitor(
        meeting=meeting,
        user=user if user is not None and user.organisation_id == meeting.organisation_id else None,
        device=held_seat(meeting_id, "phone", number),
        console=held_seat(meeting_id, "console"),
        number=number,
    )


def as_seat() -> int:
    """Which of the two people on one phone is meant: 1 or 2."""
    return 2 if request.values.get("as") == "2" else 1


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
    """Which seats are an account's by the moderator's word: of people without a phone, whom nobody else can speak for."""
    return and_(models.Seat.said_to_be == user.id, models.Seat.user_id.is_(None), models.Seat.has_phone.is_(False))


def account_for_hours(seat: models.Seat) -> str | None:
    """The account that the hours of a seat go to: its holder's, or else whom the moderator saw there without a phone."""
    return seat.user_id or (None if seat.has_phone else seat.said_to_be)


def _by_meeting(user: User, which: ColumnElement[bool]) -> dict[str, list[models.Seat]]:
    here = models.Meeting.organisation_id == user.organisation_id
    found: dict[str, list[models.Seat]] = {}
    for seat in _in_order(and_(which, here, models.Meeting.id == models.Seat.meeting_id)):
        if takes_part(seat):
            found.setdefault(seat.meeting_id, []).append(seat)
    return found


def _in_order(which: ColumnElement[bool]) -> tuple[models.Seat, ...]:
    oldest_first = (models.Seat.joined_at, models.Seat.id)
    found: Iterable[models.Seat] = db.session.scalars(select(models.Seat).where(which).order_by(*oldest_first))
    return tuple(found)
