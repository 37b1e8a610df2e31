"""A phone's way to its own proof: Mo confirms, Pete writes an annex and downloads his certificate; axe has nothing to say.

The content policy is left out here as well: axe is brought into the page from outside.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.conftest import everybody_joins
from tests.browser.people import PHONE, Moderator, Place
from tests.browser.test_accessible import is_fine
from tests.running import Server


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def test_a_phone_gets_its_certificate_and_keeps_an_annex(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.starts_meeting()
    mo.is_on_own_device()
    _, pete = everybody_joins(mo, "Gia", "Pete")
    mo.moves("Start")
    mo.ends_meeting()
    address = f"{place.url}/meetings/{mo.meeting_id}"

    mo.page.goto(f"{address}/presence")
    is_fine(mo.page, "attendance")
    mo.page.get_by_role("group", name="Pete").get_by_label("Took part").check()
    mo.press("Confirm attendance")
    expect(mo.page.locator(".flashes")).to_contain_text("Attendance is confirmed")

    phone = pete.page
    phone.goto(f"{address}/annex")
    is_fine(phone, "annex", (PHONE,))
    phone.get_by_label("My learning goal").fill("To listen longer")
    pete.press("Keep")
    expect(phone.locator(".flashes")).to_contain_text("Only you can see it")
    expect(phone.get_by_label("My learning goal")).to_have_value("To listen longer")

    phone.goto(f"{address}/proof")
    is_fine(phone, "own proof", (PHONE,))
    with phone.expect_download() as fetched:
        phone.get_by_role("link", name="Download the certificate (PDF)").click()
    assert fetched.value.path().read_bytes().startswith(b"%PDF")
    phone.reload()
    phone.locator(".facts a").click()
    expect(phone.locator("#answer")).to_contain_text("Genuine. Issued on")
    is_fine(phone, "a number", (PHONE,))
    mo.page.goto(f"{place.url}/proof")
    is_fine(mo.page, "overview")
