"""Every page of an organisation with a past, and those of a meeting full of long words: no wider than a phone, also with letters twice
as large, and black on white on paper.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import everybody_joins
from tests.browser.people import PHONE, Moderator, Place
from tests.browser.reading import WIDER, on_paper, too_wide
from tests.browser.tour import furnish, walk
from tests.browser.words import Words
from tests.running import running_server

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


def test_what_would_be_too_wide_or_pale_is_seen(lobby: Moderator) -> None:
    """Or else the others prove nothing."""
    page = lobby.page
    page.goto(lobby.place.url)
    assert too_wide(page) == []
    page.evaluate(
        "document.querySelector('h1').style.whiteSpace = 'nowrap'; document.querySelector('h1').append('x'.repeat(60))"
    )
    assert too_wide(page)
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
