"""Evaluations by themselves: begun when their day has come, closed when it is over, and everybody asked once.

Promises: a mail says nothing of the group and names nobody but its reader; everybody who is asked gets one, whether they have answered or not;
nothing is done by a clock that is in doubt.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.accounts.once import Watch, send_each, send_once
from facilitator.core.clock import clock
from facilitator.core.db import db
from facilitator.core.one_by_one import one_by_one
from facilitator.groups.models import Group
from facilitator.meetings.addresses import base_of
from facilitator.year.evaluation import asked_of, close_due, open_due
from facilitator.year.models import Evaluation


def look_due(moment: datetime) -> int:
    """Closes what is over, begins what is due, and asks; answers how many mails went out. Raises ClockInDoubt, NotTaken where no server took a
    mail, and what kept one from being closed or begun once all others are done.
    """
    moment = clock().check(moment).moment
    session = db.session()
    over = (
        select(Evaluation.id)
        .order_by(Evaluation.id)
        .where(
            Evaluation.opened_at.is_not(None), Evaluation.is_closed.is_(False), Evaluation.closes_on <= moment.date()
        )
    )
    groups = select(Group.id).where(Group.ended_at.is_(None)).order_by(Group.id)
    closing = [partial(close_due, evaluation_id, moment) for evaluation_id in session.scalars(over).all()]
    opening = [partial(open_due, group_id, moment) for group_id in session.scalars(groups).all()]
    _, failed = one_by_one([*closing, *opening])
    watch = Watch(moment)
    going = select(Evaluation).join(Group, Group.id == Evaluation.group_id).where(Group.ended_at.is_(None))
    going = going.where(Evaluation.opened_at.is_not(None), Evaluation.is_closed.is_(False))
    sent = send_each(
        partial(_ask, row, user, watch)
        for row in db.session.scalars(going).all()
        for user in asked_of(db.session(), row)
    )
    if failed is not None:
        raise failed
    return sent


def _ask(row: Evaluation, user: User, watch: Watch) -> bool:
    base = base_of(None)
    link = f"{base}/groups/{row.group_id}/evaluation" if base else ""
    return send_once(
        row.id, "looks", user, watch.moment, name=user.name, link=link, last_day=row.closes_on - timedelta(days=1)
    )
