"""What stands in people's calendars: as an invitation by mail (iTIP, RFC 5546), and as the calendar of one person.

Promises: calendars are synchronised, shared and shown on locked screens, so an entry tells when and where, and nothing of what a
meeting is about, of its group or of who else comes; nothing in it rings. One meeting is one entry, whatever becomes of it: its id
stays, and its count rises. Moments are told in UTC, which every calendar shows by its own clock: where the rules of a clock change,
`actions.keep_to_clocks` has them told anew.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr

from flask import current_app
from flask_babel import gettext
from icalendar import Calendar, Event, vCalAddress, vUri

from facilitator.accounts.models import User
from facilitator.calendar.links import token_of
from facilitator.calendar.models import NO, YES, Appointment, Guest
from facilitator.core.db import now

REQUEST, CANCEL = "REQUEST", "CANCEL"
SAID = {YES: "ACCEPTED", NO: "DECLINED"}


@dataclass(frozen=True, slots=True)
class Due:
    """An action on its day, by the id of its row."""

    action_id: str
    day: date


@dataclass(frozen=True, slots=True)
class Between:
    """A moment that people agree between themselves, in another room; `path` is the page where it stands."""

    id: str
    moment: datetime
    until: datetime
    zone: str
    place: str
    path: str
    is_agreed: bool


def as_mail(appointment: Appointment, guest: Guest, user: User, base: str, sequence: int, method: str) -> bytes:
    """The calendar part of a mail to one person."""
    calendar = _calendar()
    calendar.add("method", method)
    event = _event(appointment, guest, base, sequence, is_off=method == CANCEL)
    event.add("organizer", _organizer())
    event.add("attendee", _attendee(user, guest))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def as_feed(
    mine: Iterable[tuple[Appointment, Guest]], actions: Iterable[Due], between: Iterable[Between], base: str
) -> bytes:
    """Everything of one person, for a calendar that asks for it by itself."""
    calendar = _calendar()
    calendar.add("name", "Facilitator")
    calendar.add("x-wr-calname", "Facilitator")
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"value": "DURATION"})
    for due in actions:
        calendar.add_component(_action(due, base))
    for moment in between:
        calendar.add_component(_between(moment, base))
    for one, guest in mine:
        calendar.add_component(_event(one, guest, base, guest.due, is_off=one.is_cancelled))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Facilitator//Facilitator//EN")
    calendar.add("version", "2.0")
    return calendar


def _event(appointment: Appointment, guest: Guest, base: str, sequence: int, is_off: bool) -> Event:
    event = Event()
    event.add("uid", appointment.id)
    event.add("sequence", sequence)
    event.add("dtstamp", now())
    event.add("summary", str(gettext("Facilitator: a meeting")))
    event.add("dtstart", appointment.moment)
    event.add("dtend", appointment.until)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    if appointment.place:
        event.add("location", appointment.place)
    if base and not is_off:
        event.add("url", vUri(f"{base}/comes/{token_of(guest.id)}"))
    return event


def _organizer() -> vCalAddress:
    """The installation itself: nobody's own calendar takes an invitation from its owner."""
    name, address = parseaddr(current_app.config["MAIL_FROM"])
    found = vCalAddress(f"mailto:{address}")
    found.params["CN"] = name or "Facilitator"
    return found


def _attendee(user: User, guest: Guest) -> vCalAddress:
    """The person it goes to, and nobody else: who is invited is nobody's business but the group's."""
    found = vCalAddress(f"mailto:{user.email}")
    found.params["CN"] = user.name
    found.params["CUTYPE"], found.params["ROLE"] = "INDIVIDUAL", "REQ-PARTICIPANT"
    found.params["PARTSTAT"], found.params["RSVP"] = SAID.get(guest.answer, "NEEDS-ACTION"), "FALSE"
    return found


def _uid(kind: str, row_id: str) -> str:
    """What calendars know something by; nobody makes the id of its row of it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"calendar:{kind}:{row_id}".encode(), hashlib.sha256).hex()[:32]


def _between(one: Between, base: str) -> Event:
    event = Event()
    event.add("uid", _uid("between", one.id))
    event.add("dtstamp", now())
    event.add("summary", str(gettext("Facilitator: a moment together")))
    event.add("dtstart", one.moment)
    event.add("dtend", one.until)
    event.add("status", "CONFIRMED" if one.is_agreed else "TENTATIVE")
    event.add("class", "PRIVATE")
    if one.place:
        event.add("location", one.place)
    if base:
        event.add("url", vUri(f"{base}{one.path}"))
    return event


def _action(due: Due, base: str) -> Event:
    event = Event()
    event.add("uid", _uid("action", due.action_id))
    event.add("dtstamp", now())
    event.add("summary", str(gettext("Facilitator: an action")))
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if base:
        event.add("url", vUri(f"{base}/mine"))
    return event
