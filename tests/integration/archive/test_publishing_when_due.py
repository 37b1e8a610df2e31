"""Cards whose time has come, among them some that cannot be read any more."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from facilitator.archive import store
from facilitator.archive.actions import publish_due
from facilitator.archive.models import Card
from facilitator.db import db, now
from facilitator.meetings.sealing import KeyIsGone
from tests.library import Library


def test_a_card_that_cannot_be_published_keeps_no_other_from_the_archive(app: Flask) -> None:
    library = Library(app)
    broken = [library.put(f"Broken {number}", is_published=False) for number in range(9)]
    fine = library.put("Fine", is_published=False)
    with app.app_context():
        with db.writing() as session:
            session.execute(update(Card).values(publish_at=now()))
        for card_id in broken:
            store.destroy_key(card_id)
        with pytest.raises(KeyIsGone):
            publish_due(now())
        assert db.session.get_one(Card, fine).published_at is not None
    assert library.titles("Pete") == ["Fine"]
