"""Makes it impossible to tell from the database itself who wrote what without a name.

The threat: whoever can read the raw database sees which rows were written by the same transaction, and in which order.
So when anonymous texts are revealed, or their step is left, all of them and all counts of that step are written anew, by
one transaction, in the order of fresh random names. Nothing then tells which text came with which count.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select

from facilitator.core import sealing
from facilitator.core.db import random_id
from facilitator.meetings import models
from facilitator.meetings.actions.base import RANKS, Change
from facilitator.meetings.machine import Step

# Beside `Step.item` and `Step.done`. An op of an anonymous text points at none.
POINT_AT_TEXTS = (
    models.Mark.contribution_id,
    models.Action.contribution_id,
    models.Round.case_id,
    models.Contribution.about_id,
    models.Contribution.joined_to_id,
)


def mix_anonymous(found: Change, step: Step) -> None:
    """Writes the anonymous texts and the counts of a step anew; a step without such forms stays as it is."""
    forms = [form.key for form in found.before.now.phase.forms if form.is_anonymous]
    if not forms:
        return
    found.session.flush()
    _rewrite_texts(found, step, forms)
    _rewrite_counts(found, step)


def _rewrite_texts(found: Change, step: Step, forms: list[str]) -> None:
    query = select(models.Contribution).where(
        models.Contribution.step_id == step.id, models.Contribution.form.in_(forms)
    )
    old = {row.id: row for row in found.session.scalars(query)}
    renamed = {old_id: random_id() for old_id in old}
    for text in sorted((_anew(found, row, renamed) for row in old.values()), key=lambda text: text.id):
        found.session.add(text)
        found.session.flush()
    _point_at(found, renamed)
    for row in old.values():
        found.session.delete(row)
    found.session.flush()


def _anew(found: Change, row: models.Contribution, renamed: dict[str, str]) -> models.Contribution:
    item = found.before.item(row.id)
    assert item is not None
    same = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    if not item.is_damaged:
        same["body"] = sealing.seal(row.key_of or found.row.id, f"contribution:{renamed[row.id]}", dict(item.fields))
    return models.Contribution(**{**same, "id": renamed[row.id], "rank": secrets.randbelow(RANKS)})


def _point_at(found: Change, renamed: dict[str, str]) -> None:
    """Has whatever points at these texts point at them under their new names, in whichever step it is."""
    session = found.session
    for step in session.scalars(select(models.Step).where(models.Step.meeting_id == found.row.id)):
        step.item = renamed.get(step.item or "", step.item)
        if not renamed.keys().isdisjoint(step.done):
            step.done = [renamed.get(text, text) for text in step.done]
    for column in POINT_AT_TEXTS:
        for row in session.scalars(select(column.class_).where(column.in_(list(renamed)))):
            setattr(row, column.key, renamed[getattr(row, column.key)])
    session.flush()


def _rewrite_counts(found: Change, step: Step) -> None:
    rows = list(found.session.scalars(select(models.Tally).where(models.Tally.step_id == step.id)))
    counts = sorted((row.seat_id, row.form, row.count, row.instead) for row in rows)
    for row in rows:
        found.session.delete(row)
    found.session.flush()
    for seat_id, form, count, instead in counts:
        found.session.add(models.Tally(step_id=step.id, seat_id=seat_id, form=form, count=count, instead=instead))
    found.session.flush()
