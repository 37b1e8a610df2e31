"""Every page of an organisation with a past, and those of a meeting full of long words: no wider than a phone, also with letters twice
as large, and black on white on paper.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import FieldType, Method, Phase
from tests.browser.conftest import everybody_joins
from tests.browser.hard import Screens
from tests.browser.people import PHONE, Moderator, Place
from tests.browser.reading import WIDER, on_paper, too_wide
from tests.browser.tour import furnish, walk
from tests.browser.walls import begun
from tests.browser.words import Words
from tests.cast import Cast, Meeting
from tests.running import Server, running_server

# One phase for each way to choose.
WITH_CHOICES = {
    field.choices: (method, phase)
    for method in load_catalogue().values()
    for phase in method.phases
    for form in phase.forms
    for field in form.fields
    if field.type is FieldType.CHOICE
}.values()
WORD = "Overdrachtsbesprekingsvoorbereidingsuren"


def test_a_word_of_forty_letters_widens_nothing(lobby: Moderator) -> None:
    assert len(WORD) == 40
    gia, pete = everybody_joins(lobby, "Gia", WORD)
    lobby.moves("Start")
    gia.is_at("pick")
    gia.composer.get_by_label("Title, without names").fill(WORD)
    gia.composer.locator("[name=question]").fill(WORD)
    gia.sends()
    gia.sent(WORD)
    lobby.moves("Reveal")
    pete.is_at("pick")
    for screen in (gia, pete, lobby):
        reads(screen.page, type(screen).__name__)
    lobby.ends_meeting()
    address = f"{lobby.place.url}/meetings/{lobby.meeting_id}"
    for page in ("report", "report/edit", "presence", "console"):
        lobby.page.goto(f"{address}/{page}")
        reads(lobby.page, page)
    for page in ("mine", "annex", "proof", "phone"):
        pete.page.goto(f"{address}/{page}")
        reads(pete.page, page)


@pytest.mark.parametrize(("method", "phase"), WITH_CHOICES, ids=lambda one: one.key)
def test_choices_beside_each_other_have_room_for_their_words(
    app: Flask, browser: Browser, room: Server, method: Method, phase: Phase
) -> None:
    place = Place(browser, room.url, may_lose_connection=True)
    screens = Screens(place, room, lambda *_: None)
    meeting = begun(Cast(app), method, "short", earlier(app, method) if phase.kind == "follow_up" else None)
    meeting.play_to(phase.key)
    choices = screens.page.locator(".taps.is-row .tap")
    for person in meeting.participants:
        screens.open(meeting, person)
        if choices.count():
            break
    reads(screens.page, f"{method.key}, {phase.key}")
    screens.page.emulate_media(forced_colors="active")
    before = choices.first.bounding_box()
    choices.first.locator("input").check()
    grounds = {
        one.evaluate("one => getComputedStyle(one.querySelector('span')).backgroundColor") for one in choices.all()
    }
    assert len(grounds) == 2, "with forced colours nobody sees what was chosen"
    assert choices.first.bounding_box() == before
    place.empty()


def earlier(app: Flask, method: Method) -> Meeting:
    """One in which somebody took something on."""
    meeting = Cast(app).meeting("Gia", "Pete", "Ada", "Bob", method=method)
    meeting.play()
    return meeting


def test_what_is_chosen_from_is_on_paper_as_well(app: Flask, browser: Browser, room: Server) -> None:
    place = Place(browser, room.url, may_lose_connection=True)
    screens = Screens(place, room, lambda *_: None)
    meeting = Cast(app).meeting("Gia", "Pete", "Ada", "Bob")
    meeting.play_to("choose")
    screens.open(meeting, meeting.gia)
    screens.page.emulate_media(media="print")
    for name in ("Pete", "Ada", "Bob"):
        expect(screens.page.locator(".star").filter(has_text=name)).to_be_visible()
    place.empty()


def test_what_would_be_too_wide_or_pale_is_seen(lobby: Moderator) -> None:
    """Or else the others prove nothing."""
    page = lobby.page
    page.goto(lobby.place.url)
    assert too_wide(page) == []
    page.evaluate(
        "document.querySelector('h1').style.whiteSpace = 'nowrap'; document.querySelector('h1').append('x'.repeat(60))"
    )
    assert too_wide(page)
    page.reload()
    page.evaluate("document.querySelector('h1').nextElementSibling.style.marginTop = '-1.5em'")
    assert [found for found in too_wide(page) if found.startswith("over each other")]
    assert on_paper(page) == []
    page.evaluate("document.querySelector('h1').style.color = '#9ab'")
    assert [found for found in on_paper(page) if found.startswith("pale")]


@pytest.mark.long
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_can_be_read(
    browser: Browser, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.browser.tour.SIZES", (("phone", PHONE),))
    monkeypatch.setattr("tests.browser.tour.papers", lambda *_: None)
    house = furnish(tmp_path, language)
    seen: list[str] = []
    with running_server(tmp_path) as server:
        place = Place(browser, server.url, Words(language))

        def take(moment: str, name: str, page: Page) -> None:
            if not name.endswith("dark"):
                reads(page, f"{moment}, {name}")
                seen.append(name)

        walk(place, house, take, tmp_path)
        place.empty()
    assert len(seen) > 40


def reads(page: Page, what: str) -> None:
    """Nothing sticks out, and paper is white."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert not (found := page.evaluate(WIDER)), f"{what} is wider than a phone: {found}"
    assert too_wide(page) == [], f"{what} is wider than a phone with letters twice as large"
    assert on_paper(page) == [], f"{what} is not black on white on paper"
