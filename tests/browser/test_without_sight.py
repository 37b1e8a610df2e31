"""Mo cannot see: a whole meeting by what is announced and by keys alone, and the focus is never lost. Whoever takes part hears what
concerns them.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.conftest import case_of, everybody_joins
from tests.browser.people import Moderator, Screen

LISTEN = """() => {
    window.said = [];
    const region = document.getElementById("announce");
    new MutationObserver(() => window.said.push(region.textContent)).observe(region, {childList: true, characterData: true, subtree: true});
}"""


def listens(screen: Screen) -> None:
    """Begins to note what a screen reader is told."""
    screen.page.evaluate(LISTEN)


def hears(screen: Screen, text: str) -> None:
    """Waits until it was told."""
    screen.page.wait_for_function("text => window.said.some(said => said.includes(text))", arg=text)
    screen.page.evaluate("window.said = []")


def presses(mo: Moderator, name: str, key: str = "Enter") -> None:
    """Goes on with Tab, from where the focus is, until a button of that name has it, and presses it."""
    called = re.compile(name)
    wanted = mo.page.get_by_role("button", name=called).or_(
        mo.page.locator("summary").and_(mo.page.get_by_label(called))
    )
    for _ in range(120):
        mo.page.keyboard.press("Tab")
        here = mo.page.locator("*:focus")  # after the last one it is the browser's own for once
        if here.and_(wanted).count():
            mo.page.keyboard.press(key)
            return
    raise AssertionError(f"no way to {name} by keyboard")


def is_somewhere(mo: Moderator, *, on_button: bool = False) -> None:
    """The focus did not fall to the page; after what took its button away it is on words, where a second press does nothing."""
    mo.page.wait_for_function("() => document.activeElement !== document.body && document.activeElement.isConnected")
    place = mo.page.evaluate("[document.activeElement.localName, document.activeElement.disabled || false]")
    assert place[1] is False
    assert (place[0] == "button") is on_button, place


def test_a_moderator_who_cannot_see_runs_a_whole_meeting(mo: Moderator) -> None:
    mo.starts_meeting()
    gia, pete = everybody_joins(mo, "Gia", "Pete")
    listens(mo)
    presses(mo, "^My own device$")
    expect(mo.button("My own device")).to_have_count(0)
    is_somewhere(mo)
    presses(mo, "^Start$")
    hears(mo, "Case selection. What are you")
    is_somewhere(mo)
    seen = mo.turn
    for key in ("Enter", "Space"):
        mo.page.keyboard.press(key)  # once more, out of impatience
    presses(mo, "^More for Gia$")
    presses(mo, "^Is the case giver$")
    expect(mo.person("Gia").locator(".person-state")).to_contain_text("case giver")
    is_somewhere(mo)
    assert mo.turn == seen
    presses(mo, "^Next phase$")
    hears(mo, "Case story")
    is_somewhere(mo, on_button=True)
    mo.page.keyboard.press("Enter")
    hears(mo, "Clarifying questions")
    pete.is_at("clarify")
    for question in ("What happened?", "Who was there?"):
        pete.sends(question)
        pete.sent(question)
    expect(mo.button("Reveal")).to_be_enabled()
    presses(mo, "^Reveal$")
    expect(mo.page.get_by_role("dialog")).to_be_visible()
    presses(mo, "^Reveal$")
    hears(mo, "What was written is shown now.")
    is_somewhere(mo)
    expect(mo.page.locator("*:focus")).to_have_text("2 texts")
    seen = mo.turn
    presses(mo, "^Next question$")
    mo.sees_turn_after(seen)
    expect(mo.button("Next question")).to_be_focused()
    mo.page.keyboard.press("Enter")
    expect(mo.button("Next question")).to_have_count(0)
    is_somewhere(mo)
    presses(mo, "^Pause$", "Space")
    hears(mo, "The meeting is paused.")
    is_somewhere(mo, on_button=True)
    mo.page.keyboard.press("Space")
    hears(mo, "The meeting goes on.")
    while mo.stage.get_attribute("data-kind") != "evaluate":
        seen = mo.turn
        presses(mo, "^Next phase$")
        mo.sees_turn_after(seen)
        is_somewhere(mo, on_button=mo.button("Next phase").count() == 1)
    presses(mo, "^End meeting$")
    expect(mo.page.get_by_role("dialog")).to_be_visible()
    presses(mo, "^End meeting$")
    gia.says("Thank you, Gia")
    mo.says("The meeting is over")
    is_somewhere(mo)


@pytest.mark.parametrize("first", ["the answer", "the push"])
def test_whichever_comes_first_the_focus_goes_to_what_was_revealed(lobby: Moderator, first: str) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pushes = held_pushes(lobby, holds=first == "the answer")
    pete.is_at("clarify")
    for question in ("What happened?", "Who was there?"):
        pete.sends(question)
        pete.sent(question)
    lobby.page.reload()
    answers: list[Route] = []
    lobby.page.route("**/steer", lambda route: answers.append(route), times=1)  # noqa: PLW0108 – a builtin is no handler
    lobby.page.locator("[data-opens=reveal]").press("Enter")
    with lobby.page.expect_request("**/steer"):
        lobby.page.locator("dialog[open] button[type=submit]").press("Enter")
    while not answers:
        lobby.page.wait_for_timeout(20)
    answer = answers[0].fetch()
    if first == "the push":
        expect(lobby.page.locator("#items-title")).to_have_text("2 texts")
    answers[0].fulfill(response=answer)
    expect(lobby.page.locator("dialog[open]")).to_have_count(0)
    expect(lobby.page.locator("*:focus")).to_have_text("2 texts")
    for line, message in pushes:
        line.send(message)
    expect(lobby.page.locator("*:focus")).to_have_text("2 texts")


def held_pushes(mo: Moderator, *, holds: bool) -> list[tuple[WebSocketRoute, str | bytes]]:
    """What the server pushes from the next load on, if it is held back; else nothing."""
    held: list[tuple[WebSocketRoute, str | bytes]] = []

    def through(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        server.on_message(lambda message: held.append((line, message)) if holds else line.send(message))

    mo.page.route_web_socket(re.compile("socket.io"), through)
    return held


def test_somebody_who_takes_part_hears_their_turn_and_the_time(lobby: Moderator) -> None:
    _gia, pete, ada = everybody_joins(lobby, "Gia", "Pete", "Ada")
    case_of(lobby, "Gia")
    pete.page.clock.install()
    pete.page.reload()
    listens(pete)
    lobby.next_phase()
    hears(pete, "Core of the case. ")
    pete.sends("I think it is about trust")
    ada.sends("I think it is about time")
    hears(pete, "You are ready")
    assert lobby.next_speaker()
    speaker = lobby.page.locator(".turn [data-heard]")
    expect(speaker).to_contain_text("Speaking:")
    is_pete = "Pete" in speaker.inner_text()
    hears(pete, "It is your turn" if is_pete else "Ada is speaking")
    pete.page.clock.fast_forward(6 * 60 * 1000 + 5000)
    hears(pete, "One minute left.")
    pete.page.clock.fast_forward(61 * 1000)
    hears(pete, "The time is over.")


def test_a_double_click_belongs_to_the_button_that_was_there(lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia", "Pete")
    place = lobby.button("Start").bounding_box()
    assert place
    at = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    lobby.page.mouse.move(*at)
    for click_count in (1, 2):
        lobby.page.mouse.down(click_count=click_count)
        lobby.page.mouse.up(click_count=click_count)
        lobby.is_at("pick")
    lobby.press("Extend")
    lobby.sees_turn(3)
    assert lobby.turn == 3, "opened, started and extended, and nothing else"
    lobby.is_at("pick")
    lobby.does_not_say("paused")
