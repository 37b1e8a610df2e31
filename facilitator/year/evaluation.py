"""A group looks at itself, twice a year: eight sentences, each from 1 to 5 or passed, without a name.

Promises. Nobody's answer is kept with who gave it, when, or in which order: every answer writes all of them and all marks of who has answered
anew, under fresh names, and what could join the two is a key that is destroyed when it closes. Nothing that anybody else is shown changes
with an answer: means are made once, when it closes, of four answers or more to a sentence; with fewer nothing is kept, not even how many there were.
Asked are those who were in the group when it began and are in it still; what came out is shown to those of them alone, whatever
else they may do – whoever leads or administrates sees no more than a member, and nothing without being one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import mean

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import audit, sealing
from facilitator.core.audit import Deed
from facilitator.core.db import db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.groups import rules
from facilitator.groups.models import Group, Member
from facilitator.groups.summaries import summaries
from facilitator.year.models import Evaluation, EvaluationAnswer, EvaluationMark

Scores = Mapping[str, int]
LEAST = 4
PLACE = "evaluation"
HALF_A_YEAR = timedelta(days=182)
# Whoever asks more often, or nearly the same people in two groups, learns from the difference what one of them says.
APART = timedelta(days=120)
HAS_ENDED = _l("This group has ended. Nobody is asked any more.")
OPEN_FOR = 14
OPEN_AT_MOST = 42
PASSED, LOWEST, HIGHEST = 0, 1, 5
# In tenths. Beyond these a mean says that nearly all gave the same answer: from the outside nobody is to know what everybody said.
LOWEST_MEAN, HIGHEST_MEAN = 15, 45
ABOUT = {
    "goal": _l("We work on the goal of our group."),
    "trust": _l("I dare to bring what I find hard."),
    "depth": _l("We get to what lies underneath a question."),
    "attendance": _l("We are there, and on time."),
    "roles": _l("Leading, giving a case and taking notes go round fairly."),
    "follow_up": _l("We come back to what somebody planned."),
    "effect": _l("I do my work better because of this group."),
    "going_on": _l("I want to go on with this group."),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: how many answered, and the mean of each sentence by its name, where four gave one. All of it is missing where fewer than
    four answered.
    """

    day: date
    count: int
    means: dict[str, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group stands with it, for one person. `closes_on`: it is open until the day before; `next_on`: otherwise it begins then, once
    there are four people. `has_ended`: nobody is asked any more. `is_asked`: of what is open. `is_member`: the results are those they may see, the oldest first, and `hidden` says that
    there were others before they came.
    """

    is_member: bool
    may_set: bool
    has_ended: bool
    has_enough: bool
    closes_on: date | None
    next_on: date
    soonest: date
    is_asked: bool
    has_answered: bool
    results: tuple[Result, ...]
    hidden: bool


def standing(user: User, group_id: str) -> Standing | None:
    """None for whoever does not see the group."""
    session = db.session()
    group = _seen(session, user, group_id)
    if group is None:
        return None
    rows = _rows(session, group_id)
    going = _going(rows) if group.ended_at is None else None
    since = rules.member_since(session, user.id, group_id)
    mine = [row for row in rows if since is not None and row.opened_at is not None and since <= row.opened_at]
    over = [row for row in rows if row.is_closed]
    return Standing(
        is_member=since is not None,
        may_set=_may_set(session, user, group_id),
        has_ended=group.ended_at is not None,
        has_enough=_members(session, group_id) >= LEAST,
        closes_on=going.closes_on if going else None,
        next_on=_next_on(group, rows),
        soonest=_soonest(session, group, rows, now().date()),
        is_asked=going is not None and going in mine,
        has_answered=going is not None and going in mine and _has_answered(session, going, user),
        results=tuple(_result(row) for row in over if row in mine),
        hidden=since is not None and any(row not in mine for row in over),
    )


def waiting_for(user: User) -> list[Group]:
    """The groups in which somebody is asked and has not answered yet."""
    session = db.session()
    asked = (
        select(Evaluation, Group)
        .join(Group, Group.id == Evaluation.group_id)
        .join(Member, Member.group_id == Group.id)
        .where(Member.user_id == user.id, Member.left_at.is_(None), Member.added_at <= Evaluation.opened_at)
        .where(Evaluation.is_closed.is_(False), Evaluation.closes_on > now().date(), Group.ended_at.is_(None))
        .order_by(Group.name)
    )
    return [group for row, group in session.execute(asked).all() if not _has_answered(session, row, user)]


def set_moment(by: User, group_id: str, opens_on: date, days: int) -> None:
    """Says when the next one begins, and for how many days it is open; one that begins today begins at once. Raises LookupError for a group that may
    not be edited, and `Refused` for a day that is too soon.
    """
    with db.writing() as session:
        take_turns(session, group_id)
        if not _may_set(session, by, group_id):
            raise LookupError(group_id)
        group, rows = session.get_one(Group, group_id), _rows(session, group_id)
        if group.ended_at is not None:
            raise Refused(HAS_ENDED, field="opens_on")
        if _going(rows) is not None:
            raise Refused(_l("It is open now. Say when the next one is once this one is over."), field="opens_on")
        if opens_on < _soonest(session, group, rows, now().date()):
            raise Refused(_l("That is too soon. Twice a year is enough."), field="opens_on")
        row = _planned(rows) or Evaluation(group_id=group_id)
        row.opens_on, row.closes_on = opens_on, opens_on + timedelta(days=days)
        session.add(row)
        audit.note(session, group.organisation_id, by.id, Deed.CHANGED, "group", group_id)
    open_due(group_id, now())


def open_due(group_id: str, moment: datetime) -> bool:
    """Begins one whose day has come, by what somebody chose or half a year after the last one; answers whether it did."""
    if not _is_due(db.session(), group_id, moment):
        return False
    with _new_key() as key, db.writing() as session:
        take_turns(session, group_id)
        take_turns(session, f"evaluations:{session.get_one(Group, group_id).organisation_id}")
        if not _is_due(session, group_id, moment):
            return False
        row = _planned(_rows(session, group_id))
        lasts = row.closes_on - row.opens_on if row is not None else timedelta(days=OPEN_FOR)
        row = row or Evaluation(group_id=group_id)
        row.opens_on, row.closes_on, row.opened_at = moment.date(), moment.date() + lasts, moment
        row.key_id = key.used()
        session.add(row)
        return True


def answer(by: User, group_id: str, scores: Scores) -> None:
    """Somebody's answer: a number for each sentence by its name in `ABOUT`. Raises LookupError for whoever is not in the group, and `Refused`
    where they are not asked, have answered, or it is over, and `Damaged` where another answer does not open.
    """
    assert scores.keys() == ABOUT.keys()
    assert all(PASSED <= score <= HIGHEST for score in scores.values())
    with db.writing() as session:
        take_turns(session, group_id)
        since = rules.member_since(session, by.id, group_id)
        if since is None:
            raise LookupError(group_id)
        if session.get_one(Group, group_id).ended_at is not None:
            raise Refused(HAS_ENDED)
        row = _going(_rows(session, group_id))
        if row is None or row.opened_at is None:
            raise Refused(_l("It is over by now. What came out is on this page."))
        if since > row.opened_at:
            raise Refused(_l("You came into the group while this was open. The next one is yours, too."))
        if _has_answered(session, row, by):
            raise Refused(_l("You have answered already. That cannot be changed: nobody knows which answer is yours."))
        _write_anew(session, row, by, scores)
    _let_go()


def close_due(evaluation_id: str, moment: datetime) -> bool:
    """Makes the means of one that is over, and destroys what led to them; answers whether it was this one to do it. Where an answer
    is damaged everything is left: a backup may have it.
    """
    with _new_key() as key, db.writing() as session:
        group_id = session.scalar(select(Evaluation.group_id).where(Evaluation.id == evaluation_id))
        take_turns(session, group_id or "")
        row = session.get(Evaluation, evaluation_id)
        if row is None or row.is_closed or row.key_id is None or moment.date() < row.closes_on:
            return False
        try:
            answers, old_key = _answers(session, row), row.key_id
        except sealing.Damaged:  # which stands in the log
            return False
        row.is_closed, row.key_id = True, None
        if len(answers) >= LEAST:
            row.key_id = key.used()
            row.result = sealing.seal(row.key_id, PLACE, {"count": len(answers), **means_of(answers)})
        for table in (EvaluationAnswer, EvaluationMark):
            session.execute(delete(table).where(table.evaluation_id == row.id))
    sealing.keyring().destroy(old_key)
    _let_go()
    return True


def erase_of(group_id: str) -> int:
    """What a group's evaluations left, with the keys; answers how many there were."""
    with db.writing() as session:
        rows = _rows(session, group_id)
        session.execute(delete(Evaluation).where(Evaluation.group_id == group_id))
    for row in rows:
        if row.key_id is not None:
            sealing.keyring().destroy(row.key_id)
    return len(rows)


def means_of(answers: Sequence[Scores]) -> dict[str, int]:
    """In tenths, the mean of each sentence that four or more gave a number, never telling that everybody said the same. Pure."""
    found = {}
    for about in ABOUT:
        numbers = [scores[about] for scores in answers if scores.get(about, PASSED) != PASSED]
        if len(numbers) >= LEAST:
            found[about] = min(max(round(10 * mean(numbers)), LOWEST_MEAN), HIGHEST_MEAN)
    return found


def asked_of(session: Session, row: Evaluation) -> Sequence[User]:
    """Who is asked: those who were in the group when it began, and are in it still."""
    asked = select(User).join(Member, Member.user_id == User.id).where(Member.group_id == row.group_id)
    return session.scalars(
        asked.where(Member.left_at.is_(None), Member.added_at <= row.opened_at, User.active).order_by(User.id)
    ).all()


@dataclass
class _Key:
    """A key that was made before the row it is for."""

    id: str
    is_used: bool = False

    def used(self) -> str:
        self.is_used = True
        return self.id


@contextmanager
def _new_key() -> Iterator[_Key]:
    """A key of its own; destroyed again where nothing came of it."""
    key = _Key(random_id())
    sealing.keyring().make(key.id)
    try:
        yield key
    except BaseException:
        key.is_used = False
        raise
    finally:
        if not key.is_used:
            sealing.keyring().destroy(key.id)


def _seen(session: Session, user: User, group_id: str) -> Group | None:
    readable = rules.readable(user, summaries().led_by(user.id))
    return session.scalar(select(Group).where(Group.id == group_id, readable))


def _may_set(session: Session, user: User, group_id: str) -> bool:
    allowed = rules.editable(user, summaries().led_by(user.id))
    return session.scalar(select(Group.id).where(Group.id == group_id, allowed)) is not None


def _rows(session: Session, group_id: str) -> Sequence[Evaluation]:
    return session.scalars(
        select(Evaluation).where(Evaluation.group_id == group_id).order_by(Evaluation.opens_on, Evaluation.id)
    ).all()


def _going(rows: Sequence[Evaluation]) -> Evaluation | None:
    """The one that can be answered now: from its day on nothing comes in, also where nobody has counted yet."""
    today = now().date()
    return next((row for row in rows if row.opened_at and not row.is_closed and today < row.closes_on), None)


def _planned(rows: Sequence[Evaluation]) -> Evaluation | None:
    return next((row for row in rows if row.opened_at is None), None)


def _last(rows: Sequence[Evaluation]) -> Evaluation | None:
    return next((row for row in reversed(rows) if row.opened_at is not None), None)


def _soonest(session: Session, group: Group, rows: Sequence[Evaluation], today: date) -> date:
    """The first day on which another one may begin."""
    last = _last(rows)
    begun = [*([last.opens_on] if last else []), *_begun_elsewhere(session, group)]
    return max([today, *(day + APART for day in begun)])


def _begun_elsewhere(session: Session, group: Group) -> Sequence[date]:
    """When others began whose groups share, now or then, as many people with this one as a mean is made of: of two groups that differ by
    one, the difference of their means tells what that one said.
    """
    was_there = and_(Member.added_at <= Evaluation.opened_at, Member.left_at > Evaluation.opened_at)
    same = (
        select(Evaluation.opens_on)
        .join(Group, Group.id == Evaluation.group_id)
        .join(Member, Member.group_id == Group.id)
        .where(Group.organisation_id == group.organisation_id, Group.id != group.id)
        .where(Evaluation.opened_at.is_not(None), Member.user_id.in_(rules.members_of(group.id)))
        .where(or_(Member.left_at.is_(None), was_there))
        .group_by(Evaluation.id, Evaluation.opens_on)
        .having(func.count(Member.user_id.distinct()) >= LEAST)
    )
    return session.scalars(same).all()


def _next_on(group: Group, rows: Sequence[Evaluation]) -> date:
    """The day for which it is planned, or half a year after the last one, or after the group was made."""
    planned, last = _planned(rows), _last(rows)
    return planned.opens_on if planned else (last.opens_on if last else group.created_at.date()) + HALF_A_YEAR


def _is_due(session: Session, group_id: str, moment: datetime) -> bool:
    group, rows = session.get(Group, group_id), _rows(session, group_id)
    if group is None or group.ended_at is not None or any(row.opened_at and not row.is_closed for row in rows):
        return False
    today = moment.date()
    return (
        _next_on(group, rows) <= today
        and _members(session, group_id) >= LEAST
        and _soonest(session, group, rows, today) <= today
    )


def _members(session: Session, group_id: str) -> int:
    """How many are in a group and may sign in."""
    there = select(func.count()).where(User.id.in_(rules.members_of(group_id)), User.active)
    return session.scalar(there) or 0


def _mark(row: Evaluation, user: User) -> str:
    return sealing.mac(row.key_id or "", {"who": user.id})


def _has_answered(session: Session, row: Evaluation, user: User) -> bool:
    """Where the key is gone nobody can answer any more."""
    mark = sealing.readable(lambda: _mark(row, user), "")
    return not mark or session.get(EvaluationMark, mark) is not None


def _answers(session: Session, row: Evaluation) -> list[Scores]:
    """What was answered, in the order of names of chance; without what was erased. Raises `Damaged`."""
    found = session.scalars(
        select(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == row.id).order_by(EvaluationAnswer.id)
    ).all()
    answers = []
    for one in found:
        with suppress(sealing.KeyIsGone):
            answers.append(_opened(row, one))
    return answers


def _opened(row: Evaluation, one: EvaluationAnswer) -> Scores:
    body = sealing.unseal(row.key_id or "", f"answer:{one.id}", one.body)
    return {about: int(body[about] or PASSED) for about in ABOUT}


def _write_anew(session: Session, row: Evaluation, by: User, scores: Scores) -> None:
    """Adds an answer and a mark and writes all of both anew, in the order of fresh names: a database notes which rows one transaction
    wrote, and that would join the two that came together.
    """
    answers = [*_answers(session, row), scores]
    marks = {
        *session.scalars(select(EvaluationMark.mark).where(EvaluationMark.evaluation_id == row.id)),
        _mark(row, by),
    }
    for table in (EvaluationAnswer, EvaluationMark):
        session.execute(delete(table).where(table.evaluation_id == row.id))
    secrets.SystemRandom().shuffle(answers)
    named = zip(sorted(random_id() for _ in answers), answers, strict=True)
    sealed = [
        {"id": name, "evaluation_id": row.id, "body": sealing.seal(row.key_id or "", f"answer:{name}", dict(found))}
        for name, found in named
    ]
    session.execute(insert(EvaluationAnswer), sealed)
    session.execute(insert(EvaluationMark), [{"mark": mark, "evaluation_id": row.id} for mark in sorted(marks)])


def _result(row: Evaluation) -> Result:
    """A result that does not open is shown as one of too few: of both nothing is known."""
    nothing = Result(row.opens_on, 0, {})
    return sealing.readable(lambda: _opened_result(row), nothing) if row.result is not None else nothing


def _opened_result(row: Evaluation) -> Result:
    body = sealing.unseal(row.key_id or "", PLACE, row.result or b"")
    means = {about: int(body[about] or 0) / 10 for about in ABOUT if about in body}
    return Result(row.opens_on, int(body["count"] or 0), means)


def _let_go() -> None:
    sealing.let_go_of_deleted(db.engine, EvaluationAnswer.__tablename__, EvaluationMark.__tablename__)
