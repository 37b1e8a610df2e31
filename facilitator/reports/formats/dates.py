"""What a report puts into a calendar: actions on their dates, and the next meeting.

Promises: calendars are synchronised, shared and shown on locked screens, so an entry tells nothing but that there is
something; what it is stands behind the link. What was corrected replaces what was there, and what was taken out is cancelled. Ids are derived with the secret of this installation: the same entry keeps its
id, and nobody can tell from it which report, action or person it belongs to.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import gettext
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vUri

from facilitator.core.addresses import base_here
from facilitator.core.db import now
from facilitator.reports.diary import diary_of
from facilitator.reports.report import Entry, Report

LEAST_LENGTH = timedelta(minutes=30)


def as_ics(report: Report) -> bytes:
    """One calendar; a report without dates gives one without entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Facilitator//Facilitator//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entries = diary_of(report)
    if not entries:
        calendar.add_component(_nothing())
    for entry in entries:
        calendar.add_component(_event(report, entry))
    return bytes(calendar.to_ical())


def _event(report: Report, entry: Entry) -> Event:
    event = Event()
    event.add("uid", _id(report, f"action:{entry.key}" if entry.day else entry.key))
    event.add("sequence", entry.since)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.changed_on:  # to the day: when somebody approved is nobody's business
        event.add("last-modified", datetime.combine(entry.changed_on, time(), UTC))
    if entry.day:
        event.add("summary", str(gettext("Facilitator: an action")))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if entry.at:
        event.add("summary", str(gettext("Facilitator: the next meeting")))
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + max(timedelta(seconds=sum(row.planned for row in report.times)), LEAST_LENGTH))
    event.add("dtstamp", now())
    event.add("url", vUri(f"{base_here()}/meetings/{report.meeting_id}/report"))
    event.add("class", "PRIVATE")
    return event


def _nothing() -> Timezone:
    """The standard asks for at least one component, and this one puts nothing into a calendar."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # the standard wants it without a zone
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _id(report: Report, entry: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.digest(secret, f"calendar:{report.meeting_id}:{entry}".encode(), hashlib.sha256)
    return str(UUID(bytes=digest[:16]))
