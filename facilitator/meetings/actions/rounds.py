"""A second case in the same meeting: its phases are the first one's, put before the closing."""

from __future__ import annotations

from facilitator.meetings import loading, models
from facilitator.meetings.actions.base import Change
from facilitator.methods.vocabulary import Part


def add_round(found: Change) -> None:
    """Adds a round with the phases and planned minutes of the first."""
    meeting_id, session, before = found.row.id, found.session, found.before
    rows = loading.step_rows(session, meeting_id)
    copied = [row for row in rows if row.round_id == before.rounds[0].id]
    closing = [row for row in rows if before.phases[row.id].part is Part.CLOSING]
    place = closing[0].position if closing else rows[-1].position + 1
    added = models.Round(meeting_id=meeting_id, number=len(before.rounds) + 1)
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
