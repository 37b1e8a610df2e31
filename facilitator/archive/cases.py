"""The cases of a meeting as their case givers decide about them: the approved report, and what a card takes from the
meeting itself. Nobody else's case comes out of here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from facilitator.archive.drafts import Draft, first_draft
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.meetings.models import Meeting, Round, Seat
from facilitator.meetings.visitor import visitor
from facilitator.reports import store as reports
from facilitator.reports.report import Case, Report


@dataclass(frozen=True)
class OwnCase:
    """One case, its case giver's seat, and what its card will carry of the meeting."""

    meeting_id: str
    organisation_id: str
    group_id: str | None
    group_name: str
    method_key: str
    locale: str
    ended_at: datetime | None
    round_id: str
    number: int
    seat_id: str
    names: tuple[str, ...]
    report: Report
    case: Case

    @property
    def period(self) -> str:
        """The quarter of the meeting: the finest time a card tells."""
        held = self.report.started_at or self.report.created_at
        return f"{held.year}-Q{(held.month - 1) // 3 + 1}"

    def draft(self) -> Draft:
        """What the approved report offers."""
        return first_draft(self.report, self.case, self.names, self.locale)


def own_cases(meeting_id: str) -> list[OwnCase]:
    """The cases of this meeting that whoever sent this request gave, as far as their report is approved."""
    meeting = db.session.get(Meeting, meeting_id)
    rounds = rounds_of(meeting_id, own_seats(meeting_id)) if meeting else []
    approved = reports.approved(meeting_id) if rounds else None
    if meeting is None or approved is None:
        return []
    told = {case.number: case for case in approved.report.cases}
    return [_own_case(meeting, found, approved.report, told[found.number]) for found in rounds if found.number in told]


def gives_case(meeting_id: str) -> bool:
    """Whether whoever sent this request gave a case in this meeting, approved or not."""
    return bool(rounds_of(meeting_id, own_seats(meeting_id)))


def rounds_of(meeting_id: str, seat_ids: frozenset[str]) -> list[Round]:
    """The rounds of a meeting whose case one of these seats gave."""
    asked = select(Round).where(
        Round.meeting_id == meeting_id, Round.case_giver_id.in_(seat_ids), Round.is_stopped.is_(False)
    )
    return list(db.session.scalars(asked.order_by(Round.number)))


def own_seats(meeting_id: str) -> frozenset[str]:
    """The visitor's own seats at the table; an account that leads or led the meeting opens nothing here."""
    found = visitor(meeting_id)
    if found is None:
        return frozenset()
    by_account = not any(seat.user_id == found.user.id for seat in found.led) if found.user else False
    return frozenset(seat.id for seat in found.own if by_account or seat is found.device)


def _own_case(meeting: Meeting, found: Round, report: Report, case: Case) -> OwnCase:
    group = db.session.get(Group, meeting.group_id) if meeting.group_id else None
    assert found.case_giver_id is not None
    giver = db.session.get_one(Seat, found.case_giver_id)
    return OwnCase(
        meeting_id=meeting.id,
        organisation_id=meeting.organisation_id,
        group_id=meeting.group_id,
        group_name=group.name if group else "",
        method_key=meeting.method_key,
        locale=meeting.locale,
        ended_at=meeting.ended_at,
        round_id=found.id,
        number=found.number,
        seat_id=giver.id,
        names=_names(meeting.id, report),
        report=report,
        case=case,
    )


def _names(meeting_id: str, report: Report) -> tuple[str, ...]:
    """Everybody who was there or is named in the report, whatever became of their seat."""
    seats = db.session.scalars(select(Seat.name).where(Seat.meeting_id == meeting_id, Seat.name != ""))
    people = report.people
    told = (*people.present, *people.moderators, *people.timekeepers, *people.note_takers, *people.observers)
    deeds = [deed for case in report.cases for deed in case.actions] + list(report.follow_up)
    named = {*seats, *told, *(deed.owner for deed in deeds), *(deed.buddy for deed in deeds)}
    return tuple(sorted(name for name in named if name))
