"""The rooms that have something for a person. A room joins here, in one line: its module `mine`."""

from __future__ import annotations

from typing import Protocol

from facilitator.accounts.models import User
from facilitator.meetings.personal import Entry


class Room(Protocol):
    """What the module `<room>/mine.py` offers. Both ask for themselves what may be seen, and give nothing they may not."""

    def entries_for_seat(self, meeting_id: str, seat_id: str) -> list[Entry]:
        """What one meeting has for whoever held a seat in it; the caller has checked that it is theirs."""

    def entries_for_user(self, user: User) -> list[Entry]:
        """What all meetings have for somebody who is signed in."""


ROOMS: tuple[Room, ...] = ()
