"""New cards as an Atom feed, at an address of somebody's own: feed readers do not sign in.

Promises: it shows what its owner may read now – what was taken back is gone – and dates to the day; no id leads to anything but the
card. What an address is: `accounts.reading_addresses`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import store
from facilitator.archive.content import CardContent
from facilitator.archive.listing import first_words
from facilitator.archive.models import Card
from facilitator.archive.rules import readable
from facilitator.archive.themes import themes_of
from facilitator.core.text import printable

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Item:
    card_id: str
    title: str
    summary: str
    themes: tuple[str, ...]
    locale: str
    published_on: date

    @property
    def id(self) -> str:
        """Stays the same as long as the card is there, and tells nothing."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"facilitator:card:{self.card_id}").urn

    @property
    def updated(self) -> str:
        return f"{self.published_on.isoformat()}T00:00:00Z"


def items(session: Session, reader: User) -> list[Item]:
    query = readable(reader).order_by(Card.published_on.desc(), Card.id).limit(MOST_ENTRIES)
    cards = session.scalars(query).all()
    themes = themes_of(session, [card.id for card in cards])
    return list(store.each(cards, lambda card, content: _item(card, content, tuple(themes.get(card.id, ())))))


def _item(card: Card, content: CardContent, names: tuple[str, ...]) -> Item:
    assert card.published_on is not None
    return Item(card.id, content.title, first_words(content), names, card.locale, card.published_on)


def atom(entries: Iterable[Item], *, title: str, by: str, organisation_id: str, home: str) -> bytes:
    """The feed as XML. `home` is the address of the archive; below it every card has its own. Pure."""
    entries = list(entries)
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", uuid.uuid5(uuid.NAMESPACE_OID, f"facilitator:archive:{organisation_id}").urn)
    _add(feed, "title", title)
    _add(feed, "updated", max((entry.updated for entry in entries), default="1970-01-01T00:00:00Z"))
    _add(feed, "link", rel="alternate", type="text/html", href=home)
    _add(_add(feed, "author"), "name", by)
    for entry in entries:
        _entry(feed, entry, home)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: ET.Element, item: Item, home: str) -> None:
    entry = _add(feed, "entry")
    entry.set("{http://www.w3.org/XML/1998/namespace}lang", item.locale)
    _add(entry, "id", item.id)
    _add(entry, "title", item.title)
    _add(entry, "updated", item.updated)
    _add(entry, "link", rel="alternate", type="text/html", href=f"{home}/{item.card_id}")
    for name in item.themes:
        _add(entry, "category", term=printable(name))
    _add(entry, "summary", item.summary or item.title)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        child.text = printable(text)
    return child
