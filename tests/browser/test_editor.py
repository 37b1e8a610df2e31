"""Making a method one's own in a real browser: copied, changed, looked at while it changes, taken into use, and a meeting held with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.people import LAPTOP, PHONE, Moderator, Place, press
from tests.browser.test_accessible import is_fine
from tests.running import Server

RULE = "Only questions we do not know the answer to."


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def copied(mo: Moderator, title: str = "Basic consultation") -> Page:
    mo.page.goto(f"{mo.place.url}/methods/own")
    mo.page.get_by_role("button", name=f"Copy: {title}", exact=True).click()
    expect(mo.page.get_by_role("heading", level=1)).to_contain_text(title)
    return mo.page


def test_a_method_is_copied_changed_looked_at_and_held(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    page = copied(mo)
    english = page.get_by_role("group", name="English")
    english.get_by_label("Title").fill("Our hour")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our hour")
    page.get_by_role("link", name="Clarifying questions").first.click()
    page.get_by_role("group", name="English").get_by_label("The rule, large on the wall").fill(RULE)
    wall = page.frame_locator('iframe[title="Before it is revealed: Wall"]')
    expect(wall.locator("#stage")).to_contain_text(RULE)
    expect(wall.locator("#stage")).not_to_contain_text("What happened just before he walked away?")
    after = page.frame_locator('iframe[title="Once it is revealed: Wall"]')
    expect(after.locator("#stage")).to_contain_text("?")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Your changes are kept.")).to_be_visible()
    page.get_by_role("link", name="Our hour").click()
    page.get_by_role("button", name="Take into use").click()
    expect(page.get_by_text("Version 1 is in use.")).to_be_visible()
    page.goto(f"{place.url}/meetings/new")
    mo.fills({"Goal": "Learn to guide"})
    page.get_by_label("Method", exact=True).select_option(label="Our hour")
    mo.press("Start now")
    mo.is_in_its_lobby()
    wall_of_meeting = mo.opens_wall()
    wall_of_meeting.says("Our hour")


def test_it_is_all_there_without_a_script_and_by_keyboard(place: Place, mos_browser: StorageState) -> None:
    place.has_scripts = False
    mo = Moderator.at_home(place, mos_browser)
    page = copied(mo, "Five steps")
    page.get_by_role("button", name="Advice round: up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is not stored yet.")).to_be_visible()
    press(page, "Save")
    names = page.locator(".phase-row a").all_inner_texts()
    assert names.index("Advice round") < names.index("Core of the case")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_its_pages_are_fine_for_everybody(place: Place, mos_browser: StorageState, size: tuple[int, int]) -> None:
    mo = Moderator.at_home(place, mos_browser)
    page = copied(mo)
    key = page.url.split("/")[-2]
    for address in ("own", "import", f"{key}/edit", f"{key}/phases/evaluate", f"{key}/phases/pick"):
        page.goto(f"{place.url}/methods/{address}")
        is_fine(page, address, (size,))
