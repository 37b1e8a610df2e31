"""A case giver on a phone: approves the report, says it in other words, agrees, and takes it back; and a peer whose words
are on the card. Colleagues of another group and of another organisation look at each stage. axe looks along.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.meetings import seats
from tests.browser.people import BIG_SCREEN, PHONE, Place, press
from tests.browser.test_accessible import is_fine
from tests.cards import ADVICE_OF_PETE, accounts, told_meeting
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in
from tests.houses import empty_house
from tests.running import Server, running_server


class House:
    """A server whose data folder holds a meeting that ended two hours ago, its report not approved yet."""

    def __init__(self, app: Flask, told: Meeting, server: Server) -> None:
        self.app, self.told, self.server = app, told, server
        self.users = accounts(told)

    def phone(self, place: Place, person: Person) -> Page:
        """Somebody's phone, which still holds their seat."""
        page = place.device(PHONE)
        with self.app.app_context():
            name = seats.cookie_name(self.told.id, "phone")
        page.context.add_cookies([{"name": name, "value": person.token, "url": place.url}])
        return page

    def reader(self, place: Place, name: str) -> Page:
        """A colleague's laptop, signed in."""
        page = place.device(BIG_SCREEN)
        cookie = signed_in(self.app, self.users[name]).get_cookie("session")
        assert cookie
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": place.url}])
        return page


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """That server."""
    with empty_house(settings) as app:
        told = told_meeting(Cast(app), is_approved=False)
        with app.app_context():
            db.engine.dispose()
        with running_server(settings.data_dir) as server:
            yield House(app, told, server)


@pytest.fixture
def place(browser: Browser, house: House) -> Iterator[Place]:
    """Everybody's devices; their pages let axe in."""
    place = Place(browser, house.server.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def finds(page: Page, place: Place, title: str) -> bool:
    """Whether somebody meets a title in the archive."""
    page.goto(f"{place.url}/archive?q={title.split(maxsplit=1)[0]}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.get_by_role("link", name=title).count() > 0


def test_a_case_giver_approves_redacts_consents_and_withdraws_on_a_phone(house: House, place: Place) -> None:
    gia = house.phone(place, house.told.gia)
    readers = {name: house.reader(place, name) for name in ("mate", "other_group", "ola")}

    def found_by() -> set[str]:
        return {name for name, page in readers.items() if finds(page, place, "Speaking up")}

    gia.goto(f"{place.url}/meetings/{house.told.id}/report/approve?case=1&part=all")
    press(gia, "I approve the report")
    gia.get_by_role("link", name="Look at it").click()
    is_fine(gia, "the words", (PHONE, BIG_SCREEN))
    gia.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    question = gia.get_by_label("In these words: Question")
    expect(question).to_have_value("How do I help a starter from a company speak?")
    gia.get_by_role("region", name="Question").get_by_role("checkbox", name="“Bosch” becomes “a company”").uncheck()
    expect(question).to_have_value("How do I help a starter from Bosch speak?")
    gia.get_by_label("In these words: Title").fill("Speaking up")
    press(gia, "See what would be published")
    expect(gia.get_by_text("This still stands on it")).to_be_visible()
    is_fine(gia, "for whom", (PHONE,))
    sizes = {
        (b["width"], b["height"])
        for n in ("Our group", "The organisation", "Nobody")
        if (b := gia.get_by_role("button", name=n).bounding_box())
    }
    assert len(sizes) == 1, "a no is as big as a yes"
    assert found_by() == set()
    gia.get_by_role("link", name="Change the words").click()
    gia.get_by_role("region", name="Question").get_by_role("checkbox", name="“Bosch”").check()
    press(gia, "See what would be published")
    expect(gia.get_by_text("Bosch")).to_have_count(0)
    press(gia, "Our group")
    expect(gia.get_by_role("heading", name="You agreed to share this")).to_be_visible()
    is_fine(gia, "agreed", (PHONE,))
    assert found_by() == set()

    for name, answer in (("Pete", "Rather not"), ("Ada", "They may be used")):
        peer = house.phone(place, house.told[name])
        peer.goto(f"{place.url}/meetings/{house.told.id}/mine")
        peer.get_by_role("link", name="Words of yours").click()
        is_fine(peer, "words of yours", (PHONE,))
        press(peer, answer)
    gia.reload()
    expect(gia.get_by_text("A line was taken out")).to_be_visible()
    expect(gia.get_by_text(ADVICE_OF_PETE)).to_have_count(0)
    press(gia, "Publish now")
    expect(gia.get_by_role("heading", name="Your card is in the archive")).to_be_visible()
    press(gia, "Make a link")
    link = gia.get_by_role("region", name="A link to keep").get_by_role("link").get_attribute("href")
    assert link
    assert found_by() == {"mate"}

    other = place.device(PHONE)
    other.goto(place.url + link[link.index("/archive/") :])
    is_fine(other, "your card", (PHONE, BIG_SCREEN))
    press(other, "Take the card back")
    expect(other.get_by_role("heading", name="The card was taken back")).to_be_visible()
    assert found_by() == set()
