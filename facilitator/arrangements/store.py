"""Putting the words of an arrangement away and getting them out again: sealed on the way in, opened here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select

from facilitator.arrangements.models import Arrangement, CheckIn, MomentBetween, Offer
from facilitator.core import sealing
from facilitator.core.db import Base, db


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answers to the three questions of a check-in."""

    well: str
    hard: str
    need: str


def seal(arrangement_id: str, place: str, body: dict[str, str]) -> bytes:
    """Raises LookupError where the arrangement is gone by now."""
    try:
        return sealing.seal(arrangement_id, place, body)
    except sealing.KeyIsGone as gone:
        raise LookupError(arrangement_id) from gone


def seal_answers(arrangement_id: str, check_in_id: str, answers: Answers) -> bytes:
    """Raises LookupError as `seal` does."""
    return seal(arrangement_id, f"check_in:{check_in_id}", asdict(answers))


def goal_of(arrangement: Arrangement) -> str:
    """Raises `sealing.Unreadable`."""
    return str(sealing.unseal(arrangement.id, "goal", arrangement.body)["text"])


def place_of(moment: MomentBetween) -> str:
    """Raises `sealing.Unreadable`."""
    return str(sealing.unseal(moment.arrangement_id, f"moment:{moment.id}", moment.body)["place"])


def answers_of(check_in: CheckIn) -> Answers:
    """Raises `sealing.Unreadable`."""
    body = sealing.unseal(check_in.arrangement_id, f"check_in:{check_in.id}", check_in.body)
    return Answers(str(body["well"]), str(body["hard"]), str(body["need"]))


def offer_of(offer: Offer) -> str:
    """Raises `sealing.Unreadable`."""
    return str(sealing.unseal(offer.id, "offer", offer.body)["text"])


def shown_goal(arrangement: Arrangement) -> str:
    """The goal or, where it does not open, what stands in its place."""
    return sealing.readable(lambda: goal_of(arrangement), str(sealing.UNREADABLE))


def erase(arrangement_ids: Iterable[str]) -> int:
    """Erases arrangements with all that was written in them, their keys first; answers how many."""
    return _erase(Arrangement, arrangement_ids)


def erase_offers(offer_ids: Iterable[str]) -> int:
    """The same for offers."""
    return _erase(Offer, offer_ids)


def erase_unreadable() -> int:
    """Those that came back with an old copy, or were left by an interruption: their keys are destroyed, and they go again."""
    gone = sealing.keyring().destroyed()
    return sum(_erase(kind, set(db.session.scalars(select(kind.id))) & gone) for kind in (Arrangement, Offer))


def _erase(kind: type[Arrangement] | type[Offer], ids: Iterable[str]) -> int:
    gone = sorted(ids)
    for one in gone:
        sealing.keyring().destroy(one)
    if gone:
        with db.writing() as session:
            session.execute(delete(kind).where(kind.id.in_(gone)))
        own, every = kind.__table__, Base.metadata.tables.values()
        tables = [t.name for t in every if t is own or any(key.column.table is own for key in t.foreign_keys)]
        sealing.let_go_of_deleted(db.engine, *tables)
    return len(gone)
