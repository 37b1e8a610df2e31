"""`python -m tests.browser.guide_pictures`: the pictures of the moderator's guide, taken from a meeting with simulated people, in every language of it.

They are committed, so they are small: few colours, and no wider than a page shows them.
"""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from facilitator.core import languages
from tests.browser.chromium import ROOT, chromium
from tests.browser.people import PHONE, Moderator, Place
from tests.browser.words import Words
from tests.running import running_server

FOLDER = ROOT / "docs" / "pictures"
WIDEST = 1000
COLOURS = 48
CONSOLE, WALL = (1180, 760), (1280, 720)


def take_pictures() -> None:
    """Plays the beginning of a meeting once for each language."""
    with chromium() as browser:
        for language in languages.complete():
            with running_server(Path(tempfile.mkdtemp()), {}) as server:
                assert server.welcome_url
                place = Place(browser, server.url, words=Words(language))
                _of_language(place, Moderator.with_first_account(place, server.welcome_url), language)
                place.empty()


def _of_language(place: Place, mo: Moderator, language: str) -> None:
    page, said = mo.page, place.words
    page.set_viewport_size({"width": 760, "height": 640})
    page.goto(f"{place.url}/methods/choose?aim=solve&people=5&minutes=60&experience=new")
    page.evaluate("document.querySelector('#proposals').scrollIntoView()")
    _keep(page, f"choose.{language}")
    page.goto(f"{place.url}/methods/basis")
    page.get_by_role("button", name=said("Try it with a demo group")).click()
    page.set_viewport_size({"width": CONSOLE[0], "height": CONSOLE[1]})
    wall, phone = _beside(page, "screen", WALL), _beside(page, "phone", PHONE)
    mo.moves("Start")
    _go_to(mo, "clarify")
    phone.locator('#stage[data-kind="clarify"]').wait_for()
    _keep(phone, f"phone.{language}")
    _everybody(mo)
    mo.moves("Reveal")
    mo.moves("Next question")
    wall.locator(".wall-mid").get_by_text("?").first.wait_for()
    _keep(page, f"console.{language}")
    _keep(wall, f"wall.{language}")


def _beside(page: Page, view: str, size: tuple[int, int]) -> Page:
    found = page.context.new_page()
    found.set_viewport_size({"width": size[0], "height": size[1]})
    found.goto(f"{page.url.rpartition('/')[0]}/{view}")
    return found


def _everybody(mo: Moderator) -> None:
    """Has everybody do what they can; two presses at once would count as one."""
    mo.page.get_by_role("button", name=mo.place.words("Everybody at once")).click()
    mo.page.locator(".console-main").wait_for()
    mo.page.wait_for_timeout(900)


def _go_to(mo: Moderator, kind: str) -> None:
    while mo.page.locator("#stage").get_attribute("data-kind") != kind:
        _everybody(mo)
        if mo.page.locator("#stage").get_attribute("data-kind") == "pick":
            mo.moves("Reveal")
            _everybody(mo)
        mo.moves("Next phase")


def _keep(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST * 2))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"guide-{name}.png", optimize=True)


if __name__ == "__main__":
    take_pictures()
