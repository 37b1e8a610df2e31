"""Keeping files of cards, and letting go of them.

Promises: a file is what its content says, whatever its name or type claims; it is judged and written anew in a process of its own
before anything of it is kept. What belongs to no card any more goes, with what an interruption left behind; the files of an
organisation never take more room than the host gave it, also where several people send at once. What cannot be used raises `Unusable`
with a sentence for the person.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from facilitator.archive.files import vault
from facilitator.archive.files.kinds import KINDS, Checked, Kind, Unusable
from facilitator.archive.models import Attachment, Card
from facilitator.core import sandbox
from facilitator.core.clock import clock
from facilitator.core.config import settings
from facilitator.core.db import db, random_id, take_turns
from facilitator.core.sandboxed import MEGABYTE, MOST_PAGES, FileRefused

NO_ROOM = _l("The server has no room left for files. Tell whoever runs it.")
BROKEN = _l("The file cannot be read. Save it anew and choose it again.")
SENTENCES = {
    "no_picture": _l("This is no picture we can show. Choose a JPEG, PNG, WebP or GIF."),
    "too_many_pixels": _l("The picture has too many pixels. Make it smaller first."),
    "no_paper": _l("This is no PDF we can read. Save your presentation as PDF first."),
    "locked": _l("The PDF is locked with a password. Save it without one first."),
    "too_many_pages": _l("The PDF may have %(most)s pages at most.", most=MOST_PAGES),
    "no_video": _l("This is no video that browsers play. Choose an MP4 or WebM."),
    "no_captions": _l("These are no captions we can read. Choose a WebVTT file (.vtt)."),
    "empty_captions": _l("There are no captions in the file. Choose another one."),
    "too_much": _l(
        "There is far more in this file than its size says. Make it simpler or smaller, and choose it again."
    ),
    "busy": _l("Others are sending files at this moment. Wait a minute, and choose yours again."),
    "no_room": NO_ROOM,
}
OUR_FAULT = ("busy", "no_room")
UNFINISHED_FOR = timedelta(hours=1)


def checked(kind: str, source: BinaryIO) -> Checked:
    """Judges a file of a kind (picture, paper, video, captions) and writes it anew; raises Unusable."""
    return _worked(KINDS[kind], KINDS[kind].work, source)


def checked_again(kind: str, source: BinaryIO) -> Checked:
    """The same for a file that may have been written by us already: such a one stays as it is to the byte."""
    return _worked(KINDS[kind], KINDS[kind].again or KINDS[kind].work, source)


def _worked(kind: Kind, work: str, source: BinaryIO) -> Checked:
    size = source.seek(0, io.SEEK_END)
    if size == 0:
        raise Unusable(_l("The file is empty. Choose another one."))
    if size > kind.most_bytes:
        raise Unusable(_l("The file is too big. It may be %(most)s MB at most.", most=kind.most_bytes // MEGABYTE))
    try:
        done = sandbox.run(work, source, kind.limits)
    except FileRefused as refused:
        status = 503 if refused.code in OUR_FAULT else 422
        raise Unusable(SENTENCES.get(refused.code, BROKEN), status) from refused
    return Checked(str(done.answer), done.content)


def hold_room(session: Session, card_id: str) -> None:
    """Of two files that come at once, has the second one wait for the first, until the end of the transaction. Raises
    LookupError for a card that is gone.
    """
    organisation_id = session.scalar(_organisation_of(card_id))
    if organisation_id is None:
        raise LookupError(card_id)
    take_turns(session, f"room:{organisation_id}")


def require_room(session: Session, card_id: str, size: int, instead_of: Sequence[str] = ()) -> None:
    """Whether a file of so many bytes still fits, in place of others of its card. Raises Unusable with the figures."""
    most = settings().uploads_megabytes * MEGABYTE
    left = most - _taken(session, card_id, instead_of)
    if size > left:
        sentence = _(
            "There is no room for this file. It has %(size)s MB, and %(left)s MB is left of the %(most)s MB for files of "
            "your organisation. Choose a smaller file, or remove a card of yours with files that nobody needs any more.",
            size=_megabytes(size),
            left=_megabytes(max(0, left)),
            most=_megabytes(most),
        )
        raise Unusable(sentence)


def _taken(session: Session, card_id: str, instead_of: Sequence[str]) -> int:
    going = (Attachment.card_id == card_id) & Attachment.id.in_(instead_of)
    taken = select(func.coalesce(func.sum(Attachment.size), 0)).join(Card, Card.id == Attachment.card_id)
    return int(
        session.scalar(taken.where(Card.organisation_id == _organisation_of(card_id).scalar_subquery(), ~going)) or 0
    )


def _organisation_of(card_id: str) -> Select[str]:
    return select(Card.organisation_id).where(Card.id == card_id)


def _megabytes(size: int) -> str:
    """As the reader writes it; what is not nothing does not look like nothing."""
    written: str = format_decimal(round(max(size, MEGABYTE // 100 if size else 0) / MEGABYTE, 2))
    return written


def attach(card_id: str, kind: str, source: BinaryIO, instead_of: Sequence[str] = ()) -> str:
    """Judges a file and keeps it with a card, in place of others of that card; gives its id. Raises Unusable."""
    db.give_back()  # it may take a while, in which others want a connection
    found = checked(kind, source)
    size = _size(found.content)
    require_room(db.session(), card_id, size, instead_of)  # before the disk is written to
    file_id = random_id()
    _put(card_id, file_id, found)
    try:
        with db.writing() as session:
            hold_room(session, card_id)
            require_room(session, card_id, size, instead_of)
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
