"""Cards whose time has come, among them some that cannot be read any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from facilitator.archive import store
from facilitator.archive.actions import publish_due
from facilitator.archive.models import Card
from facilitator.core.clock import ClockInDoubt, clock
from facilitator.core.db import db, now
from facilitator.core.sealing import KeyIsGone
from tests.days import pass_days
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
        assert db.session.get_one(Card, fine).published_on is not None
    assert library.titles("Pete") == ["Fine"]


@pytest.mark.promise("thinking-it-over-by-a-wrong-clock")
@pytest.mark.parametrize("off", [timedelta(days=-365), timedelta(days=7 * 365)], ids=["behind", "ahead"])
def test_a_clock_that_was_wrong_when_somebody_agreed_leaves_them_their_days(app_on: Flask, off: timedelta) -> None:
    library = Library(app_on)
    with app_on.app_context():
        publish_due(now())
        clock().confirm(now())
    card_id = library.put("Wrongly dated", is_published=False)
    with app_on.app_context(), db.writing() as session:
        agreed = now() + off
        later = agreed + timedelta(days=7)
        session.execute(update(Card).where(Card.id == card_id).values(approved_at=agreed, publish_at=later))
    if off > timedelta(0):
        with app_on.app_context(), pytest.raises(ClockInDoubt):
            publish_due(now())
        with app_on.app_context():
            clock().confirm(now())
    assert pass_days(app_on, 6, publish_due) == 0
    assert pass_days(app_on, 10, publish_due) == 1
    assert library.titles("Pete") == ["Wrongly dated"]
