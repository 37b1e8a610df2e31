"""Choosing a method in a real browser, with a script and without: from the question to the plan, on any screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from facilitator.methods.loader import load_catalogue
from tests.browser.people import PHONE, Moderator, Place
from tests.browser.test_accessible import is_fine
from tests.browser.words import Words
from tests.running import Server


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_help_with_choosing_leads_to_a_plan_and_loses_nothing(
    place: Place, mos_browser: StorageState, has_scripts: bool
) -> None:
    place.has_scripts = has_scripts
    mo = Moderator.at_home(place, mos_browser)
    mo.page.goto(f"{place.url}/meetings/new")
    mo.fills({"Goal": "Learn to guide", "How long you have, in minutes": "50"})
    mo.page.get_by_text("Help me choose").click()
    mo.page.get_by_label("Find a way forward with a question").check()
    mo.page.get_by_label("How many people take part").fill("5")
    mo.press("Propose methods")
    proposed = mo.page.get_by_role("region", name="suit")
    expect(proposed.get_by_role("link", name="Five steps")).to_be_visible()
    proposed.locator("li", has=mo.page.get_by_role("link", name="Five steps")).get_by_role(
        "button", name="Take this method"
    ).click()
    expect(mo.page.get_by_label("Method", exact=True)).to_have_value("five_step")
    expect(mo.page.get_by_label("Goal")).to_have_value("Learn to guide")
    expect(mo.page.get_by_label("How long you have, in minutes")).to_have_value("50")


def test_a_question_can_be_passed_on_as_an_address(place: Place) -> None:
    page = place.device(PHONE)
    page.goto(f"{place.url}/methods/choose")
    page.get_by_label("Understand a question better").check()
    page.get_by_label("How many people take part").fill("6")
    page.get_by_label("How long you have, in minutes").fill("75")
    page.get_by_label("Has done this a few times").check()
    page.get_by_role("button", name="Propose methods").click()
    expect(page.get_by_role("region", name="suit")).to_be_visible()
    told = page.get_by_role("region", name="suit").inner_text()
    is_fine(page, "proposals", (PHONE,))
    other = place.device(PHONE)
    other.goto(page.url)
    assert other.get_by_role("region", name="suit").inner_text() == told


def test_what_a_method_cannot_be_is_said_on_the_plan_and_the_moderator_goes_on(
    place: Place, mos_browser: StorageState
) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.page.goto(f"{place.url}/meetings/new")
    mo.fills({"Goal": "Learn to guide", "How long you have, in minutes": "22"})
    mo.press("Start now")
    expect(mo.page.get_by_role("alert")).to_contain_text("It needs at least 31 minutes, and there are 22.")
    is_fine(mo.page, "a plan that does not fit")
    mo.page.get_by_label("Go on anyway").check()
    mo.press("Start now")
    mo.is_in_its_lobby()


@pytest.mark.parametrize("key", load_catalogue())
def test_every_method_has_a_page_that_everybody_can_read(place: Place, key: str) -> None:
    for language in ("en", "nl"):
        place.words = Words(language)
        page = place.device(PHONE)
        page.goto(f"{place.url}/methods/{key}")
        expect(page.get_by_role("heading", level=1)).to_have_text(load_catalogue()[key].text(language).title)
        is_fine(page, f"{key} in {language}", (PHONE,))


def test_the_list_of_methods_is_fine(place: Place) -> None:
    page = place.device(PHONE)
    page.goto(f"{place.url}/methods")
    is_fine(page, "methods")
    page.goto(f"{place.url}/methods/basis")
    is_fine(page, "a method")
    page.goto(f"{place.url}/methods/choose")
    is_fine(page, "help with choosing")
