"""What the index gives away: nothing to whoever reads its files, and nothing at all once a card is out."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive import actions, making
from facilitator.archive.content import CardContent, Form
from facilitator.archive.models import Card, Chunk, Consent, IndexedCard, Posting, Remark, Trial
from facilitator.archive.search.index import PLACE
from facilitator.archive.search.terms import Field, Names, terms_of
from facilitator.consent.decisions import take_back, take_back_unreadable
from facilitator.core.db import db, now, random_id
from facilitator.core.sealing import keyring, unseal
from tests.contract.written_down import tables_in_files
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


def taken_back_by_its_author(shelf: Shelf, card: str) -> None:
    making.remove(card, db.session.get_one(User, shelf.reader))


def taken_back_after_its_case(_: Shelf, card: str) -> None:
    take_back(card)


def found_without_its_key(_: Shelf, card: str) -> None:
    keyring().destroy(card)
    take_back_unreadable()


def finished_after_an_interruption(_: Shelf, card: str) -> None:
    with db.writing() as session:
        actions.withdraw(session, session.get_one(Card, card))
    actions.finish_taking_back()


@pytest.mark.promise("index-lets-go")
@pytest.mark.parametrize(
    "taken_back",
    [taken_back_by_its_author, taken_back_after_its_case, found_without_its_key, finished_after_an_interruption],
)
def test_what_only_this_card_had_is_in_no_file_once_it_is_taken_back(
    app_on: Flask, taken_back: Callable[[Shelf, str], None]
) -> None:
    """No name of a term, no list of cards, no theme: whoever has the files and the master key could try words on them."""
    shelf = Shelf(app_on)
    card, only_its, kept = among_others(shelf)
    with app_on.app_context():
        assert all(piece in lying_there() for piece in only_its)
        taken_back(shelf, card)
        left = lying_there()
    assert not [piece for piece in only_its if piece in left]
    assert all(name in left for name in kept)


@contextmanager
def while_somebody_reads(_: pytest.MonkeyPatch) -> Iterator[None]:
    with db.engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        assert reader.execute(select(Posting.term)).all()
        yield


@contextmanager
def while_it_would_take_too_long(patch: pytest.MonkeyPatch) -> Iterator[None]:
    with patch.context() as short:
        short.setattr(actions, "MOST_WRITING_MILLISECONDS", 1)
        yield


@pytest.mark.promise("index-lets-go")
@pytest.mark.parametrize("meanwhile", [while_somebody_reads, while_it_would_take_too_long])
def test_nobody_waits_for_the_files_and_an_hour_later_it_is_gone(
    app_on: Flask,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[pytest.MonkeyPatch], AbstractContextManager[None]],
) -> None:
    shelf = Shelf(app_on)
    card, only_its, kept = among_others(shelf)
    with app_on.app_context():
        with meanwhile(monkeypatch):
            taken_back_by_its_author(shelf, card)
            assert shelf.ids(CANARY) == []
            is_left = any(piece in lying_there() for piece in only_its)
        assert is_left or meanwhile is while_it_would_take_too_long, (
            "a millisecond may be enough, and SQLite takes no time"
        )
        actions.publish_due(now() + timedelta(hours=1))
        left = lying_there()
    assert not [piece for piece in only_its if piece in left]
    assert all(name in left for name in kept)


@pytest.mark.promise("index-lets-go")
@pytest.mark.parametrize("is_published", [True, False])
def test_whose_a_card_was_is_in_no_file_once_it_is_taken_back(app_on: Flask, is_published: bool) -> None:
    """What leads from a card to its case giver, and who said something under it."""
    shelf = Shelf(app_on)
    link, remark, trial = random_id(60), random_id(), random_id()
    told = {"question_id": None, "author_id": shelf.member, "body": None, "number": 1, "written_on": now().date()}
    with app_on.app_context():
        reader = db.session.get_one(User, shelf.reader)
        card = shelf.put("Een pomp") if is_published else making.begin(reader, Form.INSTRUCTION, "Een pomp")
        with db.writing() as session:
            session.add(Consent(card_id=card, user_id=shelf.reader, link_hash=link))
            session.add(Remark(id=remark, card_id=card, **told))
            session.add(Trial(id=trial, card_id=card, user_id=shelf.member, verdict="worked"))
        traces = [trace.encode() for trace in (link, remark, trial)]
        assert all(trace in lying_there() for trace in traces)
        take_back(card)
        left = lying_there()
    assert not [trace for trace in traces if trace in left]
    assert (card.encode() in left) == is_published, "of a draft not even its name is left"


def among_others(shelf: Shelf) -> tuple[str, set[bytes], set[bytes]]:
    """A card; what lies in the files of it alone; and the names of what others say."""
    others = [f"Een {('klep', 'pomp', 'riem')[n % 3]} die {chr(98 + n) * 5}t" for n in range(12)]
    for title in others[:6]:
        shelf.put(title, themes=["techniek"])
    card = shelf.put(f"Een {CANARY} die lekt", themes=["vogels"], author_id=shelf.reader, form="instruction")
    for title in others[6:]:
        shelf.put(title, themes=["techniek"])
    with shelf.app.app_context(), db.reading() as session:
        names = Names.of(keyring().master, shelf.organisation_id)
        columns = session.scalars(select(Chunk.columns)).one()
    kept = {names.of_term(term) for title in others for term in terms_of([Field.of(1, title)], "nl")}
    only_its = {names.of_term(term) for term in terms_of([Field.of(1, CANARY)], "nl")} - kept
    return card, {*only_its, columns}, kept


def lying_there() -> bytes:
    """All files of the database with the texts."""
    where = tables_in_files(db.engine)
    return b"".join(where.values()) if where else bytes_of(str(db.engine.url.database))
