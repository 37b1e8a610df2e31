"""The tables of a group's year."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core.db import Base, Moment, Sealed, random_id


class Evaluation(Base):
    """A group's look at itself: planned until it has `opened_at`, and over once `is_closed`. `key_id` names the key of its answers as long as it
    is open; that one is destroyed when it closes, and then it names the key of the result.
    """

    __tablename__ = "evaluations"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    is_closed: Mapped[bool] = mapped_column(default=False)
    key_id: Mapped[str | None] = mapped_column(String(32))
    result: Mapped[bytes | None] = mapped_column(Sealed)


class EvaluationAnswer(Base):
    """One answer, nobody's: sealed, under a name of chance that changes with each answer that comes."""

    __tablename__ = "evaluation_answers"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    evaluation_id: Mapped[str] = mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), index=True)
    body: Mapped[bytes] = mapped_column(Sealed)


class EvaluationMark(Base):
    """That somebody has answered: a mark that only the key of the answers can make of an account."""

    __tablename__ = "evaluation_marks"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    evaluation_id: Mapped[str] = mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"), index=True)
