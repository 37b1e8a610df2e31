"""A group's year in a real browser: planned in one go, answered from a phone's home, one meeting moved and one cancelled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from facilitator import create_app
from facilitator.accounts.actions import create_user
from facilitator.core.config import Settings
from facilitator.core.db import db, now
from facilitator.groups.models import Group, Member
from facilitator.migrations import upgrade
from tests.browser.people import LAPTOP, PHONE, Place, press
from tests.browser.test_accessible import is_fine
from tests.browser.test_archive import PASSWORD, must_fit, signed_in
from tests.running import Server, running_server

YEAR = ["Tuesday 4 March 2031", "Tuesday 15 April 2031", "Tuesday 27 May 2031"]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with North, a group of Mo's in which Pete is."""
    folder = tmp_path_factory.mktemp("year")
    app = create_app(Settings.load(folder, {}).kept())
    with app.app_context():
        upgrade(db.engine)
        mo, pete = (
            create_user(name, f"{name.lower()}@example.org", PASSWORD, "Workshop", role, "en")
            for name, role in (("Mo", "moderator"), ("Pete", "member"))
        )
        with db.writing() as session:
            north = Group(organisation_id=mo.organisation_id, name="North", created_by=mo.id, created_at=now())
            session.add(north)
            session.flush()
            session.add_all(Member(group_id=north.id, user_id=user.id, added_at=now()) for user in (mo, pete))
        db.engine.dispose()
    with running_server(folder) as server:
        yield server


@pytest.fixture
def place(browser: Browser, workshop: Server) -> Iterator[Place]:
    place = Place(browser, workshop.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


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
