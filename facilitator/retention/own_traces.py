"""What is kept about somebody beside their words: what they set up, marked, said yes to and hear of, and what the log says they
did. A part of their own data.

Promises: as there, nobody else is named. A test asks of every column that leads to a person where it is told here or there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from facilitator.accounts.models import NO_PASSWORD, SignInLink, User
from facilitator.archive.models import FeedToken, Follow, Objection, Theme
from facilitator.calendar.models import Appointment, CalendarAddress, Guest, Spared, Swap
from facilitator.core.audit import AuditEntry
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.meetings.models import (
    Contribution,
    Mark,
    Meeting,
    Round,
    Seat,
    SeatToken,
    Step,
    Tally,
    TurnRow,
    is_whole,
)
from facilitator.proof.content import Particulars
from facilitator.proof.models import RegisterRule
from facilitator.proof.store import PARTICULARS
from facilitator.questions.models import Help, News, Pace, ThemeFollow
from facilitator.repertoire.models import MethodVersion, OwnMethod
from facilitator.reports.models import ApprovalRow, ReportRow, VersionRow

T = TypeVar("T")
Json = dict[str, object]


def beside_account(user: User) -> Json:
    """Of an account, without its meetings."""
    return {
        "may_sign_in": user.active,
        "has_password": user.password != NO_PASSWORD,
        "links_to_sign_in_until": _moments(select(SignInLink.expires_at).where(SignInLink.user_id == user.id)),
        "set_up": [_set_up(row) for row in _rows(select(Meeting).where(Meeting.created_by == user.id, is_whole()))],
        "taken_for_somebody_in": [
            {"goal": goal, "began": moment(began)}
            for goal, began in db.session.execute(
                select(Meeting.goal, Meeting.started_at).join(Seat).where(Seat.said_to_be == user.id, is_whole())
            )
        ],
        "methods_changed": sorted(
            {
                *_rows(select(OwnMethod.key).where(OwnMethod.changed_by == user.id)),
                *_rows(select(OwnMethod.key).join(MethodVersion).where(MethodVersion.made_by == user.id)),
            }
        ),
        "groups_made": _rows(select(Group.name).where(Group.created_by == user.id)),
        "feed_since": _days(select(FeedToken.made_on).where(FeedToken.user_id == user.id)),
        "calendar_address_since": _days(select(CalendarAddress.made_on).where(CalendarAddress.user_id == user.id)),
        "hears_of": [
            {"card": row.card_id, "until_stopped": not row.is_stopped}
            for row in _rows(select(Follow).where(Follow.user_id == user.id))
        ],
        "appointments": [
            {**_when(one), "answer": guest.answer, "is_out": guest.is_out}
            for one, guest in db.session.execute(
                select(Appointment, Guest).join(Guest).where(Guest.user_id == user.id).order_by(Appointment.begins)
            )
        ],
        "appointments_led": [_when(one) for one in _rows(select(Appointment).where(Appointment.led_by == user.id))],
        "registers": [
            {
                "name": rule.name,
                "hours": rule.hours,
                "begins": [rule.month, rule.day],
                "along": rule.along,
                "smallest_group": rule.smallest,
                "everybody_confirms": rule.needs_all,
            }
            for rule in _rows(select(RegisterRule).where(RegisterRule.user_id == user.id).order_by(RegisterRule.id))
        ],
        "turns": [
            {"role": row.role, "meeting": row.meeting_id, "why": row.why}
            for row in _rows(
                select(TurnRow).where(TurnRow.user_id == user.id).order_by(TurnRow.meeting_id, TurnRow.role)
            )
        ],
        "swaps": [
            {"role": row.role, "gives": row.gives_id, "for": row.wants_id, "asked": row.asked_by == user.id}
            for row in _rows(
                select(Swap).where((Swap.asked_by == user.id) | (Swap.asked_of == user.id)).order_by(Swap.id)
            )
        ],
        "cannot_take": [
            {"role": row.role, "group": row.group_id}
            for row in _rows(select(Spared).where(Spared.user_id == user.id).order_by(Spared.group_id, Spared.role))
        ],
        "follows_themes": _rows(
            select(Theme.name).join(ThemeFollow).where(ThemeFollow.user_id == user.id).order_by(Theme.name)
        ),
        "hears_of_themes_at_once": _rows(select(Pace.is_at_once).where(Pace.user_id == user.id)) == [True],
        "told_of_themes": _days(select(Pace.told_on).where(Pace.user_id == user.id)),
        "to_be_told_of": _rows(select(News.question_id).where(News.user_id == user.id).order_by(News.question_id)),
        "helped_by_answers": _rows(select(Help.answer_id).where(Help.user_id == user.id).order_by(Help.answer_id)),
        "log": [
            {"at": moment(row.at), "did": row.deed, "thing": row.thing, "id": row.thing_id}
            for row in _rows(select(AuditEntry).where(AuditEntry.by_id == user.id).order_by(AuditEntry.at))
        ],
    }


def _when(one: Appointment) -> Json:
    return {"begins": one.begins.isoformat(), "zone": one.zone, "minutes": one.minutes, "place": one.place}


def beside_seat(seat: Seat, particulars: Particulars | None) -> Json:
    """Of one seat. `particulars`: what its holder wants printed of themselves."""
    return {
        "language": seat.locale,
        "has_phone": seat.has_phone,
        "came": moment(seat.joined_at),
        "let_in": seat.is_admitted,
        "sent_away": seat.is_expelled,
        "would_rather_not": seat.declines,
        "gave_the_case_of_round": _rows(select(Round.number).where(Round.case_giver_id == seat.id)),
        "marks": list(_marks(seat)),
        "sent": list(_sent(seat)),
        "took_down_for_others": _count(Contribution.taken_down_by == seat.id),
        "approved": list(_approved(seat)),
        "asked_about_cards": _rows(select(Objection.answer).where(Objection.seat_id == seat.id)),
        "personal_link_since": _days(
            select(SeatToken.kept_on).where(SeatToken.seat_id == seat.id, SeatToken.kept_on.is_not(None))
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


def _approved(seat: Seat) -> Iterator[Json]:
    """The yes to the report of a case they gave."""
    own = select(Round.number).where(Round.meeting_id == seat.meeting_id, Round.case_giver_id == seat.id)
    found = select(ApprovalRow).join(VersionRow).join(ReportRow, ReportRow.id == VersionRow.report_id)
    for yes in _rows(found.where(ReportRow.meeting_id == seat.meeting_id, ApprovalRow.case_number.in_(own))):
        yield {"case": yes.case_number, "part": yes.passage, "at": moment(yes.at)}


def _rows(asked: Select[T]) -> list[T]:
    return list(db.session.scalars(asked))


def _moments(asked: Select[datetime]) -> list[str | None]:
    return [moment(found) for found in db.session.scalars(asked)]


def _days(asked: Select[date | None] | Select[date]) -> list[str]:
    return [day.isoformat() for day in db.session.scalars(asked) if day]


def _count(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(which)) or 0


def moment(found: datetime | None) -> str | None:
    """A time as it stands in the file."""
    return found.isoformat() if found else None
