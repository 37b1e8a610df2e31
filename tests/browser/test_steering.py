"""Steering: two at once, undo, a presenter's clicker, and a moderator without a mouse."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.conftest import case_of, everybody_joins
from tests.browser.people import Moderator, Phone, Place, Wall


def test_two_who_press_next_at_once_move_the_meeting_once(lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    lobby.moves("Start")
    wall = lobby.opens_wall()
    for screen in (lobby, wall, pete):
        screen.is_at("pick")
    under_way: list[Route] = []
    lobby.page.route("**/steer", lambda route: under_way.append(route))  # noqa: PLW0108 – a builtin is no handler
    with lobby.page.expect_request("**/steer"):
        lobby.press("Next phase")
    wall.clicks(times=2)
    pete.is_at("story")
    under_way[0].continue_()
    lobby.notices("Something was pressed just before you")
    for screen in (lobby, wall, pete):
        screen.is_at("story")


def test_after_its_first_screen_a_page_is_told_what_changed_and_asks_for_no_more(lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    heard: list[str] = []
    lobby.page.on("websocket", lambda line: line.on("framereceived", lambda frame: heard.append(str(frame))))
    lobby.page.reload()
    lobby.moves("Start")
    lobby.is_at("pick")
    pete.is_at("pick")
    lobby.next_phase()
    lobby.is_at("story")
    lobby.moves("Undo")
    lobby.is_at("pick")
    screens = [frame for frame in heard if '"screen"' in frame]
    assert [frame for frame in screens if '"patch"' in frame], "told what changed"
    assert len([frame for frame in screens if '"html"' in frame]) <= 2, "whole at first, and where all is new"


def test_a_step_too_far_is_undone_within_five_seconds(lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    lobby.moves("Start")
    lobby.next_phase()
    lobby.is_at("story")
    lobby.moves("Undo")
    lobby.is_at("pick")
    pete.is_at("pick")
    expect(lobby.button("Undo")).to_have_count(0)


def test_ending_asks_and_can_be_taken_back(lobby: Moderator) -> None:
    (pete,) = everybody_joins(lobby, "Pete")
    lobby.moves("Start")
    lobby.press("End meeting")
    dialog = lobby.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Is the meeting over?")
    lobby.press("Not yet")
    expect(dialog).to_have_count(0)
    lobby.is_at("pick")
    lobby.ends_meeting()
    expect(pete.stage).to_have_attribute("data-mode", "ended")
    lobby.moves("Open the meeting again")
    pete.is_at("pick")


def test_a_clicker_runs_a_whole_meeting_from_the_wall(place: Place, mo: Moderator) -> None:
    mo.starts_meeting()
    code, wall = mo.code, mo.opens_wall()
    mo.page.close()
    gia, pete, ada = (Phone.seated(place, code, name) for name in ("Gia", "Pete", "Ada"))
    wall.says("3 people are here")
    wall.clicks()  # start
    wall.is_at("pick")
    gia.is_at("pick")
    gia.composer.get_by_label("Title, without names").fill("A starter who says nothing")
    gia.sends()
    gia.sent("A starter")
    for phone in (pete, ada):
        phone.press("I pass")
        phone.says("You pass")
    wall.says("Almost everybody is ready")
    wall.clicks()  # reveal
    wall.says("A starter who says nothing")
    wall.click()
    wall.notices("Press once more for")
    wall.is_at("pick")
    wall.clicks()
    wall.is_at("story")

    keys_do_what_they_say(wall)

    wall.clicks(times=2)
    wall.is_at("clarify")
    for phone, question in ((pete, "What happened?"), (ada, "Who was there?")):
        phone.is_at("clarify")
        phone.sends(question)
        phone.sent(question)
    wall.says("Almost everybody is ready")
    wall.clicks("r")
    wall.clicks("PageDown")
    wall.says("Question 1 of 2")
    wall.clicks()
    wall.says("Question 2 of 2")
    until_the_end(wall)
    wall.click()
    expect(wall.page.get_by_role("dialog")).to_contain_text("Is the meeting over?")
    wall.clicks()
    wall.says("Thank you, all of you")
    gia.says("Thank you, Gia")


def keys_do_what_they_say(wall: Wall) -> None:
    wall.clicks(" ")
    wall.says("paused")
    wall.clicks(" ")
    wall.does_not_say("paused")
    wall.clicks("+")
    wall.click("b")
    wall.says("back to the meeting")
    wall.click("b")
    wall.says("is telling")
    wall.click("q")
    expect(
        wall.page.get_by_role("img", name="QR code of this meeting").or_(wall.page.locator(".wall-code")).first
    ).to_be_visible()
    wall.click("q")
    expect(wall.page.locator(".wall-code")).to_have_count(0)
    wall.click("?")
    expect(wall.page.get_by_role("dialog")).to_contain_text("the next move; twice for the next phase")
    wall.click("?")
    expect(wall.page.get_by_role("dialog")).to_have_count(0)
    wall.clicks("ArrowLeft")
    wall.is_at("pick")
    wall.clicks(times=2)
    wall.is_at("story")


def until_the_end(wall: Wall) -> None:
    """Through the other phases: every press is a move, or the first half of one."""
    kinds: list[str] = []
    while "evaluate" not in kinds:
        kind = wall.stage.get_attribute("data-kind") or ""
        kinds += [kind] if kind not in kinds else []
        if kind != "evaluate":
            wall.clicks(times=2 if wall.page.locator("#next-move[data-twice]").count() else 1)
    assert kinds == ["clarify", "diagnose", "advise", "choose", "commit", "learn", "evaluate"]


def test_every_usual_clicker_makes_one_move_a_press(lobby: Moderator) -> None:
    everybody_joins(lobby, "Pete")
    wall = lobby.opens_wall()
    lobby.page.close()
    wall.page.evaluate("window.isTheSamePage = true")
    wall.clicks("ArrowDown")
    kinds = ["pick"]
    for forward in ("ArrowDown", "PageDown", "Enter"):
        wall.clicks(forward, times=2)
        kinds.append(wall.stage.get_attribute("data-kind") or "")
    assert kinds == ["pick", "story", "clarify", "diagnose"], "each pair of presses was one phase"
    wall.clicks("ArrowRight")
    wall.is_at("diagnose")
    for back, kind in (("ArrowUp", "clarify"), ("PageUp", "story"), ("ArrowLeft", "pick")):
        wall.clicks(back)
        wall.is_at(kind)
    seen = wall.turn
    for other in ("F5", "Shift+F5", "Escape", "Tab", "Home", "End", "n", "p"):
        wall.click(other)
    wall.page.evaluate("document.activeElement.blur()")
    wall.page.keyboard.down("ArrowDown")
    wall.notices("Press once more for")
    for _ in range(5):
        wall.page.keyboard.down("ArrowDown")  # held: the machine repeats it
        wall.page.keyboard.down("F5")
    for key in ("ArrowDown", "F5"):
        wall.page.keyboard.up(key)
    wall.click("?")
    expect(wall.page.get_by_role("dialog")).to_be_visible()
    wall.page.evaluate(
        "addEventListener('keydown', ({ key, defaultPrevented }) => (window.loads = [key, !defaultPrevented]))"
    )
    for key in (".", "b", "1", "Backspace", "F5"):
        wall.click(key)
    assert wall.page.evaluate("window.loads") == ["F5", False], "not with a dialog open either"
    expect(wall.page.get_by_role("dialog")).to_be_visible()
    wall.click("?")
    wall.does_not_say("back to the meeting")
    for blank in (".", "b"):
        wall.click(blank)
        wall.says("back to the meeting")
        wall.click(blank)
        wall.does_not_say("back to the meeting")
    assert wall.turn == seen
    assert wall.page.evaluate("window.isTheSamePage") is True


def test_a_moderator_without_a_mouse(lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia", "Pete")
    lobby.page.reload()
    reach(lobby, "Start")
    lobby.page.keyboard.press("Enter")
    lobby.is_at("pick")
    reach(lobby, "Pause")
    lobby.page.keyboard.press("Space")
    lobby.says("paused")
    expect(lobby.button("Resume")).to_be_focused()
    lobby.page.keyboard.press("Space")
    lobby.does_not_say("paused")
    reach(lobby, "Next phase")
    lobby.page.keyboard.press("Enter")
    lobby.is_at("story")
    expect(lobby.page.locator("#announce")).to_contain_text("Case story. ")
    expect(lobby.button("Next phase")).to_be_focused()
    reach(lobby, "End meeting")
    lobby.page.keyboard.press("Enter")
    expect(lobby.page.get_by_role("dialog")).to_be_visible()
    lobby.page.keyboard.press("Escape")
    expect(lobby.page.get_by_role("dialog")).to_have_count(0)
    expect(lobby.button("End meeting")).to_be_focused()


def test_what_is_typed_on_the_console_survives_a_reload_until_it_is_sent(lobby: Moderator) -> None:
    everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    name, question = lobby.page.locator("#add-name"), lobby.page.locator("#case-question")
    for field in (name, question):
        field.evaluate(
            "node => { for (let up = node; up; up = up.parentElement) if (up.localName === 'details') up.open = true; }"
        )
        field.fill("Bob")
    lobby.page.reload()
    for field in (name, question):
        expect(field).to_be_visible()
        expect(field).to_have_value("Bob")
    name.press("Enter")
    lobby.sees("Bob")
    lobby.page.reload()
    expect(question).to_have_value("Bob")
    expect(name).to_have_value("")


def reach(screen: Moderator, name: str) -> None:
    """Presses Tab until the button has the focus, which is seen."""
    button = screen.button(name)
    for _ in range(80):
        screen.page.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            assert button.evaluate("node => node.matches(':focus-visible')")
            return
    raise AssertionError(f"no way to {name} by keyboard")


def test_from_the_room_screen_alone_somebody_is_let_in_and_a_case_giver_is_named(
    place: Place, lobby: Moderator
) -> None:
    wall = lobby.opens_wall()
    gia, pete = everybody_joins(lobby, "Gia", "Pete")
    lobby.page.close()
    wall.sees_turn(1)
    wall.clicks()
    wall.is_at("pick")
    wall.clicks(times=2)
    wall.is_at("story")
    expect(wall.page.locator(".wall-foot")).to_contain_text("There is no case giver yet")
    ada = Phone.joins(place, lobby.code, "Ada")
    ada.says("One moment, Ada")
    wall.says("1 person waits at the door")
    wall.page.mouse.move(400, 400)
    wall.press("Let in Ada")
    ada.says("Keep your questions for later.")
    wall.page.get_by_text("Who is the case giver?").click()
    wall.press("Gia")
    gia.says("I would rather not be the case giver")
    wall.does_not_say("Who is the case giver?")
    gia.page.get_by_text("I would rather not be the case giver").click()
    gia.press("Rather not")
    gia.does_not_say("I would rather not be the case giver")
    wall.says("There is no case giver yet")
    pete.does_not_say("I would rather not be the case giver")
