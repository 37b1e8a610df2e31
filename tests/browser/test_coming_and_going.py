"""Seats: coming late, a second tab, a shared phone, leaving, being taken out, and a room screen nobody signs in on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import case_of, everybody_joins
from tests.browser.people import LAPTOP, PHONE, Moderator, Phone, Place, Wall


def test_whoever_comes_late_waits_until_they_are_let_in(place: Place, lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    ada = Phone.joins(place, lobby.code, "Ada")
    ada.says("One moment, Ada")
    ada.says("Clarifying questions")
    ada.says("Only open questions. No advice yet.")
    expect(ada.text).to_have_count(0)
    expect(lobby.person("Ada")).to_contain_text("waits at the door")
    lobby.lets_in("Ada")
    ada.says("Ask an open question.")
    ada.sends("What happened?")
    ada.sent("What happened?")


def test_a_locked_door_says_so(place: Place, lobby: Moderator) -> None:
    lobby.press("Close the door")
    expect(lobby.button("Open the door")).to_be_visible()
    pete = Phone(place, place.device(PHONE), "Pete")
    pete.page.goto(f"{place.url}/j/{lobby.code.replace(' ', '')}")
    pete.page.get_by_label("Your name", exact=True).fill("Pete")
    pete.page.get_by_label("I keep what is said here confidential").check()
    pete.press("Join")
    expect(pete.page.get_by_role("alert")).to_be_visible()
    expect(pete.page.get_by_label("Your name", exact=True)).to_have_value("Pete")


def test_a_wrong_code_is_answered_in_words(place: Place) -> None:
    page = place.device(PHONE)
    page.goto(f"{place.url}/j")
    page.get_by_label("Meeting code").fill("0000 0000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("no meeting with this code")
    expect(page.get_by_label("Meeting code")).to_have_value("0000 0000")


def test_reload_back_and_a_second_tab_lead_to_the_same_seat(place: Place, lobby: Moderator) -> None:
    pete = Phone.joins(place, lobby.code, "Pete")
    pete.page.reload()
    pete.says("We start soon")
    pete.page.go_back()
    pete.page.go_forward()
    pete.says("We start soon")
    tab = Phone(place, place.tab(pete.page.context), "Pete")
    tab.page.goto(f"{place.url}/j/{lobby.code.replace(' ', '')}")
    tab.says("We start soon")
    expect(lobby.page.locator(".people li[id^=person-]")).to_have_count(1)

    lobby.moves("Start")
    for phone in (pete, tab):
        phone.is_at("pick")
    tab.composer.get_by_label("Title, without names").fill("From the other tab")
    tab.sends()
    for phone in (pete, tab):
        phone.sent("From the other tab")


def test_two_people_share_a_phone_and_do_not_see_each_others_texts(place: Place, lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    pete.more()
    pete.page.get_by_role("link", name="Share this phone with somebody").click()
    ola = Phone(place, pete.page, "Ola")
    ola.gives_name()
    lobby.sees("Ola")
    lobby.moves("Start")
    ola.is_at("pick")
    ola.composer.get_by_label("Title, without names").fill("What Ola brings")
    ola.sends()
    ola.sent("What Ola brings")
    ola.composer.get_by_label("Title, without names").or_(ola.stage).first.wait_for()
    ola.more()
    pete.page.get_by_role("link", name="Pass it on to Pete").click()
    expect(pete.page.get_by_role("heading", level=1)).to_have_text("This phone is for Pete now")
    expect(pete.page.locator("body")).not_to_contain_text("What Ola brings")
    pete.page.get_by_role("link", name="I am Pete").click()
    pete.is_at("pick")
    expect(pete.page.locator("body")).not_to_contain_text("What Ola brings")
    pete.composer.get_by_label("Title, without names").fill("What Pete brings")
    pete.sends()
    pete.sent("What Pete brings")
    expect(pete.own).to_have_count(1)
    lobby.says("2 of 2 are ready")
    pete.page.go_back()
    pete.page.go_back()
    expect(pete.page.get_by_role("heading", level=1)).to_have_text("This phone is for Ola now")
    expect(pete.page.locator("body")).not_to_contain_text("What Ola brings")
    pete.page.get_by_role("link", name="I am Ola").click()
    ola.sent("What Ola brings")


@pytest.mark.promise("phone-forgets")
def test_leaving_wipes_a_borrowed_phone_and_one_may_come_back(lobby: Moderator) -> None:
    gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.writes("A draft that nobody may find")
    assert any("draft" in key for key in pete.stored())
    pete.leaves()
    pete.says("You have left the meeting")
    assert pete.stored() == []
    expect(lobby.person("Pete")).to_contain_text("has left")
    pete.press("Come back")
    pete.says("One moment, Pete")  # the phone may be in other hands by now
    lobby.lets_in("Pete")
    pete.says("Ask an open question.")
    expect(pete.text).to_have_value("")
    gia.is_at("clarify")


def test_whoever_is_taken_out_sees_nothing_of_the_meeting_any_more(lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.says("Ask an open question.")
    pete.writes("Was I too loud?")
    lobby.takes_out("Pete")
    pete.says_connection("do not take part in this meeting any more")
    expect(pete.stage).to_be_hidden()
    expect(pete.slips.locator("textarea")).to_have_value("Was I too loud?")
    expect(pete.composer).to_be_hidden()
    assert any("slip" in key for key in pete.stored())
    pete.page.reload()
    expect(pete.page.locator("body")).not_to_contain_text("Ask an open question.")


def test_a_phone_that_was_taken_out_by_mistake_is_back_by_itself(lobby: Moderator) -> None:
    _gia, pete, ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    for phone in (pete, ada):
        phone.is_at("clarify")
    pete.writes("Was I too loud?")
    lobby.takes_out("Pete")
    pete.says_connection("do not take part in this meeting any more")
    lobby.takes_out("Ada")
    ada.says_connection("do not take part in this meeting any more")
    ada.page.reload()
    ada.says("You no longer take part in this meeting")
    for name in ("Pete", "Ada"):
        lobby.person(name).get_by_role("button", name=f"Take {name} back in").click()
    for phone in (pete, ada):
        phone.says("Ask an open question.")
    expect(pete.text).to_have_value("Was I too loud?")


def test_whoever_is_taken_out_has_the_floor_no_longer(lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    lobby.next_phase()
    lobby.is_at("diagnose")
    assert lobby.next_speaker()
    turn = lobby.page.get_by_role("region", name="Turn")
    expect(turn).to_contain_text("Speaking: Pete")
    lobby.takes_out("Pete")
    expect(turn).not_to_contain_text("Pete")


def comes_in_again(place: Place, lobby: Moderator, lost: Phone) -> Phone:
    """Somebody's browser is gone; Mo gives their seat back to another one."""
    name = lost.name
    lost.page.context.close()
    page = place.device(PHONE)
    page.goto(f"{place.url}/j/{lobby.code.replace(' ', '')}")
    page.get_by_label("Your name", exact=True).fill(name.lower())
    page.get_by_label("I keep what is said here confidential", exact=True).check()
    page.get_by_role("button", name="Join").click()
    expect(page.locator("body")).to_contain_text("Add a letter to it")
    page.get_by_role("button", name=f"I am {name.lower()}, and come in again on another device").click()
    again = Phone(place, page, name)
    again.says(f"One moment, {name.lower()} 2")
    row = lobby.person(f"{name.lower()} 2")
    row.locator(".asked > summary", has_text=f"Is this {name}?").click()
    expect(row).to_contain_text(f"{name.lower()} 2 then has the seat of {name}")
    row.get_by_role("button", name="Give the seat back").click()
    expect(lobby.person(f"{name.lower()} 2")).to_have_count(0)
    again.says(f"You are {name}, says the moderator.")
    return again


def test_a_case_giver_who_lost_her_phone_goes_on_with_another_one(place: Place, lobby: Moderator) -> None:
    gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    lobby.is_at("clarify")
    again = comes_in_again(place, lobby, gia)
    expect(again.stage).to_have_attribute("data-audience", "case_giver")
    expect(lobby.person("Gia")).to_contain_text("case giver")
    pete.writes("Why now?")
    pete.sends()
    lobby.next_phase()
    again.is_at("diagnose")


def test_a_peer_who_lost_his_phone_goes_on_with_another_one(place: Place, lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.sends("Why now?")
    pete.sent("Why now?")
    again = comes_in_again(place, lobby, pete)
    expect(again.stage).to_have_attribute("data-audience", "peer")
    expect(again.own).to_have_count(0)  # who holds the phone is the moderator's word, until it is out
    again.sends("What is different?")
    again.sent("What is different?")
    lobby.moves("Reveal")
    for text in ("Why now?", "What is different?"):
        lobby.says(text)


def test_a_sign_reaches_only_the_moderator_and_has_no_name(lobby: Moderator) -> None:
    _gia, pete, ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    wall = lobby.opens_wall()
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.page.locator("#signal > summary").click()
    pete.press("This does not feel safe")
    lobby.says("This does not feel safe, says somebody.")
    expect(lobby.page.locator(".console-main .notice").first).not_to_contain_text("Pete")
    wall.does_not_say("does not feel safe")
    ada.does_not_say("does not feel safe, says")
    pete.press("Tell them that it is me")
    lobby.says("This does not feel safe, says Pete.")
    lobby.page.locator("#signal-unsafe > summary").click()
    lobby.press("Let it go away")
    lobby.does_not_say("This does not feel safe")
    expect(pete.page.locator("#signal")).not_to_have_attribute("open", "")


def test_a_room_screen_is_connected_by_its_code(place: Place, lobby: Moderator) -> None:
    wall = Wall.waiting(place)
    code = wall.pairing_code
    assert re.fullmatch(r"[0-9A-Z]{6}", code)
    lobby.page.get_by_text("Connect a room screen").click()
    lobby.page.get_by_label("Code on the room screen").fill(code)
    lobby.press("Connect")
    wall.says("Learn to guide a starter")
    everybody_joins(lobby, "Gia")
    wall.says("1 person is here")
    wall.clicks()
    lobby.is_at("pick")


def test_the_lead_is_handed_over_by_a_link(place: Place, lobby: Moderator) -> None:
    (ada,) = everybody_joins(lobby, "Ada")
    lobby.page.get_by_role("link", name="Hand over the lead").click()
    link = lobby.page.locator("[data-copy]").input_value()
    lobby.page.get_by_role("link", name="Back to the meeting").click()
    lobby.is_at("lobby")

    leading = Moderator(place, place.tab(ada.page.context), "Ada")
    leading.page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
    leading.page.goto(place.url + re.sub(r"^https?://[^/]+", "", link))
    expect(leading.page.get_by_label("Your name", exact=True)).to_have_value("Ada")
    leading.press("Take over")
    leading.is_at("lobby")
    expect(lobby.page.locator("#connection")).not_to_be_empty()
    expect(lobby.stage).to_be_hidden()
    leading.moves("Start")
    ada.is_at("pick")
    again = place.device(PHONE)
    again.goto(place.url + re.sub(r"^https?://[^/]+", "", link))
    expect(again.get_by_role("alert")).to_be_visible()


@pytest.mark.promise("phone-forgets")
def test_what_is_two_hours_old_goes_on_whatever_page_of_ours(place: Place, lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    kept = "localStorage.setItem('facilitator:elsewhere:1:draft:x', JSON.stringify({at: Date.now() - %s, value: 'CANARY'}))"
    pete.page.evaluate(kept % (60 * 60 * 1000))
    pete.page.goto(f"{place.url}/j")
    pete.page.wait_for_load_state("networkidle")
    assert pete.stored() == ["facilitator:elsewhere:1:draft:x"], "an hour is no reason"
    pete.page.evaluate(kept % (3 * 60 * 60 * 1000))
    pete.page.goto(f"{place.url}/j")
    pete.page.wait_for_load_state("networkidle")
    assert pete.stored() == []


@pytest.mark.promise("phone-forgets")
def test_a_phone_keeps_nothing_once_the_meeting_is_over(lobby: Moderator) -> None:
    gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.sends("What happened?")
    pete.sent("What happened?")
    lobby.ends_meeting()
    for phone in (gia, pete):
        expect(phone.stage).to_have_attribute("data-mode", "ended")
        phone.page.wait_for_function("Object.keys(localStorage).every(name => !name.startsWith('facilitator:'))")


def test_whoever_lost_their_browser_leads_on_from_another(lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia")
    lobby.moves("Start")
    address = lobby.page.url
    lobby.page.close()
    anew = Moderator.signed_in(lobby.place)
    anew.page.goto(address)
    anew.is_at("pick")
    anew.next_phase()
    anew.is_at("story")
