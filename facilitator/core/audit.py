"""The audit log: who opened, exported, published, withdrew and erased what, and when.

Promises: entries are only ever added; they name things by id and never quote them; nothing is noted of anonymous
submissions. An entry is written in the transaction of what it tells, so neither is there without the other.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from facilitator.core.db import Base, Moment, now, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Deed(StrEnum):
    """What may be noted."""

    OPENED = "opened"
    EXPORTED = "exported"
    APPROVED = "approved"
    REOPENED = "reopened"
    PUBLISHED = "published"
    WITHDREW = "withdrew"
    CHANGED = "changed"
    ISSUED = "issued"
    ERASED = "erased"


class AuditEntry(Base):
    """One deed. `by_id` is an account or, for somebody without one, empty: a seat of a meeting is nobody's business.
    `thing` is a kind of thing (`report`, `card`, `proof`, `meeting`, `archive`, `settings`, `clock`, `person`), `thing_id` its id.
    """

    __tablename__ = "audit_entries"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[str | None] = mapped_column(String(32))
    deed: Mapped[str] = mapped_column(String(12))
    thing: Mapped[str] = mapped_column(String(16))
    thing_id: Mapped[str] = mapped_column(String(32))


def note(session: Session, organisation_id: str, by_id: str | None, deed: Deed, thing: str, thing_id: str) -> None:
    """Adds one entry to the running transaction."""
    session.add(
        AuditEntry(
            organisation_id=organisation_id, at=now(), by_id=by_id, deed=deed.value, thing=thing, thing_id=thing_id
        )
    )
