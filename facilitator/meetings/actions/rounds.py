"""Which phases a meeting has: further cases, each with its own method, between what was there and the closing, and which option is taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.core.refusals import Refused
from facilitator.meetings import models, rules
from facilitator.meetings.actions.base import Change
from facilitator.meetings.machine import Step
from facilitator.meetings.snapshot import Round, phase_from
from facilitator.meetings.titles import HasMethod, named
from facilitator.methods import rounds, timing
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method, Part, Phase
from facilitator.repertoire.store import own_in_use

CLOCK = ("planned", "added", "spent", "running_since", "has_begun", "is_skipped")


@dataclass(frozen=True)
class Planned:
    """A phase as a meeting will have it, and how many seconds it is planned for."""

    phase: Phase
    seconds: float

    def row(self, meeting_id: str, round_id: str | None, position: int, *, is_held: bool) -> models.Step:
        """Its step, with a copy of the phase. An option that is not held waits until it is taken."""
        return models.Step(
            meeting_id=meeting_id,
            round_id=round_id,
            position=position,
            phase=self.phase.model_dump(mode="json"),
            planned=self.seconds,
            speakers=[],
            is_left_out=not is_held,
        )


def new_round(session: Session, meeting_id: str, number: int, by: HasMethod, *, is_in_turn: bool) -> models.Round:
    """A case by a method, without its steps."""
    row = models.Round(
        meeting_id=meeting_id,
        number=number,
        method_key=by.method_key,
        method_titles=dict(by.method_titles),
        method_roles={language: dict(words) for language, words in by.method_roles.items()},
        is_in_turn=is_in_turn,
    )
    session.add(row)
    session.flush()
    return row


def add_round(found: Change, method_key: str) -> None:
    """Adds a case by a method; by one that this meeting has already as it is here, with the minutes that were planned."""
    before, session, meeting_id = found.before, found.session, found.row.id
    key = method_key or before.rounds[0].method_key
    known = next((one for one in before.rounds if one.method_key == key), None)
    method = load_catalogue().get(key) or own_in_use(session, before.organisation_id).get(key)
    by: HasMethod
    if known is not None:
        by, planned = known, _as_here(found, known)
    elif method is not None and rounds.of_a_case(method):
        by, planned = named(method), [Planned(phase, phase.minutes * 60) for phase in rounds.of_a_case(method)]
    else:
        raise Refused("no_such_method", 422)
    choice = _choice(found, method)
    is_in_turn = known is not None and known.is_in_turn
    added = new_round(session, meeting_id, len(before.rounds) + 1, by, is_in_turn=is_in_turn)
    _insert(found, added.id, [*([Planned(choice, choice.minutes * 60)] if choice else []), *planned])


def offer_again(found: Change, step: Step) -> None:
    """Brings the cases that were not chosen to the step in which the group chooses the next one, with their doubles."""
    offered = {item.id for item in rules.kept_for_later(found.now())}
    for item in found.before.items:
        if item.id in offered or item.joined_to_id in offered:
            found.item_row(item.id).step_id = step.id


def give_turn(found: Change, step: Step) -> None:
    """Makes a case that is nobody's yet that of whoever is client next; where nobody is, the moderator names somebody or goes on."""
    around = found.before.round_of(step)
    row = found.session.get(models.Round, around.id) if around else None
    if row is None or not row.is_in_turn or row.case_giver_id is not None:
        return
    meeting = found.now()
    row.case_giver_id = next((seat.id for seat in rules.next_clients(meeting)), None)


def _as_here(found: Change, known: Round) -> list[Planned]:
    """The phases of a case of this meeting as it has them, with the options that were not taken."""
    of_case = (row for row in _every_row(found.session, found.row.id) if row.round_id == known.id)
    planned = ((phase_from(json.dumps(row.phase)), row) for row in of_case)
    return [
        Planned(phase, row.planned)
        for phase, row in planned
        if phase.part is Part.ROUND and (phase.option_of or not row.is_left_out)
    ]


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
    session, rows = found.session, _every_row(found.session, found.row.id)
    closing = [row for row in rows if row.phase["part"] == Part.CLOSING]
    place = closing[0].position if closing else rows[-1].position + 1
    for row in reversed(closing):  # the last one first: two steps never share a position, not even for a moment
        row.position += len(planned)
        session.flush()
    held = timing.counted([one.phase for one in planned])
    for offset, one in enumerate(planned):
        session.add(one.row(found.row.id, round_id, place + offset, is_held=one.phase in held))


def take(found: Change, held_id: str, key: str, *, is_taken: bool) -> None:
    """Puts the option with a key in the place of one that was to be held, with its time and its clock. They stand beside each other."""
    old = found.session.get_one(models.Step, held_id)
    of = found.before.phases[held_id].option_of
    new = next(
        row
        for row in _every_row(found.session, found.row.id)
        if row.round_id == old.round_id and (row.phase["key"], row.phase["option_of"]) == (key, of)
    )
    if new is not old:
        new.is_left_out, old.is_left_out = False, True
        for word in CLOCK:
            setattr(new, word, getattr(old, word))
        old.spent, old.running_since, old.has_begun = 0.0, None, False
    old.is_taken, new.is_taken = False, is_taken


def _every_row(session: Session, meeting_id: str) -> list[models.Step]:
    """The steps of a meeting in order, with those that are left out."""
    rows = select(models.Step).where(models.Step.meeting_id == meeting_id).order_by(models.Step.position)
    return list(session.scalars(rows))
