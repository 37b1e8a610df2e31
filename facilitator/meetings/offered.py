"""Cases that are offered before a meeting, opened: for their owner, and as much of them as whoever leads was told.

Promises: nobody is told anything that the owner did not want told, and under pseudonyms nobody is told anything; of somebody who left the group
nobody is told any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.groups.models import Member
from facilitator.meetings import models
from facilitator.meetings.snapshot import ToldCase

NOTHING, THAT, WORDS = "", "that", "words"  # what whoever leads is told
PLACE = "offered_case"


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody offers, and how soon they need to go on with it: `can_wait`, `soon` or `now`."""

    title: str
    question: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A case as its owner sees it, and what they told whoever leads. `case` is None where it cannot be read any more."""

    id: str
    case: Case | None
    tells: str


def opened(row: models.OfferedCase) -> Offered:
    """What a row holds."""
    return Offered(row.id, sealing.readable(lambda: _case(row), None), row.tells)


def sealed(case_id: str, case: Case) -> bytes:
    """The other way round."""
    return sealing.seal(case_id, PLACE, {"title": case.title, "question": case.question, "urgency": case.urgency})


def told(session: Session, meeting: models.Meeting) -> tuple[ToldCase, ...]:
    """What people told whoever leads, by their names; the caller has checked who asks."""
    if meeting.uses_pseudonyms:
        return ()
    rows = (
        select(models.OfferedCase, User.name)
        .join(User, User.id == models.OfferedCase.user_id)
        .join(Member, (Member.user_id == User.id) & (Member.group_id == meeting.group_id))
        .where(models.OfferedCase.meeting_id == meeting.id, models.OfferedCase.tells != NOTHING)
        .where(Member.left_at.is_(None), User.active)
        .order_by(User.name, User.id)
    )
    return tuple(_told(row, name) for row, name in session.execute(rows).all())


def _case(row: models.OfferedCase) -> Case:
    body = sealing.unseal(row.id, PLACE, row.body)
    return Case(str(body["title"]), str(body["question"]), str(body["urgency"]))


def _told(row: models.OfferedCase, name: str) -> ToldCase:
    case = opened(row).case if row.tells == WORDS else Case("", "", "")
    return ToldCase(name, case.title, case.question) if case else ToldCase(name, str(sealing.UNREADABLE), "")
