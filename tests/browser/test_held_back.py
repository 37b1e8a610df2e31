"""Networks and browsers that hold something back: live connections, scripts, cookies. Nobody is left before a page that is
silently dead: it follows in another way, or says what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, StorageState, expect

from tests.browser.chromium import NOWHERE_ELSE
from tests.browser.conftest import ENVIRON, case_of, everybody_joins
from tests.browser.people import LAPTOP, PHONE, Moderator, Phone, Place, Wall
from tests.faults.proxy import Proxy, bad_network
from tests.running import Server, running_server
from tests.services import redis_server


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


def test_with_several_workers_a_proxy_that_keeps_lasting_connections_out_leaves_nobody_behind(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        redis_server() as redis,
        running_server(tmp_path, {**ENVIRON, "FACILITATOR_REDIS_URL": redis.url}) as server,
        bad_network(server.port) as network,
    ):
        network.start("no_upgrade")
        away = Place(browser, network.url.replace("127.0.0.1", NOWHERE_ELSE), may_lose_connection=True)
        assert server.welcome_url
        mo = Moderator.with_first_account(away, server.welcome_url.replace(server.url, away.url))
        mo.starts_meeting()
        mo.is_on_own_device()
        pete = Phone.joins(away, mo.code, "Pete")
        expect(mo.person("Pete")).not_to_contain_text("not connected")
        mo.moves("Start")
        pete.is_at("pick")
        network.wait_until_felt()
        expect(pete.page.locator("#connection")).to_be_hidden()
        away.empty()
    assert [trouble for trouble in away.troubles if "400 (BAD REQUEST)" not in trouble] == [], (
        "what is not offered is refused"
    )


def test_a_push_that_breaks_off_in_the_middle_is_asked_for_again_and_a_long_silence_says_what_to_look_at(
    lobby: Moderator, away: Place, network: Proxy
) -> None:
    page = away.device(PHONE, is_changed=True)
    page.clock.install()
    pete = Phone.joins(away, lobby.code, "Pete", page)
    lobby.sees("Pete")
    network.start("half")
    lobby.moves("Start")
    network.wait_until_felt()
    network.heal()
    pete.is_at("pick")
    network.start("reset")
    page.clock.fast_forward(4_000)
    pete.says_connection("No connection. What you write is kept here.")
    page.clock.fast_forward(60_000)
    pete.says_connection("scan the code on the big screen again")
    network.heal()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.clock.fast_forward(30_000)
    expect(page.locator("#connection")).not_to_contain_text("No connection")


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


def test_a_phone_without_scripts_takes_part(lobby: Moderator) -> None:
    without = Place(lobby.place.browser, lobby.place.url, has_scripts=False)
    everybody_joins(lobby, "Gia", "Ada", "Bob")
    pete = Phone.joins(without, lobby.code, "Pete")
    pete.page.get_by_text("This page looks for news every 8 seconds.").wait_for()
    lobby.sees("Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")  # by itself: the page loaded itself anew
    pete.page.get_by_text("only when you ask").wait_for()

    pete.sends("What happened?")
    pete.sent("What happened?")
    lobby.says("1 of 3 are ready")
    pete.button("Change: What happened?").click()
    expect(pete.text).to_have_value("What happened?")
    pete.sends("What happened in the night?")
    pete.sent("What happened in the night?")
    expect(pete.own).to_have_count(1)

    pete.sends(" ")
    expect(pete.composer).to_contain_text("Write something first.")
    pete.writes("Who was th")
    pete.press("Look for news")
    expect(pete.text).to_have_value("Who was th")
    lobby.moves("Reveal")
    lobby.next_phase()
    pete.press("Send")
    pete.page.get_by_text("This phase is over. Your text is kept.").wait_for()
    pete.is_at("diagnose")

    pete.writes("I think it is about tr")
    lobby.next_phase()
    pete.press("Look for news")
    pete.is_at("advise")
    expect(pete.page.get_by_label("Not sent. Copy it if you want to keep it.")).to_have_value("I think it is about tr")

    pete.page.locator("#signal > summary").click()
    pete.press("I need a break")
    lobby.says("I need a break, says somebody.")
    pete.more()
    pete.button("I have to go").click()
    expect(pete.stage).to_have_attribute("data-mode", "left")
    pete.press("Come back")
    pete.is_at("advise")
    without.empty()
    assert without.troubles == []


def test_a_moderator_and_a_room_screen_without_scripts(place: Place, mo: Moderator, mos_browser: StorageState) -> None:
    without = Place(place.browser, place.url, has_scripts=False)
    mo.starts_meeting()
    gia, pete = everybody_joins(mo, "Gia", "Pete")
    plain = Moderator(without, without.device(LAPTOP, kept=mo.page.context.storage_state()), code=mo.code)
    plain.page.goto(mo.page.url)
    wall = plain.opens_wall()
    mo.page.close()
    plain.press("My own device")
    expect(plain.page.locator("li[id^=wall-]")).not_to_contain_text("not connected")
    plain.press("Start")
    wall.is_at("pick")
    gia.is_at("pick")
    plain.press("Next phase")
    plain.press("Next phase")
    pete.is_at("clarify")
    pete.sends("What happened?")
    pete.sent("What happened?")
    plain.page.get_by_role("link", name="Look for news").click()
    plain.says("1 of 2 are ready")
    plain.press("Reveal")
    plain.says("What happened?")
    plain.press("Next question")
    wall.says("What happened?")
    plain.page.get_by_text("Minutes left").wait_for()
    wall.press("Next phase")
    pete.is_at("diagnose")
    plain.page.get_by_role("link", name="Look for news").click()
    plain.press("End meeting")
    wall.says("Thank you, all of you")
    expect(gia.stage).to_have_attribute("data-mode", "ended")
    without.empty()
    assert without.troubles == []


def test_a_room_screen_without_scripts_is_connected(lobby: Moderator) -> None:
    without = Place(lobby.place.browser, lobby.place.url, has_scripts=False)
    wall = Wall.waiting(without)
    lobby.page.get_by_text("Connect a room screen").click()
    lobby.fills({"Code on the room screen": wall.pairing_code})
    lobby.press("Connect")
    wall.is_at("lobby")
    without.empty()
    assert without.troubles == []


def test_a_page_whose_script_does_not_load_goes_on_without_it(lobby: Moderator) -> None:
    broken = Place(lobby.place.browser, lobby.place.url, may_lose_connection=True)
    everybody_joins(lobby, "Gia")
    pete = Phone.seated(broken, lobby.code, "Pete")
    pete.page.route("**/live-*.js", lambda route: route.abort())
    pete.page.reload()
    pete.page.get_by_text("Scripts do not run here.").wait_for()
    lobby.moves("Start")
    pete.is_at("pick")
    pete.page.unroute_all()
    pete.page.get_by_role("link", name="Try the usual page").click()
    lobby.next_phase()
    pete.is_at("story")
    expect(pete.page.locator("#without-script")).to_be_hidden()
    broken.empty()
    assert broken.troubles == []


def test_a_page_without_its_style_sheet_does_not_say_that_its_script_is_missing(lobby: Moderator) -> None:
    broken = Place(lobby.place.browser, lobby.place.url, may_lose_connection=True)
    pete = Phone.seated(broken, lobby.code, "Pete")
    pete.page.route("**/*.css", lambda route: route.abort())
    pete.page.reload()
    expect(pete.page.locator("body")).to_have_attribute("data-live", "")
    expect(pete.page.locator("#without-script")).to_be_hidden()
    lobby.sees("Pete")
    lobby.moves("Start")
    pete.is_at("pick")
    broken.empty()
    assert broken.troubles == []


def test_what_was_pressed_before_the_script_failed_is_sent_without_it(lobby: Moderator) -> None:
    broken = Place(lobby.place.browser, lobby.place.url, may_lose_connection=True)
    everybody_joins(lobby, "Gia")
    pete = Phone.seated(broken, lobby.code, "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    scripts: list[Route] = []
    pete.page.route("**/live-*.js", lambda route: scripts.append(route))  # noqa: PLW0108 – a builtin is no handler
    pete.page.reload(wait_until="commit")
    pete.sends("What happened?")
    scripts[0].abort()
    pete.sent("What happened?")
    broken.empty()
    assert broken.troubles == []


def test_where_every_script_is_kept_out_the_page_says_so_and_sends(lobby: Moderator) -> None:
    broken = Place(lobby.place.browser, lobby.place.url, may_lose_connection=True)
    everybody_joins(lobby, "Gia")
    pete = Phone.seated(broken, lobby.code, "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.page.route("**/*.js", lambda route: route.abort())
    pete.page.reload()
    expect(pete.page.get_by_role("link", name="Go on without it")).to_be_visible()
    pete.sends("What happened?")
    pete.sent("What happened?")
    broken.empty()
    assert broken.troubles == []


def test_a_browser_that_keeps_no_cookies_is_told_so(away: Place, network: Proxy) -> None:
    mo = Moderator.signed_in(away)
    mo.starts_meeting()
    network.start("no_cookies")
    phone = Phone(away, away.device(PHONE), "Pete")
    phone.page.goto(f"{away.url}/j/{mo.code.replace(' ', '')}")
    phone.page.get_by_label("Your name").fill("Pete")
    phone.page.get_by_label("I keep what is said here confidential").check()
    phone.press("Join")
    expect(phone.page.get_by_role("heading", name="This browser keeps no cookies")).to_be_visible()
    expect(phone.page.get_by_role("main")).to_contain_text("Allow cookies for this address")
    wall = Wall.waiting(away)
    expect(wall.page.locator("#notice")).to_contain_text("keeps no cookies")
    away.troubles = [trouble for trouble in away.troubles if "400 (BAD REQUEST)" not in trouble]


def test_a_page_from_before_an_update_says_so(away: Place, network: Proxy) -> None:
    mo = Moderator.signed_in(away)
    mo.starts_meeting()
    mo.is_on_own_device()
    pete = Phone.joins(away, mo.code, "Pete")
    expect(mo.person("Pete")).to_contain_text("Pete")
    expect(mo.person("Pete")).not_to_contain_text("not connected")
    pete.page.route("**/live-*.js", lambda route: route.fulfill(status=404))
    network.cut()
    pete.says_connection("This page is from before an update. Load it again")
    pete.page.unroute_all()
    pete.page.reload()
    expect(pete.page.locator("#connection")).to_be_hidden()


def test_a_browser_that_lost_its_cookie_in_the_middle_says_what_to_do_and_loses_no_word(lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia")
    pete = Phone.joins(lobby.place, lobby.code, "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.page.context.clear_cookies()
    pete.sends("What happened?")
    pete.says_connection("Come in again with the code")
    expect(pete.slips.locator("textarea")).to_have_value("What happened?")
    pete.page.reload()
    expect(pete.page.get_by_role("alert")).to_contain_text("Come in again with the code")
