"""Typing on a phone while the meeting goes on: nothing interrupts it and nothing of it is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import case_of, everybody_joins
from tests.browser.people import Moderator, Phone, Place


def test_typing_survives_what_others_send_and_a_phase_change(lobby: Moderator) -> None:
    _gia, pete, ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.text.click()
    pete.types("What happ")
    pete.page.evaluate("window.field = document.activeElement")
    answers: list[Route] = []
    ada.page.route("**/contribute", lambda route: answers.append(route), times=1)  # noqa: PLW0108 – a builtin is no handler
    ada.sends("Question 1?")
    ada.text.click()
    answers[0].continue_()
    ada.has_nothing_on_its_way()
    ada.types("Question 2?")
    ada.sends()
    for number in (1, 2):
        ada.sent(f"Question {number}?")
    lobby.moves("Extend")
    pete.sees_turn(lobby.turn)
    pete.types("ened?")
    assert pete.page.evaluate("document.activeElement === window.field && window.field.isConnected")
    expect(pete.text).to_have_value("What happened?")

    lobby.next_phase()
    pete.is_at("diagnose")
    expect(pete.slips).to_contain_text("Not sent in “Clarifying questions”")
    expect(pete.slips.locator("textarea")).to_have_value("What happened?")
    expect(pete.text).to_have_value("")
    pete.slips.get_by_role("button", name="Send it late").click()
    expect(pete.slips).to_have_count(0)

    admitting = lobby.page.get_by_role("region", name="Came after their step")
    expect(admitting).to_contain_text("Pete")
    admitting.get_by_role("button", name="Add the text of Pete").click()
    expect(admitting).to_have_count(0)


def test_the_next_question_is_typed_while_the_last_is_on_its_way(lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    answers: list[Route] = []
    pete.page.route("**/contribute", lambda route: answers.append(route), times=1)  # noqa: PLW0108 – a builtin is no handler
    pete.sends("What happened?")
    pete.text.click()
    pete.types("And what")
    answers[0].continue_()
    pete.has_nothing_on_its_way()
    pete.sent("What happened?")
    pete.types(" then")
    expect(pete.slips).to_have_count(0)
    pete.page.reload()
    expect(pete.text).to_have_value("And what then")
    pete.sends()
    pete.sent("And what then")


def test_whoever_takes_notes_writes_for_zoe_while_the_meeting_goes_on(lobby: Moderator) -> None:
    _gia, pete, ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    lobby.page.get_by_text("Somebody without a phone", exact=True).click()
    lobby.page.get_by_label("Their name", exact=True).fill("Zoe")
    lobby.press("Add")
    lobby.sees("Zoe")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    notes = pete.page.locator("#dictation")
    expect(notes.locator("form")).to_have_count(0)
    lobby.person("Pete").locator("summary").first.click()
    lobby.person("Pete").get_by_label("Role").select_option("note_taker")
    lobby.person("Pete").get_by_role("button", name="Set", exact=True).click()

    notes.get_by_text("Write for somebody without a phone").click()
    text = notes.get_by_role("form", name="For Zoe").locator("textarea, input[type=text]")
    text.click()
    pete.types("Who was ")
    pete.page.evaluate("window.field = document.activeElement")
    ada.sends("What happened?")
    ada.sent("What happened?")
    lobby.moves("Extend")
    pete.sees_turn(lobby.turn)
    pete.types("there?")
    assert pete.page.evaluate("document.activeElement === window.field && window.field.isConnected")
    pete.sends("A question of my own")
    pete.sent("A question of my own")
    expect(text).to_have_value("Who was there?")
    pete.page.reload()
    expect(text).to_have_value("Who was there?")
    expect(text).to_be_visible()
    assert pete.overflow() == 0

    notes.get_by_role("button", name="Write it down").dblclick()
    pete.notices("Written down.")
    expect(text).to_have_value("")
    lobby.moves("Reveal")
    expect(lobby.page.locator(".item-text").filter(has_text="Who was there?")).to_have_count(1)

    text.fill("And then?")
    lobby.next_phase()
    pete.is_at("diagnose")
    expect(pete.slips).to_contain_text("Clarifying questions, for Zoe")
    expect(pete.slips.locator("textarea")).to_have_value("And then?")


def test_a_text_for_oneself_stays_on_the_phone_only(lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.writes("Not for the others")
    lobby.next_phase()
    pete.slips.get_by_role("button", name="Keep for myself").click()
    expect(pete.slips).to_contain_text("Only on this phone")
    pete.page.reload()
    expect(pete.slips).to_contain_text("Not for the others")
    expect(lobby.page.get_by_role("region", name="Came after their step")).to_have_count(0)


def test_a_draft_survives_a_reload(lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.writes("Half a sen")
    pete.page.reload()
    expect(pete.text).to_have_value("Half a sen")


def test_advice_in_disguise_is_hinted_at_and_kept_for_later(lobby: Moderator) -> None:
    _gia, pete, _ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.text.press_sequentially("Have you tried to call him?")
    expect(hint_of(pete)).to_contain_text("There may be advice in this question.")
    pete.press("Keep it for later")
    expect(pete.text).to_have_value("")
    expect(hint_of(pete)).to_be_empty()
    lobby.next_phase()
    pete.is_at("diagnose")
    expect(pete.text).to_have_value("")
    lobby.next_phase()
    pete.is_at("advise")
    expect(pete.text).to_have_value("Have you tried to call him?")


def hint_of(phone: Phone) -> Locator:
    """Where what there is to say about a question appears; it is there before, so that it is read out."""
    place = phone.page.locator("#composer [data-hint]")
    expect(place).to_have_attribute("role", "status")
    return place


def heard_of(phone: Phone, text: str) -> None:
    """Types a question and waits until the server has looked at it."""
    with phone.page.expect_response(lambda answer: answer.url.endswith("/hint")):
        phone.text.fill(text)


def test_each_kind_of_question_has_its_hint_and_an_open_one_takes_it_away(lobby: Moderator) -> None:
    _gia, pete, _ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    for text, says in [
        ("Is he often ill?", "Yes or no may be all you hear."),
        ("He is just lazy, isn't he?", "Your own idea may be in this question."),
        ("Who was there and what did he say?", "There may be more than one question here."),
    ]:
        heard_of(pete, text)
        expect(hint_of(pete)).to_contain_text(says)
        assert pete.overflow() == 0
    heard_of(pete, "What happened before that?")
    expect(hint_of(pete)).to_be_empty()


def test_a_hint_that_is_not_wanted_goes_and_sending_never_waits_for_one(lobby: Moderator) -> None:
    _gia, pete, _ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    heard_of(pete, "Is he often ill?")
    pete.press("Leave it like this")
    expect(hint_of(pete)).to_be_empty()
    expect(pete.text).to_be_focused()
    pete.sends("Is he often ill these days?")
    pete.sent("Is he often ill these days?")
    heard_of(pete, "Is she often ill?")
    expect(hint_of(pete)).to_contain_text("Yes or no")


def test_without_an_answer_there_is_no_hint_and_no_error(lobby: Moderator) -> None:
    _gia, pete, _ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.page.route("**/hint", lambda route: route.fulfill(body="Sign in to this Wi-Fi", content_type="text/html"))
    heard_of(pete, "Is he often ill?")
    expect(hint_of(pete)).to_be_empty()
    expect(pete.page.locator("#notice")).to_be_empty()
    pete.press("Send")
    pete.sent("Is he often ill?")


def test_what_was_sent_can_be_changed_until_it_is_revealed(lobby: Moderator) -> None:
    _gia, pete, _ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.sends("What hapened?")
    pete.sent("What hapened?")
    pete.own.get_by_role("button", name=re.compile("Change")).click()
    expect(pete.text).to_have_value("What hapened?")
    pete.sends("What happened?")
    pete.sent("What happened?")
    expect(pete.own).to_have_count(1)
    lobby.moves("Reveal")
    expect(pete.own.get_by_role("button")).to_have_count(0)


def test_what_is_for_oneself_stays_so_when_it_is_changed(lobby: Moderator) -> None:
    _gia, pete, _ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    for _ in range(5):
        lobby.next_phase()
    pete.is_at("learn")
    only_me = pete.page.get_by_label("Only for me")
    only_me.check()
    pete.sends("I talk to soon")
    expect(pete.own).to_contain_text("Only for you")
    pete.own.get_by_role("button", name=re.compile("Change")).click()
    expect(only_me).to_be_checked()
    pete.sends("I talk too soon")
    pete.sent("I talk too soon")
    expect(pete.own).to_contain_text("Only for you")


def test_an_anonymous_answer_can_be_changed_by_its_phone_only(lobby: Moderator) -> None:
    phones = everybody_joins(lobby, "Gia", "Pete", "Ada", "Bob")
    case_of(lobby, "Gia")
    for _ in range(6):
        lobby.next_phase()
    pete = phones[1]
    pete.is_at("evaluate")
    pete.taps("safe", 2)
    pete.sends()
    change = pete.page.locator("[data-edit-anonymous]")
    expect(change).to_be_visible()
    change.click()
    expect(pete.composer.locator("input[name=safe][value='2']")).to_be_checked()
    pete.taps("safe", 5)
    pete.sends()
    expect(pete.composer.locator("[name=safe]")).to_have_count(0)
    lobby.says("1 of 4 are ready")


def test_dots_count_at_once_and_no_more_than_there_are(lobby: Moderator) -> None:
    gia, pete, ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    lobby.moves("Start")
    for phone, title in ((gia, "One"), (pete, "Two"), (ada, "Three")):
        phone.is_at("pick")
        phone.composer.get_by_label("Title, without names").fill(title)
        phone.sends()
        phone.sent(title)
    lobby.moves("Reveal")
    ada.marks("One")
    ada.marks("Two")
    third = ada.stage.locator("button[aria-pressed]").filter(has_text="Three")
    expect(third).to_be_disabled()
    one = ada.stage.locator("button[aria-pressed]").filter(has_text="One")
    ada.page.wait_for_timeout(500)  # sooner, a second tap on the same dot is taken for a double tap
    one.click()
    expect(one).to_have_attribute("aria-pressed", "false")
    expect(third).to_be_enabled()
    ada.page.reload()
    expect(ada.stage.locator("button[aria-pressed=true]")).to_have_count(1)


def test_too_much_text_comes_back_with_a_sentence(lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    pete.text.evaluate("field => field.removeAttribute('maxlength')")
    pete.sends("x" * 301)
    expect(pete.composer.get_by_role("alert")).to_contain_text("What you wrote is still here")
    expect(pete.text).to_have_value("x" * 301)
    expect(pete.own).to_have_count(0)


def test_read_aloud_is_offered_only_where_the_phone_has_a_voice(place: Place, lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    lobby.moves("Start")
    pete.is_at("pick")
    button = pete.page.locator("[data-read-aloud]")
    expect(button).to_have_count(1)
    expect(button).to_be_hidden()

    speaking = place.device((360, 740), is_changed=True)
    speaking.add_init_script(
        "speechSynthesis.getVoices = () => [{lang: 'en-GB', localService: true, name: 'Here', default: true}]"
    )
    ada = Phone.scans(place, lobby.code, "Ada", speaking)
    lobby.lets_in("Ada")
    ada.is_at("pick")
    expect(ada.page.locator("[data-read-aloud]")).to_be_visible()


def test_notes_stay_on_their_phone_through_the_phases_whatever_the_network_does(lobby: Moderator) -> None:
    gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    lobby.next_phase()
    gia.is_at("diagnose")
    notes = gia.page.locator("#notebook")
    field = notes.locator("textarea")
    expect(field).to_be_visible()  # who only listens has them open
    expect(pete.page.locator("#notebook textarea")).to_be_hidden()
    field.fill("It is about trust")
    expect(notes).to_contain_text("Not sent yet")
    gia.page.reload()  # before it was sent
    expect(field).to_have_value("It is about trust")
    expect(notes).to_contain_text("Kept.")
    lobby.next_phase()
    gia.is_at("advise")
    expect(field).to_have_value("It is about trust")
    pete.page.get_by_text("My notes", exact=True).click()
    pete.page.locator("#notebook textarea").fill("Of Pete")
    expect(pete.page.locator("#notebook")).to_contain_text("Kept.")
    for page in (lobby.page, gia.page):
        assert "Of Pete" not in page.content()
    assert pete.overflow() == 0
