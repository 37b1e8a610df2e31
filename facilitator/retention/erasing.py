"""What is due: raw input, reports and proof whose time is over, and a word to the moderator a week before.

Promises: each meeting is a piece of work of its own, so an interrupted run leaves nothing half erased that the next one does
not finish; what was erased stays in no file of the database either.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale, format_date
from sqlalchemy import ColumnElement, Engine, func, select, update

from facilitator.accounts import mail
from facilitator.accounts.models import Organisation, User
from facilitator.audit import Deed, note
from facilitator.db import db
from facilitator.meetings import sealing
from facilitator.meetings.actions.erasing import erase
from facilitator.meetings.models import Meeting
from facilitator.retention.rules import Terms, raw_input_goes, warning_is_due

OVER_AT: ColumnElement[datetime] = func.coalesce(
    Meeting.ended_at, Meeting.started_at, Meeting.opened_at, Meeting.created_at
)
SHORTEST = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Waiting:
    """A meeting whose raw input is still there, and when that goes."""

    meeting_id: str
    organisation_id: str
    created_by: str
    held_at: datetime
    goes_at: datetime
    is_warned: bool


def erase_due(moment: datetime) -> int:
    """Erases what is due by now; answers how many meetings that were. What an interrupted run began is finished."""
    due = [found for found in waiting(moment) if found.goes_at <= moment or _is_begun(found.meeting_id)]
    for found in due:
        erase(found.meeting_id)
        with db.writing() as session:
            note(session, found.organisation_id, None, Deed.ERASED, "meeting", found.meeting_id)
    if due:
        sweep()
        log.info("erased the raw input of %s meetings", len(due))
    return len(due)


def warn_due(moment: datetime) -> int:
    """Tells the moderators whose meetings are erased within a week, once each; answers how many mails went out."""
    soon = [found for found in waiting(moment) if not found.is_warned and warning_is_due(found.goes_at, moment)]
    return sum(_warn(found, moment) for found in soon if found.goes_at > moment)


def waiting(moment: datetime) -> Iterator[Waiting]:
    """Every meeting that is over for a day or more and was not erased."""
    asked = select(Meeting, Organisation, OVER_AT).join(Organisation, Organisation.id == Meeting.organisation_id)
    asked = asked.where(Meeting.erased_at.is_(None), Meeting.status != "planned", moment - SHORTEST >= OVER_AT)
    for meeting, organisation, over_at in db.session.execute(asked).all():
        goes_at = raw_input_goes(terms_of(organisation), over_at, None)
        held_at = meeting.started_at or over_at
        is_warned = meeting.erase_warned_at is not None
        yield Waiting(meeting.id, organisation.id, meeting.created_by, held_at, goes_at, is_warned)


def terms_of(organisation: Organisation) -> Terms:
    """What an organisation chose."""
    return Terms(
        raw_days_after_approval=organisation.raw_days_after_approval,
        raw_days_after_meeting=organisation.raw_days_after_meeting,
        report_days=organisation.report_days,
        proof_years=organisation.proof_years,
    )


def sweep() -> None:
    """Has the databases let go of what was deleted: no page and no log keeps it."""
    for engine in (db.engine, sealing.keyring().engine):
        _sweep(engine)


def _sweep(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM")


def _is_begun(meeting_id: str) -> bool:
    """Whether the key is destroyed already, here or before an older copy was restored."""
    return sealing.keyring().is_destroyed(meeting_id)


def _warn(found: Waiting, moment: datetime) -> bool:
    """Claims the warning, then mails it; two workers at once send one mail."""
    with db.writing() as session:
        claimed = session.scalar(
            update(Meeting)
            .where(Meeting.id == found.meeting_id, Meeting.erase_warned_at.is_(None))
            .values(erase_warned_at=moment)
            .returning(Meeting.id)
        )
        user = session.get(User, found.created_by)
    if claimed is None or user is None or not user.active:
        return False
    with force_locale(user.locale):
        held_on, goes_on = format_date(found.held_at, "long"), format_date(found.goes_at, "long")
    mail.send("erasing", user.email, user.locale, name=user.name, held_on=held_on, goes_on=goes_on)
    return True
