"""The tables of the archive.

Promises: the words of a card are sealed with a key of its own, so destroying that key reaches into old copies; a card has
no column that names a participant or a meeting. Who may withdraw it stands in `consents`, and goes nowhere.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.archive.content import Outcome, State
from facilitator.core import lengths
from facilitator.core.db import Base, Moment, Sealed, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Card(Base):
    """A piece of knowledge on its way into the archive. `scope` is `group` or `organisation`; `period` a quarter like
    `2026-Q4`; `author_id` is filled where somebody added it themselves, never where it comes from a case. Days and no
    times of day: those could tell who pressed the button.
    """

    __tablename__ = "cards"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id", ondelete="SET NULL"))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    scope: Mapped[str] = mapped_column(String(12), default="organisation")
    form: Mapped[str] = mapped_column(String(16))
    method_key: Mapped[str] = mapped_column(String(lengths.KEY), default="")
    locale: Mapped[str] = mapped_column(String(5))
    period: Mapped[str] = mapped_column(String(7), default="")
    outcome: Mapped[str] = mapped_column(String(8), default="")
    body: Mapped[bytes] = mapped_column(Sealed)
    made_on: Mapped[date] = mapped_column(Date)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    publish_at: Mapped[datetime | None] = mapped_column(Moment)
    published_on: Mapped[date | None] = mapped_column(Date)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    review_on: Mapped[date | None] = mapped_column(Date)

    @property
    def state(self) -> State:
        """Where it is on its way."""
        if self.is_withdrawn:
            return State.WITHDRAWN
        if self.published_on:
            return State.PUBLISHED if self.outcome == Outcome.UNKNOWN else State.OUTCOME_KNOWN
        return State.APPROVED if self.approved_at else State.DRAFT


class Theme(Base):
    """A word of the organisation's own list, by which its cards are found together."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("organisation_id", "name"), WITHOUT_ROWID)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(lengths.THEME))


class CardTheme(Base):
    """A card is about a theme."""

    __tablename__ = "card_themes"
    __table_args__ = WITHOUT_ROWID

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True)


class Consent(Base):
    """Who decides about a card that comes from a case, and may take it back: whoever holds the case giver's seat, their
    account if they have one, and whoever holds the card's own link, of which only the hash is kept. It stands in no report,
    no export and no search. `draft` has a key of its own, `draft_key`, and goes with it when the card is published, taken back, or
    when what leads to the meeting goes: with its raw input.
    """

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("round_id"), WITHOUT_ROWID)

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"), index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("rounds.id", ondelete="SET NULL"))
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id", ondelete="SET NULL"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    draft: Mapped[bytes | None] = mapped_column(Sealed)
    draft_key: Mapped[str | None] = mapped_column(String(32))


class Objection(Base):
    """Somebody whose words a card would hold, and what they said to that: `asked`, `agrees` or `objects`. It goes when the
    card is published or taken back: then nobody can look up any more who said what.
    """

    __tablename__ = "objections"
    __table_args__ = WITHOUT_ROWID

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(8), default="asked")
