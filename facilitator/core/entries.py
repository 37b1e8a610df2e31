"""What a room has for one person, as their own page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from facilitator.core.sealing import UNREADABLE


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that concerns a person. Title and text are in the language of the request that shows them, `href` is an
    address on this server that asks for itself who may see it (empty: there is nothing to open), `moment` is when it came
    to be. `waits`: it waits for this person, so it stands on top; `for_others`: and others wait for what they do.
    """

    title: str
    text: str
    href: str
    moment: datetime | None = None
    waits: bool = False
    for_others: bool = False


def unreadable_entry(title: str, href: str = "", moment: datetime | None = None) -> Entry:
    """What stands in place of something that is damaged."""
    return Entry(title, str(UNREADABLE), href, moment)
