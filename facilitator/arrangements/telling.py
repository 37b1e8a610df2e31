"""Mails about arrangements: that somebody is asked, that somebody said yes, and that it is time for a check-in.

Promises: each goes out once and says nothing of what it is about, nor who it comes from; whoever declined or ended something sets
off none. A clock that is in doubt mails nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from flask_babel import to_user_timezone
from sqlalchemy import func, select

from facilitator.accounts.models import User
from facilitator.accounts.once import Watch, send_each, send_once, send_until_taken
from facilitator.arrangements import reading, rules
from facilitator.arrangements.models import Arrangement, CheckIn
from facilitator.core.clock import clock
from facilitator.core.db import db
from facilitator.meetings.addresses import base_of

ASKED, ANSWERED, CHECK_IN = "asked", "answered", "check_in"
FROM_HOUR = 7  # nobody is reminded at night
DAYS_AFTER = timedelta(days=6)  # where the server was away on the day itself


def tell_due(moment: datetime) -> int:
    """Mails whoever is asked, and whoever asked once everybody said yes; answers how many mails went out."""
    if clock().is_held(moment):
        return 0
    return send_until_taken(_asked_and_answered(moment))


def remind_due(moment: datetime) -> int:
    """Mails whoever has not checked in on the day it was due. Raises ClockInDoubt, and NotTaken where no server took one."""
    moment = clock().check(moment).moment
    return send_each(_check_ins(moment)) if to_user_timezone(moment).hour >= FROM_HOUR else 0


def _asked_and_answered(moment: datetime) -> Iterator[Callable[[], bool]]:
    since = moment.date() - DAYS_AFTER
    watch = Watch(moment)
    fresh = select(Arrangement).where((Arrangement.proposed_on >= since) | (Arrangement.begins_on >= since))
    for one in db.session.scalars(fresh.order_by(Arrangement.id)).all():
        for party, user in reading.people_of(db.session(), one.id):
            if rules.waits(one, moment.date()) and not party.has_accepted:
                yield partial(_mail, one, ASKED, one.id, user, watch)
            elif rules.holds(one, moment.date()) and party.proposed:
                yield partial(_mail, one, ANSWERED, f"{one.id}/yes", user, watch)


def _check_ins(moment: datetime) -> Iterator[Callable[[], bool]]:
    watch = Watch(moment)
    rhythmic = select(Arrangement).where(Arrangement.weeks > 0, Arrangement.begins_on.is_not(None))
    for one in db.session.scalars(rhythmic.order_by(Arrangement.id)).all():
        due = reading.last_due(one, moment.date())
        if due is None or due < moment.date() - DAYS_AFTER:
            continue
        for _party, user in reading.people_of(db.session(), one.id):
            last = select(func.max(CheckIn.written_on)).where(
                CheckIn.arrangement_id == one.id, CheckIn.user_id == user.id
            )
            written = db.session.scalar(last)
            if written is None or written < due:
                yield partial(_mail, one, CHECK_IN, f"{one.id}/{due}", user, watch)


def _mail(one: Arrangement, what: str, about: str, user: User, watch: Watch) -> bool:
    base = base_of(None)
    link = f"{base}/together/{one.id}" if base else ""
    return send_once(about, "together", user, watch.moment, name=user.name, what=what, link=link)
