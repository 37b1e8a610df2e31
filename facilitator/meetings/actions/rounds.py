"""A second case in the same meeting: its phases are the first one's, put before the closing."""

from __future__ import annotations

from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models
from facilitator.meetings.actions.base import change, require_moderator
from facilitator.methods.vocabulary import Part


def add_round(meeting_id: str, moderator_id: str, seen_turn: int) -> None:
    """Adds a round with the phases and planned minutes of the first, as long as the closing has not begun."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        state, session = found.before.state, found.session
        if seen_turn != state.turn:
            raise Refused("moved_already")
        if found.row.status != "running" or state.step is None:
            raise Refused("not_running")
        if state.step.part is Part.CLOSING:
            raise Refused("closing_began")
        rows = loading.step_rows(session, meeting_id)
        first = found.before.rounds[0]
        copied = [row for row in rows if row.round_id == first.id]
        if not copied:
            raise Refused("no_case")
        closing = [row for row in rows if found.before.phases[row.id].part is Part.CLOSING]
        place = closing[0].position if closing else rows[-1].position + 1
        added = models.Round(meeting_id=meeting_id, number=len(found.before.rounds) + 1)
        session.add(added)
        session.flush()
        for row in reversed(closing):  # the last one first: two steps never share a position, not even for a moment
            row.position += len(copied)
            session.flush()
        for offset, row in enumerate(copied):
            session.add(
                models.Step(
                    meeting_id=meeting_id,
                    round_id=added.id,
                    position=place + offset,
                    phase=row.phase,
                    planned=row.planned,
                    speakers=[],
                )
            )
        found.row.turn += 1
        session.add(models.Transition(meeting_id=meeting_id, turn=found.row.turn, move="add_round"))
