"""What arrangements have for a person: a proposal and a check-in that wait for them, and all of their own."""

from __future__ import annotations

from flask_babel import gettext as _

from facilitator.accounts.models import User
from facilitator.arrangements import offering, reading
from facilitator.arrangements.reading import Line, State
from facilitator.arrangements.saying import form_of, state_of
from facilitator.core.db import db, midnight
from facilitator.core.entries import Entry


def entries_for_seat(_meeting_id: str, _seat_id: str, _is_own: bool) -> list[Entry]:
    """Nothing: an arrangement belongs to no meeting."""
    return []


def entries_for_user(user: User) -> list[Entry]:
    """One for each arrangement."""
    lines = reading.mine(db.session(), user)
    return [*_start(user), *(_entry(line) for line in lines)]


def _start(user: User) -> list[Entry]:
    """Whoever starts is told that colleagues offered to be their buddy."""
    session = db.session()
    if not (offering.is_starting(session, user) and offering.buddies(session, user)):
        return []
    return [
        Entry(
            _("A buddy to begin with"),
            _("Colleagues offered to be one. Ask one of them."),
            "/together#buddies",
            waits=True,
        )
    ]


def _entry(line: Line) -> Entry:
    title = f"{form_of(line.form)}: {', '.join(line.others) or _('A former colleague')}"
    text = _("Three questions wait for you.") if line.due else state_of(line.state)
    waits = line.state is State.ASKED or line.due is not None
    return Entry(title, text, f"/together/{line.id}", midnight(line.proposed_on), waits=waits)
