"""The methods of a plan as the meeting keeps them, for where they are not offered any more.

Promises: planned anew with what is found here, a meeting has the same phases as before.
"""

from __future__ import annotations

import json

from sqlalchemy import select

from facilitator.core.db import db
from facilitator.meetings import loading, models
from facilitator.meetings.snapshot import phase_from
from facilitator.methods.vocabulary import Method, MethodHead, Role


def kept_methods(row: models.Meeting) -> dict[str, Method]:
    """By key, that of the first case first. Of one that only a further case has, nothing but its names and the phases of a case are kept:
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
    if not rounds:  # its cases are held at tables
        found[row.method_key] = Method.model_construct(
            **dict(head), phases=tuple(phase_from(json.dumps(phase)) for _of, phase in steps)
        )
    for one in rounds:
        is_first = one is rounds[0]
        phases = [phase_from(json.dumps(phase)) for of, phase in steps if of == one.id or (is_first and of is None)]
        by_key = {phase.key: phase for phase in phases}  # a choice put before a case that has one already counts once
        named = head if is_first else _named(head, one)
        method = Method.model_construct(**dict(named), phases=tuple(by_key.values()))
        found.setdefault(one.method_key, method)
    return found


def _named(head: MethodHead, one: models.Round) -> MethodHead:
    texts = {
        language: head.text(language).model_copy(update={"title": title, "roles": _roles(one, language)})
        for language, title in one.method_titles.items()
    }
    return head.model_copy(update={"key": one.method_key, "texts": texts})


def _roles(one: models.Round, language: str) -> dict[Role, str]:
    return {Role(role): word for role, word in one.method_roles.get(language, {}).items()}
