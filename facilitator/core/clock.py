"""The clock of this machine, looked at before anything is done by it that cannot be undone.

Promises: whoever destroys, publishes or mails by the calendar asks for a `Run`, and gets none while the clock has jumped by more
than a few days since it was last looked at, or lies behind what the databases know. That ends when the clock is right again,
or when a person says that it is. When it was last looked at is kept in both databases, so that texts which are put back from
an old copy do not take the clock back with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    TextClause,
    bindparam,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from facilitator.core.db import Base, Moment, begin_writing, db, take_turns

A_FEW_DAYS = timedelta(days=4)
CLOCK = "clock"
# Moments that lie ahead by their nature; tables for whose moments those of their meeting stand; and those of this very module.
AHEAD = frozenset({"planned_for", "due_at", "publish_at", "expires_at", "goes_at"})
WITHIN_A_MEETING = frozenset({"actions", "contributions", "presences", "rounds", "seats", "steps", "transitions"})
OWN = frozenset({"looks", "sightings"})

metadata = MetaData()  # of the database of keys
# One row: when the clock was last looked at and found right; up to where rows are known to be dated wrongly, because
# somebody said that an earlier moment is right; since when nothing is done.
last_look = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("passed_over", Moment),
    Column("held_at", Moment),
    sqlite_with_rowid=False,
)
KEPT = text(
    "INSERT INTO clock (id, at) VALUES (1, :at) ON CONFLICT (id) DO UPDATE"
    " SET at = CASE WHEN excluded.at > clock.at THEN excluded.at ELSE clock.at END, held_at = NULL"
).bindparams(bindparam("at", type_=Moment))
HELD = text(
    "INSERT INTO clock (id, at, held_at) VALUES (1, :at, :held_at) ON CONFLICT (id) DO UPDATE"
    " SET held_at = COALESCE(clock.held_at, excluded.held_at)"
).bindparams(bindparam("at", type_=Moment), bindparam("held_at", type_=Moment))


class Look(Base):
    """When things of a kind were last looked at by a clock that was right; of the kind `clock` the clock itself."""

    __tablename__ = "looks"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the clock says, and the newest moment that is known otherwise."""

    says: datetime
    known: datetime

    @property
    def days(self) -> int:
        """By how much the clock is ahead of what is known; negative where it is behind."""
        return round((self.says - self.known) / timedelta(days=1))

    def __str__(self) -> str:
        far = f"{abs(self.days)} days {'later' if self.days > 0 else 'earlier'}"
        return (
            f"the clock says {self.says:%Y-%m-%d %H:%M} UTC, {far} than the newest moment known ({self.known:%Y-%m-%d %H:%M} UTC):"
            " nothing is erased, published or mailed by the calendar until the clock is set, or until somebody says that it is"
            " right, an administrator at /organisation/clock or you with `facilitator clock --today YYYY-MM-DD`"
        )


class ClockInDoubt(Exception):
    """Nothing may be done by this clock; the text is a sentence for whoever looks after the server."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(str(doubt))
        self.doubt = doubt


@dataclass(frozen=True, slots=True)
class Run:
    """A moment by which something may be done that cannot be undone. Only `Clock.check` gives one."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of an installation, beside its two databases."""

    texts: Engine
    keys: Engine

    def check(self, moment: datetime) -> Run:
        """Looks at the clock and remembers it; raises ClockInDoubt."""
        found = self.doubt(moment)
        if found is not None:
            self._hold(found)
            raise ClockInDoubt(found)
        self._keep(moment)
        return Run(moment)

    def doubt(self, moment: datetime) -> Doubt | None:
        """Why nothing may be done by the clock as it is, if so. Changes nothing."""
        last, passed_over, _ = self._last()
        newest = self._newest()
        last = last or newest
        if last is None:
            return None  # nothing is there yet that could be lost
        if abs(moment - last) > A_FEW_DAYS:
            return Doubt(moment, last)
        if newest is not None and newest > moment + A_FEW_DAYS and (passed_over is None or newest > passed_over):
            return Doubt(moment, newest)
        return None

    def is_held(self, moment: datetime) -> bool:
        """Whether nothing is done by the clock as it is. Asks two rows and no more: monitoring asks often."""
        last, _, held_at = self._last()
        return held_at is not None or (last is not None and abs(moment - last) > A_FEW_DAYS)

    def last(self) -> datetime | None:
        """When this clock was last looked at and found right."""
        return self._last()[0]

    def confirm(self, moment: datetime) -> None:
        """Somebody who knows has said that this moment is right (see `is_day_of`). Rows that are dated later were written by a
        clock that was wrong; they hold up nothing from now on.
        """
        newest = self._newest()
        with db.writing() as session:
            session.execute(update(Look).where(Look.at > moment).values(at=moment))
        with self.keys.connect() as connection:
            begin_writing(connection)
            connection.execute(last_look.delete())
            connection.execute(last_look.insert().values(id=1, at=moment, passed_over=newest))
            connection.commit()

    def _last(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        """When the clock was last looked at, up to where rows do not count, and since when nothing is done."""
        with self.keys.connect() as connection:
            is_there = inspect(connection).has_table(
                last_look.name
            )  # not before this version has run for the first time
            row = connection.execute(select(last_look)).first() if is_there else None
        with self.texts.connect() as connection:
            looked = connection.scalar(select(func.max(Look.at)))
        last = max((at for at in (row.at if row else None, looked) if at is not None), default=None)
        return last, row.passed_over if row else None, row.held_at if row else None

    def _newest(self) -> datetime | None:
        """The newest moment in any row. Rows from before it count, whoever wrote them; what lies ahead by its nature does not."""
        with self.texts.connect() as connection:
            return max(_moments(connection), default=None)

    def _keep(self, moment: datetime) -> None:
        with db.writing() as session:
            looked_at(session, CLOCK, moment)
        self._write(KEPT, moment)

    def _hold(self, doubt: Doubt) -> None:
        self._write(HELD, doubt.known, doubt.says)

    def _write(self, statement: TextClause, at: datetime, held_at: datetime | None = None) -> None:
        with self.keys.connect() as connection:
            begin_writing(connection)
            connection.execute(statement, {"at": at, **({"held_at": held_at} if held_at else {})})
            connection.commit()


def looked_at(session: Session, kind: str, moment: datetime) -> datetime | None:
    """Remembers that things of a kind were looked at; gives when they were before."""
    take_turns(session, f"look:{kind}")
    row = session.get(Look, kind)
    if row is None:
        session.add(Look(kind=kind, at=moment))
        return None
    before, row.at = row.at, max(row.at, moment)
    return before


def is_day_of(day: date, moment: datetime) -> bool:
    """Whether a moment is on a day, somewhere on earth. Who says that a clock is right has to say what day it is: so nobody
    confirms unread what a clock that is years off says.
    """
    return abs((day - moment.date()).days) <= 1


def _moments(connection: Connection) -> Iterator[datetime]:
    """The newest of each table."""
    for table in Base.metadata.sorted_tables:
        past = [column for column in table.c if isinstance(column.type, Moment) and column.name not in AHEAD]
        if past and table.name not in WITHIN_A_MEETING | OWN:
            yield from (at for at in connection.execute(select(*map(func.max, past))).one() if at is not None)


def init_app(app: Flask, keys: Engine) -> None:
    """Puts the clock of `app` beside its databases, which are open already."""
    app.extensions["clock"] = Clock(app.extensions["database"].engine, keys)


def clock() -> Clock:
    found = current_app.extensions["clock"]
    assert isinstance(found, Clock)
    return found
