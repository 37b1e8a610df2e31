"""What the pages of arrangements show: the list of somebody's own, and one with its moments and check-ins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.arrangements import rules, store
from facilitator.arrangements.models import FORMS, Arrangement, CheckIn, MomentBetween, MomentYes, Party
from facilitator.arrangements.store import Answers
from facilitator.calendar.saying import Said, said
from facilitator.core import sealing
from facilitator.core.config import settings
from facilitator.core.db import now


class State(StrEnum):
    """How an arrangement stands, for one of its people."""

    ASKED = "asked"  # it waits for their own yes
    WAITS = "waits"  # for somebody else's
    HOLDS = "holds"
    OVER = "over"
    NEVER = "never"  # it has ended without having begun


ENDED = (State.OVER, State.NEVER)
FEWEST = 4  # arrangements of a form of which their number is told


@dataclass(frozen=True, slots=True)
class Line:
    """An arrangement in a list. `due`: the day of a check-in that this person has not written yet."""

    id: str
    form: str
    goal: str
    others: Sequence[str]
    state: State
    proposed_on: date
    until: date
    due: date | None


@dataclass(frozen=True, slots=True)
class Meet:
    """A moment. `is_mine`: it suits whoever reads; `is_agreed`: it suits everybody."""

    id: str
    when: Said
    place: str
    is_past: bool
    is_mine: bool
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What somebody answered on a day."""

    id: str
    who: str
    is_mine: bool
    day: date
    answers: Answers | None


@dataclass(frozen=True, slots=True)
class Whole:
    """An arrangement with everything in it. `goes_on`: the day on which it is erased, once it is over."""

    line: Line
    weeks: int
    meets: Sequence[Meet]
    check_ins: Sequence[CheckedIn]
    has_checked_in: bool
    goes_on: date | None


def mine(session: Session, user: User) -> list[Line]:
    """Somebody's own arrangements, the newest first."""
    rows = session.scalars(rules.readable(user).order_by(Arrangement.proposed_on.desc(), Arrangement.id)).all()
    return lines(session, user, rows)


def lines(session: Session, user: User, arrangements: Sequence[Arrangement]) -> list[Line]:
    """Arrangements as they stand in a list; what was erased meanwhile is left out."""
    sealing.keyring().open(one.id for one in arrangements)
    parties, latest = _parties(session, arrangements), _latest(session, user)

    def line(one: Arrangement, goal: str) -> Line:
        people = parties[one.id]
        return Line(
            id=one.id,
            form=one.form,
            goal=goal,
            others=[name for party, name in people if party.user_id != user.id],
            state=_state(one, next(party for party, _ in people if party.user_id == user.id)),
            proposed_on=one.proposed_on,
            until=one.until,
            due=still_due(one, latest.get(one.id)),
        )

    return list(
        sealing.each(
            arrangements, lambda one: line(one, store.goal_of(one)), lambda one: line(one, store.shown_goal(one))
        )
    )


def whole(session: Session, user: User, arrangement: Arrangement) -> Whole:
    """Raises `LookupError` where it was erased this very moment."""
    found = lines(session, user, [arrangement])
    if not found:
        raise LookupError(arrangement.id)
    check_ins = _check_ins(session, user, arrangement)
    today = now().date()
    days = timedelta(days=user.organisation.raw_days_after_meeting)
    return Whole(
        line=found[0],
        weeks=arrangement.weeks,
        meets=_meets(session, user, arrangement),
        check_ins=check_ins,
        has_checked_in=any(one.is_mine and one.day == today for one in check_ins),
        goes_on=rules.over_on(arrangement) + days if rules.is_over(arrangement, today) else None,
    )


def last_due(arrangement: Arrangement, today: date) -> date | None:
    """The last day on which there was to be a check-in, up to today."""
    if not arrangement.weeks or arrangement.begins_on is None or not rules.holds(arrangement, today):
        return None
    every = timedelta(weeks=arrangement.weeks)
    times = (today - arrangement.begins_on) // every
    return arrangement.begins_on + times * every if times > 0 else None


def still_due(arrangement: Arrangement, latest: date | None) -> date | None:
    """The same, where somebody who wrote last on a day has not checked in since."""
    due = last_due(arrangement, now().date())
    return due if due is not None and (latest is None or latest < due) else None


def people_of(session: Session, arrangement_id: str) -> list[tuple[Party, User]]:
    """Whoever is in an arrangement and may sign in."""
    query = select(Party, User).join(User, User.id == Party.user_id).where(Party.arrangement_id == arrangement_id)
    return [(party, user) for party, user in session.execute(query.where(User.active).order_by(User.name, User.id))]


def numbers(session: Session, organisation_id: str) -> list[tuple[str, int]]:
    """How many arrangements of each form there are now; nothing of a form that has fewer than four, or fewer than four people."""
    every = session.scalars(select(Arrangement).where(Arrangement.organisation_id == organisation_id)).all()
    held = {one.id: one.form for one in every if rules.holds(one, now().date())}
    found, people = Counter(held.values()), defaultdict[str, set[str]](set)
    for party in session.scalars(select(Party).where(Party.arrangement_id.in_(held))):
        people[held[party.arrangement_id]].add(party.user_id)
    return [(form, found[form]) for form in FORMS if min(found[form], len(people[form])) >= FEWEST]


def _parties(session: Session, arrangements: Iterable[Arrangement]) -> dict[str, list[tuple[Party, str]]]:
    query = select(Party, User.name).join(User, User.id == Party.user_id).order_by(User.name, User.id)
    found: dict[str, list[tuple[Party, str]]] = defaultdict(list)
    for party, name in session.execute(query.where(Party.arrangement_id.in_([one.id for one in arrangements]))):
        found[party.arrangement_id].append((party, name))
    return found


def _latest(session: Session, user: User) -> dict[str, date]:
    """The day on which somebody checked in last, by arrangement."""
    query = select(CheckIn.arrangement_id, func.max(CheckIn.written_on)).where(CheckIn.user_id == user.id)
    return {row[0]: row[1] for row in session.execute(query.group_by(CheckIn.arrangement_id))}


def _state(one: Arrangement, party: Party) -> State:
    today = now().date()
    if rules.is_over(one, today):
        return State.OVER if one.begins_on else State.NEVER
    if rules.holds(one, today):
        return State.HOLDS
    return State.WAITS if party.has_accepted else State.ASKED


def _meets(session: Session, user: User, arrangement: Arrangement) -> list[Meet]:
    query = select(MomentBetween).where(MomentBetween.arrangement_id == arrangement.id)
    moments = session.scalars(query.order_by(MomentBetween.begins, MomentBetween.id)).all()
    agreed = agreed_by(session, [one.id for one in moments])
    everybody = len(people_of(session, arrangement.id))
    return [
        Meet(
            id=one.id,
            when=said(one, settings().timezone),
            place=shown_place(one),
            is_past=one.until <= now(),
            is_mine=user.id in agreed[one.id],
            is_agreed=len(agreed[one.id]) >= everybody,
        )
        for one in moments
    ]


def shown_place(moment: MomentBetween) -> str:
    """Where it is or, where that does not open, what stands in its place."""
    return sealing.readable(lambda: store.place_of(moment), str(sealing.UNREADABLE))


def agreed_by(session: Session, moment_ids: Sequence[str]) -> dict[str, set[str]]:
    """Whom each moment suits, of those who may sign in."""
    found: dict[str, set[str]] = defaultdict(set)
    query = select(MomentYes.moment_id, MomentYes.user_id).join(User, User.id == MomentYes.user_id)
    query = query.where(MomentYes.moment_id.in_(moment_ids), User.active)
    for moment_id, user_id in session.execute(query):
        found[moment_id].add(user_id)
    return found


def _check_ins(session: Session, user: User, arrangement: Arrangement) -> list[CheckedIn]:
    query = select(CheckIn, User.name).join(User, User.id == CheckIn.user_id)
    query = query.where(CheckIn.arrangement_id == arrangement.id).order_by(
        CheckIn.written_on.desc(), User.name, CheckIn.id
    )

    def checked(one: CheckIn, name: str, answers: Answers | None) -> CheckedIn:
        return CheckedIn(one.id, name, one.user_id == user.id, one.written_on, answers)

    return list(
        sealing.each(
            session.execute(query).all(),
            lambda row: checked(row[0], row[1], store.answers_of(row[0])),
            lambda row: checked(row[0], row[1], None),
        )
    )
