"""Does the right card come first? Three hundred cards in four languages, and what people would type to find them.

The cards and the queries are in tests/relevance: short cards as people write them after a meeting, and for each query the card
that its author had in mind. The measure is the mean of one divided by the place of that card (mean reciprocal rank).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from facilitator.archive import search
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card
from facilitator.archive.search.index import Entry, put_all
from facilitator.archive.search.query import Query
from facilitator.archive.search.terms import fields_of
from facilitator.core.db import db, now
from facilitator.core.sealing import keyring
from tests.integration.conftest import running_on
from tests.shelf import Shelf

FOLDER = Path(__file__).parents[3] / "relevance"
LANGUAGES = ("nl", "en", "de", "fr")
GOAL = 0.9


@dataclass(frozen=True)
class Wish:
    """What somebody types, and which card they mean."""

    query: str
    expected: str
    kind: str


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))


def wishes() -> list[Wish]:
    return [Wish(row["query"], row["expected"], row["kind"]) for row in rows("queries.csv")]


def cards() -> Mapping[str, CardContent]:
    """`nl/pomp` → what the card says."""
    return {
        f"{language}/{row['key']}": CardContent(row["title"], question=row["question"], insights=(row["insight"],))
        for language in LANGUAGES
        for row in rows(f"cards.{language}.csv")
    }


def filled(app: Flask) -> Shelf:
    """A shelf with all of them; the key of a card is its id."""
    shelf = Shelf(app)
    with app.app_context():
        entries = []
        for number, (key, content) in enumerate(cards().items()):
            card_id = f"{number:03}{shelf.organisation_id[:12]}"
            keyring().make(card_id)
            card = Card(
                id=card_id,
                organisation_id=shelf.organisation_id,
                form="consultation",
                outcome="",
                locale=key[:2],
                made_on=now().date(),
                published_on=now().date(),
                scope="organisation",
                body=b"",
            )
            entries.append(Entry(card, fields_of(content, ()), ()))
        with db.writing() as session:
            session.add_all(entry.card for entry in entries)
            put_all(session, entries)
    return shelf


def places(shelf: Shelf) -> Iterator[tuple[Wish, list[str]]]:
    """For each wish the cards that were found, the best first."""
    keys = list(cards())
    with shelf.app.app_context(), db.reading() as session:
        for wish in wishes():
            found = search.find(session, shelf.readable(), Query(wish.query, per_page=10))
            yield wish, [keys[int(hit.card_id[:3])] for hit in found.hits]


def reciprocal(expected: str, found: list[str]) -> float:
    return 1 / (found.index(expected) + 1) if expected in found else 0.0


@pytest.fixture(scope="module")
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, dict[Wish, list[str]]]:
    """Everything that was asked, with what was found, on each database."""
    found = {}
    for kind in ("sqlite", "postgresql"):
        with running_on(request, tmp_path_factory.mktemp(kind), kind) as app:
            found[kind] = dict(places(filled(app)))
    return found


def test_the_set_is_large_enough_and_says_no_nonsense() -> None:
    known = cards()
    assert len(known) >= 300
    assert len({content.title for content in known.values()}) == len(known)
    assert len(wishes()) >= 120
    assert {wish.expected for wish in wishes()} <= set(known)
    assert {wish.expected[:2] for wish in wishes()} == set(LANGUAGES)


@pytest.mark.postgres
def test_both_databases_find_the_same_in_the_same_order(answers: Mapping[str, dict[Wish, list[str]]]) -> None:
    assert sum(len(found) for found in answers["sqlite"].values()) > len(wishes())
    assert answers["sqlite"] == answers["postgresql"]


@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_right_card_comes_first(answers: Mapping[str, dict[Wish, list[str]]], kind: str) -> None:
    ranks = {wish: reciprocal(wish.expected, found) for wish, found in answers[kind].items()}
    mean = sum(ranks.values()) / len(ranks)
    missed = [
        f"{wish.query} → {answers[kind][wish][:3]}, not {wish.expected}" for wish, rank in ranks.items() if rank < 1
    ]
    print(f"\n{kind}: mean reciprocal rank {mean:.3f}, {len(ranks)} queries, {len(cards())} cards", *missed, sep="\n  ")
    assert mean >= GOAL
