"""The meetings that an account set up, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from facilitator.accounts.languages import readers_language
from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.meetings import loading, models, titles

LIVE = ("lobby", "running")


@dataclass(frozen=True)
class Listed:
    """A meeting in a list."""

    id: str
    goal: str
    code: str
    status: str
    planned_for: datetime | None
    ended_at: datetime | None
    method_title: str
    people: int


def of_account(user: User, *statuses: str) -> list[Listed]:
    """Those of a few statuses: without a day first, the newest of them first; then the soonest of what is planned, and else the newest."""
    return sorted(map(_listed, rows(user, *statuses)), key=_comes_first)


def rows(user: User, *statuses: str) -> list[models.Meeting]:
    """The newest first."""
    query = (
        select(models.Meeting)
        .where(models.Meeting.organisation_id == user.organisation_id, models.Meeting.created_by == user.id)
        .where(models.is_whole(), models.Meeting.status.in_(statuses))
        .order_by(models.Meeting.created_at.desc())
    )
    return list(db.session.scalars(query))


def _comes_first(one: Listed) -> tuple[bool, datetime]:
    """What has no day yet, the newest first as it was; then the soonest."""
    day = one.planned_for if one.status == "planned" else None
    return day is not None, day or datetime.min.replace(tzinfo=UTC)


def _listed(row: models.Meeting) -> Listed:
    rounds_of = select(models.Round).where(models.Round.meeting_id == row.id).order_by(models.Round.number)
    here = (
        models.Seat.meeting_id == row.id,
        models.Seat.kind == "participant",
        models.Seat.is_expelled.is_(False),
        models.Seat.is_admitted,
    )
    return Listed(
        id=row.id,
        goal=row.goal,
        code=row.code,
        status=row.status,
        planned_for=row.planned_for,
        ended_at=row.ended_at,
        method_title=titles.of_meeting(db.session.scalars(rounds_of), loading.method_of(row), readers_language()),
        people=db.session.scalar(select(func.count()).select_from(models.Seat).where(*here)) or 0,
    )
