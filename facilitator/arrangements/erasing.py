"""What two people wrote goes by the same terms as what is written in a meeting, counted from the end of their arrangement.

Promises: the page says the day from the moment it is over; nothing goes by a clock that is in doubt; the organisation, which must not
learn how many arrangements there are, is told of none. Where only one account is left of several, that one still reads what it wrote.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from facilitator.accounts.models import Organisation
from facilitator.arrangements import rules, store
from facilitator.arrangements.models import Arrangement, Offer, Party
from facilitator.core.clock import clock
from facilitator.core.db import db, midnight
from facilitator.core.sightings import counted

KIND = "arrangement"
OFFER_LASTS = timedelta(days=366)  # whoever still means it says so again
log = logging.getLogger(__name__)


def erase_due(moment: datetime) -> int:
    """Erases what is over its time, and what nobody is left of; answers how many arrangements that were. Raises ClockInDoubt."""
    run = clock().check(moment)
    every = db.session.scalars(select(Arrangement)).all()
    over = {one.id: midnight(rules.over_on(one)) for one in every if rules.is_over(one, run.moment.date())}
    since = counted(run, KIND, over)
    left = set(db.session.scalars(select(Party.arrangement_id)))
    days = {
        one.id: timedelta(days=one.raw_days_after_meeting) for one in db.session.scalars(select(Organisation)).all()
    }
    gone = [
        one.id
        for one in every
        if one.id not in left or (one.id in since and since[one.id] + days[one.organisation_id] <= run.moment)
    ]
    old = select(Offer.id).where(Offer.made_on <= run.moment.date() - OFFER_LASTS)
    offers = db.session.scalars(old).all()
    db.session.commit()
    return store.erase(gone) + store.erase_offers(offers)
