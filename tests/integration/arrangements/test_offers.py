"""What colleagues offer and wish for, how the two find each other, and who sees which of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from facilitator.arrangements.erasing import erase_due
from facilitator.arrangements.models import Offer, OfferTerm
from facilitator.core import sealing
from facilitator.core.db import db, now
from facilitator.groups.models import Member
from tests.pages import read
from tests.pairs import Pairs, in_days

pytestmark = pytest.mark.either


@pytest.fixture
def pairs(app_for_all_on: Flask) -> Pairs:
    found = Pairs(app_for_all_on)
    found.post("Mo", "/archive/themes", {"name": "Welding"})
    found.post("Mo", "/archive/themes", {"name": "Planning"})
    return found


@pytest.mark.promise("offers")
def test_an_offer_and_a_wish_find_each_other_by_words(pairs: Pairs) -> None:
    pairs.offer("Mo", "shadowing-offer", "You can watch me weld aluminium in hall 3")
    pairs.offer("Ada", "shadowing-offer", "See how we order parts")
    wish = pairs.offer("Pete", "shadowing-wish", "I want to learn welding aluminium")
    page = pairs.text("Pete", "/together")
    assert "You can watch me weld aluminium" in page
    assert "order parts" not in page
    assert "order parts" in pairs.text("Pete", "/together/offers"), "where all offers stand"
    assert "I want to learn welding" in pairs.text("Mo", "/together"), "whose offer is like it"
    for page_of in ("/together", "/together/offers"):
        for who in ("Ada", "Gia", "Ola"):
            assert "I want to learn welding" not in pairs.get(who, page_of).text
        assert "weld aluminium" not in pairs.get("Ola", page_of).text
    with pairs.app.app_context():
        assert b"weld" not in b"".join(db.session.scalars(select(Offer.body)))
        assert not any(b"weld" in term for term in db.session.scalars(select(OfferTerm.term)))
    assert pairs.get("Gia", f"/together/new?offer={wish}").status_code == 404
    assert pairs.get("Ola", f"/together/new?offer={wish}").status_code == 404


def test_an_offer_and_a_wish_find_each_other_by_a_theme(pairs: Pairs) -> None:
    pairs.offer("Mo", "shadowing-offer", "Come along on a Tuesday", themes=[pairs.theme_id("Planning")])
    pairs.offer("Pete", "shadowing-wish", "How do others make a roster?", themes=[pairs.theme_id("Planning")])
    assert "Come along on a Tuesday" in pairs.text("Pete", "/together")
    assert "How do others make a roster?" in pairs.text("Mo", "/together")


def test_whoever_answers_a_wish_or_an_offer_proposes_and_agrees_on_a_day(pairs: Pairs) -> None:
    pairs.offer("Mo", "shadowing-offer", "You can watch me weld aluminium")
    offer = pairs.own("Mo")
    pairs.offer("Pete", "shadowing-wish", "Weld aluminium")
    page = pairs.get("Pete", f"/together/new?offer={offer}")
    assert "You can watch me weld aluminium" in page.text
    assert not read(page.text).has("input", id="email"), "whoever made it is known"
    send = {"goal": "See aluminium welded", "until": in_days(60).isoformat(), "weeks": "0"}
    where = str(pairs.post("Pete", f"/together/new?offer={offer}", send).location)
    assert pairs.post("Mo", f"{where}/accept").status_code == 302
    moment = pairs.moment("Mo", where, "Hall 3")
    pairs.post("Pete", f"{moment}/suits")
    page_of_pete = pairs.text("Pete", where)
    assert "Shadowing" in page_of_pete
    assert "Agreed" in page_of_pete
    assert "Hall 3" in pairs.text("Mo", "/calendar")


def buddies_of(pairs: Pairs, who: str) -> list[str]:
    """Who is proposed to somebody, in this order."""
    return re.findall(r"(Mo|Pete) listens", pairs.text(who, "/together"))


@pytest.mark.promise("offers")
def test_one_who_starts_is_told_who_offered_to_be_a_buddy_and_no_order_tells_who_has_one(pairs: Pairs) -> None:
    assert "A buddy to begin with" not in pairs.text("Gia", "/mine"), "as long as nobody offered"
    for who in ("Mo", "Pete"):
        pairs.offer(who, "buddy-offer", f"{who} listens")
    assert "A buddy to begin with" in pairs.text("Gia", "/mine")
    assert "A buddy to begin with" not in pairs.text("Ada", "/mine"), "who has been here for long, or is in no group"
    before = buddies_of(pairs, "Gia")
    assert sorted(before) == ["Mo", "Pete"]
    pairs.agree("Ada", before[0])
    assert buddies_of(pairs, "Gia") == before
    pairs.offer("Gia", "buddy-wish", f"Somebody like {before[1]}")
    assert buddies_of(pairs, "Gia")[:2] == before[::-1], "what she wishes for counts first"
    pairs.agree("Gia", "Mo")
    assert "A buddy to begin with" not in pairs.text("Gia", "/mine")
    with pairs.app.app_context(), db.writing() as session:
        ago = now() - timedelta(weeks=9)
        session.execute(update(Member).where(Member.user_id == pairs.people["Gia"].id).values(added_at=ago))
    assert "A buddy to begin with" not in pairs.text("Gia", "/mine")


@pytest.mark.promise("offers")
def test_each_takes_away_their_own_and_its_key_goes(pairs: Pairs) -> None:
    pairs.offer("Mo", "shadowing-offer", "Watch me weld")
    offer = pairs.own("Mo")
    for who in ("Pete", "Ada", "Ola"):
        assert pairs.post(who, f"/together/offers/{offer}/remove").status_code == 404
    assert "Watch me weld" in pairs.text("Pete", "/together/offers")
    assert "Watch me weld" in pairs.get("Mo", "/account/data.json").text
    assert pairs.post("Mo", f"/together/offers/{offer}/remove").status_code == 302
    assert "Watch me weld" not in pairs.text("Pete", "/together/offers")
    with pairs.app.app_context():
        assert sealing.keyring().is_destroyed(offer)


def test_what_was_typed_is_kept_and_there_are_bounds(pairs: Pairs) -> None:
    themes = [pairs.theme_id("Welding")]
    for wrong in ({"what": "king"}, {"text": " "}, {"text": "x" * 301}, {"themes": ["elsewhere"]}):
        send = {"what": "shadowing-offer", "text": "kept words", "themes": themes, **wrong}
        answer = pairs.post("Mo", "/together/offers/new", send)
        assert answer.status_code == 422, wrong
        assert "text" in wrong or "kept words" in answer.text
    assert pairs.get("Mo", "/together/new?offer=guessed").status_code == 404


@pytest.mark.promise("offers")
def test_an_offer_goes_after_a_year(app_on: Flask) -> None:
    alone = Pairs(app_on)
    alone.offer("Mo", "buddy-offer", "Mo listens")
    with alone.app.app_context():
        assert erase_due(now()) == 0
        with db.writing() as session:
            session.execute(update(Offer).values(made_on=in_days(-367)))
        assert erase_due(now()) == 1
    assert "Mo listens" not in alone.text("Pete", "/together/offers")


@pytest.mark.promise("between-two-in-numbers")
def test_an_administrator_reads_how_many_there_are_from_four_on_and_nobody_else_does(pairs: Pairs) -> None:
    for who in ("Gia", "Mo", "Mo", "Gia"):
        ended = pairs.agree("Pete", who)
    assert "In your organisation now" not in pairs.text("Ada", "/together"), "four, of three people"
    pairs.post("Pete", f"{ended}/end")
    assert "In your organisation now" not in pairs.text("Ada", "/together")
    pairs.agree("Gia", "Ada")
    page = pairs.text("Ada", "/together")
    assert "In your organisation now" in page
    assert "Buddies: 4" in page
    for who in ("Mo", "Pete", "Ola"):
        assert "In your organisation now" not in pairs.text(who, "/together")
