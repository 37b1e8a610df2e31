"""The tables of the search engine.

Promises: they hold no word. Posting lists are named by a keyed hash, and what a card said, in its order, is sealed with that
card's own key; so nothing of a withdrawn card can be read in a log, a freed page or an old copy.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core.db import Base, Sealed

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class IndexedCard(Base):
    """A card that is in the index: its number there, and its words, sealed, so that they can be taken out again.

    No cascade from `cards`: whoever deletes a card has to call `take_out` first, and hears of it here if they forgot.
    """

    __tablename__ = "search_cards"
    __table_args__ = (UniqueConstraint("organisation_id", "number"), WITHOUT_ROWID)

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    version: Mapped[str] = mapped_column(String(20))
    words: Mapped[bytes] = mapped_column(Sealed)


class Posting(Base):
    """The cards of one chunk that hold a term, with their weights (`bits`)."""

    __tablename__ = "search_postings"
    __table_args__ = WITHOUT_ROWID

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    term: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    chunk: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    bits: Mapped[bytes] = mapped_column(LargeBinary)


class Chunk(Base):
    """What the cards of one chunk can be filtered by. `revision` is new whenever something in the chunk changed."""

    __tablename__ = "search_chunks"
    __table_args__ = WITHOUT_ROWID

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[str] = mapped_column(String(32))
    columns: Mapped[bytes] = mapped_column(LargeBinary)
