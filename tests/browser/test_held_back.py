"""Networks and browsers that hold something back: live connections, scripts, cookies. Nobody is left before a page that is
silently dead: it follows in another way, or says what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.chromium import NOWHERE_ELSE
from tests.browser.conftest import case_of
from tests.browser.people import Moderator, Phone, Place
from tests.faults.proxy import Proxy, bad_network
from tests.running import Server


@pytest.fixture
def network(room: Server) -> Iterator[Proxy]:
    """What lies between everybody and the server."""
    with bad_network(room.port) as network:
        yield network


@pytest.fixture
def away(browser: Browser, network: Proxy, mos_browser: StorageState) -> Iterator[Place]:
    """Everybody behind that network, on plain http and under a name that is no secure context."""
    assert mos_browser["cookies"], "Mo has an account"
    place = Place(browser, network.url.replace("127.0.0.1", NOWHERE_ELSE), may_lose_connection=True)
    yield place
    place.empty()
    assert place.troubles == []


def test_a_meeting_where_no_live_connection_comes_through(away: Place, network: Proxy) -> None:
    network.start("not_live")
    mo = Moderator.signed_in(away)
    mo.starts_meeting()
    mo.is_on_own_device()
    wall = mo.opens_wall()
    gia, pete = (Phone.joins(away, mo.code, name) for name in ("Gia", "Pete"))
    expect(mo.person("Pete")).not_to_contain_text("not connected")
    wall.says("2 people are here")
    case_of(mo, "Gia")
    for screen in (wall, gia, pete):
        screen.is_at("clarify")
    pete.page.locator("#notice").wait_for()
    pete.sends("What happened?")
    pete.sent("What happened?")
    mo.says("1 of 1 are ready")
    wall.clicks("r")
    mo.moves("Next question")
    wall.says("What happened?")
    gia.says("What happened?")
    for page in (mo.page, wall.page, gia.page, pete.page):
        expect(page.locator("#connection")).to_be_hidden()
    network.heal()
    pete.page.evaluate("window.dispatchEvent(new Event('online'))")
    with pete.page.expect_event("websocket"):
        pete.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    mo.next_phase()
    pete.is_at("diagnose")


def test_a_network_that_wants_people_to_sign_in_first_is_named(away: Place, network: Proxy) -> None:
    mo = Moderator.signed_in(away)
    mo.starts_meeting()
    mo.is_on_own_device()
    pete = Phone.joins(away, mo.code, "Pete")
    mo.sees("Pete")
    network.start("portal")
    network.cut()
    pete.says_connection("such as a sign-in page of the Wi-Fi")
    mo.page.locator("#connection").get_by_text("such as a sign-in page of the Wi-Fi").wait_for()
    network.heal()
    pete.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(pete.page.locator("#connection")).not_to_contain_text("sign-in page")
    mo.moves("Start")
    pete.is_at("pick")
