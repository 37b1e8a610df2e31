"""The verbs of a report: completing it, saying that it is right, approving, offering and opening it again.

Promises: the first verb makes the report and its key; each verb is one transaction, and asks in it whether it may be done.
Nobody's wording is lost: whoever saves says which words they saw, and others are never written over unseen. Silence approves
nothing. Nothing is mailed before the hour in which a meeting may be reopened is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.meetings.models import Meeting, Seat
from facilitator.meetings.personal import needs_code, proves
from facilitator.meetings.seats import whose_seat
from facilitator.reports import store
from facilitator.reports.access import Reader
from facilitator.reports.drafts import Draft, edited, leaving_out, needed, settled
from facilitator.reports.models import ApprovalRow, ReportRow, VersionRow
from facilitator.reports.passages import Passage, Shape, Value, fingerprint, passage, value_of


@dataclass
class Work:
    """A draft while it is being changed: its rows, and how it stands."""

    session: Session
    reader: Reader
    row: ReportRow
    version: VersionRow
    draft: Draft

    def put(self, draft: Draft) -> None:
        self.draft = draft
        self.version.body = store.sealed(self.version.key_of or self.row.id, self.version.id, draft)

    def passage(self, key: str) -> Passage:
        """A passage this reader may change: the moderator any, a case giver those of their own case and of everybody."""
        found = passage(self.draft.report, key)
        if found is None or not (self.reader.is_moderator or found.case in (0, *self.reader.cases)):
            raise Refused("no_such_passage", 404)
        return found

    def own_case(self, number: int) -> int:
        """The number of a case this reader gave."""
        if number not in self.reader.cases or number not in needed(self.draft):
            raise Refused("no_such_case", 404)
        return number


def rewrite(reader: Reader, key: str, seen: str, value: Value) -> None:
    """Gives a passage other words. `seen` is the fingerprint of the words the writer saw; where others were kept meanwhile
    nothing is written. Saving the same twice is saving it once.
    """
    with working(reader) as work:
        if work.passage(key).shape is Shape.FIXED:
            raise Refused("cannot_change")
        stands = value_of(work.draft.report, key)
        if stands == value and key not in work.draft.left_out:
            return
        if fingerprint(stands) != seen:
            raise Refused("changed_meanwhile")
        work.put(edited(work.draft, key, value))


def leave_out(reader: Reader, key: str, is_out: bool) -> None:
    """Leaves a passage out, or puts it back. Of a case giver it is their word on this passage too."""
    with working(reader) as work:
        found = work.passage(key)
        work.put(leaving_out(work.draft, key, is_out))
        for number in reader.cases if is_out else ():
            if found.case in (0, number) and number in needed(work.draft):
                _approve(work, number, key)


def say_right(reader: Reader, number: int, key: str, seen: str) -> None:
    """A case giver says that a passage is right, in the words they saw."""
    with working(reader) as work:
        work.own_case(number)
        if work.passage(key).case not in (0, number):
            raise Refused("no_such_passage", 404)
        if fingerprint(value_of(work.draft.report, key)) != seen:
            raise Refused("read_again")
        _approve(work, number, key)


def approve(reader: Reader, number: int, seen: str) -> bool:
    """A case giver approves everything they were asked about; answers whether the whole report is approved by that."""
    with working(reader) as work:
        work.own_case(number)
        return _approve_case(work, number, seen)


def approve_beside(reader: Reader, number: int, seen: str, code: str) -> bool:
    """Somebody without a phone approves, beside the moderator, and shows by their personal code that it is them."""
    with working(reader) as work:
        giver = work.draft.giver(number)
        if not reader.is_moderator or giver is None or number not in needed(work.draft):
            raise Refused("no_such_case", 404)
        known = work.session.get(Seat, giver.seat_id)
        seat = whose_seat(work.session, known) if known is not None else None
        if seat is None or not seat.takes_part:
            raise Refused("no_such_case", 404)
        if not needs_code(work.session, seat):
            raise Refused("has_a_phone")
        if not proves(work.session, seat.id, code):
            raise Refused("wrong_personal_code", 422)
        return _approve_case(work, number, seen)


def finish(reader: Reader, seen: str) -> bool:
    """The moderator approves what is nobody's case."""
    with working(reader) as work:
        if not reader.is_moderator or 0 not in needed(work.draft):
            raise Refused("no_such_case", 404)
        return _approve_case(work, 0, seen)


def drop_case(reader: Reader, number: int, is_dropped: bool) -> None:
    """The moderator leaves a stopped case out as a whole, or takes it in again."""
    with working(reader) as work:
        giver = work.draft.giver(number)
        if not reader.is_moderator or giver is None:
            raise Refused("no_such_case", 404)
        if not giver.is_stopped:
            raise Refused("not_to_drop")
        others = tuple(n for n in work.draft.dropped if n != number)
        work.put(replace(work.draft, dropped=(*others, number) if is_dropped else others))
        _settle_if_complete(work)


def offer(reader: Reader) -> None:
    """The moderator says that the draft is ready for whoever approves it. Twice is once."""
    with working(reader) as work:
        if not reader.is_moderator:
            raise Refused("no_such_report", 404)
        if needed(work.draft) == (0,):
            raise Refused("nothing_to_offer")
        if work.version.offered_at is None:
            work.version.offered_at = now()


def reopen(reader: Reader) -> int:
    """Opens an approved report for correction; answers the number of the new version. Twice is once: while a draft is open
    it stays the one.
    """
    with writing(reader.meeting_id) as session:
        standing = store.load(session, reader.meeting_id)
        row = store.report_row(session, reader.meeting_id)
        if row is None or not standing.versions:
            raise Refused("not_approved")
        if standing.draft is not None:
            return standing.number
        last = store.version_rows(session, row.id)[0]
        draft = store.open_draft(row.id, last)
        made = _new_version(session, row, last.number + 1, draft)
        note(session, row.organisation_id, reader.logged_as, Deed.REOPENED, "report", row.id)
        return made.number


def opened(reader: Reader, deed: Deed) -> None:
    """Notes that somebody opened or took along a report; of a draft nobody has touched the meeting is named."""
    with db.writing() as session:
        row = store.report_row(session, reader.meeting_id)
        thing, thing_id = ("report", row.id) if row else ("meeting", reader.meeting_id)
        note(session, reader.organisation_id, reader.logged_as, deed, thing, thing_id)


# -- The transaction ---------------------------------------------------------------------------------------------------


@contextmanager
def working(reader: Reader) -> Iterator[Work]:
    """Opens the draft of a meeting's report for change, and makes the report if this is the first change."""
    with _key_for(reader.meeting_id) as report_id, writing(reader.meeting_id) as session:
        standing = store.load(session, reader.meeting_id)
        if not standing.is_over:
            raise Refused("not_over")
        if standing.draft is None:
            raise Refused("is_approved")
        row = store.report_row(session, reader.meeting_id) or _new_report(session, reader, report_id)
        version = session.get(VersionRow, standing.version_id) if standing.version_id else None
        version = version or _new_version(session, row, standing.number, standing.draft)
        yield Work(session, reader, row, version, standing.draft)


@contextmanager
def writing(meeting_id: str) -> Iterator[Session]:
    """A transaction in which nobody else writes to this report."""
    with db.writing() as session:
        take_turns(session, f"report:{meeting_id}")
        yield session


@contextmanager
def _key_for(meeting_id: str) -> Iterator[str]:
    """The id of the meeting's report; where there is none yet, a new one that has its key: keys lie elsewhere and are made
    before the row. Where it is certain that no row comes of it the key goes again; what else is left without a row is found
    later (`retention.strays`).
    """
    found = db.session.scalar(select(ReportRow.id).where(ReportRow.meeting_id == meeting_id))
    if found is not None:
        yield found
        return
    made = random_id()
    sealing.keyring().make(made)
    try:
        yield made
    except Refused:
        sealing.keyring().destroy(made)
        raise
    if db.session.get(ReportRow, made) is None:  # somebody else's was first
        sealing.keyring().destroy(made)


def _new_report(session: Session, reader: Reader, report_id: str) -> ReportRow:
    meeting = session.get_one(Meeting, reader.meeting_id)
    row = ReportRow(
        id=report_id,
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        group_id=meeting.group_id,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def _new_version(session: Session, row: ReportRow, number: int, draft: Draft) -> VersionRow:
    version_id = random_id()
    key_of = row.meeting_id if row.meeting_id and sealing.opens(row.meeting_id) else None
    version = VersionRow(
        id=version_id,
        report_id=row.id,
        number=number,
        body=store.sealed(key_of or row.id, version_id, draft),
        key_of=key_of,
    )
    session.add(version)
    session.flush()
    return version


# -- Approving ---------------------------------------------------------------------------------------------------------


def _approve_case(work: Work, number: int, seen: str) -> bool:
    if store.words(work.draft, number, "") != seen:
        raise Refused("read_again")
    _approve(work, number, "")
    note(work.session, work.row.organisation_id, work.reader.logged_as, Deed.APPROVED, "report", work.row.id)
    return _settle_if_complete(work)


def _approve(work: Work, number: int, key: str) -> None:
    same = (ApprovalRow.version_id == work.version.id, ApprovalRow.case_number == number, ApprovalRow.passage == key)
    work.session.execute(delete(ApprovalRow).where(*same))
    work.session.add(
        ApprovalRow(
            version_id=work.version.id,
            case_number=number,
            passage=key,
            fingerprint=store.keyed(work.row.id, store.words(work.draft, number, key)),
            at=now(),
        )
    )
    work.session.flush()


def _settle_if_complete(work: Work) -> bool:
    """Approves the report as a whole once everybody who must has approved the words as they are now."""
    work.session.flush()
    standing = store.load(work.session, work.reader.meeting_id)
    if standing.waits_for:
        return False
    is_without_case = needed(work.draft) == (0,)
    draft = settled(work.draft)
    work.version.key_of = None  # from here on it lives as long as the report
    work.put(replace(draft, report=replace(draft.report, is_without_case=is_without_case)))
    work.version.approved_at = _after_the_end(work)
    return True


def _after_the_end(work: Work) -> datetime:
    """The moment of approval. Clocks may differ between machines, and an approval is never older than the meeting's end."""
    ended_at = work.session.get_one(Meeting, work.reader.meeting_id).ended_at
    return max(now(), ended_at) if ended_at else now()
