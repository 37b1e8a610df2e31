"""What of a report ends with the raw input of its meeting, and a report whose own time is over.

Promises: what nobody approved goes with the raw input, for silence is never approval; what was approved stays readable until
its own time is over; each can be interrupted and run again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.db import db, random_id, take_turns
from facilitator.meetings.models import Meeting
from facilitator.reports.drafts import Draft
from facilitator.reports.models import ReportRow, VersionRow
from facilitator.reports.store import Approved, approved_in, open_draft, renewed, report_row, sealed, version_rows


def approvals(session: Session) -> dict[str, datetime]:
    """When the report of each meeting was first approved, by meeting; approvals that no longer count are left out."""
    first = select(Meeting.id, func.min(VersionRow.approved_at))
    first = first.join(ReportRow, ReportRow.meeting_id == Meeting.id)
    first = first.join(VersionRow, VersionRow.report_id == ReportRow.id)
    first = first.where(Meeting.erased_at.is_(None), VersionRow.approved_at >= Meeting.ended_at)
    found = session.execute(first.group_by(Meeting.id))
    return {meeting_id: moment for meeting_id, moment in found if moment}


def forget_drafts(meeting_id: str) -> None:
    """Keeps of a report what is approved, in words of its own, and erases the rest. Call it before the raw input goes."""
    with db.writing() as session:
        take_turns(session, f"report:{meeting_id}")  # nobody approves anything between the decision and the key
        row = report_row(session, meeting_id)
        if row is None:
            return
        try:
            kept = _approved(session, meeting_id)
        except sealing.Damaged:
            if _let_go_of_unapproved(session, row.id):
                return
            kept = None
        if kept is not None:
            _keep(session, row.id, kept)
            return
        sealing.keyring().destroy(row.id)
        session.delete(row)


def renew_draft(meeting_id: str) -> None:
    """Writes an open draft anew from what the meeting still has, as if somebody had touched it now."""
    with db.writing() as session:
        take_turns(session, f"report:{meeting_id}")
        found = renewed(session, meeting_id)
        if found is not None:
            version, draft = found
            version.body = sealed(version.key_of or version.report_id, version.id, draft)


def erase_report(report_id: str) -> None:
    """Erases a report in every version: its key first, then its rows."""
    sealing.keyring().destroy(report_id)
    with db.writing() as session:
        row = session.get(ReportRow, report_id)
        if row is not None:
            session.delete(row)


def _approved(session: Session, meeting_id: str) -> Approved | None:
    """What was approved. Of what waits nothing is left where the meeting's key went before, as in an old copy of the texts."""
    try:
        return approved_in(session, meeting_id)
    except sealing.KeyIsGone:
        return None


def _keep(session: Session, report_id: str, kept: Approved) -> None:
    """Of a version that still waits for somebody stays what others had approved of it, as a version of its own."""
    rows = version_rows(session, report_id)
    waiting = [row for row in rows if row.approved_at is None]
    if not any(row.number == kept.version and row.approved_at for row in rows):
        found = next(row for row in waiting if row.number == kept.version)
        draft = _draft_of(open_draft(report_id, found), kept)
        version_id = random_id()
        number = found.number
        _delete(session, waiting)
        session.add(
            VersionRow(
                id=version_id,
                report_id=report_id,
                number=number,
                body=sealed(report_id, version_id, draft),
                approved_at=kept.approved_at,
            )
        )
        return
    _delete(session, waiting)


def _let_go_of_unapproved(session: Session, report_id: str) -> bool:
    """Of a report that does not open: what was approved as a whole stays, a backup may have it; whether there is any."""
    rows = version_rows(session, report_id)
    _delete(session, [row for row in rows if row.approved_at is None])
    return any(row.approved_at is not None for row in rows)


def _draft_of(draft: Draft, kept: Approved) -> Draft:
    numbers = {case.number for case in kept.report.cases}
    givers = tuple(giver for giver in draft.givers if giver.number in numbers)
    return replace(draft, report=kept.report, base=None, touched=(), left_out=(), dropped=(), givers=givers)


def _delete(session: Session, rows: list[VersionRow]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()


def erase_unreadable() -> int:
    """Lets go of every report whose key was destroyed, as after an old copy was restored; answers how many."""
    gone = sealing.keyring().destroyed() & set(db.session.scalars(select(ReportRow.id)))
    for report_id in gone:
        erase_report(report_id)
    return len(gone)
