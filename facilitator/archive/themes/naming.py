"""The names of the themes of cards."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.archive.models import CardTheme, Theme
from facilitator.archive.themes.proposing import sorted_names


def themes_of(session: Session, card_ids: Sequence[str]) -> dict[str, list[str]]:
    """The themes of each card, sorted as in a dictionary."""
    query = select(CardTheme.card_id, Theme.name).join(Theme, Theme.id == CardTheme.theme_id)
    found: dict[str, list[str]] = {}
    for card_id, name in session.execute(query.where(CardTheme.card_id.in_(card_ids))):
        found.setdefault(card_id, []).append(name)
    return {card_id: sorted_names(names) for card_id, names in found.items()}


def names_of(session: Session, card_id: str) -> list[str]:
    """The themes of one card."""
    return themes_of(session, [card_id]).get(card_id, [])
