"""The organisation's list of themes with the number of cards of each, of those somebody may read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.models import Card, CardTheme, Theme
from facilitator.archive.rules import readable
from facilitator.archive.themes.proposing import sort_key


@dataclass(frozen=True, slots=True)
class Counted:
    """A theme of the list."""

    id: str
    name: str
    cards: int


def counted(session: Session, user: User) -> list[Counted]:
    """The whole list, as in a dictionary."""
    mine = readable(user).with_only_columns(Card.id)
    counts = select(CardTheme.theme_id, func.count()).where(CardTheme.card_id.in_(mine)).group_by(CardTheme.theme_id)
    cards = dict(session.execute(counts).all())
    themes = session.scalars(select(Theme).where(Theme.organisation_id == user.organisation_id))
    every = [Counted(theme.id, theme.name, cards.get(theme.id, 0)) for theme in themes]
    return sorted(every, key=lambda theme: sort_key(theme.name))
