"""A meeting by another method than the first: chosen on the page of a plan, played on the wall, the console and phones."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import case_of, everybody_joins
from tests.browser.people import Moderator
from tests.browser.test_accessible import are_fine

HEARD = "She apologises before anybody has asked anything."


def test_whoever_is_talked_about_hears_it_in_the_room_and_reads_it_when_they_turn_back(mo: Moderator) -> None:
    mo.page.goto(f"{mo.place.url}/meetings/new")
    mo.fills({"Goal": "See what I do not see"})
    mo.page.get_by_label("Method", exact=True).select_option("gossip")
    mo.press("Start now")
    mo.is_in_its_lobby()
    mo.is_on_own_device()
    gia, pete, *_ = everybody_joins(mo, "Gia", "Pete", "Ada", "Bob")
    wall = mo.opens_wall()
    case_of(mo, "Gia")
    mo.next_phase()
    mo.is_at("gossip")
    pete.is_at("gossip")
    pete.sends(HEARD)
    wall.says(HEARD)
    mo.says(HEARD)
    gia.is_at("gossip")
    gia.says("Turn around and listen.")
    gia.does_not_say(HEARD)
    gia.page.get_by_role("textbox", name="My notes").fill("I do apologise a lot.")
    expect(gia.page.locator("[data-notes-state]")).to_have_text("Kept.")
    wall.does_not_say("I do apologise a lot.")
    are_fine("talked about", gia, pete, wall, mo)
    mo.next_phase()
    mo.is_at("choose")
    gia.is_at("choose")
    gia.stage.get_by_text("Gossip round").click()
    expect(gia.stage.get_by_text(HEARD)).to_be_visible()
    wall.says(HEARD)
    gia.sends("That others notice it as well.")
    wall.says("That others notice it as well.")
    are_fine("turned back", gia, pete, wall, mo)
