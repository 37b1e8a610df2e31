"""Turns the clock of a finished meeting back: the example was played in a second and is to look like an hour, weeks ago.

Only times change: of the meeting, its steps, the moves that start and end it, and of who came and went.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from facilitator.core.db import changing
from facilitator.meetings.models import Action, Meeting, Presence, Seat, Step, Transition

LOBBY = timedelta(minutes=4)
# Real meetings take a little longer here and a little shorter there; a rhythm is enough, so that two runs are alike.
PACE = (1.0, 1.15, 0.9, 1.05, 1.1, 0.95, 0.8, 1.0, 1.25, 0.9)


def move_back(meeting_id: str, began: datetime) -> None:
    """Has a finished meeting begin at a moment, each phase about as long as it was planned."""
    with changing(meeting_id) as session:
        meeting = session.get_one(Meeting, meeting_id)
        steps = list(session.scalars(select(Step).where(Step.meeting_id == meeting_id).order_by(Step.position)))
        moment = began
        for number, step in enumerate(step for step in steps if step.has_begun):
            step.spent = round(step.planned * PACE[number % len(PACE)])
            moment += timedelta(seconds=step.spent)
        meeting.created_at, meeting.opened_at = began - timedelta(days=2), began - LOBBY
        meeting.started_at, meeting.ended_at = began, moment
        moments = {"start": began, "end": moment}
        for transition in session.scalars(select(Transition).where(Transition.meeting_id == meeting_id)):
            transition.at = moments.get(transition.move)
        seats = select(Seat.id).where(Seat.meeting_id == meeting_id)
        for seat in session.scalars(select(Seat).where(Seat.meeting_id == meeting_id)):
            seat.joined_at = began - LOBBY
        for presence in session.scalars(select(Presence).where(Presence.seat_id.in_(seats))):
            presence.came_at = began - LOBBY
            presence.went_at = moment if presence.went_at else None
        for action in session.scalars(select(Action).where(Action.meeting_id == meeting_id)):
            action.due = (moment + timedelta(days=21)).date() if action.due and not action.is_carried else action.due
