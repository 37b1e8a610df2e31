"""What is due: raw input, reports and proof whose time is over, and a word to the moderator a week before.

Promises: each meeting is a piece of work of its own, so an interrupted run leaves nothing half erased that the next one does
not finish, and one that cannot be erased keeps no other; what was erased stays in no file of the database either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask_babel import force_locale, format_date
from sqlalchemy import ColumnElement, Engine, delete, func, select, update

from facilitator.accounts import mail
from facilitator.accounts.models import Organisation, User
from facilitator.archive.erasing import forget_meeting, take_back_unreadable
from facilitator.archive.letting_go import let_go
from facilitator.audit import Deed, note
from facilitator.core.clock import Run, clock
from facilitator.db import db
from facilitator.groups.models import Group
from facilitator.meetings import sealing
from facilitator.meetings.actions.erasing import erase
from facilitator.meetings.models import Meeting, Round, Seat, Step
from facilitator.one_by_one import one_by_one
from facilitator.proof import erasing as proof
from facilitator.proof.erasing import erase_sheet, forget_all_annexes, forget_seats, sheets_before
from facilitator.reports import erasing as reports
from facilitator.reports.erasing import approvals, erase_report, forget_drafts
from facilitator.reports.models import ReportRow
from facilitator.retention.rules import Terms, raw_input_goes, report_goes, warning_is_due, years_after

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
    """Erases what is due by now; answers how many things that were. What an interrupted run began is finished. Raises
    ClockInDoubt.
    """
    count, failed = one_by_one(_due(clock().check(moment)))
    if count:
        sweep()
        log.info("erased %s things that were over their time", count)
    if failed is not None:
        raise failed
    return count


def _due(run: Run) -> Iterator[Callable[[], int]]:
    moment = run.moment
    for found in list(waiting(moment)):
        if found.goes_at <= moment or _is_begun(found.meeting_id):
            yield partial(_erase_raw, found)
    for organisation in db.session.scalars(select(Organisation)).all():
        terms = terms_of(organisation)
        for report_id in _old_reports(organisation.id, terms, moment):
            yield partial(_erase_report, organisation.id, report_id)
        held_before = years_after(moment, -terms.proof_years)
        for sheet_id in sheets_before(organisation.id, held_before):
            yield partial(_erase_sheet, organisation.id, sheet_id)
        for meeting_id in _old_meetings(organisation.id, held_before):
            yield partial(_erase_attendance, organisation.id, meeting_id)


def settle_after_restoring(moment: datetime) -> int:
    """An old copy brought rows back whose keys were destroyed since: they go again, with all that is due. Answers how many."""
    count = take_back_unreadable() + reports.erase_unreadable() + proof.erase_unreadable()
    return count + erase_due(moment)


def _erase_raw(found: Waiting) -> bool:
    """What was written in a meeting, and what hangs on it: drafts nobody approved, annexes nobody can reach any more."""
    let_go(found.meeting_id)
    forget_drafts(found.meeting_id)
    forget_meeting(found.meeting_id)
    forget_seats(db.session.scalars(select(Seat.id).where(Seat.meeting_id == found.meeting_id)).all())
    erase(found.meeting_id)
    return _noted(found.organisation_id, "meeting", found.meeting_id)


def _erase_report(organisation_id: str, report_id: str) -> bool:
    erase_report(report_id)
    return _noted(organisation_id, "report", report_id)


def _erase_sheet(organisation_id: str, sheet_id: str) -> bool:
    erase_sheet(sheet_id)
    return _noted(organisation_id, "proof", sheet_id)


def _erase_attendance(organisation_id: str, meeting_id: str) -> bool:
    """Who was there, which is all that is left of a meeting whose raw input went years ago, and what they keep about it."""
    seats = db.session.scalars(select(Seat.id).where(Seat.meeting_id == meeting_id)).all()
    forget_all_annexes(organisation_id, seats)
    with db.writing() as session:
        for later in session.scalars(select(Meeting).where(Meeting.continues_id == meeting_id)):
            later.continues_id = None
        session.flush()
        session.execute(delete(Step).where(Step.meeting_id == meeting_id))
        session.execute(delete(Round).where(Round.meeting_id == meeting_id))
        session.execute(delete(Meeting).where(Meeting.id == meeting_id))
    return _noted(organisation_id, "meeting", meeting_id)


def _noted(organisation_id: str, thing: str, thing_id: str) -> bool:
    with db.writing() as session:
        note(session, organisation_id, None, Deed.ERASED, thing, thing_id)
    return True


def _old_reports(organisation_id: str, terms: Terms, moment: datetime) -> list[str]:
    """Reports whose group has ended, or whose meeting had none, long enough ago."""
    over_at = func.coalesce(OVER_AT, ReportRow.created_at)
    asked = select(ReportRow, Group.ended_at, over_at).outerjoin(Meeting, Meeting.id == ReportRow.meeting_id)
    asked = asked.outerjoin(Group, Group.id == ReportRow.group_id).where(ReportRow.organisation_id == organisation_id)
    due = []
    for row, group_ended_at, held_at in db.session.execute(asked).all():
        goes_at = report_goes(terms, group_ended_at, row.group_id is not None, held_at)
        due += [row.id] if goes_at is not None and goes_at <= moment else []
    return due


def _old_meetings(organisation_id: str, held_before: datetime) -> list[str]:
    mine = select(Meeting.id).where(
        Meeting.organisation_id == organisation_id, Meeting.erased_at.is_not(None), held_before >= OVER_AT
    )
    return list(db.session.scalars(mine))


def warn_due(moment: datetime) -> int:
    """Tells the moderators whose meetings are erased within a week, once each; answers how many mails went out. Raises
    ClockInDoubt.
    """
    moment = clock().check(moment).moment
    soon = [found for found in waiting(moment) if not found.is_warned and warning_is_due(found.goes_at, moment)]
    return sum(_warn(found, moment) for found in soon if found.goes_at > moment)


def waiting(moment: datetime) -> Iterator[Waiting]:
    """Every meeting that is over for a day or more and was not erased."""
    asked = select(Meeting, Organisation, OVER_AT).join(Organisation, Organisation.id == Meeting.organisation_id)
    asked = asked.where(Meeting.erased_at.is_(None), Meeting.status != "planned", moment - SHORTEST >= OVER_AT)
    approved = approvals(db.session())
    for meeting, organisation, over_at in db.session.execute(asked).all():
        goes_at = raw_input_goes(terms_of(organisation), over_at, approved.get(meeting.id))
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
    db.session.commit()  # what this very process has just read must not be what they wait for, up to five seconds a table
    for engine in (db.engine, sealing.keyring().engine):
        _sweep(engine)
    if db.engine.dialect.name == "postgresql":
        # What is sealed is unreadable wherever it still lies; goals are plain, and keys open what old copies hold.
        sealing.write_anew(db.engine, Meeting.__tablename__)
        sealing.let_go_of_deleted(sealing.keyring().engine)


def _sweep(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        sealing.let_go_of_deleted(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # It takes as long as it takes; the connection goes back to the others with their limit.
        connection.exec_driver_sql("SET statement_timeout = 0")
        try:
            connection.exec_driver_sql("VACUUM")
        finally:
            connection.exec_driver_sql("RESET statement_timeout")


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
