"""The tables of an organisation's own methods. Each is the document of a method file, as short as it would be by hand.

Promises: a version is never changed once it was made, and nothing of a meeting is in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core import lengths
from facilitator.core.db import Base, Moment, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class OwnMethod(Base):
    """A method of an organisation. `draft` is what is worked on; meetings are planned with the version `in_use`, if there is one and the
    method `is_put_away` not.
    """

    __tablename__ = "own_methods"
    __table_args__ = (UniqueConstraint("organisation_id", "key"), WITHOUT_ROWID)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    key: Mapped[str] = mapped_column(String(lengths.KEY))
    # Any: a method's file, judged whenever it is read.
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    in_use: Mapped[int | None] = mapped_column(Integer)
    is_put_away: Mapped[bool] = mapped_column(default=False)


class MethodVersion(Base):
    """A method as it was taken into use, or as a draft was that made place for an earlier version."""

    __tablename__ = "method_versions"
    __table_args__ = WITHOUT_ROWID

    method_id: Mapped[str] = mapped_column(ForeignKey("own_methods.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
