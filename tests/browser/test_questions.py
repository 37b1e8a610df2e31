"""Asking a colleague in a real browser: similar questions while typing, an answer from a phone, what worked, and the card it becomes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import BIG_SCREEN, PHONE, Place, press
from tests.browser.test_accessible import is_fine
from tests.browser.test_archive import must_fit, signed_in
from tests.browser.workshop import visited, workshop_of
from tests.running import Server

LONG = "Overdrachtsbesprekingsvoorbereiding" * 4


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with Mo who administrates, and Pete and Gia who are members."""
    folder = tmp_path_factory.mktemp("questions")
    with workshop_of(folder, {"Mo": "administrator", "Pete": "member", "Gia": "member"}) as server:
        yield server


@pytest.fixture
def place(browser: Browser, workshop: Server) -> Iterator[Place]:
    with visited(browser, workshop) as place:
        yield place


def test_a_question_is_asked_answered_and_turned_into_a_card(place: Place) -> None:
    pete, gia = signed_in(place, "pete", BIG_SCREEN), signed_in(place, "gia", PHONE)
    pete.goto(f"{place.url}/questions")
    expect(pete.get_by_role("heading", name="No questions yet")).to_be_visible()
    pete.get_by_role("link", name="Ask a colleague").click()
    pete.get_by_label("Your question in one sentence").fill("How do I bleed the pump?")
    press(pete, "Ask")
    asked = pete.url
    gia.goto(f"{place.url}/questions/new")
    gia.get_by_label("Your question in one sentence").press_sequentially("Bleeding a pump")
    alike = gia.get_by_role("link", name="How do I bleed the pump?")
    expect(alike).to_be_visible()
    is_fine(gia, "what is alike", (PHONE,))
    alike.click()
    expect(gia.get_by_role("heading", level=1)).to_have_text("How do I bleed the pump?")
    gia.get_by_label("Your answer").fill("Pete, turn the valve a quarter first.")
    press(gia, "Send")
    pete.goto(asked)
    press(pete, "This worked")
    expect(pete.get_by_role("button", name="This worked")).to_have_attribute("aria-pressed", "true")
    is_fine(pete, "what worked")
    pete.get_by_role("link", name="Make a card of this").click()
    expect(pete.get_by_label("What worked")).to_have_value("A colleague, turn the valve a quarter first.")
    is_fine(pete, "making a card")
    press(pete, "Publish")
    expect(pete.get_by_role("heading", level=1)).to_have_text("How do I bleed the pump?")
    assert "/archive/" in pete.url
    gia.goto(asked)
    gia.get_by_role("link", name="read it in the archive").click()
    expect(gia.get_by_role("heading", level=1)).to_have_text("How do I bleed the pump?")


def test_one_without_a_name_waits_on_its_device_and_long_words_stay_within_a_phone(place: Place) -> None:
    pete = signed_in(place, "pete", PHONE)
    pete.goto(f"{place.url}/questions/new")
    pete.get_by_label("Your question in one sentence").fill(LONG)
    pete.get_by_label("Without my name").check()
    is_fine(pete, "asking without a name", (PHONE,))
    press(pete, "Ask")
    expect(pete.get_by_role("heading", level=1)).to_have_text(LONG)
    expect(pete.get_by_text("Until then it stands on this device only.")).to_be_visible()
    must_fit(pete)
    pete.goto(f"{place.url}/questions?show=mine")
    expect(pete.get_by_role("link", name=LONG)).to_be_visible()
    must_fit(pete)
    is_fine(pete, "a question to come", (PHONE,))
