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
    fresh = [_anew(found, row, renamed) for row in old.values()]
    for row in old.values():
        found.session.delete(row)
    found.session.flush()
    for text in sorted(fresh, key=lambda text: text.id):
        found.session.add(text)
        found.session.flush()
    here = found.session.get(models.Step, step.id)
    if here is not None and here.item in renamed:
        here.item = renamed[here.item]


def _anew(found: Change, row: models.Contribution, renamed: dict[str, str]) -> models.Contribution:
    item = found.before.item(row.id)
    assert item is not None
    place = f"contribution:{renamed[row.id]}"
    return models.Contribution(
        id=renamed[row.id],
        meeting_id=row.meeting_id,
        step_id=row.step_id,
        form=row.form,
        body=row.body if item.is_damaged else sealing.seal(found.row.id, place, dict(item.fields)),
        rank=secrets.randbelow(RANKS),
        capability_hash=row.capability_hash,
        is_revealed=row.is_revealed,
        is_done=row.is_done,
        is_removed=row.is_removed,
        joined_to_id=renamed.get(row.joined_to_id or ""),
    )


def _rewrite_counts(found: Change, step: Step) -> None:
    rows = list(found.session.scalars(select(models.Tally).where(models.Tally.step_id == step.id)))
    counts = sorted((row.seat_id, row.form, row.count, row.instead) for row in rows)
    for row in rows:
        found.session.delete(row)
    found.session.flush()
    for seat_id, form, count, instead in counts:
        found.session.add(models.Tally(step_id=step.id, seat_id=seat_id, form=form, count=count, instead=instead))
    found.session.flush()
