"""On the day somebody set for an action, a mail to them and to their buddy: how did it go?

Promises: nobody else is mailed, and only an account that a seat's own device connected; the mail says nothing of the action and names
nobody; each gets one. Nobody is mailed about what is finished as far as they may know, or about what a group looks back on at that
moment. A clock that is in doubt mails nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from flask_babel import to_user_timezone
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.accounts.once import Watch, forget_old, send_each, send_once, was_sent
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db
from facilitator.core.sealed_links import sealed_link
from facilitator.meetings import loading, looking_back
from facilitator.meetings.addresses import base_for_mails
from facilitator.meetings.mine import still_open
from facilitator.meetings.models import Action, Meeting, Seat
from facilitator.methods.vocabulary import Audience

WENT = "went"  # what a link in such a mail is for
FROM_HOUR = 7  # nobody is mailed at night
DAYS_AFTER = 7  # where the server was away on the day itself


def remind_due(moment: datetime) -> int:
    """Mails whose day has come; answers how many mails went out. Raises ClockInDoubt, and NotTaken where no server took one."""
    moment = clock().check(moment).moment
    forget_old(moment)
    here = to_user_timezone(moment)
    last = here.date() if here.hour >= FROM_HOUR else here.date() - timedelta(days=1)
    due = select(Action, Meeting).where(
        Meeting.id == Action.meeting_id,
        Action.is_confirmed,
        Action.is_carried.is_(False),
        Action.due.between(last - timedelta(days=DAYS_AFTER), last),
        Meeting.status == "ended",
        Meeting.erased_at.is_(None),
    )
    found, watch = [(meeting, action) for action, meeting in db.session.execute(due)], Watch(moment)
    return send_each(
        partial(_mail, meeting, action, seat_id, who, watch)
        for meeting, action in found
        for seat_id, who in ((action.owner_id, None), (action.buddy_id, Audience.PEER))
        if seat_id is not None
    )


def _mail(meeting: Meeting, action: Action, seat_id: str, who: Audience | None, watch: Watch) -> bool:
    user = _account(meeting, seat_id)
    if user is None or was_sent(action.id, "went", user) or not _is_open(action, who):
        return False
    base = base_for_mails(meeting.join_host)
    link = f"{base}/went/{sealed_link(WENT, action.id, user.id)}" if base else ""
    return send_once(action.id, "went", user, watch.moment, name=user.name, link=link)


def _account(meeting: Meeting, seat_id: str) -> User | None:
    seat = db.session.get(Seat, seat_id)
    user = db.session.get(User, seat.user_id) if seat is not None and seat.takes_part and seat.user_id else None
    return user if user is not None and user.active and user.organisation_id == meeting.organisation_id else None


def _is_open(action: Action, who: Audience | None) -> bool:
    """Where a group looked back on it last, and as far as somebody may know."""
    places = looking_back.places(db.session(), action)
    if any(place.status in looking_back.LIVE for place, _ in places):
        return False
    place, row = places[-1]
    return _is_open_in(place, row.id, who)


def _is_open_in(place: Meeting, action_id: str, who: Audience | None) -> bool:
    try:
        snapshot = loading.read(place.id)
    except (loading.NoSuchMeeting, sealing.Unreadable):
        return False
    found = next((action for action in snapshot.actions if action.id == action_id), None)
    return found is not None and still_open(snapshot, found, who)
