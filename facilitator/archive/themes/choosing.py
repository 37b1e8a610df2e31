"""The themes of a card as whoever chooses them sees them: the list, what is chosen, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import store
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, CardTheme, Theme
from facilitator.archive.rules import readable
from facilitator.archive.themes.proposing import fitting_themes, sort_key, telling_words
from facilitator.core import sealing

COMPARED_WITH = 60  # of the newest cards: enough to know which words are said everywhere


@dataclass(frozen=True, slots=True)
class Offered:
    """A theme of the list, and whether it is chosen or its words are in the card."""

    id: str
    name: str
    is_chosen: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen; `words` could be added to the list. `problem`: why the last choice was not taken."""

    themes: tuple[Offered, ...]
    words: tuple[str, ...] = ()
    problem: str = ""


def choice(
    session: Session,
    user: User,
    card: Card,
    themes: Iterable[Theme],
    wanted: Iterable[str] | None = None,
    problem: str = "",
) -> Choice:
    """For one card; `wanted` is what somebody just chose, otherwise what is chosen already."""
    every = sorted(themes, key=lambda theme: sort_key(theme.name))
    chosen = set(wanted) if wanted is not None else _chosen(session, card)
    content = store.content_of(card)
    names = [theme.name for theme in every]
    fitting = set(fitting_themes(content, card.locale, names))
    offered = (Offered(t.id, t.name, t.id in chosen, t.name in fitting and t.id not in chosen) for t in every)
    words = telling_words(content, card.locale, _others(session, user, card), names) if user.is_moderator else []
    return Choice(tuple(offered), tuple(words), problem)


def _chosen(session: Session, card: Card) -> set[str]:
    return set(session.scalars(select(CardTheme.theme_id).where(CardTheme.card_id == card.id)))


def _others(session: Session, user: User, card: Card) -> list[CardContent]:
    """Cards to compare with: in the same language, of those the person may read."""
    query = readable(user).where(Card.id != card.id, Card.locale == card.locale)
    others = session.scalars(query.order_by(Card.published_on.desc(), Card.id).limit(COMPARED_WITH))
    return list(sealing.each(others, store.content_of))
