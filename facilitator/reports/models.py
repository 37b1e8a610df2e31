"""The tables of session reports.

Promises: the words of every version are sealed with a key of the report, so a report outlives the raw input of its meeting
and can be erased by itself. What was approved is remembered as a keyed fingerprint; whose yes it is follows from the case.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core import lengths
from facilitator.core.db import Base, Moment, Sealed, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class ReportRow(Base):
    """The report of one meeting, from the first time somebody completed, offered or approved something of it."""

    __tablename__ = "reports"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"), unique=True)
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class VersionRow(Base):
    """One version: made from the meeting or from the version before, offered by the moderator, approved by whoever must.
    The body is a sealed `drafts.Draft`. There is at most one version without `approved_at`, the newest; as long as the raw input of
    its meeting is there, that meeting's key closes it (`key_of`): what nobody approved cannot outlive it, in any copy.
    """

    __tablename__ = "report_versions"
    __table_args__ = (UniqueConstraint("report_id", "number"), WITHOUT_ROWID)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[bytes] = mapped_column(Sealed)
    offered_at: Mapped[datetime | None] = mapped_column(Moment)
    is_mailed: Mapped[bool] = mapped_column(default=False)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    key_of: Mapped[str | None] = mapped_column(String(32))


class ApprovalRow(Base):
    """A case giver's yes to one passage, or to all they were shown (`passage` is empty). `case_number` is 0 where the
    moderator approves a report without a case. It counts only while `fingerprint` is that of the words as they are now.
    """

    __tablename__ = "report_approvals"
    __table_args__ = WITHOUT_ROWID

    version_id: Mapped[str] = mapped_column(ForeignKey("report_versions.id", ondelete="CASCADE"), primary_key=True)
    case_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    passage: Mapped[str] = mapped_column(String(lengths.PASSAGE), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
