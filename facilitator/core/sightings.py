"""From when what has a deadline counts: from the moment in its row, or, where that cannot be true, from when it was first seen.

Promises: a clock that was wrong for a while neither shortens nor prolongs a deadline. What appeared between two looks came to be
between them; a moment outside of that was written by a clock that was wrong, and then the later look counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from facilitator.core.clock import A_FEW_DAYS, Run, looked_at
from facilitator.core.db import Base, Moment, db

KEY = "key"  # the kind of keys that belong to nothing; `retention.strays` looks for them


class Sighting(Base):
    """Something with a deadline, as long as it is there. `at` is what its row says of when it counts from, `since` what holds."""

    __tablename__ = "sightings"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 – SQLAlchemy's way

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    thing_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    since: Mapped[datetime] = mapped_column(Moment)


def counted(run: Run, kind: str, there: Mapping[str, datetime]) -> dict[str, datetime]:
    """From when each thing of a kind counts; `there` has all of them, with the moment in their row. One whose moment is another
    one than before is another thing.
    """
    with db.writing() as session:
        before = looked_at(session, kind, run.moment)
        known = {row.thing_id: row for row in session.scalars(select(Sighting).where(Sighting.kind == kind))}
        for thing_id, row in known.items():
            if there.get(thing_id) != row.at:
                session.delete(row)
        session.flush()
        since = {thing_id: row.since for thing_id, row in known.items() if there.get(thing_id) == row.at}
        for thing_id in there.keys() - since.keys():
            since[thing_id] = _since(there[thing_id], before, run.moment)
            session.add(Sighting(kind=kind, thing_id=thing_id, at=there[thing_id], since=since[thing_id]))
    return since


def forget(session: Session, kind: str, thing_id: str) -> None:
    """Lets nothing remind of something that is gone; the next look would do that too."""
    session.execute(delete(Sighting).where(Sighting.kind == kind, Sighting.thing_id == thing_id))


def _since(at: datetime, before: datetime | None, moment: datetime) -> datetime:
    is_possible = (before is None or at >= before - A_FEW_DAYS) and at <= moment + A_FEW_DAYS
    return min(at, moment) if is_possible else moment
