"""Reading and keeping reports. The one place where the sealed words of a report are opened.

Promises: `approved` gives what the group may read and nothing else: the newest version that whoever must has approved, or,
while a first version waits for somebody, the cases that are approved. What was approved before the meeting went on no longer
counts. An approval counts only for the very words it was given for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.text import name_key
from facilitator.groups.models import Member
from facilitator.meetings import loading
from facilitator.meetings.models import Meeting
from facilitator.meetings.snapshot import Snapshot
from facilitator.reports.diary import diary_of, with_keys
from facilitator.reports.drafts import (
    DRAFT,
    Draft,
    Giver,
    as_read,
    begun,
    needed,
    refilled,
    with_cases_only,
    words_asked,
)
from facilitator.reports.models import ApprovalRow, ReportRow, VersionRow
from facilitator.reports.passages import fingerprint, value_of
from facilitator.reports.people import alphabetical
from facilitator.reports.report import Report, session_report


@dataclass(frozen=True, slots=True)
class Approved:
    """What the group reads. `version` and `approved_at` stand in the report too."""

    report_id: str
    report: Report
    version: int
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was approved as a whole."""

    id: str
    number: int
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How the report of a meeting stands. `draft` is None while the newest version is approved; `version_id` is None while
    nobody has touched the draft. `done`: the cases approved as they are now, and when; `right`: (case, passage) that a case
    giver found right as it is now. `versions`, the newest first, holds those approved; `is_current` that its first one is
    what the group reads.
    """

    meeting_id: str
    organisation_id: str
    report_id: str | None
    is_over: bool
    draft: Draft | None
    version_id: str | None
    number: int
    offered_at: datetime | None
    done: Mapping[int, datetime]
    right: frozenset[tuple[int, str]]
    versions: tuple[Version, ...]
    is_current: bool

    @property
    def waits_for(self) -> tuple[int, ...]:
        """The cases that are not approved yet; 0 is the moderator."""
        return tuple(number for number in needed(self.draft) if number not in self.done) if self.draft else ()


def approved(meeting_id: str) -> Approved | None:
    """What the group may read of a meeting's report, or None. Works after the raw input of the meeting is erased."""
    with db.reading() as session:
        return approved_in(session, meeting_id)


def approved_in(session: Session, meeting_id: str) -> Approved | None:
    """The same, within a session that is open."""
    meeting, row = session.get(Meeting, meeting_id), report_row(session, meeting_id)
    if meeting is None or row is None:
        return None
    newest = next((v for v in version_rows(session, row.id) if v.approved_at), None)
    if newest is not None and newest.approved_at is not None and is_valid(meeting, newest.approved_at):
        return _whole(row.id, newest)
    standing = load(session, meeting_id)
    numbers = tuple(number for number in standing.done if number)
    if standing.draft is None or not numbers:
        return None
    moment = max(standing.done.values())
    report = replace(with_cases_only(as_read(standing.draft), numbers), version=standing.number, approved_at=moment)
    return Approved(row.id, report, standing.number, moment)


def versions(meeting_id: str) -> tuple[Version, ...]:
    """Those approved as a whole, the newest first, whether or not they open."""
    with db.reading() as session:
        row = report_row(session, meeting_id)
        found = version_rows(session, row.id) if row else []
        return tuple(Version(v.id, v.number, v.approved_at) for v in found if v.approved_at)


def given_at(session: Session, meeting: Meeting) -> datetime | None:
    """When the first yes was said to what the group reads now; None while it reads nothing."""
    row = report_row(session, meeting.id)
    rows = version_rows(session, row.id) if row else []
    read = next((v for v in rows if v.approved_at and is_valid(meeting, v.approved_at)), rows[0] if rows else None)
    if read is None:
        return None
    yes = select(func.min(ApprovalRow.at)).where(ApprovalRow.version_id == read.id, ApprovalRow.passage == "")
    return session.scalar(yes) or read.approved_at


def version_of(meeting_id: str, number: int) -> Approved | None:
    """A version that was once approved as a whole."""
    with db.reading() as session:
        row = report_row(session, meeting_id)
        found = next((v for v in version_rows(session, row.id) if v.number == number), None) if row else None
        return _whole(row.id, found) if row and found and found.approved_at else None


def _whole(report_id: str, version: VersionRow) -> Approved:
    assert version.approved_at is not None
    report = replace(open_draft(report_id, version).report, version=version.number, approved_at=version.approved_at)
    return Approved(report_id, report, version.number, version.approved_at)


def standing(meeting_id: str) -> Standing:
    """How the report of a meeting stands now; raises NoSuchMeeting, and `sealing.Unreadable` where nothing can be read."""
    with db.reading() as session:
        return load(session, meeting_id)


def load(session: Session, meeting_id: str) -> Standing:
    """The same, within a session that is open."""
    meeting, row = session.get(Meeting, meeting_id), report_row(session, meeting_id)
    if meeting is None:
        raise loading.NoSuchMeeting(meeting_id)
    rows = version_rows(session, row.id) if row else []
    versions = tuple(Version(v.id, v.number, v.approved_at) for v in rows if v.approved_at)
    newest = rows[0] if rows else None
    is_current = bool(versions) and is_valid(meeting, versions[0].approved_at)
    is_open = newest is not None and newest.approved_at is None
    draft = _draft(session, meeting, row, newest) if is_open or not is_current else None
    number = newest.number + (0 if is_open or draft is None else 1) if newest else 1
    found = Standing(
        meeting_id=meeting_id,
        organisation_id=meeting.organisation_id,
        report_id=row.id if row else None,
        is_over=meeting.status == "ended",
        draft=replace(draft, report=replace(draft.report, version=number if is_open else 0)) if draft else None,
        version_id=newest.id if newest and is_open else None,
        number=number,
        offered_at=newest.offered_at if newest and is_open else None,
        done={},
        right=frozenset(),
        versions=versions,
        is_current=is_current,
    )
    return _with_approvals(session, found)


def is_valid(meeting: Meeting, approved_at: datetime) -> bool:
    """Whether an approval still counts: the meeting has not gone on since."""
    return meeting.status == "ended" and meeting.ended_at is not None and approved_at >= meeting.ended_at


def _draft(
    session: Session, meeting: Meeting, row: ReportRow | None, newest: VersionRow | None, *, is_stale: bool = False
) -> Draft:
    """The draft as the meeting and whoever edited it have it now. What they have is never replaced by damage."""
    found = open_draft(row.id, newest) if row and newest else None
    try:
        snapshot = loading.load(session, meeting.id)
    except sealing.Unreadable:
        if found is None:
            raise
        return found
    is_as_read = found is not None and found.revision == snapshot.revision and not is_stale
    if found is not None and (is_as_read or snapshot.is_damaged):
        return found
    fresh, givers = _fresh(session, meeting, snapshot), _givers(snapshot)
    if found is None:
        return begun(fresh, givers, snapshot.revision)
    return refilled(found, fresh, givers, snapshot.revision)


def _fresh(session: Session, meeting: Meeting, snapshot: Snapshot) -> Report:
    """What the meeting gives, in the meeting's language; the only source of a draft."""
    report = session_report(snapshot, snapshot.locale)
    return replace(report, people=replace(report.people, absent=_absent(session, meeting, snapshot)))


def _absent(session: Session, meeting: Meeting, snapshot: Snapshot) -> tuple[str, ...]:
    """Members of the group who did not come. Whoever came on a phone under the name of a member counts as that member;
    under pseudonyms nobody can tell, and who is not on the list would say who was there.
    """
    if meeting.group_id is None or meeting.started_at is None or meeting.uses_pseudonyms:
        return ()
    came = [seat for seat in snapshot.seats if seat.is_admitted and not seat.is_expelled]
    ids, names = {seat.user_id for seat in came}, {name_key(seat.name) for seat in came}
    members = session.execute(
        select(User.id, User.name)
        .join(Member, Member.user_id == User.id)
        .where(
            Member.group_id == meeting.group_id,
            Member.added_at <= meeting.started_at,
            or_(Member.left_at.is_(None), Member.left_at > meeting.started_at),
        )
    ).all()
    absent = (name for user_id, name in members if user_id not in ids and not _is_named(name, names))
    return tuple(sorted(absent, key=alphabetical))


def _is_named(name: str, names: set[str]) -> bool:
    return bool({name_key(name), *name_key(name).split()[:1]} & names)


def _givers(snapshot: Snapshot) -> tuple[Giver, ...]:
    return tuple(Giver(found.number, found.case_giver_id, found.is_stopped) for found in snapshot.rounds)


def _with_approvals(session: Session, found: Standing) -> Standing:
    if found.version_id is None or found.draft is None or found.report_id is None:
        return found
    rows = session.scalars(select(ApprovalRow).where(ApprovalRow.version_id == found.version_id)).all()
    draft, report_id = found.draft, found.report_id
    good = [row for row in rows if row.fingerprint == keyed(report_id, words(draft, row.case_number, row.passage))]
    return replace(
        found,
        done={row.case_number: row.at for row in good if not row.passage},
        right=frozenset((row.case_number, row.passage) for row in good if row.passage),
    )


def words(draft: Draft, number: int, key: str) -> str:
    """A fingerprint of the words an approval is about: of one passage, or of everything a case is asked about."""
    if not key:
        return words_asked(draft, number)
    return fingerprint((value_of(draft.report, key), key in draft.left_out))


def keyed(report_id: str, found: str) -> str:
    """A fingerprint as it is stored: it tells nothing to anybody without the report's key."""
    return sealing.mac(report_id, {"of": found})


def open_draft(report_id: str, version: VersionRow) -> Draft:
    """The words of a version; raises `sealing.Unreadable`."""
    draft = sealing.unseal_as(DRAFT, version.key_of or report_id, f"version:{version.id}", version.body, "draft")
    report = with_keys(draft.report)
    if version.approved_at is not None:
        dated = replace(report, version=version.number, approved_at=version.approved_at)
        report = replace(report, diary=diary_of(dated))
    return replace(draft, report=report)


def sealed(owner_id: str, version_id: str, draft: Draft) -> bytes:
    """The words of a version as they are stored, with the key of its report or, while nobody has approved it, of its meeting."""
    return sealing.seal(owner_id, f"version:{version_id}", {"draft": DRAFT.dump_json(draft).decode()})


def renewed(session: Session, meeting_id: str) -> tuple[VersionRow, Draft] | None:
    """The version that is open and what stands in it now, whether or not anything in the meeting has changed since."""
    meeting, row = session.get(Meeting, meeting_id), report_row(session, meeting_id)
    newest = next(iter(version_rows(session, row.id)), None) if row else None
    if meeting is None or row is None or newest is None or newest.approved_at is not None:
        return None
    return newest, _draft(session, meeting, row, newest, is_stale=True)


def report_row(session: Session, meeting_id: str) -> ReportRow | None:
    """The row of a meeting's report, once there is one."""
    return session.scalar(select(ReportRow).where(ReportRow.meeting_id == meeting_id))


def version_rows(session: Session, report_id: str) -> list[VersionRow]:
    """The versions of a report, the newest first."""
    asked = select(VersionRow).where(VersionRow.report_id == report_id).order_by(VersionRow.number.desc())
    return list(session.scalars(asked))
