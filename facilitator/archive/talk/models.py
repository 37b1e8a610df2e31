"""The tables of what is said under cards, of who hears of it, and of the feed.

Promises: texts are sealed with the key of their card, so they go when the card goes; no table says who a card comes from.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core.db import Base, Sealed, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Remark(Base):
    """A question under a card or, where `question_id` is filled, an answer to one. Whoever wrote it shows with their name:
    that of their account or, where it came along with an import, the one in the sealed body; with the day, and in the order
    of `number`. `is_withdrawn`: its author or an administrator took back a question that has answers; its words are gone.
    """

    __tablename__ = "card_remarks"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str | None] = mapped_column(ForeignKey("card_remarks.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    body: Mapped[bytes | None] = mapped_column(Sealed)
    number: Mapped[int] = mapped_column(Integer)
    written_on: Mapped[date] = mapped_column(Date)
    is_edited: Mapped[bool] = mapped_column(default=False)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)


class Trial(Base):
    """Somebody tried what a card says; one each. It shows without a name, and keeps no time: it could tell who it was."""

    __tablename__ = "card_trials"
    __table_args__ = (UniqueConstraint("card_id", "user_id"), WITHOUT_ROWID)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    body: Mapped[bytes | None] = mapped_column(Sealed)


class Follow(Base):
    """Somebody hears of new questions and answers under a card, until they say stop. Whoever a card comes from hears of them
    without a row here; if they say stop, there is one.
    """

    __tablename__ = "card_follows"
    __table_args__ = WITHOUT_ROWID

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_stopped: Mapped[bool] = mapped_column(default=False)


class FeedToken(Base):
    """The address at which somebody's feed reader finds new cards: one each, of which only the hash is kept."""

    __tablename__ = "feed_tokens"
    __table_args__ = WITHOUT_ROWID

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_on: Mapped[date] = mapped_column(Date)
