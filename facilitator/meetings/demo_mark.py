"""By what a meeting with simulated people is known: its id. Nothing has to be looked up to tell it from a real one, and nothing can be
changed to make the one the other.

Such meetings are of an organisation that nobody belongs to, and of nobody's account: whatever asks within somebody's organisation,
account, group or seats – every list, register, figure, report, proof, card and search – comes by none of them.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement

from facilitator.accounts.models import NOBODYS
from facilitator.core.db import random_id
from facilitator.meetings.models import Meeting

MARK = NOBODYS  # it has a letter that no random id has


def new_demo_id() -> str:
    """The id of a meeting with simulated people."""
    return f"{MARK}{random_id()}"


def is_demo(meeting_id: object) -> bool:
    """Whether a meeting has simulated people."""
    return str(meeting_id or "").startswith(MARK)


def is_real() -> ColumnElement[bool]:
    """The same of rows, the other way round."""
    return Meeting.id.not_like(f"{MARK}%")
