"""What stands under a card: questions with their answers, and how it went for those who tried it. For somebody who may read the card.

Promises: somebody who spoke shows with their name, somebody who tried shows without; nothing here tells who a card comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.content import Outcome
from facilitator.archive.models import Card, Remark, Trial
from facilitator.core import sealing

VERDICTS = (Outcome.WORKED.value, Outcome.PARTLY.value, Outcome.NOT.value)


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer. `who` is empty where the account is gone; `is_withdrawn`: only its answers are left."""

    id: str
    who: str
    text: str
    written_on: date
    is_edited: bool = False
    is_mine: bool = False
    may_remove: bool = False
    is_withdrawn: bool = False
    answers: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the bars: how many say this, as a number and in hundredths of everybody."""

    verdict: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Tried:
    """How it went for those who tried it. `reasons` are pairs of verdict and why, in no order that tells who came first."""

    bars: tuple[Bar, ...]
    reasons: tuple[tuple[str, str], ...]
    mine: str = ""
    my_reason: str = ""

    @property
    def count(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def worked(self) -> int:
        return self.bars[0].count


def bars(verdicts: Iterable[str]) -> tuple[Bar, ...]:
    """The three bars, also where nobody is in one of them."""
    found = list(verdicts)
    return tuple(
        Bar(verdict, found.count(verdict), round(100 * found.count(verdict) / len(found)) if found else 0)
        for verdict in VERDICTS
    )


def questions(session: Session, card: Card, reader: User) -> list[Said]:
    """The questions under a card in the order they were asked, each with its answers."""
    query = select(Remark, User.name).outerjoin(User, User.id == Remark.author_id)
    query = query.where(Remark.card_id == card.id).order_by(Remark.number, Remark.id)
    every = [(remark, name or "") for remark, name in session.execute(query)]
    answers: dict[str | None, list[Said]] = {}
    for remark, name in every:
        if remark.question_id:
            answers.setdefault(remark.question_id, []).append(_said(remark, name, reader))
    return [
        _said(remark, name, reader, tuple(answers.get(remark.id, ())))
        for remark, name in every
        if not remark.question_id
    ]


def words_of(remark: Remark) -> tuple[str, str]:
    """The text of a remark and the name it came along with; both empty where it was withdrawn."""
    if remark.body is None:
        return "", ""
    body = sealing.unseal(remark.card_id, place_of(remark.id), remark.body)
    return str(body["text"]), str(body.get("name", ""))


def reason_of(trial: Trial) -> str:
    """Why it went as it went, if somebody said so."""
    if trial.body is None:
        return ""
    return str(sealing.unseal(trial.card_id, place_of(trial.id), trial.body)["text"])


def place_of(row_id: str) -> str:
    """Where a sealed text belongs, so that it opens nowhere else."""
    return f"talk:{row_id}"


def tried(session: Session, card: Card, reader: User) -> Tried:
    """How it went for those who tried what a card says. The order is that of the random ids, and of nothing else."""
    rows = session.scalars(select(Trial).where(Trial.card_id == card.id).order_by(Trial.id)).all()
    own = next((trial for trial in rows if trial.user_id == reader.id), None)
    reasons = [(trial.verdict, sealing.readable(partial(reason_of, trial), str(sealing.UNREADABLE))) for trial in rows]
    return Tried(
        bars(trial.verdict for trial in rows),
        tuple(sorted(((v, why) for v, why in reasons if why), key=lambda one: VERDICTS.index(one[0]))),
        own.verdict if own else "",
        sealing.readable(lambda: reason_of(own), "") if own else "",
    )


def _said(remark: Remark, name: str, reader: User, answers: tuple[Said, ...] = ()) -> Said:
    text, came_with = sealing.readable(lambda: words_of(remark), (str(sealing.UNREADABLE), ""))
    is_mine = remark.author_id == reader.id and not remark.is_withdrawn
    return Said(
        id=remark.id,
        who=name or came_with,
        text=text,
        written_on=remark.written_on,
        is_edited=remark.is_edited,
        is_mine=is_mine,
        may_remove=(is_mine or reader.is_administrator) and not remark.is_withdrawn,
        is_withdrawn=remark.is_withdrawn,
        answers=answers,
    )
