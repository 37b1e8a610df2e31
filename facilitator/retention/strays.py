"""Keys that belong to nothing: left by an interruption between a key and its row. What they sealed stays readable in old copies of
the texts for as long as they are there, so they are found and destroyed.

Promises: no key of anything that is there is touched, and none that was made just before its row; after texts were put back
from an old copy nothing goes for as long as raw input may be kept, because a newer copy may be put back yet; where most keys
belong to nothing, the database is not the one they were made for, and nothing goes at all.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Session

from facilitator.archive.models import Card, Consent
from facilitator.arrangements.models import Arrangement, Offer
from facilitator.core import sealing
from facilitator.core.clock import clock, looked_at
from facilitator.core.db import Base, db, take_turns
from facilitator.core.sightings import KEY, Sighting
from facilitator.groups.models import Agreement
from facilitator.meetings.models import Meeting, OfferedCase
from facilitator.proof.models import Annex, Sheet
from facilitator.questions.models import Question
from facilitator.reports.models import ReportRow
from facilitator.retention.terms import BOUNDS
from facilitator.year.models import Evaluation

OWNERS = (
    *(Meeting.id, ReportRow.id, Card.id, Consent.draft_key, Sheet.id, Annex.id, Question.id, Agreement.id),
    OfferedCase.id,
    *(Arrangement.id, Offer.id, Evaluation.key_id),
)
WAIT = timedelta(days=2)
WAIT_AFTER_PUTTING_BACK = timedelta(days=BOUNDS["raw_days_after_meeting"].most)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FEW = 3  # as many may belong to nothing where hardly anything is there
log = logging.getLogger(__name__)


def destroy_strays(moment: datetime) -> int:
    """Destroys keys that have belonged to nothing for long enough; answers how many. Raises ClockInDoubt."""
    run = clock().check(moment)
    keyring = sealing.keyring()
    keys = keyring.owners()  # before the rows are read: a key is made before its row
    strays = keys - _with_rows()
    due, counted_at = _sighted(strays, keyring.counted_at(), run.moment)
    keyring.note_counted(counted_at)
    if len(strays) > max(FEW, len(keys) - len(strays)):
        log.warning(
            "%s of %s keys belong to nothing here: is this the database they were made for?", len(strays), len(keys)
        )
        return 0
    return sum(_destroy(owner_id, run.moment) for owner_id in sorted(due))


def texts_were_put_back() -> None:
    """Has the next count begin anew, whatever the texts that were put back know of the one before."""
    sealing.keyring().note_counted(NEVER)


def _with_rows() -> set[str]:
    with db.reading() as session:
        return {owner_id for column in OWNERS for owner_id in session.scalars(select(column)) if owner_id}


def _sighted(strays: set[str], counted_at: datetime | None, moment: datetime) -> tuple[set[str], datetime]:
    """Remembers which belong to nothing, and gives those that have done so for long enough, and when that was. Other texts than those that were
    there when keys were last counted were put back: then counting begins anew.
    """
    with db.writing() as session:
        take_turns(session, KEY)
        before = looked_at(session, KEY, moment)
        was_put_back = before != counted_at
        known = {row.thing_id: row for row in session.scalars(select(Sighting).where(Sighting.kind == KEY))}
        for owner_id in known if was_put_back else known.keys() - strays:
            session.delete(known[owner_id])
        session.flush()
        fresh = strays if was_put_back else strays - known.keys()
        since = moment + (WAIT_AFTER_PUTTING_BACK if was_put_back else WAIT)
        session.add_all(Sighting(kind=KEY, thing_id=owner_id, at=moment, since=since) for owner_id in sorted(fresh))
        due = {owner_id for owner_id in strays - fresh if known[owner_id].since <= moment}
        return due, max(before or moment, moment)


def _destroy(owner_id: str, moment: datetime) -> bool:
    """Asks again while nobody can take it into use."""
    with db.writing() as session:
        take_turns(session, KEY)
        row = session.get(Sighting, (KEY, owner_id))
        if row is None or row.since > moment or _is_anywhere(session, owner_id):
            return False
        sealing.keyring().destroy(owner_id)
        session.delete(row)
    return True


def _is_anywhere(session: Session, owner_id: str) -> bool:
    """Whether any table has a row by this name, so that no kind of owner can be forgotten in a list."""
    names = (list(table.primary_key.columns) for table in Base.metadata.sorted_tables)
    columns = [found[0] for found in names if len(found) == 1 and isinstance(found[0].type, String)]
    return any(session.scalar(select(column).where(column == owner_id)) is not None for column in columns)
