"""What the rota has for a person: a swap that waits for their answer."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.calendar import swaps
from facilitator.calendar.models import UNSAID, Swap
from facilitator.calendar.turns import rota_of
from facilitator.core.db import db, now
from facilitator.core.entries import Entry


def entries_for_seat(_meeting_id: str, _seat_id: str, _is_own: bool) -> list[Entry]:
    """Nothing: a turn is an account's."""
    return []


def entries_for_user(user: User) -> list[Entry]:
    """The groups in which somebody asks them for a swap."""
    asked = db.session.scalars(select(Swap).where(Swap.asked_of == user.id, Swap.answer == UNSAID)).all()
    groups = {group.id: group for swap in asked if (group := swaps.group_of(db.session(), swap)) is not None}
    text = _("Somebody would swap a turn with you.")
    return [
        Entry(group.name, text, f"/groups/{group.id}/rota", waits=True)
        for group in groups.values()
        if any(swap.asked_of == user.id for swap in swaps.open_swaps(user.id, rota_of(group, now())))
    ]
