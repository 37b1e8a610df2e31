"""Where a method is looked up: by its key, among those that come along and those of one organisation.

Promises: nobody is given a method of another organisation, also not by its key; a method that can no longer be held, because the product
has become stricter, is not offered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from facilitator.core.db import db
from facilitator.methods.loader import judged, load_catalogue
from facilitator.methods.problem import Problem
from facilitator.methods.vocabulary import Method
from facilitator.repertoire.models import MethodVersion, OwnMethod

MOST_KNOWN = 1000
_known: dict[tuple[str, int, datetime], Method | None] = {}


def methods_for(organisation_id: str, *more: str) -> dict[str, Method]:
    """What meetings of an organisation are planned with, by key: what comes along first, then its own by their titles; of those that were
    put away the ones with the keys `more`.
    """
    return {**load_catalogue(), **own_in_use(db.session(), organisation_id, *more)}


def own_in_use(session: Session, organisation_id: str, *more: str) -> dict[str, Method]:
    """Those of them that are its own, as a session sees them."""
    is_offered = OwnMethod.is_put_away.is_(False) | OwnMethod.key.in_(more)
    found = _in_use(session, OwnMethod.organisation_id == organisation_id, is_offered)
    by_title = sorted(found, key=lambda method: method.text("").title.casefold())
    return {method.key: method for method in by_title}


def method_of(organisation_id: str, key: str) -> Method | None:
    """The method with a key, also one that was put away."""
    if key in load_catalogue() or not organisation_id:
        return load_catalogue().get(key)
    found = _in_use(db.session(), OwnMethod.organisation_id == organisation_id, OwnMethod.key == key)
    return next(iter(found), None)


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


def unfit(session: Session) -> list[str]:
    """The keys of all that is offered in any organisation and can no longer be held."""
    is_in_use = (MethodVersion.method_id == OwnMethod.id) & (MethodVersion.number == OwnMethod.in_use)
    offered = select(OwnMethod.key, MethodVersion.document).join(MethodVersion, is_in_use)
    rows = session.execute(offered.where(OwnMethod.is_put_away.is_(False)).order_by(OwnMethod.key))
    return [key for key, document in rows if looked_at(document)[1]]


def looked_at(document: Mapping[str, Any]) -> tuple[Method | None, tuple[Problem, ...]]:
    """What a document says, and what is wrong with it; equal ones are judged once."""
    return _judged(json.dumps(document))


@lru_cache(maxsize=256)
def _judged(document: str) -> tuple[Method | None, tuple[Problem, ...]]:
    method, problems = judged(json.loads(document))
    return method, tuple(problems)


def _in_use(session: Session, *conditions: ColumnElement[bool]) -> list[Method]:
    """The methods in use, those aside that can no longer be held. A version never changes, so its document is fetched and judged once in the
    life of a process; a database that was put back has others, from another moment.
    """
    is_in_use = (MethodVersion.method_id == OwnMethod.id) & (MethodVersion.number == OwnMethod.in_use)
    named = select(MethodVersion.method_id, MethodVersion.number, MethodVersion.made_at)
    found: list[Method] = []
    for version in session.execute(named.join(OwnMethod, is_in_use).where(*conditions)):
        which = (version.method_id, version.number, version.made_at)
        if which not in _known:
            if len(_known) >= MOST_KNOWN:
                _known.clear()
            row = session.get_one(MethodVersion, which[:2])
            method, problems = looked_at(row.document)
            _known[which] = None if problems else method
        method = _known[which]
        found += [method] if method else []
    return found
