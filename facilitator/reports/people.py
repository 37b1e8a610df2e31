"""Who was there, for a report: names only, no hours. Pure.

Promises: whoever was never let in or was sent away is not named; leaving early makes nobody absent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from facilitator.meetings import rules
from facilitator.meetings.snapshot import Seat, Snapshot


@dataclass(frozen=True, slots=True)
class People:
    """Names by what somebody did in the meeting, each list in alphabetical order. `absent` are members of the group."""

    present: tuple[str, ...]
    moderators: tuple[str, ...]
    timekeepers: tuple[str, ...]
    note_takers: tuple[str, ...]
    observers: tuple[str, ...]
    absent: tuple[str, ...] = ()


def people(snapshot: Snapshot) -> People:
    """Everybody a report names."""
    came = [s for s in snapshot.seats if s.kind == "participant" and s.is_admitted and not s.is_expelled]
    leading = rules.moderators(snapshot) or tuple(s for s in snapshot.seats if s.kind == "moderator")
    return People(
        present=_names(came),
        moderators=_names(leading),
        timekeepers=_names(s for s in came if s.role == "timekeeper"),
        note_takers=_names(s for s in came if s.role == "note_taker"),
        observers=_names(s for s in came if s.role == "observer"),
    )


def alphabetical(name: str) -> tuple[str, str]:
    """Where a name stands in a list people read: an accent or a capital does not move it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return plain.casefold(), name


def _names(seats: Iterable[Seat]) -> tuple[str, ...]:
    return tuple(sorted({seat.name for seat in seats if seat.name}, key=alphabetical))
