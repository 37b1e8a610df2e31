"""Whatever people write, the wall shows all of it: nothing lies over something else, nothing is cut off or leaves the screen, no letter
is smaller than what can be read at five metres, and what has no room is on another page.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from facilitator.methods.loader import load_catalogue
from tests.browser.conftest import everybody_joins
from tests.browser.people import Moderator, Place
from tests.browser.walls import KINDS, Kind, Moment, method_of, moments
from tests.cast import Cast

# In CSS pixels: what a browser that zooms leaves of a screen is a smaller screen.
USUAL = {"1024×768": (1024, 768), "1920×1080": (1920, 1080), "21:9": (2560, 1080), "800×600 at 200 %": (400, 300)}
OTHERS = {
    "800×600": (800, 600),
    "1366×768 at 150 %": (911, 512),
    "4K": (3840, 2160),
    "4K at 50 %": (7680, 4320),
    "32:9": (3840, 1080),
    "upright": (1080, 1920),
    "almost square": (1280, 1024),
}
LEAST, LEAST_INITIALS = 36, 30  # of 1080
LOOK = """([least, leastInitials]) => {
  const wall = document.querySelector(".wall"), found = [], shown = [];
  const isUpright = innerWidth <= innerHeight;
  const unit = isUpright ? Math.min(innerHeight / 1600, innerWidth / 1080) : Math.min(innerHeight / 1080, innerWidth / 1600);
  const inside = (one, box) => one.left >= box.left - 1.5 && one.right <= box.right + 1.5 && one.top >= box.top - 1.5 && one.bottom <= box.bottom + 1.5;
  const apart = (one, box) => one.right <= box.left + 1.5 || one.left >= box.right - 1.5 || one.bottom <= box.top + 1.5 || one.top >= box.bottom - 1.5;
  const screen = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
  const walker = document.createTreeWalker(wall, NodeFilter.SHOW_TEXT);
  const isHeld = !/[^\\s-]{41}/.test(wall.textContent); // no word is so long that no type would hold it
  let index = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode(), index++) {
    const parent = node.parentElement, text = node.textContent.trim();
    if (!text || parent.closest(".wall-controls, dialog, .visually-hidden, title, script")) continue;
    if (getComputedStyle(parent).visibility !== "visible") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = parent.closest(".is-paged");
    const clip = box && box.getBoundingClientRect();
    const svg = parent.closest("svg");
    let isShown = false, line = 0;
    for (const full of range.getClientRects()) {
      line++;
      if (full.width < 0.5 || full.height < 0.5) continue;
      const trim = full.height * 0.2; // the letters of a line, not the room above and below them
      const one = {left: full.left, right: full.right, top: full.top + trim, bottom: full.bottom - trim, key: index + "." + line, text: text.slice(0, 40), svg, node};
      if (clip && apart(one, clip)) continue;
      if (clip && !inside(one, clip)) found.push("cut: " + one.text);
      if (!inside(one, screen)) found.push("off the screen: " + one.text);
      shown.push(one);
      isShown = true;
    }
    if (!isShown) continue;
    const longWords = /(?<![^\\s-])[^\\s-]{12,20}(?![^\\s-])/g, isWhole = parent.closest("[data-whole]"); // what one types from the screen
    for (const word of isHeld && !svg || isWhole ? node.textContent.matchAll(isWhole ? /.+/g : longWords) : []) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (range.getClientRects().length > 1) found.push("broken: " + word[0]);
    }
    const scale = svg ? parent.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale / unit;
    const most = parent.closest(".seat-initials, .circle-count") ? leastInitials : least;
    if (size < most - 0.7) found.push("too small, " + size.toFixed(1) + ": " + text.slice(0, 40));
  }
  for (const [at, one] of shown.entries()) {
    for (const other of shown.slice(at + 1)) {
      if (one.node !== other.node && one.left < other.right - 1.5 && other.left < one.right - 1.5 && one.top < other.bottom - 1.5 && other.top < one.bottom - 1.5) {
        found.push("over each other: " + one.text + " | " + other.text);
      }
    }
  }
  for (const picture of wall.querySelectorAll(".qr, .circle-wall, .line-picture, .bars svg")) {
    const box = picture.getBoundingClientRect();
    if (!box.width || getComputedStyle(picture).visibility !== "visible") continue;
    const paged = picture.closest(".is-paged");
    if (paged && apart(box, paged.getBoundingClientRect())) continue;
    if (!inside(box, screen)) found.push("off the screen: " + picture.getAttribute("class"));
    if (picture.matches(".line-picture")) continue; // its label may be left out, and then its lower edge is empty
    for (const one of shown) {
      if (!picture.contains(one.node) && !apart(one, box)) found.push("over a picture: " + one.text + " | " + picture.getAttribute("class"));
    }
  }
  return {found: [...new Set(found)].slice(0, 8), shown: shown.map(({key}) => key)};
}"""
ALL_LINES = """() => {
  const wall = document.querySelector(".wall"), keys = [];
  const walker = document.createTreeWalker(wall, NodeFilter.SHOW_TEXT);
  let index = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode(), index++) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest(".wall-controls, dialog, .visually-hidden, title, script, .circle, .wall-next")) continue;
    if (getComputedStyle(parent).visibility !== "visible") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let line = 0;
    for (const rect of range.getClientRects()) {
      line++;
      if (rect.width >= 0.5 && rect.height >= 0.5) keys.push(index + "." + line);
    }
  }
  return keys;
}"""
NEXT_PAGE = "!document.dispatchEvent(new CustomEvent('turnpage', {cancelable: true, detail: {by: 1}}))"
SHOW = """async html => {
  document.querySelector(".wall").outerHTML = html;
  document.getElementById("page-shown")?.remove(); // nobody listens
  document.querySelector(".wall").dataset.about = Math.random(); // from the first page on
  document.dispatchEvent(new Event("stagedrawn"));
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame); // what follows from another size
}"""
LATE_HELP = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".comes-late { animation: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""
WHOLE = f"""async ([html, least, leastInitials, mostPages]) => {{
  await ({SHOW})(html);
  const found = [], seen = new Set();
  let pages = 0;
  do {{
    const looked = ({LOOK})([least, leastInitials]);
    found.push(...looked.found);
    for (const key of looked.shown) seen.add(key);
  }} while (++pages < mostPages && {NEXT_PAGE});
  if (pages === mostPages) found.push(`more than ${{mostPages}} pages`);
  const missing = ({ALL_LINES})().filter((key) => !seen.has(key));
  if (missing.length) found.push(`${{missing.length}} lines are on no page`);
  return found;
}}"""
MOST_PAGES = 150
# The other methods differ in their words; with texts of every kind they are looked at in the long run.
AT_ONCE = [(key, kind) for key in load_catalogue() for kind in KINDS if key == "basis" or kind == "words"]


def test_the_clicker_and_the_console_turn_the_pages_of_a_wall(lobby: Moderator) -> None:
    names = ("Gia", "Pete", "Ada", "Bob", "Cleo")
    phones = everybody_joins(lobby, *names)
    wall = lobby.opens_wall()
    lobby.moves("Start")
    for phone in phones:
        phone.is_at("pick")
        phone.composer.get_by_label("Title, without names").fill(f"The case of {phone.name}")
        phone.sends()
        phone.sent("The case of")
    lobby.moves("Reveal")
    wall.says("Page 1 of 2")
    lobby.says("The big screen shows page 1 of 2.")
    expect(wall.stage.get_by_text("The case of")).to_have_count(len(names))
    lobby.press("Next page")
    wall.says("Page 2 of 2")
    lobby.says("The big screen shows page 2 of 2.")
    wall.click("ArrowLeft")
    wall.says("Page 1 of 2")
    lobby.says("The big screen shows page 1 of 2.")
    wall.click()
    wall.says("Page 2 of 2")
    wall.is_at("pick")
    wall.clicks(times=2)
    wall.is_at("story")
    lobby.is_at("story")
    lobby.does_not_say("The big screen shows page")


@pytest.mark.parametrize(("key", "kind"), AT_ONCE)
def test_everything_that_a_wall_shows_fits_on_usual_screens(app: Flask, place: Place, key: str, kind: Kind) -> None:
    fits(app, place, key, kind, USUAL)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", load_catalogue())
def test_everything_that_a_wall_shows_fits_on_every_screen(app: Flask, place: Place, key: str, kind: Kind) -> None:
    fits(app, place, key, kind, {**OTHERS, **({} if (key, kind) in AT_ONCE else USUAL)})


def fits(app: Flask, place: Place, key: str, kind: Kind, sizes: Mapping[str, tuple[int, int]]) -> None:
    """A whole meeting on these sizes."""
    with method_of(key, kind) as method:
        played = list(moments(Cast(app), method, kind))
    page = waiting_screen(place)
    troubles: list[str] = []
    for name, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        troubles += [f"{moment.name}, {name}: {found}" for moment in played for found in looked_at(page, moment)]
    assert not troubles, "\n".join(troubles[:60])


def waiting_screen(place: Place) -> Page:
    """A room screen; the help that comes after a minute is there at once."""
    page = place.device((1920, 1080), is_changed=True)
    page.goto(f"{place.url}/wall")
    page.evaluate("document.fonts.ready")
    page.evaluate(LATE_HELP)
    return page


def looked_at(page: Page, moment: Moment) -> list[str]:
    """Shows a moment as a push would, turns all of its pages, and says what is wrong."""
    found: list[str] = page.evaluate(WHOLE, [moment.html, LEAST, LEAST_INITIALS, MOST_PAGES])
    return found
