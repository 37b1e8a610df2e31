"""What the groups have for a person: an agreement that waits for them."""

from __future__ import annotations

from flask_babel import gettext as _

from facilitator.accounts.models import User
from facilitator.core.entries import Entry
from facilitator.groups import agreements


def entries_for_seat(meeting_id: str, seat_id: str, is_own: bool) -> list[Entry]:  # noqa: ARG001 – an agreement is a member's
    """Nothing: whoever has no account accepts it in the lobby."""
    return []


def entries_for_user(user: User) -> list[Entry]:
    """The groups in which a version waits to be accepted."""
    text = _("Your group has an agreement. Read it, and say whether you accept it.")
    return [
        Entry(group.name, text, f"/groups/{group.id}#agreement", waits=True)
        for group in agreements.still_to_accept(user)
    ]
