"""Erasing what is due: raw input, reports and proof whose time is over.

Promises: nothing goes by a clock that is in doubt, nor before somebody was told of it a week ago (`announcing`); each meeting is a piece of work of its own, so an interrupted run leaves nothing half erased that the next one does
not finish, and one that cannot be erased keeps no other; what was erased stays in no file of the database either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Engine, select

from facilitator.accounts.models import Organisation
from facilitator.arrangements import store as arrangements
from facilitator.calendar.actions import forget_past
from facilitator.consent.decisions import cut_from_meeting, take_back_unreadable
from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.clock import Run, clock
from facilitator.core.db import db
from facilitator.core.one_by_one import one_by_one
from facilitator.groups.models import Group
from facilitator.meetings import table_ids
from facilitator.meetings.actions import offering
from facilitator.meetings.actions.erasing import copied_to, erase, forget, forget_copies, sources
from facilitator.meetings.actions.setting_up import forget_plan
from facilitator.meetings.models import Meeting, Seat
from facilitator.proof import erasing as proof
from facilitator.proof.erasing import erase_sheet, forget_all_annexes, forget_seats
from facilitator.questions import store as questions
from facilitator.reports import erasing as reports
from facilitator.reports.erasing import erase_report, forget_drafts
from facilitator.retention.announcing import announcements, may_go
from facilitator.retention.deadlines import Kind, deadlines, ended_groups
from facilitator.retention.strays import texts_were_put_back
from facilitator.year import evaluation

log = logging.getLogger(__name__)


def erase_due(moment: datetime) -> int:
    """Erases what is due by now; answers how many things that were. What an interrupted run began is finished, whatever the
    clock says; for all else it raises ClockInDoubt.
    """
    begun = _count(_begun())
    run = clock().check(moment)
    return begun + _count(_due(run))


def settle_after_restoring(moment: datetime) -> int:
    """An old copy brought rows back whose keys were destroyed since: they go again, with all that is due. Answers how many.
    Raises ClockInDoubt once those are gone.
    """
    texts_were_put_back()
    return erase_due(moment)


def forget_appointments(moment: datetime) -> int:
    """Lets go of what stood in calendars, of who had said that they come, and of cases that were offered and not told, as many days after a meeting as what was written in
    it goes at the latest; answers how many there were. Raises ClockInDoubt.
    """
    run = clock().check(moment)
    organisations = db.session.scalars(select(Organisation)).all()
    befores = [(one.id, run.moment - timedelta(days=one.raw_days_after_meeting)) for one in organisations]
    return sum(forget_past(one, before) + offering.forget_past(one, before) for one, before in befores)


def forget_evaluations(moment: datetime) -> int:
    """Lets go of what came out when a group looked at itself, as long after its end as of its reports; answers how many there were. Raises
    ClockInDoubt.
    """
    run = clock().check(moment)
    terms = {one.id: one.report_days for one in db.session.scalars(select(Organisation))}
    groups = {group.id: group for group in db.session.scalars(select(Group).where(Group.ended_at.is_not(None)))}
    return sum(
        evaluation.erase_of(group_id)
        for group_id, ended_at in ended_groups(run).items()
        if ended_at + timedelta(days=terms[groups[group_id].organisation_id]) <= run.moment
    )


def _count(deeds: Iterable[Callable[[], int]]) -> int:
    count, failed = one_by_one(deeds)
    if count:
        sweep()
        log.info("erased %s things that were over their time", count)
    if failed is not None:
        raise failed
    return count


def _begun() -> Iterator[Callable[[], int]]:
    """What has lost its key already, here or before an older copy was restored."""
    destroyed = sealing.keyring().destroyed()
    there = select(Meeting.id, Meeting.organisation_id, Meeting.status).where(Meeting.erased_at.is_(None))
    for meeting_id, organisation_id, status in db.session.execute(there).all():
        if meeting_id in destroyed:
            is_plan = status == "planned"
            yield partial(forget_plan, meeting_id) if is_plan else partial(_erase_raw, organisation_id, meeting_id)
    for source in sources() & destroyed:
        yield partial(_forget_copies, source)
    yield take_back_unreadable
    yield reports.erase_unreadable
    yield proof.erase_unreadable
    yield questions.erase_unreadable
    yield offering.forget_unreadable
    yield arrangements.erase_unreadable


def _due(run: Run) -> Iterator[Callable[[], int]]:
    """What is over its time, and was told of a week ago or longer."""
    found = deadlines(run)
    notices = announcements()
    for one in found:
        if may_go(one, notices, run):
            yield partial(ERASE[one.kind], one.organisation_id, one.thing_id)


def _erase_raw(organisation_id: str, meeting_id: str) -> bool:
    """What was written in a meeting and at its tables, and what hangs on it: drafts nobody approved, annexes nobody can reach any more."""
    for table_id in _tables_of(meeting_id):
        _erase_raw(organisation_id, table_id)
    cut_from_meeting(meeting_id)
    forget_drafts(meeting_id)
    forget_seats(db.session.scalars(select(Seat.id).where(Seat.meeting_id == meeting_id)).all())
    sealing.keyring().destroy(meeting_id)
    _forget_copies(meeting_id)
    return erase(meeting_id) and _noted(organisation_id, "meeting", meeting_id)


def _tables_of(meeting_id: str) -> list[str]:
    tables = Meeting.id.like(f"{meeting_id}{table_ids.MARK}%")
    return list(db.session.scalars(select(Meeting.id).where(tables, Meeting.erased_at.is_(None))))


def _forget_copies(meeting_id: str) -> int:
    """What came along from an erased meeting: drafts of later reports that tell of it are written anew without, then it goes."""
    for other_id in copied_to(meeting_id):
        reports.renew_draft(other_id)
    return forget_copies(meeting_id)


def _erase_report(organisation_id: str, report_id: str) -> bool:
    erase_report(report_id)
    return _noted(organisation_id, "report", report_id)


def _erase_sheet(organisation_id: str, sheet_id: str) -> bool:
    erase_sheet(sheet_id)
    return _noted(organisation_id, "proof", sheet_id)


def _erase_question(organisation_id: str, question_id: str) -> bool:
    questions.erase(question_id)
    return _noted(organisation_id, "question", question_id)


def _erase_attendance(organisation_id: str, meeting_id: str) -> bool:
    """Who was there, which is all that is left of a meeting whose raw input went years ago, and what they keep about it."""
    seats = db.session.scalars(select(Seat.id).where(Seat.meeting_id == meeting_id)).all()
    forget_all_annexes(organisation_id, seats)
    forget(meeting_id)
    return _noted(organisation_id, "meeting", meeting_id)


def _noted(organisation_id: str, thing: str, thing_id: str) -> bool:
    with db.writing() as session:
        note(session, organisation_id, None, Deed.ERASED, thing, thing_id)
    return True


ERASE: dict[Kind, Callable[[str, str], bool]] = {
    Kind.MEETING: _erase_raw,
    Kind.REPORT: _erase_report,
    Kind.PROOF: _erase_sheet,
    Kind.PRESENCE: _erase_attendance,
    Kind.QUESTION: _erase_question,
}


def sweep() -> None:
    """Has the databases let go of what was deleted: no page and no log keeps it."""
    db.session.commit()  # what this very process has just read must not be what they wait for, up to five seconds a table
    for engine in (db.engine, sealing.keyring().engine):
        _sweep(engine)
    if db.engine.dialect.name == "postgresql":
        # What is sealed is unreadable wherever it still lies; goals are plain, and keys open what old copies hold.
        sealing.let_go_of_deleted(db.engine, Meeting.__tablename__)
        sealing.let_go_of_deleted(sealing.keyring().engine, sealing.meeting_keys.name)


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
