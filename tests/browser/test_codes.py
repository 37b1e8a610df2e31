"""A camera reads every code we show – on the wall, the console, a phone, on paper – whatever colours the device prefers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import everybody_joins
from tests.browser.people import Moderator, Place
from tests.browser.test_wall_fits import LATE_HELP
from tests.codes import codes_in, printed
from tests.running import running_server

WIFI, PASSWORD = 'Room 3; "above"', "as hard as l1I0O"
# What tools do that turn the colours of pages round. They leave images as they are.
TURN_ROUND = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html { filter: invert(1) hue-rotate(180deg) } img { filter: invert(1) hue-rotate(180deg) }");
  document.adoptedStyleSheets.push(sheet);
}"""


@pytest.fixture(scope="module")
def mo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moderator]:
    """Mo, on a server that phones can reach."""
    environ = {"FACILITATOR_PUBLIC_URL": "http://facilitator.example.org:5000"}
    with running_server(tmp_path_factory.mktemp("codes"), environ) as server:
        place = Place(browser, server.url)
        assert server.welcome_url
        yield Moderator.with_first_account(
            place, server.welcome_url.replace(environ["FACILITATOR_PUBLIC_URL"], server.url)
        )
        place.empty()
        assert place.troubles == []


def test_the_codes_of_a_lobby(mo: Moderator) -> None:
    mo.page.goto(f"{mo.place.url}/meetings/new")
    mo.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    mo.page.locator("[name=wifi_name]").fill(WIFI)
    mo.page.locator("[name=wifi_password]").fill(PASSWORD)
    mo.fills({"Goal": "Learn to guide a starter"})
    mo.press("Start now")
    mo.is_in_its_lobby()
    mo.is_on_own_device()
    (door,) = seen_in_all_colours(mo.page, mo.page.locator(".qr"))
    box = mo.page.locator(".console-join .qr").bounding_box()
    assert box
    assert 140 <= box["width"] <= 240, "large enough for a phone, and room for what else is to be seen"
    assert door.endswith(f"/j/{mo.code.replace(' ', '')}")
    wall = mo.opens_wall()
    wall.page.evaluate(LATE_HELP)
    for width, height in ((1920, 1080), (800, 600)):
        wall.page.set_viewport_size({"width": width, "height": height})
        assert seen_in_all_colours(wall.page) == {door, 'WIFI:T:WPA;S:Room 3\\; \\"above\\";P:as hard as l1I0O;;'}
    assert set().union(*map(codes_in, printed(mo.page.pdf()))) == {door}
    mo.moves("Start")
    mo.press("Show the code")
    expect(wall.page.locator(".qr")).to_be_visible()
    assert seen_in_all_colours(wall.page) == {door}


def test_the_codes_of_a_lead_and_of_a_link(lobby: Moderator) -> None:
    gia, _ = everybody_joins(lobby, "Gia", "Pete")
    lobby.moves("Start")
    page = lobby.page
    page.goto(f"{lobby.place.url}/meetings/{lobby.meeting_id}/handover")
    assert seen_in_all_colours(page) == {page.locator("[data-copy]").input_value()}
    phone = gia.page
    phone.goto(f"{lobby.place.url}/meetings/{lobby.meeting_id}/mine")
    gia.press("Keep my link")
    phone.get_by_text("As a QR code").click()
    assert seen_in_all_colours(phone, phone.locator(".qr")) == {phone.locator("[data-copy]").input_value()}


def seen_in_all_colours(page: Page, code: Locator | None = None) -> set[str]:
    """What a camera reads off a screen, or off a part of it – the same in all colours."""
    seen = [codes_in((code or page).screenshot()) for _ in colours(page)]
    assert all(found == seen[0] for found in seen), seen
    return seen[0]


def colours(page: Page) -> Iterator[str]:
    """Light, dark, those that the device forces, and turned round."""
    for scheme in ("light", "dark"):
        for forced in ("none", "active"):
            page.emulate_media(color_scheme=scheme, forced_colors=forced)
            yield f"{scheme}, {forced}"
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.evaluate(TURN_ROUND)
    yield "turned round"
    page.evaluate("document.adoptedStyleSheets.pop()")
