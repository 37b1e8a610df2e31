"""Putting the words of cards away and getting them out again: sealed on the way in, opened here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import TypeVar

from pydantic import TypeAdapter

from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, Consent
from facilitator.core import sealing

CONTENT = TypeAdapter(CardContent)
R = TypeVar("R")


def put(card: Card, content: CardContent) -> None:
    """Seals words into a card that has its id and its key (`make_key`)."""
    card.body = sealing.seal(
        card.id, "card", {"content": CONTENT.dump_json(CONTENT.validate_python(asdict(content))).decode()}
    )


def make_key(card_id: str) -> None:
    """Makes the key of a new card, before its row is written."""
    sealing.keyring().make(card_id)


def content_of(card: Card) -> CardContent:
    """The words of a card; raises `sealing.Unreadable`."""
    return sealing.unseal_as(CONTENT, card.id, "card", card.body)


def shown(card: Card) -> CardContent:
    """The words of a card or, where they do not open, that in their place."""
    return sealing.readable(lambda: content_of(card), CardContent(title=str(sealing.UNREADABLE)))


def each(
    cards: Iterable[Card], read: Callable[[Card, CardContent], R], instead: Callable[[Card], R] | None = None
) -> Iterator[R]:
    """What `read` makes of each card and its words, with all keys opened at once; `sealing.each` says what becomes of the unreadable."""
    cards = list(cards)
    sealing.keyring().open(card.id for card in cards)
    return sealing.each(cards, lambda card: read(card, content_of(card)), instead)


def forget_draft(consent: Consent) -> None:
    """Erases the draft of a card: its key first, here and in every copy."""
    if consent.draft_key is not None:
        sealing.keyring().destroy(consent.draft_key)
    consent.draft = consent.draft_key = None


def destroy_key(card_id: str) -> None:
    """Makes the words of a card unreadable for good, in old copies too; `actions.let_go` knows when."""
    sealing.keyring().destroy(card_id)
