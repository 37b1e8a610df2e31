"""What the index gives away: nothing to whoever reads its files, and nothing at all once a card is out."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, Chunk, IndexedCard, Posting
from facilitator.archive.search.index import PLACE
from facilitator.archive.search.terms import Field, Names, terms_of
from facilitator.core.db import db
from facilitator.core.sealing import keyring, unseal
from tests.shelf import Shelf

CANARY = "kwinkelier"  # a word nobody uses


@pytest.fixture
def shelf(app_for_all_on: Flask) -> Shelf:
    """An organisation of this test's own."""
    return Shelf(app_for_all_on)


def bytes_of(path: str) -> bytes:
    return b"".join(file.read_bytes() for file in Path(path).parent.glob(f"{Path(path).name}*"))


def stored(shelf: Shelf) -> list[tuple[object, ...]]:
    """Every row of the index."""
    with shelf.app.app_context(), db.reading() as session:
        rows = [
            tuple(row)
            for table in (IndexedCard, Posting, Chunk)
            for row in session.execute(select(*table.__table__.c).where(table.organisation_id == shelf.organisation_id))
        ]
    return sorted(rows, key=repr)


def test_no_word_and_no_stem_is_in_the_file_before_or_after(app: Flask) -> None:
    shelf = Shelf(app)
    card = shelf.put(f"Een {CANARY} op de werkvloer", content=CardContent("Kaart", context=f"Vijf {CANARY}s."))
    assert shelf.ids(CANARY) == [card]
    with app.app_context():
        path = db.engine.url.database or ""
        with db.reading() as session:
            words = session.scalars(select(IndexedCard.words)).one()
        assert CANARY in str(unseal(card, PLACE, words)["words"])
        names = Names.of(keyring().master, shelf.organisation_id)
    forms = [form for form in terms_of([Field.of(1, CANARY)], "nl") if len(form) > 6]
    named = [names.of_term(form) for form in forms]
    before = bytes_of(path)
    assert any(name in before for name in named)
    for form in forms:
        word = form.lstrip("=^~").removeprefix("nl:")
        for spelt in (word.encode(), word.encode("utf-16-le"), base64.b64encode(word.encode())):
            assert spelt not in before
    shelf.take_out(card)
    assert shelf.ids(CANARY) == []
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    after = bytes_of(path)
    assert not any(name in after for name in named)


def test_taking_out_leaves_the_index_as_it_was(shelf: Shelf) -> None:
    shelf.put("Een pomp die lekt", themes=["techniek"])

    def without_revision() -> list[tuple[object, ...]]:
        return [row for row in stored(shelf) if len(row) != 4 or isinstance(row[1], bytes)]

    before = without_revision()
    card = shelf.put(f"Een {CANARY} die lekt", themes=["techniek", "vogels"], period="2026-Q4")
    assert without_revision() != before
    shelf.take_out(card)
    shelf.take_out(card)
    assert without_revision() == before
    assert "vogels" not in shelf.find().counts["theme"]


@pytest.mark.parametrize("reason", ["key", "version"])
def test_a_card_whose_words_cannot_be_read_is_taken_out_as_well(shelf: Shelf, reason: str) -> None:
    kept = shelf.put("Een pomp die lekt")
    card = shelf.put("Een pomp die piept")
    assert shelf.ids("piept") == [card]
    with shelf.app.app_context():
        if reason == "key":
            keyring().destroy(card)
        else:
            with db.writing() as session:
                row = session.get(IndexedCard, card)
                assert row is not None
                row.version = "0/old"
    shelf.take_out(card)
    assert shelf.ids("piept") == []
    assert shelf.ids("pomp") == [kept]
    assert len([row for row in stored(shelf) if isinstance(row[1], bytes)]) == len(
        set(terms_of([Field.of(6, "Een pomp die lekt")], "nl"))
    )


def test_two_organisations_share_no_name_of_a_term(shelf: Shelf) -> None:
    other = Shelf(shelf.app)
    shelf.put("Pomp")
    other.put("Pomp")
    mine = {row[1] for row in stored(shelf) if isinstance(row[1], bytes)}
    assert mine
    assert mine.isdisjoint(row[1] for row in stored(other))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="\"“”*():^-~\x00\\' aANDNEAR😀é", max_size=80))
def test_no_query_raises(shelf: Shelf, text: str) -> None:
    if not shelf.find().total:
        shelf.put("Een kaart")
    assert shelf.find(text).total >= 0


@pytest.mark.parametrize(
    "text", ["pomp " * 2000, "x" * 10_000, '"' * 999, "\x00", "\ud800", "a" * 41, "'", "--", "' OR 1=1"]
)
def test_no_strange_query_raises(shelf: Shelf, text: str) -> None:
    shelf.put("Een kaart")
    assert shelf.find(text).total in (0, 1)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "Nd"]), min_size=2, max_size=12))
def test_what_was_put_is_found_and_what_was_taken_out_is_not(shelf: Shelf, word: str) -> None:
    with shelf.app.app_context(), db.reading() as session:
        published = session.scalars(shelf.readable().with_only_columns(Card.id)).all()
    card = shelf.put("Kaart", content=CardContent("Kaart", context=f"zz{word}"))
    assert card in shelf.ids(f"zz{word}")
    assert card not in published
    shelf.take_out(card)
    assert card not in shelf.ids(f"zz{word}")
