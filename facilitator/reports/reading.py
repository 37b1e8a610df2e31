"""What somebody reads when they open the report of a meeting now.

Promises: the moderator reads the draft; a case giver, once the meeting is over, the draft of their own case and of what
belongs to everybody; everybody else what is approved, or nothing. All of it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort

from facilitator.accounts.languages import readers_language
from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.meetings.kept_methods import kept_methods
from facilitator.meetings.models import Meeting
from facilitator.methods.loader import load_catalogue
from facilitator.reports import store
from facilitator.reports.access import Reader, find_reader, reader_of
from facilitator.reports.drafts import as_read, shown_to_giver
from facilitator.reports.languages import in_language
from facilitator.reports.report import Report
from facilitator.reports.store import Standing, approved


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader and what is theirs to read: `report` is None while nothing is. `standing` is only there for whoever sees
    drafts.
    """

    reader: Reader
    report: Report | None
    standing: Standing | None


def reading(meeting_id: str) -> Reading:
    """What this request may read: 404 for whoever has nothing to do with the meeting, 410 where all was erased."""
    reader = reader_of(meeting_id)
    try:
        return _drafts(reader) if reader.sees_draft else _approved(reader)
    except sealing.KeyIsGone:
        abort(410)


def _drafts(reader: Reader) -> Reading:
    standing = store.standing(reader.meeting_id)
    report = own_draft(reader, standing)
    if report is None and (standing.draft is None or not standing.is_over):
        found = store.approved(reader.meeting_id)
        report = found.report if found else None
    return Reading(reader, in_words_of_reader(report) if report else None, standing)


def own_draft(reader: Reader, standing: Standing) -> Report | None:
    """What of the draft is somebody's to read, if there is a draft."""
    if standing.draft is None or not reader.sees_draft:
        return None
    report = as_read(standing.draft)
    if reader.is_moderator:
        return report
    return shown_to_giver(report, reader.cases) if standing.is_over else None


def _approved(reader: Reader) -> Reading:
    found = store.approved(reader.meeting_id)
    if found is None and not _may_still_come(reader.meeting_id):
        abort(410)
    return Reading(reader, in_words_of_reader(found.report) if found else None, None)


def _may_still_come(meeting_id: str) -> bool:
    """Whether there is something from which a report can come."""
    with db.reading() as session:
        is_begun = store.report_row(session, meeting_id) is not None
    return is_begun or sealing.keyring().holds(meeting_id)


def in_words_of_reader(report: Report) -> Report:
    """A report in the language of whoever sent this request."""
    meeting = db.session.get(Meeting, report.meeting_id)
    return in_language(report, readers_language(), kept_methods(meeting) if meeting else load_catalogue())


def readable_reports(_user: User, meeting_ids: Sequence[str]) -> set[str]:
    """Those of these meetings whose report this browser may open now: a draft by whoever sees drafts, else what is approved."""
    return {meeting_id for meeting_id in meeting_ids if _may_open(meeting_id)}


def _may_open(meeting_id: str) -> bool:
    reader = find_reader(meeting_id)
    if reader is None or reader.sees_draft:
        return reader is not None
    # Of one that is damaged the page itself says so.
    return any(sealing.each((meeting_id,), lambda one: approved(one) is not None, lambda _: True))
