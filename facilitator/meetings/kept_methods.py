"""The methods of a plan as the meeting keeps them, for where they are not offered any more.

Promises: planned anew with what is found here, a meeting has the same phases as before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

from facilitator.core.db import db
from facilitator.meetings import loading, models
from facilitator.meetings.snapshot import phase_from
from facilitator.methods.vocabulary import Method, MethodHead


def kept_methods(row: models.Meeting) -> dict[str, Method]:
    """By key, that of the first case first. Of one that only a further case has, nothing but its name and the phases of a case are kept:
    around these it is like the first.
    """
    rounds = list(
        db.session.scalars(
            select(models.Round).where(models.Round.meeting_id == row.id).order_by(models.Round.number),
        )
    )
    steps = db.session.execute(
        select(models.Step.round_id, models.Step.phase)
        .where(models.Step.meeting_id == row.id)
        .order_by(models.Step.position)
    ).all()
    head, found = loading.method_of(row), dict[str, Method]()
    for one in rounds:
        is_first = one is rounds[0]
        phases = [phase_from(json.dumps(phase)) for of, phase in steps if of == one.id or (is_first and of is None)]
        by_key = {phase.key: phase for phase in phases}  # a choice put before a case that has one already counts once
        named = head if is_first else _named(head, one.method_key, one.method_titles)
        method = Method.model_construct(**dict(named), phases=tuple(by_key.values()))
        found.setdefault(one.method_key, method)
    return found


def _named(head: MethodHead, key: str, titles: Mapping[str, str]) -> MethodHead:
    texts = {language: head.text(language).model_copy(update={"title": title}) for language, title in titles.items()}
    return head.model_copy(update={"key": key, "texts": texts})
