"""The tables of arrangements.

Promises: what people write in one is sealed with a key of the arrangement, so destroying that key takes all of it out of old copies too;
why somebody declined or ended it is kept nowhere, because it is not asked, and neither is who of them it was.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Date, DateTime, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.calendar.moments import moment_of
from facilitator.core import lengths
from facilitator.core.db import Base, Sealed, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}
BUDDY, COACHING, SHADOWING = "buddy", "coaching", "shadowing"
FORMS = (BUDDY, COACHING, SHADOWING)
OFFERED = (BUDDY, SHADOWING)  # what somebody can offer or wish for to colleagues they do not know yet


class Arrangement(Base):
    """Something that two or three people agree on. It holds once all of them said yes, from `begins_on`, until `until` or until one of
    them ends it; one that was declined has ended without having begun.
    """

    __tablename__ = "arrangements"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    form: Mapped[str] = mapped_column(String(12))
    body: Mapped[bytes] = mapped_column(Sealed)
    weeks: Mapped[int] = mapped_column(Integer)
    proposed_on: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    begins_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)


class Party(Base):
    """One of the people of an arrangement. `proposed`: whoever asked the others, and wrote the goal."""

    __tablename__ = "arrangement_parties"
    __table_args__ = WITHOUT_ROWID

    arrangement_id: Mapped[str] = mapped_column(ForeignKey("arrangements.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    proposed: Mapped[bool] = mapped_column(default=False)
    has_accepted: Mapped[bool] = mapped_column(default=False)


class MomentBetween(Base):
    """A moment that they meet: `begins` on the clock of `zone`, as it was said."""

    __tablename__ = "arrangement_moments"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    arrangement_id: Mapped[str] = mapped_column(ForeignKey("arrangements.id", ondelete="CASCADE"), index=True)
    begins: Mapped[datetime] = mapped_column(DateTime)
    zone: Mapped[str] = mapped_column(String(lengths.ZONE))
    minutes: Mapped[int] = mapped_column(Integer)
    body: Mapped[bytes] = mapped_column(Sealed)

    @property
    def moment(self) -> datetime:
        """When it begins, in UTC."""
        return moment_of(self.begins, self.zone)

    @property
    def until(self) -> datetime:
        """When it is over, in UTC."""
        return self.moment + timedelta(minutes=self.minutes)


class MomentYes(Base):
    """That a moment suits somebody; it is agreed once it suits everybody."""

    __tablename__ = "arrangement_moment_yes"
    __table_args__ = WITHOUT_ROWID

    moment_id: Mapped[str] = mapped_column(ForeignKey("arrangement_moments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class CheckIn(Base):
    """Somebody's answers to the three questions, on a day. They go with the account of whoever wrote them."""

    __tablename__ = "check_ins"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    arrangement_id: Mapped[str] = mapped_column(ForeignKey("arrangements.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    written_on: Mapped[date] = mapped_column(Date)
    body: Mapped[bytes] = mapped_column(Sealed)


class Talk(Base):
    """A meeting that two people hold for their arrangement."""

    __tablename__ = "arrangement_talks"
    __table_args__ = WITHOUT_ROWID

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    arrangement_id: Mapped[str] = mapped_column(ForeignKey("arrangements.id", ondelete="CASCADE"), index=True)


class Offer(Base):
    """What somebody offers to their colleagues or, where it `is_wish`, would like from one. It goes with the account."""

    __tablename__ = "offers"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(lengths.ID), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    form: Mapped[str] = mapped_column(String(12))
    is_wish: Mapped[bool] = mapped_column()
    locale: Mapped[str] = mapped_column(String(lengths.LOCALE))
    body: Mapped[bytes] = mapped_column(Sealed)
    made_on: Mapped[date] = mapped_column(Date)


class OfferTheme(Base):
    """What an offer is about: a theme of the organisation's own list."""

    __tablename__ = "offer_themes"
    __table_args__ = WITHOUT_ROWID

    offer_id: Mapped[str] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True)


class OfferTerm(Base):
    """A word by which an offer is found, as a keyed hash (`archive.search.alike`)."""

    __tablename__ = "offer_terms"
    __table_args__ = WITHOUT_ROWID

    offer_id: Mapped[str] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    term: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)
