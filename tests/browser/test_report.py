"""A case giver approves on their phone, part by part, before leaving the room; the group reads it only then. Every page on
the way is looked at by axe, in both themes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import case_of, everybody_joins
from tests.browser.people import PHONE, Moderator, Place, press
from tests.browser.test_accessible import is_fine
from tests.running import Server

ADVICE = "Mend a fault together, then ask what he saw."


@pytest.fixture
def place(browser: Browser, room: Server) -> Iterator[Place]:
    """Devices whose pages let axe in."""
    place = Place(browser, room.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []


def test_a_case_giver_approves_on_their_phone_and_then_the_group_reads_it(
    place: Place, mos_browser: StorageState
) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.starts_meeting()
    mo.is_on_own_device()
    gia, pete, ada = everybody_joins(mo, "Gia", "Pete", "Ada")
    case_of(mo, "Gia")
    pete.is_at("clarify")
    pete.sends("What happened?")
    pete.sent("What happened?")
    mo.moves("Reveal")
    mo.next_phase()
    mo.next_phase()
    for peer, text in ((pete, ADVICE), (ada, "Wait a week.")):
        peer.is_at("advise")
        peer.sends(text)
        peer.sent(text)
    while mo.next_speaker():
        pass
    mo.ends_meeting()
    report = f"{place.url}/meetings/{mo.meeting_id}/report"

    pete.page.goto(report)
    expect(pete.page.get_by_text("Not there yet")).to_be_visible()
    is_fine(pete.page, "not there yet", (PHONE,))

    phone = gia.page
    phone.get_by_role("link", name="Look at the report").click()
    expect(phone.get_by_text("Part 1 of")).to_be_visible()
    is_fine(phone, "one part", (PHONE,))
    leave_out(phone, "Questions")
    change(phone)
    while phone.get_by_role("button", name="That's right").count():
        press(phone, "That's right")
    expect(phone.get_by_text("You have looked at all parts.")).to_be_visible()
    is_fine(phone, "all parts", (PHONE,))
    phone.reload()
    phone.get_by_role("button", name="I approve the report").dblclick()
    expect(phone.get_by_role("heading", name="The report is approved")).to_be_visible()
    is_fine(phone, "approved", (PHONE,))

    pete.page.reload()
    expect(pete.page.get_by_text("Ask him what he saw.")).to_be_visible()
    expect(pete.page.get_by_text(ADVICE)).to_have_count(0)
    expect(pete.page.get_by_text("What happened?")).to_have_count(0)
    is_fine(pete.page, "the group reads", (PHONE,))
    mo.page.goto(report)
    expect(mo.page.get_by_role("heading", name="Approved, version 1")).to_be_visible()
    mo.page.get_by_role("button", name="Open for correction").click()
    expect(mo.page.get_by_role("heading", name="Complete the report")).to_be_visible()
    is_fine(mo.page, "completing")
    mo.page.get_by_role("link", name="Add: Next meeting").click()
    is_fine(mo.page, "the next meeting")


def test_somebody_without_a_phone_approves_elsewhere_with_the_code_they_were_handed(
    place: Place, mos_browser: StorageState
) -> None:
    mo = Moderator.at_home(place, mos_browser)
    mo.starts_meeting()
    mo.is_on_own_device()
    everybody_joins(mo, "Pete", "Ada")
    mo.page.get_by_text("Somebody without a phone", exact=True).click()
    mo.page.get_by_label("Their name", exact=True).fill("Zoe")
    mo.press("Add")
    mo.sees("Zoe")
    case_of(mo, "Zoe")
    mo.page.get_by_role("link", name="Personal code").first.click()
    is_fine(mo.page, "before there is a code")
    mo.press("Make the code")
    code = mo.page.locator(".personal-code").inner_text()
    expect(mo.page.get_by_role("img", name="QR code with the personal code of Zoe")).to_be_visible()
    is_fine(mo.page, "a personal code")
    mo.page.get_by_role("link", name="Back to the meeting").click()
    mo.ends_meeting()

    zoe = place.device(PHONE)
    zoe.goto(f"{place.url}/mine/code")
    is_fine(zoe, "where a code is typed", (PHONE,))
    zoe.get_by_label("Personal code").fill("0000-0000-0000")
    press(zoe, "Go on")
    expect(zoe.get_by_role("alert").first).to_be_visible()
    is_fine(zoe, "a code nobody knows", (PHONE,))
    zoe.get_by_label("Personal code").fill(code.lower().replace("-", " "))
    press(zoe, "Go on")
    expect(zoe.get_by_role("heading", name="This code is for Zoe")).to_be_visible()
    is_fine(zoe, "is it you", (PHONE,))
    press(zoe, "I am Zoe")
    expect(zoe.get_by_text("You took part as Zoe")).to_be_visible()
    is_fine(zoe, "what concerns Zoe", (PHONE,))
    zoe.goto(f"{place.url}/meetings/{mo.meeting_id}/report/approve?part=all")
    zoe.get_by_role("button", name="I approve the report").click()
    expect(zoe.get_by_role("heading", name="The report is approved")).to_be_visible()


def leave_out(page: Page, title: str) -> None:
    """Goes on to a part, and leaves it out."""
    go_to(page, title)
    press(page, "Leave out")


def change(page: Page) -> None:
    """Rewrites the first advice; the part is there again, in the new words."""
    go_to(page, "Advice")
    page.get_by_role("link", name="Change").click()
    is_fine(page, "a part to rewrite", (PHONE,))
    rows = page.get_by_role("textbox", name="Text")
    texts = [rows.nth(i).input_value() for i in range(rows.count())]
    rows.nth(texts.index(ADVICE)).fill("Ask him what he saw.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Advice")).to_be_visible()
    expect(page.get_by_text("Ask him what he saw.")).to_be_visible()


def go_to(page: Page, title: str) -> None:
    """Says that's right until a part is at hand."""
    while page.get_by_role("heading", name=title, exact=True).count() == 0:
        press(page, "That's right")
