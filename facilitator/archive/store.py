"""Putting the words of cards away and getting them out again: sealed on the way in, opened here and nowhere else."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import TypeAdapter

from facilitator.archive.content import CardContent
from facilitator.archive.models import Card
from facilitator.meetings import sealing

CONTENT = TypeAdapter(CardContent)


def put(card: Card, content: CardContent) -> None:
    """Seals words into a card that has its id and its key (`make_key`)."""
    card.body = sealing.seal(
        card.id, "card", {"content": CONTENT.dump_json(CONTENT.validate_python(asdict(content))).decode()}
    )


def make_key(card_id: str) -> None:
    """Makes the key of a new card, before its row is written and outside of any transaction."""
    sealing.keyring().make(card_id)


def content_of(card: Card) -> CardContent:
    """The words of a card; raises `sealing.KeyIsGone` where they were erased."""
    return CONTENT.validate_json(str(sealing.unseal(card.id, "card", card.body)["content"]))
