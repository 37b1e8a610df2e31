"""Exporting the whole archive of one organisation as a zip.

Promises: only published cards are in it, and nothing that names who a card comes from; the file is there when it is whole, and its
owner alone reads it; the same archive gives the same bytes; that it was made is in the log. What cannot be read is left out and counted.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation, User
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
from facilitator.archive.exchange.pages import card_page, card_path, readme
from facilitator.archive.files import vault
from facilitator.archive.models import Attachment, Card, Remark, Theme, Trial
from facilitator.archive.remarks import reason_of, words_of
from facilitator.archive.themes import sorted_names, themes_of
from facilitator.core import sealing
from facilitator.core.atomic import written
from facilitator.core.audit import Deed, note
from facilitator.core.db import batched, db
from facilitator.groups.models import Group
from facilitator.groups.naming import told_apart

ALWAYS = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: when a file was written tells nothing
OWNER_ONLY = 0o600


def gathered(session: Session, organisation_id: str) -> tuple[Document, int]:
    """The oldest card first, and always in the same order; and how many cards, remarks and reasons cannot be read."""
    damaged: list[object] = []
    names = session.scalars(select(Theme.name).where(Theme.organisation_id == organisation_id))
    cards = select(Card.id).where(
        Card.organisation_id == organisation_id, Card.published_on.is_not(None), Card.is_withdrawn.is_(False)
    )
    records: list[CardRecord] = []
    ids = list(session.scalars(cards))
    for some in batched(ids):
        records += _records(session, some, damaged)
    records.sort(key=lambda record: (record.published_on, record.id))
    document = Document(format=FORMAT, version=VERSION, themes=tuple(sorted_names(names)), cards=tuple(records))
    return document, len(damaged)


def _records(session: Session, ids: list[str], damaged: list[object]) -> Iterable[CardRecord]:
    sealing.keyring().open(ids)
    themes, questions = themes_of(session, ids), _questions(session, ids, damaged)
    trials = _trials(session, ids, damaged)
    files = _files(session, ids, damaged)
    here = select(Card.organisation_id).where(Card.id.in_(ids))
    every = select(Group).where(Group.organisation_id.in_(here)).order_by(Group.created_at, Group.id)
    groups = told_apart(session.scalars(every))
    cards = session.scalars(select(Card).where(Card.id.in_(ids)))
    # Of one that was taken back this very moment nothing goes along.
    for found in store.each(cards, lambda card, content: (card, content), damaged.append):
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


def export(organisation: Organisation, file: Path) -> tuple[int, int]:
    """Writes FILE; answers how many cards are in it, and how many things that are damaged are not."""
    with db.reading() as session:
        document, damaged = gathered(session, organisation.id)
    with written(file) as part:
        with part.open("wb") as raw:
            pack(document, organisation.locale, raw, content_of_file, organisation.id)
        with db.writing() as session:
            note(session, organisation.id, None, Deed.EXPORTED, "archive", organisation.id)
    return len(document.cards), damaged


def content_of_file(card_id: str, record: FileRecord) -> Iterator[bytes]:
    """What a file of a card holds, piece by piece; of one whose card was taken back this very moment nothing."""
    found = db.session.get(Attachment, record.id)
    return vault.read(card_id, record.id, 0, found.size) if found else iter(())


def no_files(_card_id: str, _record: FileRecord) -> Iterator[bytes]:
    return iter(())


def pack(
    document: Document,
    locale: str,
    into: BinaryIO,
    contents: Callable[[str, FileRecord], Iterator[bytes]] = no_files,
    organisation_id: str = "",
) -> None:
    """Writes the zip; `organisation_id` is whose archive it is."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        _add(packed, "README.md", readme(document, locale))
        _add(packed, "archive.json", document.model_dump_json(indent=1) + "\n")
        for record in document.cards:
            _add(packed, card_path(record), card_page(record, organisation_id))
        for record in document.cards:
            for file in record.files:
                _add_file(packed, file.path, contents(record.id, file))


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    packed.writestr(_entry(name, zipfile.ZIP_DEFLATED), text.encode())


def _add_file(packed: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> None:
    """As it is: pictures, films and papers are small already."""
    with packed.open(_entry(name, zipfile.ZIP_STORED), "w") as target:
        for piece in pieces:
            target.write(piece)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ALWAYS)
    entry.compress_type, entry.create_system, entry.external_attr = compression, 3, OWNER_ONLY << 16
    return entry
