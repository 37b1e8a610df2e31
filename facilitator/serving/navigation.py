"""What stands at the top of every page: entries for whoever is signed in – a room of the house joins here, in one line – and for
administrators whether the clock of the server is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from facilitator.accounts.models import User
from facilitator.core.clock import clock
from facilitator.core.db import now


@dataclass(frozen=True)
class Entry:
    """An address, its name in the reader's language, and who sees it."""

    href: str
    name: Callable[[], str]
    is_for: Callable[[User], bool] = lambda _user: True


ENTRIES = (
    Entry("/", lambda: _("Home")),
    Entry("/meetings", lambda: _("Meetings"), lambda user: user.is_moderator),
    Entry("/groups", lambda: _("Groups")),
    Entry("/calendar", lambda: _("Calendar")),
    Entry("/archive", lambda: _("Archive")),
    Entry("/questions", lambda: _("Questions")),
    Entry("/together", lambda: _("Together")),
    Entry("/proof", lambda: _("Proof")),
    Entry("/organisation", lambda: _("Organisation"), lambda user: user.is_administrator),
)


def entries_for(user: User) -> list[tuple[str, str]]:
    """What this person may go to, in order."""
    return [(entry.href, entry.name()) for entry in ENTRIES if entry.is_for(user)]


def is_clock_held() -> bool:
    """Whether nothing is done by the calendar. A page that tells of broken databases is shown without knowing it."""
    try:
        return clock().is_held(now())
    except SQLAlchemyError:
        return False
