"""The tables of the archive: cards and who may take them back, what is said under them, their files, and the index of the search.

Promises: the words of a card, of whatever is said under it and of its files are sealed with a key of its own, so destroying that key
reaches into old copies; a card has no column that names a participant or a meeting. Who may withdraw it stands in `consents`, and goes
nowhere. The index holds no word: posting lists are named by a keyed hash, and what a card said, in its order, is sealed with that card's
key. What files hold lies sealed in the folder of uploads, under the attachment's id, which tells nothing.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.accounts.reading_addresses import ReadingAddress
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


class FeedToken(ReadingAddress):
    """The address at which somebody's feed reader finds new cards."""

    __tablename__ = "feed_tokens"
    __table_args__ = WITHOUT_ROWID


class Attachment(Base):
    """A file of a card. `kind` is picture, paper, video or captions; `size` is that of the plain content in bytes."""

    __tablename__ = "attachments"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)


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
