"""What concerns one person: the entries that rooms offer, and the personal link that leads a phone back to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that concerns a person. Title and text are in the language of the request that shows them, `href` is an
    address on this server that asks for itself who may see it, `moment` is when it came to be. `waits`: it waits for this
    person, so it stands on top.
    """

    title: str
    text: str
    href: str
    moment: datetime | None = None
    waits: bool = False
