"""From the database to the document: the published cards of one organisation, of one moment.

Promises: what is damaged keeps nothing else from going along, and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import store
from facilitator.archive.content import Form
from facilitator.archive.exchange.document import (
    FORMAT,
    VERSION,
    AnswerRecord,
    CardRecord,
    ContentRecord,
    Document,
    FileRecord,
    QuestionRecord,
    TrialRecord,
)
from facilitator.archive.files import vault
from facilitator.archive.files.models import Attachment
from facilitator.archive.models import Card, Theme
from facilitator.archive.talk.loading import reason_of, words_of
from facilitator.archive.talk.models import Remark, Trial
from facilitator.archive.themes.naming import themes_of
from facilitator.archive.themes.proposing import sorted_names
from facilitator.core import sealing
from facilitator.groups.models import Group
from facilitator.groups.naming import told_apart

CARDS_AT_ONCE = 500


def gathered(session: Session, organisation_id: str) -> tuple[Document, int]:
    """The oldest card first, and always in the same order; and how many cards, remarks and reasons cannot be read."""
    damaged: list[object] = []
    names = session.scalars(select(Theme.name).where(Theme.organisation_id == organisation_id))
    cards = select(Card.id).where(
        Card.organisation_id == organisation_id, Card.published_on.is_not(None), Card.is_withdrawn.is_(False)
    )
    records: list[CardRecord] = []
    ids = list(session.scalars(cards))
    for at in range(0, len(ids), CARDS_AT_ONCE):
        records += _records(session, ids[at : at + CARDS_AT_ONCE], damaged)
    records.sort(key=lambda record: (record.published_on, record.id))
    document = Document(format=FORMAT, version=VERSION, themes=tuple(sorted_names(names)), cards=tuple(records))
    return document, len(damaged)


def _records(session: Session, ids: list[str], damaged: list[object]) -> Iterable[CardRecord]:
    themes, questions = themes_of(session, ids), _questions(session, ids, damaged)
    trials = _trials(session, ids, damaged)
    files = _files(session, ids, damaged)
    here = select(Card.organisation_id).where(Card.id.in_(ids))
    every = select(Group).where(Group.organisation_id.in_(here)).order_by(Group.created_at, Group.id)
    groups = told_apart(session.scalars(every))
    cards = session.scalars(select(Card).where(Card.id.in_(ids)))
    # Of one that was taken back this very moment nothing goes along.
    for found in sealing.each(cards, lambda card: (card, store.content_of(card)), damaged.append):
        if found is None:
            continue
        card, content = found
        assert card.published_on is not None
        yield CardRecord(
            id=card.id,
            language=card.locale,
            form=Form(card.form),
            method=card.method_key,
            period=card.period,
            outcome=card.outcome,  # type: ignore[arg-type]  # checked when it is made
            for_whom="group" if card.scope == "group" else "organisation",
            group=groups.get(card.group_id or "", "") if card.scope == "group" else "",
            published_on=card.published_on,
            review_on=card.review_on,
            themes=tuple(themes.get(card.id, ())),
            content=ContentRecord(**asdict(content)),
            questions=tuple(questions.get(card.id, ())),
            tried=tuple(trials.get(card.id, ())),
            files=tuple(files.get(card.id, ())),
        )


def _files(session: Session, ids: list[str], damaged: list[object]) -> dict[str, list[FileRecord]]:
    found: dict[str, list[FileRecord]] = {}
    for one in session.scalars(select(Attachment).where(Attachment.card_id.in_(ids)).order_by(Attachment.id)):
        if not vault.is_whole(one.card_id, one.id, one.size):
            damaged.append(one)
            continue
        record = FileRecord(id=one.id, kind=one.kind, media_type=one.media_type)  # type: ignore[arg-type]  # checked when it is made
        found.setdefault(one.card_id, []).append(record)
    return found


def _questions(session: Session, ids: list[str], damaged: list[object]) -> dict[str, list[QuestionRecord]]:
    query = select(Remark, User.name).outerjoin(User, User.id == Remark.author_id).where(Remark.card_id.in_(ids))
    rows = session.execute(query.order_by(Remark.number, Remark.id)).all()
    answers: dict[str, list[AnswerRecord]] = {}
    for remark, name in rows:
        if remark.question_id:
            answers.setdefault(remark.question_id, []).append(_said(remark, name or "", damaged))
    found: dict[str, list[QuestionRecord]] = {}
    for remark, name in rows:
        if not remark.question_id:
            record = QuestionRecord(
                **_said(remark, name or "", damaged).model_dump(),
                is_withdrawn=remark.is_withdrawn,
                answers=tuple(answers.get(remark.id, ())),
            )
            found.setdefault(remark.card_id, []).append(record)
    return found


def _said(remark: Remark, name: str, damaged: list[object]) -> AnswerRecord:
    """What cannot be read stands there without words, so that its answers have their question."""
    text, came_with = next(sealing.each((remark,), words_of, damaged.append), None) or ("", "")
    return AnswerRecord(
        id=remark.id,
        who=name or came_with,
        text=text,
        written_on=remark.written_on,
        is_edited=remark.is_edited,
    )


def _trials(session: Session, ids: list[str], damaged: list[object]) -> dict[str, list[TrialRecord]]:
    """In an order that tells nothing about who came first."""
    found: dict[str, list[TrialRecord]] = {}
    for trial in session.scalars(select(Trial).where(Trial.card_id.in_(ids))):
        for why in sealing.each((trial,), reason_of, damaged.append):
            record = TrialRecord(verdict=trial.verdict, why=why or "")  # type: ignore[arg-type]
            found.setdefault(trial.card_id, []).append(record)
    return {card_id: sorted(records, key=lambda one: (one.verdict, one.why)) for card_id, records in found.items()}
