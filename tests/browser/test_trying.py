"""A newcomer tries a method alone: the console, the wall and one phone on one device, and simulated people who wait for a press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.people import PHONE, Moderator, Place
from tests.browser.test_accessible import is_fine
from tests.running import Server

SAID = "The people here are simulated."


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def opened(page: Page, place: Place, name: str) -> Page:
    """What a link of the console opens beside it."""
    with page.context.expect_page() as found:
        page.get_by_role("link", name=name, exact=True).click()
    return place.listen(found.value)


def test_a_newcomer_leads_simulated_people_and_sees_it_on_every_screen(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    page = mo.page
    page.goto(f"{place.url}/methods/five_step")
    page.get_by_role("button", name="Try it with a demo group").click()
    expect(page.get_by_text(SAID)).to_be_visible()
    wall, phone = opened(page, place, "Big screen"), opened(page, place, "A phone")
    for screen in (wall, phone):
        expect(screen.get_by_text(SAID)).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(phone.locator("#stage")).to_have_attribute("data-kind", "story")
    page.get_by_role("button", name="Next: somebody does something").click()
    expect(wall.locator("#stage")).to_contain_text("How can I keep a new colleague involved")
    is_fine(page, "console of a demo")
    phone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    is_fine(phone, "phone of a demo", (PHONE,))
    assert wall.evaluate("document.scrollingElement.scrollHeight <= innerHeight"), (
        "the mark takes its room from the wall"
    )
    page.get_by_role("button", name="Next phase").click()
    expect(phone.locator("#stage")).to_have_attribute("data-kind", "clarify")
    page.get_by_role("button", name="Everybody at once").click()
    expect(page.get_by_text("4 of 4 are ready")).to_be_visible()
    page.get_by_role("button", name="Everybody at once").click()
    expect(page.get_by_text("They have nothing left to do now. It is your move.")).to_be_visible()
    mo.moves("Reveal")
    expect(wall.locator("#stage")).to_contain_text("?")
    page.goto(f"{place.url}/meetings")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Try out a method")).to_have_count(0)
