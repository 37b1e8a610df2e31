"""Proof whose years are over, and annexes nobody can reach any more.

Promises: keys go before rows, so nothing half erased can be read; each can be interrupted and run again.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select

from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.proof import store
from facilitator.proof.models import Annex, Sheet


def erase_sheet(sheet_id: str) -> None:
    """Erases the attendance of one meeting with every certificate of it; their numbers are not known any more."""
    store.destroy_key(sheet_id)
    with db.writing() as session:
        sheet = session.get(Sheet, sheet_id)
        if sheet is not None:
            session.delete(sheet)


def forget_seats(seat_ids: Iterable[str]) -> None:
    """Erases the annexes that belong to a seat alone: its personal link ends with the raw input, and nobody could read or
    delete them after that. Those of an account stay its holder's.
    """
    marks = [store.mark("annex", seat_id) for seat_id in seat_ids]
    _erase_annexes(select(Annex.id).where(Annex.holder_mark.in_(marks), Annex.user_id.is_(None)))


def forget_all_annexes(organisation_id: str, seat_ids: Iterable[str]) -> None:
    """Erases every annex of these seats, also of accounts: the meeting goes, and with it the page that opens them."""
    users = select(Annex.user_id).where(Annex.organisation_id == organisation_id, Annex.user_id.is_not(None)).distinct()
    accounts = db.session.scalars(users).all()
    marks = [store.mark("annex", of) for one in seat_ids for of in (one, *(f"{one}:{user}" for user in accounts))]
    _erase_annexes(select(Annex.id).where(Annex.holder_mark.in_(marks)))


def _erase_annexes(which: Select[str]) -> None:
    for annex_id in db.session.scalars(which).all():
        store.destroy_key(annex_id)
        with db.writing() as session:
            annex = session.get(Annex, annex_id)
            if annex is not None:
                session.delete(annex)


def erase_unreadable() -> int:
    """Lets go of every sheet and annex whose key was destroyed, as after an old copy was restored; answers how many."""
    destroyed, count = sealing.keyring().destroyed(), 0
    for kind in (Sheet, Annex):
        for row_id in destroyed & set(db.session.scalars(select(kind.id))):
            with db.writing() as session:
                row = session.get(kind, row_id)
                if row is not None:
                    session.delete(row)
            count += 1
    return count
