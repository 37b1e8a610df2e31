"""Two people in a real browser: a buddy pair from the offer to the end, and a day of shadowing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from facilitator.core.db import now
from tests.browser.people import BIG_SCREEN, PHONE, Place, press
from tests.browser.test_accessible import is_fine
from tests.browser.test_archive import must_fit, signed_in
from tests.browser.workshop import visited, workshop_of
from tests.running import Server

LONG = "Overdrachtsbesprekingsvoorbereiding" * 4


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Server]:
    """A server with Mo who administrates, and Pete and Gia who are members: one for each test, since what is offered stays."""
    folder = tmp_path / "together"
    with workshop_of(folder, {"Mo": "administrator", "Pete": "member", "Gia": "member"}) as server:
        yield server


@pytest.fixture
def place(browser: Browser, workshop: Server) -> Iterator[Place]:
    with visited(browser, workshop) as place:
        yield place


def test_a_buddy_pair_from_the_offer_to_the_end(place: Place) -> None:
    pete, gia = signed_in(place, "pete", BIG_SCREEN), signed_in(place, "gia", PHONE)
    pete.goto(f"{place.url}/together")
    is_fine(pete, "nothing is agreed")
    pete.get_by_role("link", name="Offer or wish for something").click()
    pete.get_by_label("I can be somebody’s buddy").check()
    pete.get_by_label("In a few words").fill(f"I listen {LONG}")
    is_fine(pete, "offering")
    press(pete, "Save")
    gia.goto(f"{place.url}/together")
    must_fit(gia)
    gia.get_by_role("link", name="Ask Pete").click()
    gia.get_by_label("What is it for?").fill("Find my way")
    is_fine(gia, "asking", (PHONE,))
    press(gia, "Ask")
    expect(gia.get_by_text("It begins as soon as everybody has said yes.")).to_be_visible()
    pete.goto(gia.url)
    is_fine(pete, "being asked")
    press(pete, "Yes")
    pete.get_by_label("What was hard?").fill(LONG)
    press(pete, "Share")
    expect(pete.get_by_text(LONG).first).to_be_visible()
    gia.reload()
    expect(gia.get_by_role("heading", name="What you wrote to each other")).to_be_visible()
    must_fit(gia)
    is_fine(gia, "buddies", (PHONE,))
    press(gia, "End it")
    expect(gia.get_by_text("This is over. Nobody is asked why.")).to_be_visible()
    pete.reload()
    expect(pete.get_by_text("This is over. Nobody is asked why.")).to_be_visible()
    is_fine(pete, "what is over")


def test_a_day_of_shadowing_is_found_and_agreed(place: Place) -> None:
    pete, gia = signed_in(place, "pete", BIG_SCREEN), signed_in(place, "gia", PHONE)
    for page, what, words in (
        (pete, "Somebody can come along and watch me", "You can watch me weld aluminium"),
        (gia, "I would like to go along with somebody", "I want to learn to weld aluminium"),
    ):
        page.goto(f"{place.url}/together/offers/new")
        page.get_by_label(what).check()
        page.get_by_label("In a few words").fill(words)
        press(page, "Save")
    expect(gia.get_by_text("You can watch me weld aluminium")).to_be_visible()
    is_fine(gia, "what is like a wish", (PHONE,))
    gia.get_by_role("link", name="Ask Pete").last.click()
    expect(gia.get_by_label("What is there to see or to learn?")).to_have_value("You can watch me weld aluminium")
    press(gia, "Ask")
    pete.goto(gia.url)
    press(pete, "Yes")
    pete.get_by_text("Propose a moment").click()
    pete.get_by_label("Day", exact=True).fill((now() + timedelta(days=5)).date().isoformat())
    pete.get_by_label("Time", exact=True).fill("08:00")
    pete.get_by_label("How long, in minutes").fill("480")
    pete.get_by_label("Place, or link to a video meeting").fill("Hall 3")
    press(pete, "Propose")
    gia.reload()
    press(gia, "It suits me")
    expect(gia.get_by_text("Agreed", exact=True)).to_be_visible()
    is_fine(gia, "an agreed day", (PHONE,))
    gia.goto(f"{place.url}/calendar")
    expect(gia.get_by_text("Hall 3")).to_be_visible()
