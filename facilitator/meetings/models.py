"""The tables of the live meeting.

Promises: ids are random and no table keeps the order of insertion; every text somebody wrote is sealed; no row tells when
somebody wrote, and a contribution of an anonymous form has no author. Of what happened the fact is kept, and the time only where
something counts by it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Date, Float, ForeignKey, Integer, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core import lengths
from facilitator.core.db import Base, Moment, Sealed, random_id
from facilitator.meetings import table_ids
from facilitator.meetings.snapshot import PSEUDONYMS

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Meeting(Base):
    """One session of a group. `turn` counts accepted moves; `here` is the position of the step at hand. One that
    `follows_group` continues what its group held last, and that is settled when it opens.
    """

    __tablename__ = "meetings"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"), index=True)
    continues_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id"))
    follows_group: Mapped[bool] = mapped_column(default=False)
    agreement_id: Mapped[str | None] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    goal: Mapped[str] = mapped_column(String(lengths.GOAL))
    method_key: Mapped[str] = mapped_column(String(lengths.KEY))
    # Any: what its method said of itself, a pydantic document; None in meetings from before it was kept.
    method_head: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(5))
    names: Mapped[str] = mapped_column(String(12), default="names")
    place: Mapped[str] = mapped_column(String(lengths.PLACE), default="")
    capacity: Mapped[int] = mapped_column(Integer, default=14)
    planned_for: Mapped[datetime | None] = mapped_column(Moment)
    wifi: Mapped[bytes | None] = mapped_column(Sealed)
    join_host: Mapped[str | None] = mapped_column(String(lengths.HOST))
    status: Mapped[str] = mapped_column(String(10), default="planned")
    turn: Mapped[int] = mapped_column(Integer, default=0)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    here: Mapped[int] = mapped_column(Integer, default=-1)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    is_locked: Mapped[bool] = mapped_column(default=False)
    is_blanked: Mapped[bool] = mapped_column(default=False)
    code_shown: Mapped[bool] = mapped_column(default=False)
    is_screen_chosen: Mapped[bool] = mapped_column(default=False)
    wall_page: Mapped[int] = mapped_column(Integer, default=1)
    wall_pages: Mapped[int] = mapped_column(Integer, default=1)
    # Any: what is worked on at each table of a meeting that was divided (`dividing`), phases as they are in steps; None where it was not.
    division: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def uses_pseudonyms(self) -> bool:
        """Whether people are here under names they made up."""
        return self.names == PSEUDONYMS


def is_whole() -> ColumnElement[bool]:
    """Whether a row of meetings is one, and not a table of one."""
    return Meeting.id.not_like(f"%{table_ids.MARK}%")


class Round(Base):
    """A case, who gives it, and what it asks. Title and questions are sealed. `is_set`: the case giver was named, not
    chosen by dots. `is_told`: it stays theirs, whoever is named afterwards. What its method was called, and called
    the roles, is kept with it, by language, as its phases are with its steps.
    """

    __tablename__ = "rounds"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    method_key: Mapped[str] = mapped_column(String(lengths.KEY), default="")
    method_titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    method_roles: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    is_in_turn: Mapped[bool] = mapped_column(default=False)
    case_giver_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    case_id: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[bytes | None] = mapped_column(Sealed)
    question: Mapped[bytes | None] = mapped_column(Sealed)
    key_question: Mapped[bytes | None] = mapped_column(Sealed)
    is_set: Mapped[bool] = mapped_column(default=False)
    is_told: Mapped[bool] = mapped_column(default=False)
    is_stopped: Mapped[bool] = mapped_column(default=False)


class TurnRow(Base):
    """Whose turn it is for a role in a planned meeting (`turns`), and why it is theirs."""

    __tablename__ = "turns"
    __table_args__ = WITHOUT_ROWID

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    why: Mapped[str] = mapped_column(String(8))


class Step(Base):
    """A phase as this meeting goes through it; `phase` is the phase as it was in the method when the meeting opened."""

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("meeting_id", "position"), WITHOUT_ROWID)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    round_id: Mapped[str | None] = mapped_column(ForeignKey("rounds.id"))
    position: Mapped[int] = mapped_column(Integer)
    # Any: a pydantic document, checked again when it is read – which is once, so it stays behind on every other reading.
    phase: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    planned: Mapped[float] = mapped_column(Float)
    added: Mapped[float] = mapped_column(Float, default=0.0)
    spent: Mapped[float] = mapped_column(Float, default=0.0)
    running_since: Mapped[datetime | None] = mapped_column(Moment)
    has_begun: Mapped[bool] = mapped_column(default=False)
    is_skipped: Mapped[bool] = mapped_column(default=False)
    is_revealed: Mapped[bool] = mapped_column(default=False)
    speakers: Mapped[list[str]] = mapped_column(JSON, default=list)
    speaker: Mapped[str | None] = mapped_column(String(32))
    floors: Mapped[list[str]] = mapped_column(JSON, default=list)  # who had it, once for each time
    put_away: Mapped[list[str]] = mapped_column(JSON, default=list)  # what the console need not say any more
    item: Mapped[str | None] = mapped_column(String(32))
    lap: Mapped[int] = mapped_column(Integer, default=1)
    done: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # the texts of an earlier step that were talked about in this one
    is_left_out: Mapped[bool] = mapped_column(default=False)
    is_taken: Mapped[bool] = mapped_column(default=False)
    is_time_told: Mapped[bool] = mapped_column(default=False)


class Transition(Base):
    """One accepted move. Only ever added. `at` is kept of those that start or stop the clock: presence is counted by it."""

    __tablename__ = "transitions"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True)
    move: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime | None] = mapped_column(Moment)


class Seat(Base):
    """A place in one meeting: somebody's, the moderator's or the room screen's. `user_id` is the account whose seat it is, by
    its own device; `said_to_be` the one the moderator takes it for, which is no proof (see `visitor`). `has_phone`: some
    device of theirs holds it, or did. `is_admitted` stays when somebody left: who comes back `waits_again` until the moderator
    has looked who it is. `declines`: would rather not give a case in this meeting. A seat that the moderator joined to another
    (`joined_to_id`) is of the kind `joined`: it has nothing but the tokens of its devices, which hold that other one; its
    `has_phone` then says whether that one has a phone without it.
    """

    __tablename__ = "seats"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(lengths.NAME), default="")
    locale: Mapped[str] = mapped_column(String(5))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    said_to_be: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    role: Mapped[str] = mapped_column(String(16), default="")
    has_phone: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    has_agreed: Mapped[bool] = mapped_column(default=False)
    has_accepted: Mapped[bool] = mapped_column(default=False)
    is_admitted: Mapped[bool] = mapped_column(default=False)
    waits_again: Mapped[bool] = mapped_column(default=False)
    declines: Mapped[bool] = mapped_column(default=False)
    offers: Mapped[str] = mapped_column(String(lengths.ROLES), default="")  # the roles they would take, with spaces
    is_expelled: Mapped[bool] = mapped_column(default=False)
    joined_to_id: Mapped[str | None] = mapped_column(String(32), index=True)
    table: Mapped[int] = mapped_column(Integer, default=0)  # at which table they work, from 1

    @property
    def is_let_in(self) -> bool:
        """Whether nobody has to open the door for them now."""
        return self.is_admitted and not self.waits_again

    @property
    def takes_part(self) -> bool:
        """Somebody's who was let in and not sent away: only they have anything here. Leaving early is fine."""
        return self.kind == "participant" and self.is_admitted and not self.is_expelled

    @hybrid_property
    def leads(self) -> bool:
        """The moderator's, who did not hand the lead over."""
        return self.kind == "moderator" and self.left_at is None and not self.is_expelled

    @leads.inplace.expression
    @classmethod
    def _leads(cls) -> ColumnElement[bool]:
        return and_(cls.kind == "moderator", cls.left_at.is_(None), cls.is_expelled.is_(False))


class SeatToken(Base):
    """What a device's cookie proves: that it holds a seat. Only the hash of the token is kept. `kept_on`: the day it was made
    as a personal link; the cookie of a device that came in by the link is that very token, so both end together.
    """

    __tablename__ = "seat_tokens"
    __table_args__ = WITHOUT_ROWID

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), index=True)
    kept_on: Mapped[date | None] = mapped_column(Date)


class Presence(Base):
    """When somebody came and went; a seat may come back. `hand_id`: the joined seat whose device it was."""

    __tablename__ = "presences"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), index=True)
    came_at: Mapped[datetime] = mapped_column(Moment)
    went_at: Mapped[datetime | None] = mapped_column(Moment)
    hand_id: Mapped[str | None] = mapped_column(String(32))


class Contribution(Base):
    """What was written in a step; never when. Without an author where the form is anonymous; `rank` is random, so the order
    of things tells nothing.
    """

    __tablename__ = "contributions"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    step_id: Mapped[str] = mapped_column(ForeignKey("steps.id", ondelete="CASCADE"))
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    hand_id: Mapped[str | None] = mapped_column(String(32))  # the joined seat whose device wrote it
    form: Mapped[str] = mapped_column(String(lengths.KEY))
    body: Mapped[bytes] = mapped_column(Sealed)
    rank: Mapped[int] = mapped_column(Integer)
    capability_hash: Mapped[str | None] = mapped_column(String(64))
    about_id: Mapped[str | None] = mapped_column(String(32))
    is_revealed: Mapped[bool] = mapped_column(default=False)
    is_done: Mapped[bool] = mapped_column(default=False)
    is_removed: Mapped[bool] = mapped_column(default=False)
    is_late: Mapped[bool] = mapped_column(default=False)
    joined_to_id: Mapped[str | None] = mapped_column(String(32))
    is_kept: Mapped[bool] = mapped_column(default=False)
    taken_down_by: Mapped[str | None] = mapped_column(String(32))  # the seat that wrote it, where it is not `seat_id`
    brought_by: Mapped[str | None] = mapped_column(String(lengths.NAME))
    from_seat_id: Mapped[str | None] = mapped_column(String(32))  # whose it was in the meeting it was brought from
    key_of: Mapped[str | None] = mapped_column(
        String(32), index=True
    )  # where it was written, if not here: it goes with that


class Notebook(Base):
    """Somebody's own notes, by the seat whose device writes them. `version` is the hash of the op that was stored last."""

    __tablename__ = "notebooks"
    __table_args__ = WITHOUT_ROWID

    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    body: Mapped[bytes] = mapped_column(Sealed)
    version: Mapped[str] = mapped_column(String(lengths.HASH))


class Signal(Base):
    """Something somebody wants the moderator to know now. What it is, and from which device, is sealed; the row is gone as soon as it was
    put away or taken back, and when the meeting ends.
    """

    __tablename__ = "signals"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    body: Mapped[bytes] = mapped_column(Sealed)


class OpDone(Base):
    """An op of a named seat that was accepted, and a fingerprint of what it said: finds replays of it."""

    __tablename__ = "ops_done"
    __table_args__ = WITHOUT_ROWID

    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    op_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_mac: Mapped[str] = mapped_column(String(64))
    contribution_id: Mapped[str] = mapped_column(String(32))


class UsedOp(Base):
    """A hash of the op id of something anonymous: finds doubles, points at no text, and outlives the reveal. It goes with the
    raw input of its meeting.
    """

    __tablename__ = "used_ops"
    __table_args__ = WITHOUT_ROWID

    op_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    body_mac: Mapped[str] = mapped_column(String(64))


class Tally(Base):
    """How many texts a seat wrote with a form of a step, and what it said instead of writing."""

    __tablename__ = "tallies"
    __table_args__ = WITHOUT_ROWID

    step_id: Mapped[str] = mapped_column(ForeignKey("steps.id", ondelete="CASCADE"), primary_key=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str] = mapped_column(String(lengths.KEY), primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
    instead: Mapped[str] = mapped_column(String(12), default="")


class Mark(Base):
    """A tap beside a text: a dot, a star, a buddy's yes, or how warm it is."""

    __tablename__ = "marks"
    __table_args__ = WITHOUT_ROWID

    step_id: Mapped[str] = mapped_column(ForeignKey("steps.id", ondelete="CASCADE"), primary_key=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(8), default="")


class Action(Base):
    """An if-then action somebody took on, and how it went. `from_id` is the action of the meeting before, `from_seat_id` the
    seat whose it was there, `key_of` the meeting in which it was taken on: its key closes the words, so they go with it.
    `is_pointed_out`: it is the owner's by the moderator's word alone, so whoever proves it has it. `told`: how it went, as its owner
    or buddy said outside of a meeting.
    """

    __tablename__ = "actions"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    contribution_id: Mapped[str | None] = mapped_column(ForeignKey("contributions.id"))
    from_id: Mapped[str | None] = mapped_column(String(32))
    from_seat_id: Mapped[str | None] = mapped_column(String(32))
    key_of: Mapped[str | None] = mapped_column(String(32), index=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    owner_name: Mapped[str] = mapped_column(String(lengths.NAME), default="")
    is_pointed_out: Mapped[bool] = mapped_column(default=False)
    buddy_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    body: Mapped[bytes] = mapped_column(Sealed)
    due: Mapped[date | None] = mapped_column(Date)
    is_carried: Mapped[bool] = mapped_column(default=False)
    is_confirmed: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(8), default="open")
    told: Mapped[bytes | None] = mapped_column(Sealed)


class OfferedCase(Base):
    """A case that an account offers for a planned meeting, sealed with a key of its own; one for each meeting. When the group chooses and the
    account's seat is there, it becomes a text of the meeting and this row is gone. `day`: when that meeting was to be as it was offered;
    `tells`: what whoever leads may know before, see `actions.offering`.
    """

    __tablename__ = "offered_cases"
    __table_args__ = (UniqueConstraint("meeting_id", "user_id"), WITHOUT_ROWID)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    tells: Mapped[str] = mapped_column(String(8), default="")
    body: Mapped[bytes] = mapped_column(Sealed)


class Invite(Base):
    """A one-time door: a wall waiting to be paired (`wall`), or the moderator's role handed over (`handover`)."""

    __tablename__ = "invites"
    __table_args__ = WITHOUT_ROWID

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    is_used: Mapped[bool] = mapped_column(default=False)
