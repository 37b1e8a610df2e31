"""Seven people in trios: phones go to their tables and back by themselves, and one wall shows all tables."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from facilitator.core import lengths
from tests.browser.conftest import everybody_joins
from tests.browser.people import Moderator, Place
from tests.browser.test_accessible import are_fine
from tests.browser.test_wall_fits import USUAL, looked_at, waiting_screen
from tests.browser.walls import KINDS, WORD, Kind, Moment, method_of
from tests.cast import Cast

SEVEN = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Eva")


def test_phones_go_to_their_tables_and_come_back_by_themselves(mo: Moderator) -> None:
    mo.page.goto(f"{mo.place.url}/meetings/new?method=troika")
    mo.page.get_by_label("Method", exact=True).select_option("troika")
    mo.fills({"Goal": "Trios"})
    mo.press("Start now")
    mo.is_in_its_lobby()
    mo.is_on_own_device()
    phones = everybody_joins(mo, *SEVEN)
    wall = mo.opens_wall()
    whole = mo.meeting_id
    mo.press("Divide into tables")
    mo.says("Table 2")
    mo.moves("Start")
    mo.next_phase()
    for phone, number in zip(phones, (1, 1, 1, 2, 2, 2, 2), strict=True):
        phone.page.wait_for_url(f"**/meetings/{whole}-{number}/phone")
        phone.says(f"Table {number}")
    wall.says("Table 2")
    wall.says("Turn 1 of 4")
    expect(wall.page.locator("[data-ends]").first).to_have_text(re.compile(r"\d"))
    gia = phones[0]
    gia.composer.get_by_role("textbox").first.fill("MARZIPAN")
    gia.sends()
    gia.sent("MARZIPAN")
    are_fine("at the tables", gia, phones[6], wall, mo)
    mo.press("Next phase at all tables")
    for phone in (gia, phones[6]):
        phone.is_at("clarify")
    mo.page.get_by_role("button", name="Next phase, table 1").click()
    mo.says("behind")
    gia.is_at("talk")
    for screen in (mo, wall, phones[6]):
        screen.does_not_say("MARZIPAN")
    are_fine("one behind", gia, phones[6], wall, mo)
    mo.next_phase()
    for phone in phones:
        phone.page.wait_for_url(f"**/meetings/{whole}/phone")
        phone.is_at("learn")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wall_has_room_for_five_tables(app: Flask, place: Place, kind: Kind) -> None:
    surname = {"short": "", "words": "-Alexandra van Oldenbarnevelt", "unbroken": WORD}[kind]
    names = [f"{letter}da{surname}"[: lengths.NAME_AT_THE_DOOR] for letter in "ABCDEFGHIJKLMNO"]
    with method_of("troika", kind) as method:
        meeting = Cast(app).meeting(*names, method=method, case_giver=None, turns=3, capacity=20)
        meeting.post(meeting.mo, "tables", do="order")
        meeting.advance_to("at_the_tables")
        moment, page = Moment("five tables", meeting.screen(meeting.wall)), waiting_screen(place)
    assert all(name in moment.html for name in names)
    troubles = []
    for name, (width, height) in USUAL.items():
        page.set_viewport_size({"width": width, "height": height})
        troubles += [f"{name}: {found}" for found in looked_at(page, moment)]
    assert troubles == []
