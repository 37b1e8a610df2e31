"""What a report puts into a calendar: actions on their dates, and the next meeting.

Promises: calendars are synchronised, shared and shown on locked screens, so an entry tells nothing but that there is
something; what it is stands behind the link. Ids are derived with the secret of this installation: the same entry keeps its
id, and nobody can tell from it which report, action or person it belongs to.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import gettext
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vUri

from facilitator.core.addresses import base_here
from facilitator.core.db import now
from facilitator.reports.report import Report

LEAST_LENGTH = timedelta(minutes=30)


def as_ics(report: Report) -> bytes:
    """One calendar; a report without dates gives one without entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Facilitator//Facilitator//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    events = [*_actions(report), *_next(report)]
    if not events:
        calendar.add_component(_nothing())
    for event in events:
        event.add("dtstamp", now())
        event.add("url", vUri(f"{base_here()}/meetings/{report.meeting_id}/report"))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _actions(report: Report) -> Iterator[Event]:
    for case in report.cases:
        for index, deed in enumerate(case.actions):
            if deed.due is None:
                continue
            event = Event()
            event.add("uid", _id(report, f"action:{case.number}:{index}"))
            event.add("summary", str(gettext("Facilitator: an action")))
            event.add("dtstart", deed.due)
            event.add("dtend", deed.due + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
            yield event


def _next(report: Report) -> Iterator[Event]:
    if report.next_at is None:
        return
    event = Event()
    event.add("uid", _id(report, "next"))
    event.add("summary", str(gettext("Facilitator: the next meeting")))
    event.add("dtstart", report.next_at)
    event.add("dtend", report.next_at + max(timedelta(seconds=sum(row.planned for row in report.times)), LEAST_LENGTH))
    yield event


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
