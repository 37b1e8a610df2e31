"""The tables of what stands in calendars.

Promises: a moment is kept as people said it, the time on the clock and the place whose clock it is, so that it stays right when that
place changes its summer time; nothing in it tells what a meeting is about; of an answer only what it is, not when it was given.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.accounts.reading_addresses import ReadingAddress
from facilitator.calendar.moments import moment_of
from facilitator.core import lengths
from facilitator.core.db import Base, Moment, random_id

YES, NO, UNSAID = "yes", "no", ""


class Appointment(Base):
    """A planned meeting of a group, as calendars know it; its id is what they know it by. Of one that is cancelled the meeting is
    gone. `number` is its place in its series, as it was planned; `begins` the time on the clock of `zone`; `warned_for` when it was to
    begin as whoever leads it was told that few people come.
    """

    __tablename__ = "appointments"
    __table_args__ = (UniqueConstraint("series_id", "number"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"), unique=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    led_by: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    series_id: Mapped[str] = mapped_column(String(lengths.ID))
    number: Mapped[int] = mapped_column(Integer)
    begins: Mapped[datetime] = mapped_column(DateTime)
    zone: Mapped[str] = mapped_column(String(lengths.ZONE))
    minutes: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(lengths.PLACE))
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    warned_for: Mapped[datetime | None] = mapped_column(DateTime)

    @property
    def moment(self) -> datetime:
        """When it begins, in UTC."""
        return moment_of(self.begins, self.zone)

    @property
    def as_seen(self) -> str:
        """When it is, as a page that asks who comes says along."""
        return f"{self.begins:%Y-%m-%dT%H:%M} {self.zone} {self.minutes}"

    @property
    def until(self) -> datetime:
        """When it is over, in UTC: so many minutes later, whatever clocks do meanwhile."""
        return self.moment + timedelta(minutes=self.minutes)


class Guest(Base):
    """Somebody whom an appointment concerns: whether they come, and what their calendar was told of it. `due` counts what changed
    for them, `told` is how much of that went out by mail; `is_out`: it is not theirs any more.
    """

    __tablename__ = "guests"
    __table_args__ = (UniqueConstraint("appointment_id", "user_id"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    answer: Mapped[str] = mapped_column(String(3), default=UNSAID)
    is_out: Mapped[bool] = mapped_column(default=False)
    due: Mapped[int] = mapped_column(Integer, default=0)
    told: Mapped[int | None] = mapped_column(Integer)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)


class Spared(Base):
    """That somebody cannot take a role in a group, as they said themselves."""

    __tablename__ = "spared"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class Swap(Base):
    """That somebody would swap their turn in one meeting for somebody else's turn in another, in the same role. `told`: the answer
    that a mail told of; `UNSAID` is the asking itself, and None before any mail.
    """

    __tablename__ = "swaps"
    __table_args__ = (UniqueConstraint("gives_id", "wants_id", "role"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    role: Mapped[str] = mapped_column(String(16))
    gives_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    wants_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    asked_of: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    answer: Mapped[str] = mapped_column(String(3), default=UNSAID)
    told: Mapped[str | None] = mapped_column(String(3))


class CalendarAddress(ReadingAddress):
    """The address at which somebody's calendar finds their meetings."""

    __tablename__ = "calendar_addresses"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way
