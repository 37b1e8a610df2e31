"""The verbs of an arrangement: propose, accept, end, agree on a moment, check in.

Promises: each asks anew, in the transaction that writes, whether it is theirs (`LookupError` otherwise) and whether it still holds
(`Refused`); declining and ending are one verb: it asks for no reason, and nothing is kept of who it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.arrangements import rules, store
from facilitator.arrangements.models import Arrangement, CheckIn, MomentBetween, MomentYes, Party
from facilitator.arrangements.store import Answers
from facilitator.core import sealing
from facilitator.core.db import db, now, random_id
from facilitator.core.refusals import Refused

MOST_OTHERS = 2
MOST_MOMENTS = 40  # ahead and behind, of one arrangement


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes. `weeks`: every how many there is a check-in, 0 for never."""

    form: str
    goal: str
    until: date
    weeks: int


def colleague(by: User, email: str) -> User | None:
    """The colleague with an address, if there is one who can sign in. Whoever is elsewhere is nobody here."""
    same = (User.organisation_id == by.organisation_id, User.active, User.id != by.id)
    return db.session.scalar(select(User).where(User.email == email.strip().lower(), *same))


def propose(by: User, others: Iterable[User], proposal: Proposal) -> str:
    """Asks others; gives the id of the arrangement."""
    made = Arrangement(
        id=random_id(),
        organisation_id=by.organisation_id,
        form=proposal.form,
        weeks=proposal.weeks,
        proposed_on=now().date(),
        until=proposal.until,
    )
    sealing.keyring().make(made.id)
    made.body = store.seal(made.id, "goal", {"text": proposal.goal})
    with db.writing() as session:
        session.add(made)
        session.flush()
        session.add(Party(arrangement_id=made.id, user_id=by.id, proposed=True, has_accepted=True))
        session.add_all(Party(arrangement_id=made.id, user_id=other.id) for other in others)
    return made.id


def accept(by: User, arrangement_id: str) -> None:
    """Says yes. It begins with the last yes."""
    with db.writing() as session:
        arrangement = _held(session, by, arrangement_id)
        if rules.is_over(arrangement, now().date()):
            raise Refused(_("This has ended. Nothing is asked of you any more."))
        session.get_one(Party, (arrangement_id, by.id)).has_accepted = True
        session.flush()
        missing = select(func.count()).where(Party.arrangement_id == arrangement_id, Party.has_accepted.is_(False))
        if arrangement.begins_on is None and not session.scalar(missing):
            arrangement.begins_on = now().date()


def end(by: User, arrangement_id: str) -> None:
    """Declines it or ends it, whatever it is now, for everybody in it."""
    with db.writing() as session:
        arrangement = _held(session, by, arrangement_id)
        if not rules.is_over(arrangement, now().date()):
            arrangement.ended_on = now().date()


def add_moment(by: User, arrangement_id: str, begins: datetime, zone: str, minutes: int, place: str) -> None:
    """Proposes a moment; it suits whoever proposes it."""
    moment = MomentBetween(id=random_id(), arrangement_id=arrangement_id, begins=begins, zone=zone, minutes=minutes)
    moment.body = store.seal(arrangement_id, f"moment:{moment.id}", {"place": place})
    with db.writing() as session:
        _running(session, by, arrangement_id)
        count = session.scalar(select(func.count()).where(MomentBetween.arrangement_id == arrangement_id)) or 0
        if count >= MOST_MOMENTS:
            raise Refused(_("There are %(most)s moments already. Take one away first.", most=MOST_MOMENTS))
        session.add(moment)
        session.flush()
        session.add(MomentYes(moment_id=moment.id, user_id=by.id))


def suits(by: User, arrangement_id: str, moment_id: str) -> None:
    """Says that a moment suits somebody."""
    with db.writing() as session:
        _running(session, by, arrangement_id)
        moment = _moment(session, arrangement_id, moment_id)
        if session.get(MomentYes, (moment.id, by.id)) is None:
            session.add(MomentYes(moment_id=moment.id, user_id=by.id))


def take_away(by: User, arrangement_id: str, moment_id: str) -> None:
    """Takes a moment away, whoever proposed it."""
    with db.writing() as session:
        _held(session, by, arrangement_id)
        session.delete(_moment(session, arrangement_id, moment_id))


def check_in(by: User, arrangement_id: str, answers: Answers) -> None:
    """Keeps what somebody answers to the three questions today; once more on the same day it is put in other words."""
    check_in_id, today = random_id(), now().date()
    with db.writing() as session:
        _running(session, by, arrangement_id)
        mine = (CheckIn.arrangement_id == arrangement_id, CheckIn.user_id == by.id, CheckIn.written_on == today)
        known = session.scalar(select(CheckIn).where(*mine))
        if known is None:
            known = CheckIn(id=check_in_id, arrangement_id=arrangement_id, user_id=by.id, written_on=today)
        known.body = store.seal_answers(arrangement_id, known.id, answers)
        session.add(known)


def take_back(by: User, arrangement_id: str, check_in_id: str) -> None:
    """Takes back what oneself wrote, also once it is over."""
    with db.writing() as session:
        _held(session, by, arrangement_id)
        found = session.get(CheckIn, check_in_id)
        if found is None or (found.arrangement_id, found.user_id) != (arrangement_id, by.id):
            raise LookupError(check_in_id)
        session.delete(found)


def _held(session: Session, by: User, arrangement_id: str) -> Arrangement:
    """Somebody's own, kept from others while this transaction lasts."""
    rules.take_turn(session, arrangement_id)
    return rules.readable_arrangement(session, by, arrangement_id)


def _running(session: Session, by: User, arrangement_id: str) -> Arrangement:
    arrangement = _held(session, by, arrangement_id)
    if not rules.holds(arrangement, now().date()):
        raise Refused(_("This has ended, or not everybody has said yes yet."))
    return arrangement


def _moment(session: Session, arrangement_id: str, moment_id: str) -> MomentBetween:
    found = session.get(MomentBetween, moment_id)
    if found is None or found.arrangement_id != arrangement_id:
        raise LookupError(moment_id)
    return found
