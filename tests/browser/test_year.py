"""A group's year in a real browser: planned in one go, answered from a phone's home, one meeting moved and one cancelled; a case that is
offered from a phone and chosen in the meeting.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from facilitator.accounts.models import User
from facilitator.core.db import db, now
from facilitator.groups.models import Group, Member
from tests.browser.people import LAPTOP, PHONE, Moderator, Phone, Place, press
from tests.browser.test_accessible import is_fine
from tests.browser.test_archive import must_fit, signed_in
from tests.browser.workshop import visited, workshop_of
from tests.running import Server

AUTUMN, CASE = "Tuesday 2 September 2031", "A starter who says nothing"
YEAR = ["Tuesday 4 March 2031", "Tuesday 15 April 2031", "Tuesday 27 May 2031"]

ROLES = {"Mo": "moderator", "Pete": "member", "Ada": "member"}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with North, a group of Mo's in which Pete is, and South, in which Ada is."""
    folder = tmp_path_factory.mktemp("year")

    def furnish(people: dict[str, User]) -> None:
        mo, pete, ada = people["Mo"], people["Pete"], people["Ada"]
        with db.writing() as session:
            north = Group(organisation_id=mo.organisation_id, name="North", created_by=mo.id, created_at=now())
            south = Group(organisation_id=mo.organisation_id, name="South", created_by=mo.id, created_at=now())
            session.add_all((north, south))
            session.flush()
            session.add(Member(group_id=south.id, user_id=ada.id, added_at=now()))
            session.add_all(Member(group_id=north.id, user_id=user.id, added_at=now()) for user in (mo, pete))

    with workshop_of(folder, ROLES, furnish) as server:
        yield server


@pytest.fixture
def place(browser: Browser, workshop: Server) -> Iterator[Place]:
    with visited(browser, workshop) as place:
        yield place


def days(page: Page) -> list[str]:
    """What home says is next."""
    return page.get_by_role("region", name="Next").get_by_role("listitem").get_by_role("link").all_inner_texts()


def test_a_year_is_planned_answered_moved_and_cancelled(place: Place) -> None:
    mo, pete = signed_in(place, "mo", LAPTOP), signed_in(place, "pete", PHONE)
    expect(pete.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    is_fine(pete, "a home without anything to do", (PHONE,))
    mo.goto(f"{place.url}/groups")
    mo.get_by_role("link", name="North").click()
    mo.get_by_role("link", name="When it meets").click()
    mo.get_by_role("link", name="Plan a series").first.click()
    for label, value in (("First meeting on", "2031-03-04"), ("Until", "2031-06-30"), ("Time", "15:00")):
        mo.get_by_label(label, exact=True).fill(value)
    mo.get_by_label("Every how many weeks").fill("6")
    mo.get_by_label("Goal", exact=True).fill("Learn to guide")
    press(mo, "Show the days")
    expect(mo.get_by_role("heading", name="3 meetings")).to_be_focused()
    is_fine(mo, "the days of a series")
    press(mo, "Plan these meetings")

    pete.goto(place.url)
    assert days(pete) == YEAR
    press(pete, f"I come: {YEAR[0]}")
    expect(pete.get_by_role("button", name=f"I come: {YEAR[0]}")).to_have_attribute("aria-pressed", "true")
    is_fine(pete, "a home with what is next", (PHONE,))
    must_fit(pete)

    mo.goto(place.url)
    mo.get_by_role("link", name=YEAR[1]).click()
    mo.get_by_text("Another day, time or place").click()
    mo.get_by_label("Day", exact=True).fill("2031-04-16")
    press(mo, "Change")
    expect(mo.get_by_role("heading", level=1)).to_have_text("Wednesday 16 April 2031")
    mo.goto(place.url)
    mo.get_by_role("link", name=YEAR[2]).click()
    mo.get_by_text("Cancel this meeting").click()
    press(mo, "Cancel the meeting")

    pete.goto(place.url)
    assert days(pete) == [YEAR[0], "Wednesday 16 April 2031"]
    pete.goto(f"{place.url}/calendar")
    gone = pete.get_by_role("listitem").filter(has_text=YEAR[2])
    expect(gone).to_contain_text("cancelled")
    expect(gone.get_by_role("button")).to_have_count(0)


def test_a_case_offered_from_a_phone_is_chosen_in_the_meeting_and_its_seat_taken_on_two_devices(place: Place) -> None:
    mo, ada = signed_in(place, "mo", LAPTOP), signed_in(place, "ada", PHONE)
    mo.goto(f"{place.url}/groups")
    mo.get_by_role("link", name="South").click()
    mo.get_by_role("link", name="When it meets").click()
    mo.get_by_role("link", name="Plan a series").first.click()
    for label, value in (("First meeting on", "2031-09-02"), ("Until", "2031-09-03"), ("Time", "15:00")):
        mo.get_by_label(label, exact=True).fill(value)
    mo.get_by_label("Goal", exact=True).fill("Learn to guide")
    press(mo, "Show the days")
    press(mo, "Plan these meetings")

    ada.goto(place.url)
    ada.get_by_role("link", name=AUTUMN).click()
    ada.get_by_text("Offer a case", exact=True).click()
    ada.get_by_label("Title, without names").fill(CASE)
    ada.get_by_label("Your question").fill("How can I let her speak?")
    ada.get_by_label("That I offer a case", exact=True).check()
    is_fine(ada, "a case that is being offered", (PHONE,))
    press(ada, "Keep it for the case choice")
    expect(ada.get_by_text("Whoever leads the meeting knows that you offer a case.")).to_be_visible()
    must_fit(ada)

    mo.get_by_role("link", name=AUTUMN).click()
    expect(mo.get_by_role("region", name="Before we start")).to_contain_text("Ada offers a case")
    address = mo.url.removesuffix("/when")
    mo.goto(f"{place.url}/meetings")
    mo.locator(f"form[action='{urlsplit(address).path}/open'] button").first.click()
    console = Moderator(place, mo)
    console.is_in_its_lobby()
    expect(mo.get_by_text("Ada offers a case")).to_be_hidden()
    console.is_on_own_device()
    expect(mo.get_by_role("region", name="Before we start")).to_contain_text("Ada offers a case")

    other = signed_in(place, "ada", PHONE)
    phones = []
    for page in (ada, other):
        page.goto(f"{address}/when")
        press(page, "Take my seat")
        phones.append(Phone(place, page, "Ada"))
    expect(mo.locator(".people li[id^=person-]")).to_have_count(1)
    console.does_not_say(CASE)
    console.moves("Start")
    for phone in phones:
        phone.is_at("pick")
        phone.sent(CASE)
    console.does_not_say(CASE)
    console.moves("Reveal")
    console.says(CASE)
    console.next_phase()
    for phone in phones:
        phone.is_at("story")
        phone.says("How can I let her speak?")
