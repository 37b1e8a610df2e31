"""Somebody who was only there on a phone keeps a link to what concerns them, over plain http, and opens it elsewhere; a
group gets members. axe looks at every page on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.chromium import NOWHERE_ELSE
from tests.browser.people import LAPTOP, PHONE, Moderator, Phone, Place
from tests.browser.test_accessible import BOTH, is_fine
from tests.running import Server

LONG = "Werkplekbegeleiders Verpleegkundige Vervolgopleidingen Noordoost-Nederland"


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def test_pete_keeps_his_link_and_opens_it_on_another_device(
    place: Place, room: Server, mos_browser: StorageState
) -> None:
    assert mos_browser, "Mo has an account"
    place.url = f"http://{NOWHERE_ELSE}:{room.port}"
    mo = Moderator.signed_in(place)
    mo.starts_meeting("Learn to guide a starter")
    mo.is_on_own_device()
    pete = Phone.joins(place, mo.code, "Pete")
    mo.sees("Pete")
    mo.moves("Start")
    mo.ends_meeting()
    pete.says("Thank you, Pete")
    pete.page.get_by_role("link", name="What concerns you").click()
    expect(pete.page.get_by_text("You took part as Pete")).to_be_visible()
    assert pete.page.evaluate("isSecureContext") is False
    is_fine(pete.page, "what concerns you", (PHONE,))
    pete.press("Keep my link")
    field = pete.page.get_by_label("Your link", exact=True)
    link = field.input_value()
    field.focus()
    assert pete.page.evaluate("getSelection().toString() || document.activeElement.selectionEnd") in (link, len(link))
    pete.page.get_by_text("As a QR code").click()
    expect(pete.page.get_by_role("img", name="QR code of your link")).to_be_visible()
    is_fine(pete.page, "the link", (PHONE,))
    pete.page.get_by_label("E-mail").fill("pete@")
    pete.press("Mail it to me")
    expect(pete.page.get_by_label("E-mail")).to_have_value("pete@")
    expect(pete.page.get_by_label("Your link", exact=True)).to_have_value(link)
    pete.page.get_by_label("E-mail").fill("pete@example.org")
    pete.press("Mail it to me")
    expect(pete.page.get_by_text("We did not keep your address.")).to_be_visible()

    laptop = place.device(LAPTOP)
    laptop.goto(link)
    expect(laptop.get_by_text("You took part as Pete")).to_be_visible()
    assert laptop.url.endswith(f"/meetings/{mo.meeting_id}/mine")
    laptop.get_by_role("button", name="Withdraw the link").click()
    expect(laptop.get_by_text("The link is withdrawn.")).to_be_visible()
    stranger = place.device(PHONE)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This link no longer works")).to_be_visible()
    is_fine(stranger, "a closed door", (PHONE,))


def test_mo_makes_a_group_and_its_pages_are_fine(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.page.goto(f"{place.url}/groups")
    is_fine(mo.page, "groups")
    mo.fills({"Name of the group": LONG})
    mo.press("Make the group")
    expect(mo.page.get_by_role("heading", name=LONG)).to_be_visible()
    is_fine(mo.page, "an empty group")
    mo.fills({"E-mail addresses": "annemieke.vanderheijden-groeneveld@ziekenhuis-noordoost.example.org\nniet@"})
    mo.press("Add and mail them")
    expect(mo.page.get_by_label("E-mail addresses")).to_have_value(
        "annemieke.vanderheijden-groeneveld@ziekenhuis-noordoost.example.org\nniet@"
    )
    is_fine(mo.page, "a wrong address")
    mo.fills({"E-mail addresses": "annemieke.vanderheijden-groeneveld@ziekenhuis-noordoost.example.org"})
    mo.page.get_by_label("None of them leads anybody in this group").check()
    mo.press("Add and mail them")
    expect(mo.page.get_by_text("1 person added and mailed.")).to_be_visible()
    mo.page.get_by_text("Remove", exact=True).click()
    is_fine(mo.page, "a group")
    mo.page.get_by_role("link", name="Write it").click()
    expect(mo.page.get_by_role("button", name="Make it version 1")).to_be_visible()
    is_fine(mo.page, "an agreement")
    mo.press("Make it version 1")
    expect(mo.page.get_by_role("link", name="Change it")).to_be_visible()
    is_fine(mo.page, "a group with an agreement")
    mo.page.get_by_role("link", name="New meeting").click()
    expect(mo.page.get_by_label("Group", exact=True)).to_be_visible()
    mo.fills({"Goal": "Learn to guide a starter"})
    mo.press("Start now")
    mo.is_in_its_lobby()
    Phone.seated(place, mo.code, "Annemieke")
    mo.sees("Annemieke")
    mo.page.goto(f"{place.url}/meetings/{mo.meeting_id}/members")
    is_fine(mo.page, "who was who")
    for address in ("/mine", "/groups"):
        mo.page.goto(place.url + address)
        is_fine(mo.page, address)
    door = place.device(LAPTOP)
    for address in ("/login/link", "/login/link/none"):
        door.goto(place.url + address)
        is_fine(door, address, BOTH)
