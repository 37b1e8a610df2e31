"""The table of what was told before it is erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core.db import Base, Moment


class Announcement(Base):
    """Somebody is told that something goes. `goes_at` is the moment they are told, and nothing goes before; it is a week or
    more after `told_at`, when a mail about it was really on its way. `claimed_at`: when somebody last set about telling it.
    """

    __tablename__ = "announcements"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    thing_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    goes_at: Mapped[datetime] = mapped_column(Moment)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
