"""What a group's pages show of its meetings. This room lies below the meetings' room and asks it for nothing: the frame
hands it somebody who answers (`app.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app

from facilitator.accounts.models import User
from facilitator.groups.rules import Ids


@dataclass(frozen=True, slots=True)
class MeetingSummary:
    """One meeting of a group, for one person. `report` and `people` are addresses, empty where they may not go; `goal` is
    empty where it is not theirs to read, or erased.
    """

    group_id: str
    goal: str
    is_erased: bool
    moment: datetime | None
    is_over: bool
    is_live: bool
    report: str = ""
    people: str = ""


class Summaries(Protocol):
    """Who knows the meetings."""

    def led_by(self, user_id: str) -> Ids:
        """The ids of the groups whose meetings somebody leads, as a question."""

    def of_groups(self, user: User, group_ids: Sequence[str], with_reports: bool = False) -> list[MeetingSummary]:
        """The meetings of these groups, the newest first; the caller has checked that the groups may be seen. Which
        reports somebody may read is worked out one by one, so only where it is asked for.
        """


def summaries() -> Summaries:
    """Who answers in this application."""
    found: Summaries = current_app.extensions["summaries"]
    return found
