"""The verbs of an organisation's own methods. Each asks anew whether the method is theirs: LookupError where it is not.

Promises: of two people who change the same part at once the second is told so, and nothing of either is lost; a draft that makes
place for an earlier version is kept as one; a method is taken into use only where nothing is wrong with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import audit, lengths
from facilitator.core.audit import Deed
from facilitator.core.db import db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.core.threads import OneThread
from facilitator.methods.limits import shape_problems
from facilitator.methods.loader import load_catalogue
from facilitator.methods.problem import Problem
from facilitator.methods.shortening import shortened
from facilitator.repertoire.models import MethodVersion, OwnMethod
from facilitator.repertoire.store import looked_at, own_method

OWN = "own_"  # no key of the catalogue begins like this
TELLING = 6  # letters by which equal keys of several organisations are told apart
MOST_LETTERS = 300_000  # of a document
MOST_METHODS = 100  # of an organisation
Document = dict[str, Any]
_aside = OneThread()


class Moved(Refused):
    """Somebody else changed the same part; `now` is what it is now."""

    def __init__(self, now: object) -> None:
        super().__init__("changed_meanwhile", 409)
        self.now = now


class Unplayable(Refused):
    """What is wrong with a method that was to be taken into use."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("unplayable", 422)
        self.problems = tuple(problems)


def seen(part: object) -> str:
    """What tells one state of a part from another."""
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def bring(by: User, document: Document) -> str:
    """A new method of an organisation with this document as its draft; gives its key, which stays where it can be kept. Raises
    `Refused` where there is no room, for so much (`too_long`) or for one more (`too_many`).
    """
    _require_room(document)
    short = _aside(partial(shortened, document))
    with db.writing() as session:
        take_turns(session, f"methods:{by.organisation_id}")
        mine = select(func.count()).where(OwnMethod.organisation_id == by.organisation_id)
        if (session.scalar(mine) or 0) >= MOST_METHODS:
            raise Refused("too_many")
        key = _free_key(session, by.organisation_id, str(document.get("key", "")))
        method = OwnMethod(
            organisation_id=by.organisation_id,
            key=key,
            draft={**short, "key": key},
            changed_by=by.id,
            changed_at=now(),
        )
        session.add(method)
        session.flush()
        audit.note(session, by.organisation_id, by.id, Deed.CHANGED, "method", method.id)
        return key


def change(
    by: User, key: str, as_seen: str, part: Callable[[Document], object], put: Callable[[Document], Document]
) -> None:
    """Changes the draft where the part is still as it was seen, else raises `Moved`. Another part may change at the same moment."""
    while True:
        before = _draft(by, key)
        if seen(part(before)) != as_seen:
            raise Moved(part(before))
        wanted = put(before)
        _require_room(wanted)
        draft = _aside(partial(shortened, wanted))  # not while others wait to write
        with _own(by, key) as (session, method):
            if method.draft != before:
                continue
            if draft != before:
                method.draft, method.changed_by, method.changed_at = draft, by.id, now()
                audit.note(session, by.organisation_id, by.id, Deed.CHANGED, "method", method.id)
            return


def take_into_use(by: User, key: str, draft: Document | None = None) -> int:
    """Makes the next version of the draft, with which meetings are planned from now on; gives its number. Raises `Unplayable`, and
    `Moved` where it is not the draft any more that somebody looked at.
    """
    with _own(by, key) as (session, method):
        if draft is not None and draft != method.draft:
            raise Moved(method.draft)
        found, problems = looked_at(method.draft)
        if found is None or problems:
            raise Unplayable(problems)
        before = session.get(MethodVersion, (method.id, method.in_use)) if method.in_use else None
        if before is None or before.document != method.draft:
            method.in_use = _new_version(session, method, by.id, now())
            audit.note(session, by.organisation_id, by.id, Deed.PUBLISHED, "method", method.id)
        method.is_put_away = False
        assert method.in_use is not None
        return method.in_use


def back_to(by: User, key: str, number: int, as_seen: str) -> int | None:
    """Makes an earlier version the draft again. The draft that goes is kept as the newest version, not in use, unless it is one already;
    gives its number. Raises `Moved` where it is not the draft any more that was seen.
    """
    with _own(by, key) as (session, method):
        version = session.get(MethodVersion, (method.id, number))
        if version is None:
            raise LookupError(number)
        if seen(method.draft) != as_seen:
            raise Moved(method.draft)
        kept = None
        known = session.scalars(select(MethodVersion.document).where(MethodVersion.method_id == method.id))
        if method.draft not in known.all():
            kept = _new_version(session, method, method.changed_by, method.changed_at)
        method.draft, method.changed_by, method.changed_at = version.document, by.id, now()
        audit.note(session, by.organisation_id, by.id, Deed.CHANGED, "method", method.id)
        return kept


def _new_version(session: Session, method: OwnMethod, made_by: str | None, made_at: datetime) -> int:
    last = session.scalar(select(func.max(MethodVersion.number)).where(MethodVersion.method_id == method.id))
    number = (last or 0) + 1
    session.add(
        MethodVersion(method_id=method.id, number=number, document=method.draft, made_by=made_by, made_at=made_at)
    )
    return number


def put_away(by: User, key: str, is_put_away: bool) -> None:
    """Offers a method no longer, or again."""
    with _own(by, key) as (session, method):
        method.is_put_away = is_put_away
        audit.note(
            session, by.organisation_id, by.id, Deed.WITHDREW if is_put_away else Deed.CHANGED, "method", method.id
        )


def erase(by: User, key: str) -> None:
    """Erases a method that was put away, with all its versions. Meetings keep what they have of it."""
    with _own(by, key) as (session, method):
        if not method.is_put_away:
            raise Refused("in_use")
        audit.note(session, by.organisation_id, by.id, Deed.ERASED, "method", method.id)
        session.delete(method)


def _draft(by: User, key: str) -> Document:
    db.session.expire_all()
    found = own_method(by.organisation_id, key)
    if found is None:
        raise LookupError(key)
    return found.draft


def _require_room(document: Document) -> None:
    if len(json.dumps(document)) > MOST_LETTERS or any(shape_problems(document)):
        raise Refused("too_long", 413)


@contextmanager
def _own(by: User, key: str) -> Iterator[tuple[Session, OwnMethod]]:
    with db.writing() as session:
        take_turns(session, f"methods:{by.organisation_id}")
        found = session.scalar(
            select(OwnMethod).where(OwnMethod.organisation_id == by.organisation_id, OwnMethod.key == key)
        )
        if found is None:
            raise LookupError(key)
        yield session, found


def _free_key(session: Session, organisation_id: str, wanted: str) -> str:
    taken = set(session.scalars(select(OwnMethod.key).where(OwnMethod.organisation_id == organisation_id)))
    if wanted.startswith(OWN) and wanted not in taken and len(wanted) <= lengths.KEY:
        return wanted
    base = (wanted if wanted in load_catalogue() else wanted.removeprefix(OWN).rpartition("_")[0]) or "method"
    room = lengths.KEY - len(OWN) - TELLING - 1
    while True:
        key = f"{OWN}{base[:room]}_{random_id(TELLING)}"
        if key not in taken:
            return key
