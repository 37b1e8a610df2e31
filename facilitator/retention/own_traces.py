"""What is kept about somebody beside their words: what they set up, marked, said yes to and hear of, and what the log says they
did. A part of their own data.

Promises: as there, nobody else is named. A test asks of every column that leads to a person where it is told here or there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from facilitator.accounts.models import NO_PASSWORD, Invitation, SignInLink, User
from facilitator.archive.models import Objection
from facilitator.archive.talk.models import FeedToken, Follow
from facilitator.audit import AuditEntry
from facilitator.db import db
from facilitator.groups.models import Group, Member
from facilitator.meetings.models import Contribution, Mark, Meeting, Round, Seat, SeatToken, Step, Tally
from facilitator.proof.content import Particulars
from facilitator.proof.models import Sheet
from facilitator.proof.store import PARTICULARS
from facilitator.reports.models import ApprovalRow, VersionRow

T = TypeVar("T")
Json = dict[str, object]


def beside_account(user: User) -> Json:
    """Of an account, without its meetings."""
    return {
        "may_sign_in": user.active,
        "has_password": user.password != NO_PASSWORD,
        "links_to_sign_in_until": _moments(select(SignInLink.expires_at).where(SignInLink.user_id == user.id)),
        "set_up": [_set_up(row) for row in _rows(select(Meeting).where(Meeting.created_by == user.id))],
        "taken_for_somebody_in": [
            {"goal": goal, "began": moment(began)}
            for goal, began in db.session.execute(
                select(Meeting.goal, Meeting.started_at).join(Seat).where(Seat.said_to_be == user.id)
            )
        ],
        "groups_made": _rows(select(Group.name).where(Group.created_by == user.id)),
        "people_added_to_groups": _count(Member.added_by == user.id),
        "invitations_sent": _count(Invitation.invited_by == user.id),
        "came_by_invitation": _moments(select(Invitation.accepted_at).where(Invitation.accepted_by == user.id)),
        "attendance_confirmed": _moments(select(Sheet.confirmed_at).where(Sheet.confirmed_by == user.id)),
        "reports": list(_reports(VersionRow.made_by == user.id, ApprovalRow.by_user == user.id, user)),
        "feed_since": _moments(select(FeedToken.made_at).where(FeedToken.user_id == user.id)),
        "hears_of": [
            {"card": row.card_id, "from": moment(row.began_at), "to": moment(row.stopped_at)}
            for row in _rows(select(Follow).where(Follow.user_id == user.id))
        ],
        "log": [
            {"at": moment(row.at), "did": row.deed, "thing": row.thing, "id": row.thing_id}
            for row in _rows(select(AuditEntry).where(AuditEntry.by_id == user.id).order_by(AuditEntry.at))
        ],
    }


def beside_seat(seat: Seat, particulars: Particulars | None) -> Json:
    """Of one seat. `particulars`: what its holder wants printed of themselves."""
    return {
        "language": seat.locale,
        "has_phone": seat.has_phone,
        "came": moment(seat.joined_at),
        "let_in": moment(seat.admitted_at),
        "sent_away": moment(seat.expelled_at),
        "would_rather_not": seat.declines,
        "gave_the_case_of_round": _rows(select(Round.number).where(Round.case_giver_id == seat.id)),
        "marks": list(_marks(seat)),
        "sent": list(_sent(seat)),
        "took_down_for_others": _count(Contribution.taken_down_by == seat.id),
        "reports": list(_reports(VersionRow.made_by_seat == seat.id, ApprovalRow.by_seat == seat.id, None)),
        "asked_about_cards": _rows(select(Objection.answer).where(Objection.seat_id == seat.id)),
        "personal_link_since": _moments(
            select(SeatToken.kept_at).where(SeatToken.seat_id == seat.id, SeatToken.kept_at.is_not(None))
        ),
        "printed": PARTICULARS.dump_python(particulars, mode="json") if particulars else None,
    }


def _set_up(row: Meeting) -> Json:
    times = {"planned_for": row.planned_for, "opened": row.opened_at, "began": row.started_at, "ended": row.ended_at}
    return {"goal": row.goal, "place": row.place, **{name: moment(time) for name, time in times.items()}}


def _marks(seat: Seat) -> Iterator[Json]:
    found = select(Step.phase, Mark.kind).join(Step, Step.id == Mark.step_id).where(Mark.seat_id == seat.id)
    counted = Counter((str(phase["key"]), kind) for phase, kind in db.session.execute(found))
    for (phase, kind), count in sorted(counted.items()):
        yield {"phase": phase, "kind": kind, "count": count}


def _sent(seat: Seat) -> Iterator[Json]:
    found = select(Step.phase, Tally).join(Step, Step.id == Tally.step_id).where(Tally.seat_id == seat.id)
    for phase, row in db.session.execute(found.order_by(Step.position)):
        yield {"phase": phase["key"], "form": row.form, "count": row.count, "instead": row.instead}


def _reports(made: ColumnElement[bool], approved: ColumnElement[bool], user: User | None) -> Iterator[Json]:
    """What they did with reports, and when."""
    for row in _rows(select(VersionRow).where(made)):
        yield {"did": "began a version", "version": row.number, "at": moment(row.made_at)}
    for row in _rows(select(VersionRow).where(VersionRow.offered_by == user.id)) if user else ():
        yield {"did": "offered", "version": row.number, "at": moment(row.offered_at)}
    for yes in _rows(select(ApprovalRow).where(approved)):
        yield {"did": "approved", "case": yes.case_number, "part": yes.passage, "at": moment(yes.at)}


def _rows(asked: Select[T]) -> list[T]:
    return list(db.session.scalars(asked))


def _moments(asked: Select[datetime | None] | Select[datetime]) -> list[str | None]:
    return [moment(found) for found in db.session.scalars(asked)]


def _count(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(which)) or 0


def moment(found: datetime | None) -> str | None:
    """A time as it stands in the file."""
    return found.isoformat() if found else None
