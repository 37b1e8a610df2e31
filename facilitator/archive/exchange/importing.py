"""Putting an export into an organisation's archive.

Promises: all of it or nothing; a card that is here already stays as it is, so doing it twice changes nothing; a card that was taken
back here does not come back. Nobody becomes the owner of what comes in, and no mail goes out.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation
from facilitator.archive import store
from facilitator.archive.content import CardContent
from facilitator.archive.exchange.document import AnswerRecord, CardRecord, Document, FileRecord, QuestionRecord
from facilitator.archive.exchange.reading import NotAnArchive, opened
from facilitator.archive.files import vault
from facilitator.archive.files.actions import checked_again
from facilitator.archive.files.kinds import Unusable
from facilitator.archive.models import Attachment, Card, CardTheme, Remark, Theme, Trial
from facilitator.archive.remarks import place_of
from facilitator.archive.search.index import Entry, put_all
from facilitator.archive.search.terms import fields_of
from facilitator.archive.store import CONTENT
from facilitator.archive.themes import list_of, lock
from facilitator.core import sealing
from facilitator.core.audit import AuditEntry, Deed, note
from facilitator.core.db import CROCKFORD, batched, db, midnight, now, random_id, take_turns
from facilitator.core.sightings import KEY, forget
from facilitator.core.text import name_key
from facilitator.groups.models import Group

ID_LENGTH = 22


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """How many cards came in, were here already, and had been taken back."""

    new: int
    known: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A card with everything under it, sealed and not stored yet."""

    record: CardRecord
    card: Card
    content: CardContent
    remarks: tuple[Remark, ...]
    trials: tuple[Trial, ...]
    files: tuple[Attachment, ...]


def bring_in(organisation: Organisation, document: Document, file: Path) -> BroughtIn:
    """Adds what is not here yet. FILE is the zip the document was read from: the files of cards lie in it. Raises
    NotAnArchive for one that holds something else than it says.
    """
    with db.reading() as session:
        ids = own_ids(session, organisation.id, [record.id for record in document.cards])
        states = _states(session, ids.values())
    gone = {card_id for card_id in ids.values() if states.get(card_id) == "withdrawn" or _was_erased(card_id)}
    new = [record for record in document.cards if ids[record.id] not in states and ids[record.id] not in gone]
    _take_keys_into_use([ids[record.id] for record in new])
    with zipfile.ZipFile(file) as packed:
        ready = [_ready(organisation.id, record, ids[record.id], packed) for record in new]
    with db.writing() as session:
        lock(session, organisation.id)
        if _states(session, [one.card.id for one in ready]):
            raise NotAnArchive("somebody imported the same at this moment; try again")
        _store(session, organisation, document, ready)
        note(session, organisation.id, None, Deed.CHANGED, "archive", organisation.id)
    return BroughtIn(len(new), len(document.cards) - len(new) - len(gone), len(gone))


def own_ids(session: Session, organisation_id: str, ids: Sequence[str]) -> dict[str, str]:
    """The id each card has here: its own or, where a card of another organisation has that, one made from it – always the
    same, so that a second import finds the first.
    """
    elsewhere: set[str] = set()
    for some in batched(ids):
        query = select(Card.id).where(Card.id.in_(some), Card.organisation_id != organisation_id)
        elsewhere |= set(session.scalars(query))
    return {one: _derived(organisation_id, one) if one in elsewhere else one for one in ids}


def _derived(organisation_id: str, card_id: str) -> str:
    number = int.from_bytes(hashlib.sha256(f"{organisation_id}/{card_id}".encode()).digest())
    return "".join(CROCKFORD[number >> (5 * place) & 31] for place in range(ID_LENGTH))


def _states(session: Session, card_ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in batched(card_ids):
        rows = session.execute(select(Card.id, Card.is_withdrawn).where(Card.id.in_(some))).all()
        found |= {card_id: "withdrawn" if is_withdrawn else "here" for card_id, is_withdrawn in rows}
    return found


def _take_keys_into_use(card_ids: Iterable[str]) -> None:
    """Keys that an interrupted import left are no strays any more: nobody destroys them while their cards are on their way."""
    with db.writing() as session:
        take_turns(session, KEY)
        for card_id in card_ids:
            forget(session, KEY, card_id)


def _was_erased(card_id: str) -> bool:
    """Whether a card was here and is gone for good. A key that an interrupted import left, and that nobody came back for, was
    no card.
    """
    if not sealing.keyring().is_destroyed(card_id):
        return False
    noted = select(AuditEntry.id).where(AuditEntry.thing == "card", AuditEntry.thing_id == card_id)
    return db.session.scalar(noted.limit(1)) is not None


def _ready(organisation_id: str, record: CardRecord, card_id: str, packed: zipfile.ZipFile) -> Ready:
    """Sealed here, outside of the transaction: the keys lie in another database. A key that an interrupted import left is
    used again.
    """
    if not sealing.keyring().holds(card_id):
        store.make_key(card_id)
    names = {one.id: _own_file_id(record, card_id, one) for one in record.files}
    content = _with_pictures(CONTENT.validate_python(record.content.model_dump()), names)
    card = Card(
        id=card_id,
        organisation_id=organisation_id,
        scope=record.for_whom,
        form=record.form.value,
        method_key=record.method,
        locale=record.language,
        period=record.period,
        outcome=record.outcome,
        made_on=record.published_on,
        approved_at=midnight(record.published_on),
        published_on=record.published_on,
        review_on=record.review_on,
    )
    store.put(card, content)
    remarks = tuple(_remarks(record, card_id))
    trials = tuple(_trial(card_id, one.verdict, one.why) for one in record.tried)
    files = tuple(_kept(card_id, one, names[one.id], packed) for one in record.files)
    return Ready(record, card, content, remarks, trials, files)


def _own_file_id(record: CardRecord, card_id: str, file: FileRecord) -> str:
    return file.id if record.id == card_id else _derived(card_id, file.id)


def _with_pictures(content: CardContent, names: Mapping[str, str]) -> CardContent:
    """The steps with the pictures they have here; a picture that is not in the export is none."""
    steps = (replace(step, picture_id=names.get(step.picture_id, "")) for step in content.steps)
    return replace(content, steps=tuple(steps))


def _kept(card_id: str, record: FileRecord, file_id: str, packed: zipfile.ZipFile) -> Attachment:
    """A file, judged as if somebody had uploaded it, and sealed. What an interrupted import left is written anew."""
    try:
        found = checked_again(record.kind, opened(packed, record))
    except Unusable as wrong:
        raise NotAnArchive(f"{record.path} is not what it says") from wrong
    size = vault.put(card_id, file_id, found.content)
    return Attachment(id=file_id, card_id=card_id, kind=record.kind, media_type=found.media_type, size=size)


def _remarks(record: CardRecord, card_id: str) -> Iterable[Remark]:
    is_same, numbers = record.id == card_id, count(1)
    for question in record.questions:
        question_id = question.id if is_same else _derived(card_id, question.id)
        yield _remark(card_id, question_id, None, question, next(numbers))
        for answer in question.answers:
            answer_id = answer.id if is_same else _derived(card_id, answer.id)
            yield _remark(card_id, answer_id, question_id, answer, next(numbers))


def _remark(card_id: str, remark_id: str, question_id: str | None, said: AnswerRecord, number: int) -> Remark:
    is_withdrawn = isinstance(said, QuestionRecord) and said.is_withdrawn
    words = {"text": said.text, "name": said.who}
    return Remark(
        id=remark_id,
        card_id=card_id,
        question_id=question_id,
        body=None if is_withdrawn else sealing.seal(card_id, place_of(remark_id), words),
        number=number,
        written_on=said.written_on,
        is_edited=said.is_edited,
        is_withdrawn=is_withdrawn,
    )


def _trial(card_id: str, verdict: str, why: str) -> Trial:
    trial_id = random_id()
    body = sealing.seal(card_id, place_of(trial_id), {"text": why}) if why else None
    return Trial(id=trial_id, card_id=card_id, verdict=verdict, body=body)


def _store(session: Session, organisation: Organisation, document: Document, ready: Sequence[Ready]) -> None:
    themes = _themes(session, organisation.id, document)
    groups = _groups(session, organisation.id, ready)
    for one in ready:
        one.card.group_id = groups[name_key(one.record.group)] if one.record.group else None
        session.add(one.card)
    session.flush()
    for one in ready:
        chosen = {themes[name_key(name)].id for name in one.record.themes}
        session.add_all(CardTheme(card_id=one.card.id, theme_id=theme_id) for theme_id in sorted(chosen))
        session.add_all([remark for remark in one.remarks if remark.question_id is None])
        session.add_all(one.trials)
        session.add_all(one.files)
    session.flush()
    session.add_all([remark for one in ready for remark in one.remarks if remark.question_id is not None])
    session.flush()
    names = [tuple(dict.fromkeys(themes[name_key(name)].name for name in one.record.themes)) for one in ready]
    entries = [Entry(one.card, fields_of(one.content, names[at]), names[at]) for at, one in enumerate(ready)]
    if entries:
        put_all(session, entries)


def _themes(session: Session, organisation_id: str, document: Document) -> dict[str, Theme]:
    """The organisation's list with what is new; a theme that is there under another spelling is that theme."""
    known = {name_key(theme.name): theme for theme in list_of(session, organisation_id)}
    wanted = [*document.themes, *(name for card in document.cards for name in card.themes)]
    for name in wanted:
        if name_key(name) not in known:
            known[name_key(name)] = Theme(organisation_id=organisation_id, name=name)
            session.add(known[name_key(name)])
    session.flush()
    return known


def _groups(session: Session, organisation_id: str, ready: Sequence[Ready]) -> dict[str, str]:
    """Groups by the keys of their names. One that is not here yet is made, without anybody in it: until somebody is, nobody reads. So is
    one whose name several have: the cards of one must not go to the other.
    """
    wanted = {name_key(one.record.group): one.record.group for one in ready if one.record.group}
    every = session.scalars(select(Group).where(Group.organisation_id == organisation_id))
    here = [group for group in every if name_key(group.name) in wanted]
    names = Counter(name_key(group.name) for group in here)
    known = {name_key(group.name): group for group in here if names[name_key(group.name)] == 1}
    for key in sorted(wanted.keys() - known.keys()):
        known[key] = Group(id=random_id(), organisation_id=organisation_id, name=wanted[key], created_at=now())
        session.add(known[key])
    session.flush()
    return {key: group.id for key, group in known.items()}
