"""Making the index anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from facilitator.archive.models import Card, CardTheme, IndexedCard, Theme
from facilitator.archive.search.index import take_out
from facilitator.archive.search.reindexing import is_outdated, reindex
from facilitator.core.config import Settings
from facilitator.core.db import db, now
from facilitator.core.sealing import keyring
from facilitator.operations.doctor import search_index
from tests.shelf import Shelf


@pytest.fixture
def shelf(app_on: Flask) -> Shelf:
    """An organisation, alone in its database."""
    return Shelf(app_on)


def address(app: Flask) -> str:
    """Of the database."""
    settings = app.extensions["settings"]
    assert isinstance(settings, Settings)
    return settings.database_url


def test_every_published_card_is_found_again_and_nothing_else(shelf: Shelf) -> None:
    cards = [shelf.put(f"Pomp {number}") for number in range(3)]
    withdrawn, erased = shelf.put("Pomp die weg moet"), shelf.put("Pomp zonder sleutel")
    with shelf.app.app_context():
        with db.writing() as session:
            take_out(session, cards[0])
            stale = session.get_one(IndexedCard, cards[1])
            stale.version = "0/old"
            session.get_one(Card, withdrawn).is_withdrawn = True
            for days, card_id in enumerate(reversed(cards)):
                session.get_one(Card, card_id).published_on = now().date() - timedelta(days=days)
            theme = Theme(organisation_id=shelf.organisation_id, name="techniek")
            session.add(theme)
            session.flush()
            session.add(CardTheme(card_id=cards[0], theme_id=theme.id))
        assert is_outdated(db.session())
        assert not search_index(address(shelf.app)).is_fine
        keyring().destroy(erased)
        assert reindex() == 3
        assert not is_outdated(db.session())
        assert search_index(address(shelf.app)).is_fine
        assert reindex() == 3
    assert set(shelf.ids("pomp")) == set(cards)
    assert shelf.ids("techniek") == [cards[0]]
    assert shelf.find().counts["theme"] == {"techniek": 1}
    assert [hit.card_id for hit in shelf.find().hits] == cards[::-1]


def test_nothing_to_index_is_fine(shelf: Shelf) -> None:
    with shelf.app.app_context():
        assert reindex() == 0
