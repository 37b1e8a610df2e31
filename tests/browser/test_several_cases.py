"""Two cases in one meeting, each by another method: planned on the page, chosen on phones, seen on wall and console."""

from __future__ import annotations

from facilitator.methods.loader import load_catalogue
from tests.browser.conftest import everybody_joins
from tests.browser.people import Moderator
from tests.browser.test_accessible import are_fine

BASIS, OTHER = (load_catalogue()[key].text("en").title for key in ("basis", "consultancy"))


def test_a_group_works_on_two_cases_by_two_methods(mo: Moderator) -> None:
    mo.page.goto(f"{mo.place.url}/meetings/new")
    mo.fills({"Goal": "Two cases in one meeting"})
    mo.page.get_by_text("More than one case").click()
    mo.page.get_by_label("Method of this case").select_option("consultancy")
    mo.press("Take this case up")
    mo.press("Start now")
    mo.is_in_its_lobby()
    mo.is_on_own_device()
    gia, pete, *others = everybody_joins(mo, "Gia", "Pete", "Ada", "Bob")
    wall = mo.opens_wall()
    wall.says(f"{BASIS}, {OTHER}")
    mo.moves("Start")
    mo.is_at("pick")
    for person, title in ((gia, "The silent one"), (pete, "The quick one")):
        person.composer.get_by_label("Title, without names").fill(title)
        person.sends()
        person.sent(title)
    for person in others:
        person.press("I pass")
    mo.moves("Reveal")
    for person in (gia, *others):
        person.marks("The silent one")
    mo.next_phase()
    mo.is_at("story")
    mo.says(f"Case 1 of 2: {BASIS}")
    wall.says(f"Case 1 of 2: {BASIS}")
    are_fine("first case", gia, pete, wall, mo)
    while not mo.stage.get_by_text(f"Case 2 of 2: {OTHER}").is_visible():
        mo.next_phase()
    mo.is_at("pick")
    pete.is_at("pick")
    wall.says("The quick one")
    wall.does_not_say("The silent one")
    are_fine("second choice", gia, pete, wall, mo)
    mo.next_phase()
    mo.is_at("story")
    wall.says(f"Case 2 of 2: {OTHER}")
    wall.says("Pete")
    are_fine("second case", gia, pete, wall, mo)
