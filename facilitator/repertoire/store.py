"""Where a method is looked up: by its key, among those that come along and those of one organisation.

Promises: nobody is given a method of another organisation, also not by its key; a method that can no longer be held, because the product
has become stricter, is not offered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from facilitator.core.db import db
from facilitator.methods.loader import judged, load_catalogue
from facilitator.methods.problem import Problem
from facilitator.methods.vocabulary import Method
from facilitator.repertoire.models import MethodVersion, OwnMethod


def methods_for(organisation_id: str, *more: str) -> dict[str, Method]:
    """What meetings of an organisation are planned with, by key: what comes along first, then its own by their titles; of those that were
    put away the ones with the keys `more`.
    """
    found = {row.key: method for row, method in _in_use(organisation_id) if not row.is_put_away or row.key in more}
    by_title = sorted(found.values(), key=lambda method: method.text("").title.casefold())
    return {**load_catalogue(), **{method.key: method for method in by_title}}


def method_of(organisation_id: str, key: str) -> Method | None:
    """The method with a key, also one that was put away."""
    if key in load_catalogue():
        return load_catalogue()[key]
    return (
        next((method for row, method in _in_use(organisation_id) if row.key == key), None) if organisation_id else None
    )


def own_methods(organisation_id: str) -> list[OwnMethod]:
    """All of them, whatever their state."""
    query = select(OwnMethod).where(OwnMethod.organisation_id == organisation_id).order_by(OwnMethod.key)
    return list(db.session.scalars(query))


def own_method(organisation_id: str, key: str) -> OwnMethod | None:
    """The row of one."""
    return db.session.scalar(
        select(OwnMethod).where(OwnMethod.organisation_id == organisation_id, OwnMethod.key == key)
    )


def versions_of(method: OwnMethod) -> list[MethodVersion]:
    """What it was and is, the newest first."""
    query = select(MethodVersion).where(MethodVersion.method_id == method.id).order_by(MethodVersion.number.desc())
    return list(db.session.scalars(query))


def looked_at(document: Mapping[str, Any]) -> tuple[Method | None, tuple[Problem, ...]]:
    """What a document says, and what is wrong with it; equal ones are judged once."""
    return _judged(json.dumps(document))


@lru_cache(maxsize=256)
def _judged(document: str) -> tuple[Method | None, tuple[Problem, ...]]:
    method, problems = judged(json.loads(document))
    return method, tuple(problems)


def _in_use(organisation_id: str) -> Iterable[tuple[OwnMethod, Method]]:
    rows = db.session.execute(
        select(OwnMethod, MethodVersion.document)
        .join(MethodVersion, (MethodVersion.method_id == OwnMethod.id) & (MethodVersion.number == OwnMethod.in_use))
        .where(OwnMethod.organisation_id == organisation_id)
    )
    for row, document in rows:
        method, problems = looked_at(document)
        if method is not None and not problems:
            yield row, method
