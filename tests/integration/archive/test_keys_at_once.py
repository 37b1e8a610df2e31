"""Whoever reads many cards opens their keys with one question: asked one by one, those of a common phrase took a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, update

from facilitator.accounts.models import Organisation, User
from facilitator.archive import feed, making, themes
from facilitator.archive.exchange.exporting import gathered
from facilitator.archive.listing import Wish, listing
from facilitator.archive.models import Card
from facilitator.archive.search.reindexing import reindex
from facilitator.core.db import db
from facilitator.core.sealing import Opened, forget_what_was_asked, keyring, meeting_keys
from tests.shelf import Shelf

CARDS = 7


@pytest.fixture
def shelf(app_on: Flask) -> Shelf:
    """An organisation, alone in its database, with some cards."""
    shelf = Shelf(app_on)
    for number in range(CARDS):
        shelf.put(f"Een pomp die lekt {number}", themes=["techniek"])
    return shelf


@contextmanager
def questions() -> Iterator[list[str]]:
    """What is asked of the keys, by a process that has opened none yet."""
    asked: list[str] = []
    keyring().opened = Opened(None)
    forget_what_was_asked()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if f"FROM {meeting_keys.name}" in statement:
            asked.append(statement)

    event.listen(keyring().engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(keyring().engine, "before_cursor_execute", note)


def in_export(shelf: Shelf) -> Sized:
    return gathered(db.session(), shelf.organisation_id)[0].cards


def in_drafts(shelf: Shelf) -> Sized:
    with db.writing() as session:
        session.execute(update(Card).values(author_id=shelf.reader, form="instruction", published_on=None))
    return making.drafts_of(reader(shelf))


def beside_themes(shelf: Shelf) -> Sized:
    card = db.session.scalars(shelf.readable()).all()[0]
    return (card, *themes._others(db.session(), reader(shelf), card))


def renamed_with_their_theme(shelf: Shelf) -> Sized:
    with db.writing() as session:
        cards = session.scalars(shelf.readable()).all()
        themes.put_again(session, cards)
    return cards


def reader(shelf: Shelf) -> User:
    return db.session.get_one(User, shelf.reader)


WAYS: dict[str, Callable[[Shelf], Sized]] = {
    "a phrase": lambda shelf: shelf.find('"pomp die lekt"').hits,
    "the list": lambda shelf: listing(db.session(), reader(shelf), Wish()).lines,
    "the feed": lambda shelf: feed.items(db.session(), reader(shelf)),
    "an export": in_export,
    "drafts": in_drafts,
    "cards to compare with": beside_themes,
    "cards with a theme": renamed_with_their_theme,
    "the index, made anew": lambda _: range(reindex()),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_question_for_the_keys_of_all_cards(shelf: Shelf, way: str) -> None:
    with shelf.app.app_context():
        reader(shelf), db.session.get_one(Organisation, shelf.organisation_id)
        with questions() as asked:
            found = WAYS[way](shelf)
    assert len(found) == CARDS
    assert len(asked) == 1


def test_a_key_that_is_gone_or_damaged_keeps_no_other_closed(shelf: Shelf) -> None:
    gone, damaged, *left = shelf.ids("pomp")
    with shelf.app.app_context():
        keyring().destroy(gone)
        with keyring().engine.begin() as connection:
            connection.execute(meeting_keys.update().where(meeting_keys.c.meeting_id == damaged).values(wrapped=b"?"))
        with questions() as asked:
            assert set(shelf.ids('"pomp die lekt"')) == set(left)
    assert asked
