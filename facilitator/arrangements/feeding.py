"""The moments of arrangements in the calendars of their people: when and where, and of words nothing."""

from __future__ import annotations

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.arrangements import reading, rules
from facilitator.arrangements.models import MomentBetween
from facilitator.calendar.entries import Between
from facilitator.core import sealing
from facilitator.core.db import db, now


def moments_of(user: User) -> list[Between]:
    """The moments of what holds. One that does not suit everybody yet may still change."""
    session, today = db.session(), now().date()
    held = [one for one in session.scalars(rules.readable(user)) if rules.holds(one, today)]
    sealing.keyring().open(one.id for one in held)
    query = select(MomentBetween).where(MomentBetween.arrangement_id.in_([one.id for one in held]))
    moments = session.scalars(query.order_by(MomentBetween.begins, MomentBetween.id)).all()
    agreed = reading.agreed_by(session, [one.id for one in moments])
    people = {one.id: len(reading.people_of(session, one.id)) for one in held}
    return [
        Between(
            id=one.id,
            moment=one.moment,
            until=one.until,
            zone=one.zone,
            place=reading.shown_place(one),
            path=f"/together/{one.arrangement_id}",
            is_agreed=len(agreed[one.id]) >= people[one.arrangement_id],
        )
        for one in moments
    ]
