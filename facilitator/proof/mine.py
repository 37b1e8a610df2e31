"""What proof has for a person: their certificate and annex of a meeting, and for whoever led one, who still waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db, now
from facilitator.core.entries import Entry, unreadable_entry
from facilitator.meetings import models
from facilitator.meetings.turns import led
from facilitator.proof import labels, store
from facilitator.proof.actions import standing
from facilitator.proof.models import Sheet
from facilitator.proof.overview import overview_of, sessions_of

ASKED_FOR = timedelta(days=60)


def entries_for_seat(meeting_id: str, seat_id: str, is_own: bool) -> list[Entry]:
    """The certificate and the annex of a seat, once the meeting is over. What is in the annex is not looked at."""
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None or meeting.status != "ended" or meeting.started_at is None:
        return []
    certificate = _certificate(meeting_id, seat_id)
    if not is_own:
        return [certificate] if certificate else []
    annex = Entry(
        _("Your own annex"),
        _("What did you learn, and what are you going to do? Only you can see it."),
        f"/meetings/{meeting_id}/annex",
        meeting.ended_at,
    )
    return [certificate, annex] if certificate else [annex]


def entries_for_user(user: User) -> list[Entry]:
    """The overview, the certificates that wait to be fetched, and the meetings whose attendance waits to be confirmed."""
    sessions, unreadable = sessions_of(user)
    found = [_waiting(one.meeting_id, one.held.started_at) for one in sessions if one.meeting_id and not one.number]
    found += [_to_confirm(meeting) for meeting in _unconfirmed(user)]
    if sessions:
        total = overview_of(sessions)
        text = f"{labels.sessions(len(sessions))}, {labels.length(total.minutes)}"
        found.append(Entry(_("Your participation"), text, "/proof", sessions[0].held.ended_at))
    if unreadable:
        found.append(Entry(_("Your participation"), labels.unreadable(unreadable), "/proof"))
    return found


def _certificate(meeting_id: str, seat_id: str) -> Entry | None:
    found, title, href = standing(meeting_id, seat_id), _("Proof of participation"), f"/meetings/{meeting_id}/proof"
    if found.is_damaged and found.proof is None:
        return unreadable_entry(title, href)
    if found.proof is not None:
        waits = found.issued is None
        return Entry(title, labels.length(found.proof.minutes), href, found.proof.held.ended_at, waits)
    if found.held is not None:
        return None
    sentence = _("The moderator has not confirmed the attendance yet. You can fill in already what is printed of you.")
    return Entry(title, sentence, href)


def _waiting(meeting_id: str, held_at: datetime) -> Entry:
    text = _("Your certificate of %(day)s is ready.", day=format_date(held_at, "long"))
    return Entry(_("Proof of participation"), text, f"/meetings/{meeting_id}/proof", held_at, waits=True)


def _to_confirm(meeting: models.Meeting) -> Entry:
    text = _("The people of %(day)s wait for it.", day=format_date(meeting.started_at, "long"))
    return Entry(
        _("Confirm attendance"), text, f"/meetings/{meeting.id}/presence", meeting.ended_at, waits=True, for_others=True
    )


def _unconfirmed(user: User) -> list[models.Meeting]:
    """Meetings this account set up or led by turn that ended lately with people in them, and were not confirmed."""
    query = select(models.Meeting).where(
        led(user.id),
        models.is_whole(),
        models.Meeting.organisation_id == user.organisation_id,
        models.Meeting.status == "ended",
        models.Meeting.started_at.is_not(None),
        models.Meeting.ended_at > now() - ASKED_FOR,
    )
    marks = {store.mark("meeting", meeting.id): meeting for meeting in db.session.scalars(query)}
    confirmed = select(Sheet.meeting_mark).where(Sheet.meeting_mark.in_(list(marks)), Sheet.confirmed_on.is_not(None))
    done = set(db.session.scalars(confirmed))
    return [meeting for mark, meeting in marks.items() if mark not in done and _has_people(meeting)]


def _has_people(meeting: models.Meeting) -> bool:
    seats = db.session.scalars(select(models.Seat).where(models.Seat.meeting_id == meeting.id))
    return any(seat.takes_part for seat in seats)
