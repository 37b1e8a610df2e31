"""The tables of questions to the organisation and of their answers.

Promises: what is asked and answered is sealed with a key of the question, so destroying that key takes all of it out of old copies
too. Of a question without a name nothing leads to whoever asked: no account, no time of day, no order; `asker_hash` can be made
only with a secret that is on the asker's device and nowhere else.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core import lengths
from facilitator.core.db import Base, Moment, Sealed, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}
OPEN, COVERED, CLEARED = (
    "open",
    "covered",
    "cleared",
)  # nobody reported it; somebody did; an administrator looked and put it back


class Question(Base):
    """A question to the organisation. `opens_on` is the day from which colleagues see it; one without a name waits for another day
    (`actions.opening_day`), `is_told`: those who follow its themes are told, or about to be. It has either an author or, without a name, an `asker_hash`; neither where the account is gone.
    """

    __tablename__ = "questions"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    asker_hash: Mapped[str | None] = mapped_column(String(lengths.HASH), index=True)
    locale: Mapped[str] = mapped_column(String(lengths.LOCALE))
    body: Mapped[bytes] = mapped_column(Sealed)
    opens_on: Mapped[date] = mapped_column(Date)
    is_edited: Mapped[bool] = mapped_column(default=False)
    cover: Mapped[str] = mapped_column(String(8), default=OPEN)
    is_told: Mapped[bool] = mapped_column(default=False)

    @property
    def is_anonymous(self) -> bool:
        return self.asker_hash is not None


class Answer(Base):
    """A colleague's answer, with their name. `has_worked`: whoever asked says that this is what worked."""

    __tablename__ = "question_answers"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    body: Mapped[bytes] = mapped_column(Sealed)
    number: Mapped[int] = mapped_column(Integer)
    written_on: Mapped[date] = mapped_column(Date)
    is_edited: Mapped[bool] = mapped_column(default=False)
    has_worked: Mapped[bool] = mapped_column(default=False)
    cover: Mapped[str] = mapped_column(String(8), default=OPEN)


class Help(Base):
    """Somebody was helped by an answer. How many were is told, who never is."""

    __tablename__ = "question_helps"
    __table_args__ = WITHOUT_ROWID

    answer_id: Mapped[str] = mapped_column(ForeignKey("question_answers.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class QuestionTheme(Base):
    """What a question is about: a theme of the organisation's own list."""

    __tablename__ = "question_themes"
    __table_args__ = WITHOUT_ROWID

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True)


class QuestionCard(Base):
    """The card that was made of a question."""

    __tablename__ = "question_cards"
    __table_args__ = WITHOUT_ROWID

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"))


class QuestionTerm(Base):
    """A word by which a question is found, as a keyed hash (`archive.search.terms.Names`)."""

    __tablename__ = "question_terms"
    __table_args__ = WITHOUT_ROWID

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    term: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)


class Report(Base):
    """Somebody says that a question or, where `answer_id` is filled, an answer identifies somebody. Who that was is not kept."""

    __tablename__ = "question_reports"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("question_answers.id", ondelete="CASCADE"), index=True)
    body: Mapped[bytes] = mapped_column(Sealed)


class ThemeFollow(Base):
    """Somebody hears of new questions about a theme."""

    __tablename__ = "theme_follows"
    __table_args__ = WITHOUT_ROWID

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True)


class Pace(Base):
    """How somebody hears of them: each at once, or one mail a day, `told_on` the last."""

    __tablename__ = "news_paces"
    __table_args__ = WITHOUT_ROWID

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    is_at_once: Mapped[bool] = mapped_column(default=False)
    told_on: Mapped[date | None] = mapped_column(Date)


class News(Base):
    """Somebody is to be told of a question; `claimed_at`: a worker is about it. It goes when they were."""

    __tablename__ = "question_news"
    __table_args__ = WITHOUT_ROWID

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
