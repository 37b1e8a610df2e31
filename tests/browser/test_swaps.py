"""Who does what in a real browser: divided in one go, a turn swapped between two phones, and the console that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from playwright.sync_api import Browser, expect

from facilitator.accounts.models import User
from facilitator.calendar.actions import Series, plan
from facilitator.core.db import db, now
from facilitator.groups.models import Group, Member
from facilitator.methods.loader import load_catalogue
from tests.browser.people import LAPTOP, PHONE, Place, press
from tests.browser.test_accessible import is_fine
from tests.browser.test_archive import must_fit, signed_in
from tests.browser.workshop import visited, workshop_of
from tests.running import Server

FIRST, SECOND = "Tuesday 4 March 2031", "Tuesday 15 April 2031"

ROLES = {"Mo": "moderator", "Pete": "member", "Ada": "member"}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with North, a group of Ada and Pete for which Mo planned two meetings."""
    folder = tmp_path_factory.mktemp("swaps")

    def furnish(people: dict[str, User]) -> None:
        mo, pete, ada = people["Mo"], people["Pete"], people["Ada"]
        with db.writing() as session:
            north = Group(organisation_id=mo.organisation_id, name="North", created_by=mo.id, created_at=now())
            session.add(north)
            session.flush()
            session.add_all(Member(group_id=north.id, user_id=user.id, added_at=now()) for user in (pete, ada))
        days, method = (date(2031, 3, 4), date(2031, 4, 15)), load_catalogue()["basis"]
        plan(mo, Series("op", north.id, days, time(15), "Europe/Amsterdam", 90, "Room 2", "Learn", method, "en"))

    with workshop_of(folder, ROLES, furnish) as server:
        yield server


@pytest.fixture
def place(browser: Browser, workshop: Server) -> Iterator[Place]:
    with visited(browser, workshop) as place:
        yield place


def test_turns_are_divided_swapped_with_two_taps_and_the_console_goes_along(place: Place) -> None:
    mo, ada, pete = (signed_in(place, name, LAPTOP if name == "mo" else PHONE) for name in ("mo", "ada", "pete"))
    mo.goto(f"{place.url}/groups")
    mo.get_by_role("link", name="North").click()
    mo.get_by_role("link", name="When it meets").click()
    mo.get_by_role("link", name="Who does what").click()
    mo.get_by_role("link", name="Divide the turns").click()
    first = mo.get_by_role("group", name=FIRST)
    expect(first.get_by_label("Moderator").locator("option:checked")).to_have_text("Ada")
    expect(first).to_contain_text("Ada has not moderated yet.")
    is_fine(mo, "dividing turns")
    for day in (FIRST, SECOND):
        mo.get_by_role("group", name=day).get_by_label("Case giver").select_option("open")
    press(mo, "Take over these turns")
    rota = mo.url
    is_fine(mo, "a rota as whoever plans sees it")

    pete.goto(rota)
    pete.get_by_text("Swap this turn: Moderator").click()
    press(pete, f"Ask Ada: {FIRST}")
    expect(pete.get_by_role("heading", name="You asked Ada for a swap")).to_be_visible()
    is_fine(pete, "asking for a swap", (PHONE,))
    must_fit(pete)
    ada.goto(place.url)
    ada.get_by_role("link", name="North").first.click()
    expect(ada.get_by_role("heading", name="Pete asks for a swap")).to_be_visible()
    is_fine(ada, "being asked for a swap", (PHONE,))
    press(ada, "Swap")
    expect(ada.get_by_text("You swapped.")).to_be_visible()

    pete.goto(rota)
    pete.get_by_role("link", name=FIRST).click()
    expect(pete.get_by_text("You moderate this meeting.")).to_be_visible()
    is_fine(pete, "a planned meeting that one moderates", (PHONE,))
    pete.get_by_role("link", name="To your console").click()
    expect(pete.get_by_role("button", name="Open the lobby").first).to_be_visible()
    ada.goto(rota)
    ada.get_by_role("link", name=FIRST).click()
    expect(ada.get_by_role("heading", name="Who does what")).to_be_visible()
    expect(ada.get_by_role("link", name="To your console")).to_have_count(0)
