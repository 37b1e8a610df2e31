"""What there is that has a deadline, and when that is: the raw input of meetings, reports, proof, and who was there.

Promises: a deadline follows from when the meeting was, when its report was approved, when its group ended and what the organisation
chose, as it is now; a clock that was wrong for a while neither shortens nor prolongs one (`core.sightings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from facilitator.accounts.models import Organisation
from facilitator.core.clock import Run
from facilitator.core.db import db, midnight
from facilitator.core.sightings import counted
from facilitator.groups.models import Group
from facilitator.meetings import table_ids
from facilitator.meetings.demo_mark import is_real
from facilitator.meetings.models import Meeting
from facilitator.proof.models import Sheet
from facilitator.proof.store import mark
from facilitator.questions.models import Answer, Question
from facilitator.reports.erasing import approvals
from facilitator.reports.models import ReportRow
from facilitator.retention.terms import Terms, proof_goes, question_goes, raw_input_goes, report_goes

OVER_AT: ColumnElement[datetime] = func.coalesce(
    Meeting.ended_at, Meeting.started_at, Meeting.opened_at, Meeting.created_at
)


class Kind(StrEnum):
    """What goes: what was written in a meeting, its report, its proof of participation, the meeting itself, of which only who was
    there is left by then, and a question to colleagues with its answers.
    """

    MEETING = "meeting"
    REPORT = "report"
    PROOF = "proof"
    PRESENCE = "presence"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that goes at a moment. `created_by` and `held_at` are of the meeting, where it is one."""

    kind: Kind
    thing_id: str
    organisation_id: str
    goes_at: datetime
    created_by: str = ""
    held_at: datetime | None = None


def deadlines(run: Run) -> list[Deadline]:
    """Everything that has one. What was seen for the first time is remembered from now on."""
    opened = select(Meeting, OVER_AT).where(Meeting.status != "planned", is_real())
    meetings = [(meeting, over_at) for meeting, over_at in db.session.execute(opened)]
    since = counted(run, "meeting", {meeting.id: over_at for meeting, over_at in meetings})
    terms = {organisation.id: terms_of(organisation) for organisation in db.session.scalars(select(Organisation))}
    return [
        *_of_meetings(meetings, since, terms),
        *_of_reports(run, since, terms),
        *_of_sheets(since, terms),
        *_of_questions(run),
    ]


def terms_of(organisation: Organisation) -> Terms:
    return Terms(
        raw_days_after_approval=organisation.raw_days_after_approval,
        raw_days_after_meeting=organisation.raw_days_after_meeting,
        report_days=organisation.report_days,
        proof_years=organisation.proof_years,
    )


def _of_meetings(
    meetings: list[tuple[Meeting, datetime]], since: dict[str, datetime], terms: dict[str, Terms]
) -> Iterator[Deadline]:
    """Of what was written in a meeting and, once that is erased, of who was there. A meeting that was divided goes with the last of its
    tables: whoever sat there approves what is theirs by their seat in it.
    """
    approved = approvals(db.session())
    raw = {
        meeting.id: raw_input_goes(terms[meeting.organisation_id], since[meeting.id], approved.get(meeting.id))
        for meeting, _over_at in meetings
        if meeting.erased_at is None
    }
    last: dict[str, datetime] = {}
    for meeting_id, goes_at in raw.items():
        whole = table_ids.plenary_of(meeting_id)
        last[whole] = max(goes_at, last.get(whole, goes_at))
    for meeting, over_at in meetings:
        chosen, held_at = terms[meeting.organisation_id], meeting.started_at or over_at
        kind, goes_at = Kind.PRESENCE, proof_goes(chosen, since[meeting.id])
        if meeting.erased_at is None:
            kind, goes_at = Kind.MEETING, last.get(meeting.id, raw[meeting.id])
        yield Deadline(kind, meeting.id, meeting.organisation_id, goes_at, meeting.created_by, held_at)


def _of_reports(run: Run, since: dict[str, datetime], terms: dict[str, Terms]) -> Iterator[Deadline]:
    """Of reports whose group has ended, or whose meeting had none."""
    ended = ended_groups(run)
    for row in db.session.scalars(select(ReportRow)):
        over_at = since.get(row.meeting_id or "", row.created_at)
        group_ended_at, has_group = ended.get(row.group_id or ""), row.group_id is not None
        goes_at = report_goes(terms[row.organisation_id], group_ended_at, has_group, over_at)
        if goes_at is not None:
            yield Deadline(Kind.REPORT, row.id, row.organisation_id, goes_at)


def ended_groups(run: Run) -> dict[str, datetime]:
    """From when the end of each group that has ended counts."""
    groups = db.session.scalars(select(Group).where(Group.ended_at.is_not(None)))
    return counted(run, "group", {group.id: group.ended_at for group in groups if group.ended_at})


def _of_sheets(since: dict[str, datetime], terms: dict[str, Terms]) -> Iterator[Deadline]:
    """Of proof of participation. A date somebody typed there decides nothing as long as the meeting itself is known."""
    by_mark = {mark("meeting", meeting_id): at for meeting_id, at in since.items()}
    for sheet in db.session.scalars(select(Sheet)):
        held_at = by_mark.get(sheet.meeting_mark, midnight(sheet.counted_from))
        yield Deadline(Kind.PROOF, sheet.id, sheet.organisation_id, proof_goes(terms[sheet.organisation_id], held_at))


def _of_questions(run: Run) -> Iterator[Deadline]:
    """Of questions to colleagues: their time begins anew with each answer."""
    answered = select(Answer.question_id, func.max(Answer.written_on)).group_by(Answer.question_id)
    latest = {question_id: day for question_id, day in db.session.execute(answered)}  # noqa: C416 – rows are no pairs to mypy
    found = db.session.execute(select(Question.id, Question.organisation_id, Question.opens_on)).all()
    last = {row.id: midnight(max(row.opens_on, latest.get(row.id, row.opens_on))) for row in found}
    since = counted(run, "question", last)
    for row in found:
        yield Deadline(Kind.QUESTION, row.id, row.organisation_id, question_goes(since[row.id]))
