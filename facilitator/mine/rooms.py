"""The rooms that have something for a person. A room joins here, in one line: its module `mine`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.arrangements import mine as arrangements
from facilitator.calendar import mine as calendar
from facilitator.consent import decisions
from facilitator.consent import mine as consent
from facilitator.core.entries import Entry
from facilitator.groups import mine as groups
from facilitator.meetings import mine as meetings
from facilitator.proof import actions as proof_of_seats
from facilitator.proof import annexes
from facilitator.proof import mine as proof
from facilitator.questions import mine as questions
from facilitator.reports import mine as reports
from facilitator.year import mine as year

NEVER = datetime.min.replace(tzinfo=UTC)


class Room(Protocol):
    """What the module `<room>/mine.py` offers. Both ask for themselves what may be seen, and give nothing they may not."""

    def entries_for_seat(self, meeting_id: str, seat_id: str, is_own: bool) -> list[Entry]:
        """What one meeting has for whoever held a seat in it; the caller has checked that it is theirs. Where only the
        moderator says so (not `is_own`) that is their proof and the group's report.
        """

    def entries_for_user(self, user: User) -> list[Entry]:
        """What all meetings have for somebody who is signed in."""


ROOMS: tuple[Room, ...] = (groups, year, meetings, reports, proof, consent, questions, arrangements, calendar)
# What is kept of a seat, when it was joined to another one, within the transaction that does so; and once more when that is proved.
FOLLOW_SEAT: tuple[Callable[[Session, str, str, bool], None], ...] = (
    proof_of_seats.follow_seat,
    decisions.follow_seat,
)
# And when the two turned out to be two people's.
PART_SEAT: tuple[Callable[[Session, str, str], None], ...] = (proof_of_seats.part_seat,)
# What changes with the account of a seat.
FOLLOWING: tuple[Callable[[str], None], ...] = (annexes.follow_account, decisions.follow_account)


def follow_account(seat_id: str) -> None:
    """After it was said whose account a seat is, or that it is not: by its holder, or by the moderator."""
    for follow in FOLLOWING:
        follow(seat_id)


def sorted_entries(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What waits for the person, and all the rest; the newest first."""
    newest = sorted(entries, key=lambda entry: entry.moment or NEVER, reverse=True)
    return [entry for entry in newest if entry.waits], [entry for entry in newest if not entry.waits]
