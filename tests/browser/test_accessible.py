"""axe finds nothing on any kind of page, light and dark, on a laptop and on a phone; nothing is wider than its screen, also with
letters twice as large; and on paper every page is black on white.

The content policy is left out here, and only here: axe is brought into the page from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.chromium import ROOT
from tests.browser.conftest import everybody_joins
from tests.browser.people import BIG_SCREEN, LAPTOP, PHONE, Moderator, Phone, Place, Screen, Wall
from tests.browser.reading import WIDER, on_paper, too_wide
from tests.running import Server

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
# What a theme changes is colours; the other rules need to look only once per size.
RUN = """async only => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame); // colours change with the next frame
    const {violations} = await axe.run(document, {resultTypes: ['violations'], ...(only.length ? {runOnly: only} : {})});
    return violations.map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html.slice(0, 160)).join(' | '));
}"""
# A strip that moves sideways would hide where somebody is, and no page would be wider for it.
HIDDEN_ENTRIES = """() => [...document.querySelectorAll('.site-nav a')].filter(entry => {
    const {left, right} = entry.getBoundingClientRect();
    const strip = entry.parentElement;
    return left < 0 || right > innerWidth || strip.scrollWidth > strip.clientWidth;
}).map(entry => entry.textContent)"""
# What a menu holds, opened with all it asks, lies on the page: nobody can scroll to what is left of it or above it.
MENUS_OUT_OF_SIGHT = """() => [...document.querySelectorAll('details.menu')].filter(menu => {
    const all = [menu, ...menu.querySelectorAll('details')], list = menu.querySelector('.menu-list');
    all.forEach(one => one.open = true);
    const {left, right, top} = list.getBoundingClientRect();
    const bar = menu.closest('.console-bar'), isPinned = bar && getComputedStyle(bar).position === 'sticky';
    const isOut = left < 0 || right > innerWidth || top + (isPinned ? 0 : scrollY) < 0 || list.scrollWidth > list.clientWidth;
    all.forEach(one => one.open = false);
    return isOut;
}).map(menu => menu.id)"""
# A bar that stays where it is leaves half of the window to what it is about.
BAR_IS_HIGH = """() => [...document.querySelectorAll('.console-bar')].some(bar =>
    getComputedStyle(bar).position === 'sticky' && bar.offsetHeight > innerHeight / 2)"""
BOTH = (LAPTOP, PHONE)


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def test_pages_for_everybody(place: Place) -> None:
    page = place.device(LAPTOP)
    for address in ("/j", "/login", "/reset", "/welcome/guessed", "/proof", "/wall", "/nothing-here"):
        page.goto(place.url + address)
        is_fine(page, address)
    page.goto(f"{place.url}/login/link")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    is_fine(page, "a link is on its way", (PHONE,))
    page.goto(f"{place.url}/j")
    page.get_by_label("Meeting code").fill("0000 0000")
    page.get_by_role("button", name="Continue").click()
    is_fine(page, "a wrong code", (PHONE,))


def test_pages_of_a_moderator(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    for address in ("/", "/meetings/new", "/account", "/invitations", "/organisation"):
        mo.page.goto(place.url + address)
        is_fine(mo.page, address)
    for address in (
        *("/account/password", "/organisation/log", "/archive/new", "/proof"),
        *("/questions", "/questions/new", "/questions/reported", "/questions/following"),
        "/calendar",
    ):
        mo.page.goto(place.url + address)
        is_fine(mo.page, address, (PHONE,))
    mo.page.goto(f"{place.url}/meetings/new")
    mo.press("Start now")
    expect(mo.page.get_by_role("alert").first).to_be_visible()
    is_fine(mo.page, "a meeting without a goal")


def test_one_long_word_stays_within_a_phone(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.starts_meeting("Overdrachtsbesprekingsvoorbereiding" * 8)
    mo.page.goto(place.url)
    expect(mo.page.get_by_role("link", name="Overdrachtsbespreking")).to_be_visible()
    is_fine(mo.page, "a long goal", (PHONE,))
    mo.page.goto(f"{place.url}/groups")
    mo.page.get_by_label("Name of the group").fill("Overdrachtsbesprekingsvoorbereiding" * 2)
    mo.press("Make the group")
    expect(mo.page.get_by_role("heading", name="Overdrachtsbespreking")).to_be_visible()
    is_fine(mo.page, "a group with a long name", (PHONE,))
    mo.page.goto(f"{place.url}/groups")
    is_fine(mo.page, "a long name among the groups", (PHONE,))


def test_long_names_of_people_stay_within_a_phone(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.starts_meeting()
    mo.is_on_own_device()
    gia, pete = everybody_joins(mo, "Gia-Marie Schimmelpenninck", "P" + "ete" * 13)
    mo.moves("Start")
    mo.is_at("pick")
    mo.gives_case_to(gia.name)
    mo.next_phase()
    pete.is_at("story")
    pete.says("Schimmelpenninck")
    are_fine("somebody with a long name gives the case", gia, pete, mo)
    mo.ends_meeting()
    gia.says("Thank you, Gia-Marie")
    are_fine("somebody with a long name is thanked", gia, pete)
    for name in ("report", "presence"):
        mo.page.goto(f"{place.url}/meetings/{mo.meeting_id}/{name}")
        is_fine(mo.page, name, (PHONE,))


def test_a_meeting_on_every_screen(place: Place, mos_browser: StorageState) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.starts_meeting()
    mo.is_on_own_device()
    wall = mo.opens_wall()
    door = place.device(PHONE)
    door.goto(f"{place.url}/j/{mo.code.replace(' ', '')}")
    door.get_by_role("button", name="Join", exact=True).click()
    is_fine(door, "joining without a name", (PHONE,))
    gia, pete, ada, bob = everybody_joins(mo, "Gia", "Pete", "Ada", "Bob")
    are_fine("lobby", mo, wall, pete)

    mo.moves("Start")
    gia.is_at("pick")
    are_fine("writing a case", wall, gia)
    gia.composer.get_by_label("Title, without names").fill("A starter who says nothing")
    gia.sends()
    gia.sent("A starter")
    mo.moves("Reveal")
    pete.marks("A starter")
    are_fine("dots", wall, pete)
    mo.next_phase()
    gia.is_at("story")
    pete.is_at("story")
    are_fine("story", gia)
    mo.next_phase()
    questions(mo, wall, gia, pete, ada)
    advice(mo, wall, gia, pete, ada)
    the_end(mo, wall, gia, pete, ada, bob)


def questions(mo: Moderator, wall: Wall, gia: Phone, pete: Phone, ada: Phone) -> None:
    pete.is_at("clarify")
    pete.text.press_sequentially("Have you tried to call?")
    expect(pete.page.locator("[data-hint] .hint")).to_be_visible()
    are_fine("a hint", pete)
    pete.sends("What happened?")
    pete.sent("What happened?")
    mo.moves("Reveal")
    mo.moves("Next question")
    gia.says("What happened?")
    pete.says("It is your turn")
    are_fine("a question", wall, gia, pete, ada)
    late = Phone.joins(mo.place, mo.code, "Cleo")
    mo.sees("Cleo")
    are_fine("late", late)
    mo.person("Pete").locator("summary").first.click()
    are_fine("a menu", mo)
    for size, letters in (((320, 568), "100%"), ((320, 568), "200%"), ((900, 700), "200%"), ((320, 256), "100%")):
        has_room_for_menus(mo.page, size, letters)
    mo.next_phase()
    mo.next_phase()


def advice(mo: Moderator, wall: Wall, gia: Phone, pete: Phone, ada: Phone) -> None:
    for phone, text in ((pete, "Ask him."), (ada, "Wait a week.")):
        phone.is_at("advise")
        phone.sends(text)
        phone.sent(text)
    while mo.next_speaker():
        pass
    are_fine("a round", wall, pete)
    mo.next_phase()
    gia.is_at("choose")
    gia.marks("Ask him.")
    are_fine("choosing", mo, wall, gia)
    mo.next_phase()
    gia.is_at("commit")
    are_fine("if and then", gia)
    gia.composer.get_by_label("then I will …").fill("Ask him")
    gia.sends()
    expect(pete.button("I'll be the buddy")).to_be_visible()
    are_fine("an action", wall, gia, pete)
    mo.next_phase()
    mo.next_phase()


def the_end(mo: Moderator, wall: Wall, gia: Phone, pete: Phone, ada: Phone, bob: Phone) -> None:
    for phone in (gia, pete, ada, bob):
        phone.is_at("evaluate")
    are_fine("evaluation", gia)
    for phone in (gia, pete, ada, bob):
        phone.taps("safe", 4)
        phone.sends()
        expect(phone.composer.locator("[name=safe]")).to_have_count(0)
    bob.leaves()
    are_fine("left", bob)
    mo.press("Reveal")
    are_fine("a dialog", mo)
    mo.page.get_by_role("dialog").get_by_role("button", name="Reveal", exact=True).click()
    wall.says("I felt safe.")
    are_fine("results", wall, pete)
    mo.ends_meeting()
    gia.says("Thank you, Gia")
    expect(wall.page.get_by_role("img", name=re.compile(r"All \d+ phases are done"))).to_be_visible()
    are_fine("the end", mo, wall, gia)
    mo.page.goto(f"{mo.place.url}/meetings/{mo.meeting_id}/report")
    is_fine(mo.page, "report")


def has_room_for_menus(page: Page, size: tuple[int, int], letters: str) -> None:
    """A console in a small window, or with large letters."""
    page.evaluate("letters => document.documentElement.style.fontSize = letters", letters)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_function(f"!({BAR_IS_HIGH})()")
    assert page.evaluate(MENUS_OUT_OF_SIGHT) == [], f"menus open out of sight at {size}, {letters}"
    assert page.evaluate(WIDER) == [], f"wider than its window at {size}, {letters}"
    page.evaluate("document.documentElement.style.fontSize = ''")


def are_fine(moment: str, *screens: Screen) -> None:
    """Each on the size it is made for; whoever leads may do so on a phone as well."""
    for screen in screens:
        sizes = (PHONE,) if isinstance(screen, Phone) else (BIG_SCREEN,) if isinstance(screen, Wall) else BOTH
        is_fine(screen.page, f"{moment}, {type(screen).__name__}", sizes)


def is_fine(page: Page, what: str, sizes: tuple[tuple[int, int], ...] = BOTH) -> None:
    """Nothing to complain about in either theme, and no need to scroll sideways."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        for scheme, rules in (("light", []), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found = page.evaluate(RUN, rules)
            assert found == [], f"{what}, {scheme}, {width} px: {found}"
        page.emulate_media(color_scheme="light")
        wider = page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{what} is {wider} px wider than {width} px"
        if (width, height) == PHONE:
            assert too_wide(page) == [], f"{what}: wider than a phone with letters twice as large"
            assert on_paper(page) == [], f"{what}: not black on white on paper"
        assert page.evaluate(MENUS_OUT_OF_SIGHT) == [], f"{what}: menus open out of sight at {width} px"
        assert page.evaluate(HIDDEN_ENTRIES) == [], f"{what}: entries of the menu lie outside the screen at {width} px"
    assert page.locator("h1").count() == 1, f"{what} has not one main heading"
