"""What a group's year has for a person: an evaluation that asks them."""

from __future__ import annotations

from flask_babel import gettext as _

from facilitator.accounts.models import User
from facilitator.core.entries import Entry
from facilitator.year import evaluation


def entries_for_seat(_meeting_id: str, _seat_id: str, _is_own: bool) -> list[Entry]:
    """Nothing: a group asks its members, and those have an account."""
    return []


def entries_for_user(user: User) -> list[Entry]:
    """The groups that ask somebody and have no answer of theirs yet."""
    text = _("Your group looks at how it works together. Eight sentences, without your name.")
    return [
        Entry(group.name, text, f"/groups/{group.id}/evaluation", waits=True) for group in evaluation.waiting_for(user)
    ]
