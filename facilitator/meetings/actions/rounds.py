"""Further cases of a meeting: each with its own method, kept with it, between what was there and the closing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models, rules
from facilitator.meetings.actions.base import Change
from facilitator.meetings.machine import Step
from facilitator.meetings.snapshot import Round, phase_from
from facilitator.meetings.titles import titles_of
from facilitator.methods import rounds
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method, Part, Phase


@dataclass(frozen=True)
class Planned:
    """A phase as a meeting will have it, and how many seconds it is planned for."""

    phase: Phase
    seconds: float

    def row(self, meeting_id: str, round_id: str | None, position: int) -> models.Step:
        """Its step, with a copy of the phase."""
        return models.Step(
            meeting_id=meeting_id,
            round_id=round_id,
            position=position,
            phase=self.phase.model_dump(mode="json"),
            planned=self.seconds,
            speakers=[],
        )


def new_round(session: Session, meeting_id: str, number: int, method_key: str, titles: dict[str, str]) -> models.Round:
    """A case by a method, without its steps."""
    row = models.Round(meeting_id=meeting_id, number=number, method_key=method_key, method_titles=titles)
    session.add(row)
    session.flush()
    return row


def add_round(found: Change, method_key: str) -> None:
    """Adds a case by a method; by one that this meeting has already as it is here, with the minutes that were planned."""
    before, session, meeting_id = found.before, found.session, found.row.id
    key = method_key or before.rounds[0].method_key
    known = next((one for one in before.rounds if one.method_key == key), None)
    method = load_catalogue().get(key)
    if known is not None:
        planned, titles = _as_here(found, known), dict(known.method_titles)
    elif method is not None and rounds.of_a_case(method):
        planned, titles = [Planned(phase, phase.minutes * 60) for phase in rounds.of_a_case(method)], titles_of(method)
    else:
        raise Refused("no_such_method", 422)
    choice = _choice(found, method)
    added = new_round(session, meeting_id, len(before.rounds) + 1, key, titles)
    _insert(found, added.id, [*([Planned(choice, choice.minutes * 60)] if choice else []), *planned])


def offer_again(found: Change, step: Step) -> None:
    """Brings the cases that were not chosen to the step in which the group chooses the next one, with their doubles."""
    offered = {item.id for item in rules.kept_for_later(found.now())}
    for item in found.before.items:
        if item.id in offered or item.joined_to_id in offered:
            found.item_row(item.id).step_id = step.id


def _as_here(found: Change, known: Round) -> list[Planned]:
    before = found.before
    steps = (step for step in before.state.steps if step.round_id == known.id and step.part is Part.ROUND)
    return [Planned(before.phases[step.id], step.planned) for step in steps]


def _choice(found: Change, method: Method | None) -> Phase | None:
    """How a further case is chosen: as in the opening of this meeting, also where that was left out, or else as the method has it."""
    rows = found.session.execute(
        select(models.Step.phase)
        .where(models.Step.meeting_id == found.row.id, models.Step.round_id.is_(None))
        .order_by(models.Step.position)
    )
    here = tuple(phase_from(json.dumps(phase)) for (phase,) in rows)
    return rounds.choice(here) or (rounds.choice(method.phases) if method else None)


def _insert(found: Change, round_id: str, planned: Sequence[Planned]) -> None:
    session, rows = found.session, loading.step_rows(found.session, found.row.id)
    closing = [row for row in rows if found.before.phases[row.id].part is Part.CLOSING]
    place = closing[0].position if closing else rows[-1].position + 1
    for row in reversed(closing):  # the last one first: two steps never share a position, not even for a moment
        row.position += len(planned)
        session.flush()
    for offset, one in enumerate(planned):
        session.add(one.row(found.row.id, round_id, place + offset))
