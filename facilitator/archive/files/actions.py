"""Keeping files of cards, and letting go of them.

Promises: a file is judged and made harmless before anything of it is kept; what belongs to no card any more goes, with what
an interruption left behind; the files of an organisation never take more room than the host gave it, also where several
people send at once.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import delete, select

from facilitator.archive.files import room, vault
from facilitator.archive.files.checking import NO_ROOM, checked
from facilitator.archive.files.kinds import Checked, Unusable
from facilitator.archive.files.models import Attachment
from facilitator.archive.models import Card
from facilitator.core.clock import clock
from facilitator.core.db import db, random_id

UNFINISHED_FOR = timedelta(hours=1)


def attach(card_id: str, kind: str, source: BinaryIO, instead_of: Sequence[str] = ()) -> str:
    """Judges a file and keeps it with a card, in place of others of that card; gives its id. Raises Unusable."""
    db.give_back()  # it may take a while, in which others want a connection
    found = checked(kind, source)
    size = _size(found.content)
    room.ask(db.session(), card_id, size, instead_of)  # before the disk is written to
    file_id = random_id()
    _put(card_id, file_id, found)
    try:
        with db.writing() as session:
            room.hold(session, card_id)
            room.ask(session, card_id, size, instead_of)
            session.execute(delete(Attachment).where(Attachment.card_id == card_id, Attachment.id.in_(instead_of)))
            session.add(Attachment(id=file_id, card_id=card_id, kind=kind, media_type=found.media_type, size=size))
    except BaseException:
        vault.drop(file_id)
        raise
    for earlier in instead_of:
        vault.drop(earlier)
    return file_id


def detach(card_id: str, file_id: str) -> None:
    """Lets go of a file of a card; one of another card stays."""
    with db.writing() as session:
        found = session.get(Attachment, file_id)
        if found is None or found.card_id != card_id:
            return
        session.delete(found)
    vault.drop(file_id)


def files_of(card_id: str) -> list[Attachment]:
    """The files of a card, always in the same order."""
    mine = select(Attachment).where(Attachment.card_id == card_id)
    return list(db.session.scalars(mine.order_by(Attachment.id)))


def tidy(moment: datetime) -> int:
    """Lets go of files whose card is gone or was taken back, and of files no card knows; answers how many. Raises ClockInDoubt."""
    moment = clock().check(moment).moment
    taken_back = select(Attachment).join(Card, Card.id == Attachment.card_id).where(Card.is_withdrawn)
    for found in db.session.scalars(taken_back).all():
        detach(found.card_id, found.id)
    known = set(db.session.scalars(select(Attachment.id)))
    unknown = [name for name in vault.names() if name not in known and vault.age(name, moment) > UNFINISHED_FOR]
    for name in unknown:
        vault.drop(name)
    return len(unknown)


def _put(card_id: str, file_id: str, found: Checked) -> None:
    try:
        vault.put(card_id, file_id, found.content)
    except OSError as error:
        raise Unusable(NO_ROOM, 503) from error


def _size(content: BinaryIO) -> int:
    """How many bytes there are from here on."""
    begins = content.tell()
    size = content.seek(0, io.SEEK_END) - begins
    content.seek(begins)
    return size
