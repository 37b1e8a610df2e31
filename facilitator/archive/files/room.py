"""How much room the files of an organisation may take.

Promises: who holds the room in the transaction that keeps the file gets an answer that nobody else can overtake; files that
go in that same moment are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from facilitator.archive.files.kinds import Unusable
from facilitator.archive.files.models import Attachment
from facilitator.archive.models import Card
from facilitator.core.config import settings
from facilitator.core.db import take_turns
from facilitator.core.sandboxed import MEGABYTE


def hold(session: Session, card_id: str) -> None:
    """Of two files that come at once, has the second one wait for the first, until the end of the transaction. Raises
    LookupError for a card that is gone.
    """
    organisation_id = session.scalar(_organisation_of(card_id))
    if organisation_id is None:
        raise LookupError(card_id)
    take_turns(session, f"room:{organisation_id}")


def ask(session: Session, card_id: str, size: int, instead_of: Sequence[str] = ()) -> None:
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
