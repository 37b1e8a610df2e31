"""The list of the archive: what somebody asked for in the address, and what they get.

Promises: every address is a list; what nobody can ask for is left out. Only cards the reader may read change anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from facilitator.accounts.models import User
from facilitator.archive import search, store
from facilitator.archive.content import CardContent, Outcome
from facilitator.archive.models import Card, Trial
from facilitator.archive.rules import readable
from facilitator.archive.search import Found, Query, Segment
from facilitator.archive.themes import themes_of
from facilitator.core import sealing
from facilitator.core.text import one_line

LONGEST_TEXT = 200
LONGEST_VALUE = 60
MOST_VALUES = 20
PER_PAGE = 20
SORTED_AT_MOST = 1000  # in another order than the engine's own only the best of so many stand
FITTING, NEWEST, TRIED = "fitting", "newest", "tried"
SORTS = (FITTING, NEWEST, TRIED)
# In the address: what each filter of the engine is called.
NAMES = {
    "theme": "theme",
    "method": "method",
    "outcome": "outcome",
    "form": "form",
    "period": "period",
    "locale": "language",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for, as it stands in the address."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] | None = None
    sort: str = ""
    page: int = 1

    def chosen(self, name: str) -> tuple[str, ...]:
        return (self.filters or {}).get(name, ())

    @property
    def count(self) -> int:
        return sum(len(values) for values in (self.filters or {}).values())

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.count

    def without(self, name: str, value: str) -> Wish:
        """With one filter less, from the first page."""
        left = {
            key: tuple(one for one in values if key != name or one != value)
            for key, values in (self.filters or {}).items()
        }
        return replace(self, filters=left, page=1)

    def href(self, page: int = 1) -> str:
        pairs = [("q", self.text)] if self.text else []
        pairs += [(NAMES[name], value) for name, values in (self.filters or {}).items() for value in values]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"/archive?{urlencode(pairs)}" if pairs else "/archive"

    def query(self) -> Query:
        """The same for the engine."""
        filters = {name: self.chosen(name) for name in NAMES}
        is_sorted = self.order not in (FITTING, NEWEST if not self.text else FITTING)
        if is_sorted:
            return Query(self.text, **filters, page=1, per_page=SORTED_AT_MOST)
        return Query(self.text, **filters, page=self.page, per_page=PER_PAGE)

    @property
    def order(self) -> str:
        """How the hits are sorted: with a text those that fit best come first, otherwise the newest."""
        return self.sort or (FITTING if self.text else NEWEST)


def wish_of(args: MultiDict[str, str]) -> Wish:
    """What stands in an address; what cannot be meant is left out."""
    filters = {
        name: tuple(dict.fromkeys(value[:LONGEST_VALUE] for value in args.getlist(key)[:MOST_VALUES] if value))
        for name, key in NAMES.items()
    }
    page = args.get("page", "1")
    sort = args.get("sort", "")
    return Wish(
        one_line(args.get("q", ""))[:LONGEST_TEXT],
        {name: values for name, values in filters.items() if values},
        sort if sort in SORTS else "",
        int(page) if page.isascii() and page.isdecimal() and 0 < len(page) <= 4 and int(page) else 1,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A card in a list: its title and the piece of it that fits, cut where something is marked."""

    card: Card
    title: Sequence[Segment]
    piece: Sequence[Segment]
    themes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter, how many there are, and whether it is chosen."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    wish: Wish
    lines: Sequence[Line]
    total: int
    page: int
    pages: int
    counts: Mapping[str, Mapping[str, int]]
    is_complete: bool = True
    suggestion: str = ""

    def options(self, name: str, label: Callable[[str], str]) -> list[Option]:
        """The values of a filter: the chosen ones and those that would find something."""
        counts = self.counts.get(name, {})
        chosen = self.wish.chosen(name)
        values = {*counts, *chosen}
        options = [Option(v, label(v) or v, counts.get(v, 0), v in chosen) for v in values]
        if name == "period":
            return sorted(options, key=lambda option: option.value, reverse=True)
        return sorted(options, key=lambda option: (-option.count, option.label.casefold()))


def listing(session: Session, reader: User, wish: Wish) -> Listing:
    cards = readable(reader)
    found = search.find(session, cards, wish.query())
    if found.hits == () and found.total and wish.page > found.pages:
        wish = replace(wish, page=1)
        found = search.find(session, cards, wish.query())
    ids = [hit.card_id for hit in found.hits]
    pages, page = found.pages, found.page
    if wish.query().per_page == SORTED_AT_MOST:
        pages = -(-len(ids) // PER_PAGE)
        page = min(wish.page, max(1, pages))
        ids = _in_order(session, ids, wish.order)[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Listing(wish, lines(session, reader, ids, wish.text), found.total, page, pages, found.counts, *_hints(found))


def lines(session: Session, reader: User, card_ids: Sequence[str], text: str = "") -> list[Line]:
    """Cards as they stand in a list, in the order of their ids; what may not be read is left out."""
    rows = {card.id: card for card in session.scalars(readable(reader).where(Card.id.in_(card_ids)))}
    themes = themes_of(session, card_ids)
    here = [rows[card_id] for card_id in card_ids if card_id in rows]  # some were taken back this very moment
    return list(
        store.each(here, lambda card, content: _line(card, content, themes.get(card.id, ()), text), _unreadable)
    )


def first_words(content: CardContent) -> str:
    """What a card says about itself where there is room for a sentence or two."""
    question = content.question if content.question != content.title else ""
    return next((text for text in (question, content.summary, content.context, content.action) if text), "")


def _line(card: Card, content: CardContent, themes: Sequence[str], text: str) -> Line:
    title = search.marked(content.title, text, card.locale)
    return Line(card, title, _piece(content, text, card.locale), themes)


def _unreadable(card: Card) -> Line:
    return Line(card, search.marked(str(sealing.UNREADABLE), "", card.locale), ())


def _piece(content: CardContent, text: str, locale: str) -> Sequence[Segment]:
    """Of all texts of a card the one with most of the query."""
    first = search.snippet(first_words(content), text, locale)
    if not text:
        return first
    every = (content.question, content.context, content.tried, *content.insights, *content.advice, content.action)
    more = (content.outcome, content.when_to_use, content.when_not, content.summary, *(s.text for s in content.steps))
    pieces = [search.snippet(one, text, locale) for one in (*every, *more) if one and one != content.title]
    return max([first, *pieces], key=lambda piece: len({s.text.casefold() for s in piece if s.is_hit}))


def _in_order(session: Session, ids: Sequence[str], order: str) -> list[str]:
    if order == NEWEST:
        query = select(Card.id).where(Card.id.in_(ids)).order_by(Card.published_on.desc(), Card.id)
        return list(session.scalars(query))
    counts = select(Trial.card_id, func.count().label("tries"))
    counts = counts.where(Trial.card_id.in_(ids), Trial.verdict != Outcome.NOT.value).group_by(Trial.card_id)
    tries = dict(session.execute(counts).all())
    return sorted(ids, key=lambda card_id: -tries.get(card_id, 0))


def _hints(found: Found) -> tuple[bool, str]:
    return found.is_complete, found.suggestion
