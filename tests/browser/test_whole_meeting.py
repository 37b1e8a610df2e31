"""A whole basis meeting with a room screen, a console and five phones, by what people read and press; and on every
phone screen of it nothing is wider than 360 pixels.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import everybody_joins
from tests.browser.people import Moderator, Phone, Place, Wall
from tests.browser.story import ENGLISH as STORY


def test_a_meeting_from_the_code_to_the_report(place: Place, mo: Moderator) -> None:
    mo.starts_meeting(STORY.goal)
    wall = mo.opens_wall()
    mo.is_on_own_device()
    gia = Phone.joins(place, mo.code, "Gia")
    pete, ada, bob, cleo = everybody_joins(mo, "Pete", "Ada", "Bob", "Cleo")
    everybody, peers = [gia, pete, ada, bob, cleo], [pete, ada, bob, cleo]
    wall.says("5 people are here")
    for phone in everybody:
        phone.says("We start soon")

    mo.moves("Start")
    a_case_is_chosen(mo, wall, gia, pete, everybody)
    fits(everybody)
    gia_tells(mo, wall, gia, peers)
    fits(everybody)
    questions_one_by_one(mo, wall, gia, peers)
    fits(everybody)
    the_core_in_a_round(mo, wall, gia, peers)
    advice_in_a_round(mo, wall, gia, peers)
    fits(everybody)
    gia_chooses_and_commits(mo, wall, gia, pete)
    fits(everybody)
    everybody_learns(mo, wall, everybody)
    everybody_looks_back(mo, wall, gia, everybody)
    fits(everybody)

    mo.ends_meeting()
    wall.says("Thank you, all of you")
    for phone in everybody:
        phone.says(f"Thank you, {phone.name}")
        expect(phone.stage).to_have_attribute("data-mode", "ended")
    fits(everybody)
    the_report_holds_it(mo)


def a_case_is_chosen(mo: Moderator, wall: Wall, gia: Phone, pete: Phone, everybody: list[Phone]) -> None:
    mo.is_at("pick")
    for phone, title, question in ((gia, STORY.title, STORY.question), (pete, STORY.other_title, "")):
        phone.composer.get_by_label("Title, without names").fill(title)
        phone.composer.get_by_label("Your question: How can I …").fill(question)
        phone.sends()
        phone.sent(title)
    for phone in everybody[2:]:
        phone.press("I pass")
        phone.says("You pass. That is fine.")
    wall.does_not_say(STORY.title)
    mo.does_not_say(STORY.title)
    mo.moves("Reveal")
    wall.says(STORY.title)
    for phone in everybody:
        phone.marks(STORY.title)
    everybody[2].marks(STORY.other_title)
    mo.next_phase()


def gia_tells(mo: Moderator, wall: Wall, gia: Phone, peers: list[Phone]) -> None:
    for screen in (mo, wall, gia, *peers):
        screen.is_at("story")
    wall.says(STORY.question)
    peers[0].says("Gia is speaking")
    gia.taps("clarity", 4)
    gia.taps("next_step", 3)
    gia.page.locator("#notes summary").click()
    gia.page.get_by_role("textbox", name="My notes").fill("he is my neighbour")
    gia.sends()
    expect(gia.own).to_have_count(1)
    mo.next_phase()


def questions_one_by_one(mo: Moderator, wall: Wall, gia: Phone, peers: list[Phone]) -> None:
    mo.is_at("clarify")
    for phone, question in zip(peers, STORY.questions, strict=False):
        phone.is_at("clarify")
        phone.sends(question)
        phone.sent(question)
    gia.says("Answer briefly when a question comes.")
    wall.does_not_say(STORY.questions[0])
    mo.moves("Reveal")
    seen = []
    for number in range(1, 5):
        mo.moves("Next question")
        wall.says(f"Question {number} of 4")
        seen.append(wall.page.locator(".wall-text").inner_text())
        gia.says(seen[-1])
    assert sorted(seen) == sorted(STORY.questions[:4])
    mo.next_phase()


def the_core_in_a_round(mo: Moderator, wall: Wall, gia: Phone, peers: list[Phone]) -> None:
    mo.is_at("diagnose")
    for phone, text in zip(peers, STORY.hypotheses, strict=True):
        phone.is_at("diagnose")
        phone.sends(text)
        phone.sent(text)
    gia.says("You are listening now")
    said = set()
    while mo.next_speaker():
        wall.sees_turn_after(mo.turn - 1)
        said.add(wall.page.locator(".wall-text").inner_text())
    assert said == set(STORY.hypotheses)
    mo.next_phase()


def advice_in_a_round(mo: Moderator, wall: Wall, gia: Phone, peers: list[Phone]) -> None:
    mo.is_at("advise")
    for phone, text in zip(peers, STORY.advice, strict=True):
        phone.is_at("advise")
        phone.sends(text)
        phone.sent(text)
    gia.does_not_say(STORY.advice[0])
    while mo.next_speaker():
        pass
    mo.next_phase()


def gia_chooses_and_commits(mo: Moderator, wall: Wall, gia: Phone, pete: Phone) -> None:
    gia.is_at("choose")
    gia.marks(STORY.advice[0])
    gia.marks(STORY.advice[2])
    gia.sends()  # the question stays as it was
    gia.sends(STORY.why)
    expect(wall.stage.locator(".is-starred")).to_have_count(2)
    mo.next_phase()
    gia.is_at("commit")
    gia.composer.get_by_label("If … happens").fill(STORY.when_if)
    gia.composer.get_by_label("then I will …").fill(STORY.then)
    gia.composer.get_by_role("button", name="In 2 weeks").click()
    gia.sends()
    pete.press("I'll be the buddy")
    wall.says("buddy: Pete")
    mo.next_phase()


def everybody_learns(mo: Moderator, wall: Wall, everybody: list[Phone]) -> None:
    for phone, text in zip(everybody, STORY.learnings, strict=True):
        phone.is_at("learn")
        if phone.name == "Cleo":
            phone.composer.get_by_label("Only for me").check()
        phone.sends(text)
        phone.sent(text)
    while mo.next_speaker():
        pass
    mo.does_not_say(STORY.learnings[4])
    mo.next_phase()


def everybody_looks_back(mo: Moderator, wall: Wall, gia: Phone, everybody: list[Phone]) -> None:
    for phone in everybody:
        phone.is_at("evaluate")
        for name in ("safe", "listened", "open_questions", "turns", "guarded", "useful"):
            phone.taps(name, 4)
        phone.sends()
        expect(phone.composer.locator("[name=safe]")).to_have_count(0)
    gia.taps("clarity", 8)
    gia.taps("next_step", 9)
    gia.sends()
    expect(gia.composer.locator("[name=clarity]")).to_have_count(0)
    mo.press("Reveal")
    mo.page.get_by_role("dialog").get_by_role("button", name="Reveal", exact=True).click()
    wall.says("I felt safe.")


def the_report_holds_it(mo: Moderator) -> None:
    mo.page.goto(f"{mo.place.url}/meetings/{mo.meeting_id}/report")
    report = mo.page.locator("main")
    for text in (STORY.question, STORY.advice[0], STORY.then, STORY.learnings[0]):
        expect(report).to_contain_text(text)
    for private in (STORY.learnings[4], "he is my neighbour"):
        expect(report).not_to_contain_text(private)


def fits(phones: list[Phone]) -> None:
    assert [phone.name for phone in phones if phone.overflow() > 0] == []
