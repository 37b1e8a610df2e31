"""The day's work of somebody who is signed in: what is next, what they were asked for, what they planned, and who waits for them.

Promises: nothing is counted here, and nothing stands here that somebody need not do; everything is asked of the rooms, which
decide for themselves what may be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.accounts.models import User
from facilitator.calendar import loading as calendar
from facilitator.calendar.loading import Listed as Planned
from facilitator.core.db import now
from facilitator.core.entries import Entry
from facilitator.meetings import listing
from facilitator.meetings.listing import Listed
from facilitator.meetings.open_actions import OpenAction, open_actions
from facilitator.mine.loading import goals_of
from facilitator.mine.rooms import ROOMS, sorted_entries

NEXT = 3


@dataclass(frozen=True, slots=True)
class Home:
    """What a home shows. `led_now` and `led_next` are the meetings an account set up that no calendar of a group knows; `goals`
    say what the meetings were for that entries lead to, by address.
    """

    led_now: list[Listed]
    led_next: list[Listed]
    now: list[Planned]
    next: list[Planned]
    asked: list[Entry]
    waited_for: list[Entry]
    planned: list[OpenAction]
    buddy_of: list[OpenAction]
    goals: dict[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(
            (
                self.led_now,
                self.led_next,
                self.now,
                self.next,
                self.asked,
                self.waited_for,
                self.planned,
                self.buddy_of,
            )
        )


def home_of(user: User) -> Home:
    """Asked of every room."""
    waiting, _rest = sorted_entries(entry for room in ROOMS for entry in room.entries_for_user(user))
    ahead = [one for one in calendar.of_user(user, now()) if not one.is_cancelled]
    in_calendar = {one.meeting_id for one in ahead}
    actions = open_actions(user, led=False)
    planned = [one for one in listing.of_account(user, "planned") if one.id not in in_calendar]
    return Home(
        led_now=listing.of_account(user, *listing.LIVE),
        led_next=planned[:NEXT],
        now=[one for one in ahead if one.is_open and not one.leads],
        next=[one for one in ahead if not one.is_open][:NEXT],
        asked=[entry for entry in waiting if not entry.for_others],
        waited_for=[entry for entry in waiting if entry.for_others],
        planned=[action for action in actions if action.is_own],
        buddy_of=[action for action in actions if not action.is_own],
        goals=goals_of(user, waiting),
    )
