"""Texts of earlier phases: what stays sealed, how warm a question is, and going through them one by one."""

from __future__ import annotations

import pytest

from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from tests import pages
from tests.cast import Cast, Meeting, new_op
from tests.phones import device

pytestmark = pytest.mark.either


# -- Sealed ----------------------------------------------------------------------------------------------------------


def with_ending(cast: Cast) -> Meeting:
    """The incident method in its story; the case giver has written how it ended."""
    meeting = cast.meeting(method="incident")
    meeting.advance_to("story")
    meeting.write(meeting.gia, "ending", ending="I called his parents")
    return meeting


def is_out(meeting: Meeting) -> bool:
    """Whether anybody but Gia is shown the ending."""
    found = {name: "I called his parents" in screen for name, screen in meeting.screens().items() if name != "Gia"}
    return any(found.values())


@pytest.mark.promise("sealed-until")
def test_nothing_that_is_pressed_reveals_an_ending_before_its_phase(cast: Cast) -> None:
    meeting = with_ending(cast)
    for phase in ("story", "clarify", "standpoint", "advise"):
        meeting.advance_to(phase)
        with pytest.raises(Refused):
            meeting.steer("reveal")
        meeting.fill()
        if phase == "clarify":
            meeting.reveal()
        ending = next(item for item in meeting.snapshot.items if item.form == "ending")
        for move in ("table", "give_floor", "next_item", "next_speaker"):
            try:
                meeting.steer(move, target=ending.id)
            except Refused:
                continue
        for verb in ("done", "remove", "restore", "join", "admit", "apart"):
            with pytest.raises(Refused):
                meeting.handle(ending.id, verb, ending.id)
        assert not is_out(meeting), phase
    meeting.advance_to("outcome")
    assert not is_out(meeting)
    meeting.reveal()
    assert is_out(meeting)


@pytest.mark.promise("sealed-until")
def test_going_back_before_its_phase_seals_it_again(cast: Cast) -> None:
    meeting = with_ending(cast)
    meeting.advance_to("outcome")
    while meeting.step.key != "story":
        meeting.steer("back")
        with pytest.raises(Refused):
            meeting.steer("reveal")
    assert not is_out(meeting)


@pytest.mark.promise("sealed-until")
def test_an_ending_that_came_too_late_waits_for_its_phase_as_well(cast: Cast) -> None:
    meeting = cast.meeting(method="incident")
    meeting.advance_to("story")
    step = meeting.step
    meeting.advance_to("clarify")
    sent = device(meeting, meeting.gia).post(
        "contribute", new_op(), step=step.id, form="ending", ending="I called his parents"
    )
    meeting.handle(sent.get_json()["item"], "admit")
    assert not is_out(meeting)
    meeting.advance_to("outcome")
    meeting.reveal()
    assert is_out(meeting)


def test_the_phone_says_until_when_nobody_can_reveal_it(cast: Cast) -> None:
    meeting = cast.meeting(method="incident")
    meeting.advance_to("story")
    meeting.write(meeting.gia, "question", question="What do you do then?")
    assert "Nobody can reveal this before “The ending”" in meeting.get(meeting.gia).text


# -- Warmth, and one by one ------------------------------------------------------------------------------------------


def ranked(cast: Cast) -> tuple[Meeting, dict[str, str]]:
    """The Socratic method; Gia found one question of each kind. Gives the ids by their warmth."""
    meeting = cast.meeting(method="socratic")
    meeting.advance_to("questions")
    for person, text in ((meeting.pete, "Cold one?"), (meeting.ada, "Neutral one?"), (meeting["Bob"], "Warm one?")):
        meeting.write(person, "question", question=text)
    meeting.reveal()
    ids = {item.text("question").split()[0].lower(): item.id for item in meeting.items("question")}
    meeting.advance_to("rank")
    for warmth, item_id in ids.items():
        meeting.mark(meeting.gia, item_id, warmth=warmth)
    return meeting, ids


def test_a_text_has_one_warmth_which_can_be_changed(cast: Cast) -> None:
    meeting, ids = ranked(cast)
    meeting.mark(meeting.gia, ids["cold"], warmth="warm")
    marks = {mark.item_id: mark.value for mark in meeting.snapshot.marks}
    assert marks == {ids["cold"]: "warm", ids["neutral"]: "neutral", ids["warm"]: "warm"}
    for person, value in ((meeting.gia, "hot"), (meeting.gia, "on"), (meeting.pete, "warm")):
        answer = device(meeting, person).post("mark", new_op(), step=meeting.step.id, item=ids["cold"], value=value)
        assert answer.status_code in (409, 422), value


def test_the_wall_shows_them_in_labelled_groups_and_the_phone_one_tap_for_each(cast: Cast) -> None:
    meeting, _ids = ranked(cast)
    wall = pages.read(meeting.get(meeting.wall).text)
    lines = [line.text.strip() for line in wall.all("ol", class_="wall-list")[0].all("li")]
    assert lines == ["Warm", "Warm one?", "Neutral", "Neutral one?", "Cold", "Cold one?"]
    phone = device(meeting, meeting.gia)
    page = phone.open()
    assert "You have ranked them all" in page.text
    warm = [button for button in page.all("button", aria_pressed="true") if button.text.strip() == "Warm"]
    assert len(warm) == 1
    neutral = warm[0].around("fieldset").all("button")[1]
    page = phone.press(neutral)
    assert [b.text.strip() for b in page.all("button", aria_pressed="true")].count("Neutral") == 2


def test_answers_go_through_warm_then_neutral_and_leave_the_cold(cast: Cast) -> None:
    meeting, ids = ranked(cast)
    meeting.advance_to("answers")
    assert "Cold one?" not in meeting.screen(meeting.wall)
    for expected in ("warm", "neutral"):
        meeting.steer("next_item")
        assert meeting.step.item == ids[expected]
        assert f"{expected.capitalize()} one?" in meeting.screen(meeting.wall)
        assert "Gia is speaking" in meeting.screen(meeting.pete), "who asked is named nowhere"
    with pytest.raises(Refused):
        meeting.steer("next_item")
    with pytest.raises(Refused):
        meeting.steer("table", target=ids["cold"])
    meeting.handle(ids["warm"], "undone")
    meeting.steer("next_item")
    assert meeting.step.item == ids["warm"], "what was not done yet comes again"


def test_what_was_talked_about_in_its_own_step_is_gone_through_anew(cast: Cast) -> None:
    meeting, ids = ranked(cast)
    with meeting.app.app_context(), db.writing() as session:
        for item_id in ids.values():
            session.get_one(models.Contribution, item_id).is_done = True
    meeting.advance_to("answers")
    meeting.steer("next_item")
    assert meeting.step.item == ids["warm"]


def test_mo_ranks_for_a_case_giver_without_a_phone(cast: Cast) -> None:
    meeting = cast.meeting(method="socratic", case_giver=None)
    zoe = meeting.add_without_phone("Zoë")
    meeting.name_case_giver("Zoë")
    meeting.advance_to("questions")
    meeting.write(meeting.pete, "question", question="Why now?")
    meeting.reveal()
    meeting.advance_to("rank")
    console = device(meeting, meeting.mo)
    page = console.open()
    button = next(b for b in page.all("button", aria_pressed="false") if b.text.strip() == "Warm")
    console.press(button)
    assert [(mark.seat_id, mark.value) for mark in meeting.snapshot.marks] == [(zoe.seat_id, "warm")]


# -- Columns ---------------------------------------------------------------------------------------------------------

VIEWS = (
    ("parent", "I worry"),
    ("child", "I want to play"),
    ("organisation", "There is no room"),
    ("child", "I am tired"),
)


def with_views(cast: Cast) -> Meeting:
    """Wanda, after the perspectives of others came out."""
    meeting = cast.meeting(method="wanda")
    meeting.advance_to("perspectives")
    for person, (actor, view) in zip((meeting.gia, meeting.pete, meeting.ada, meeting["Bob"]), VIEWS, strict=True):
        meeting.write(person, "view", view=view, actor=actor)
    meeting.reveal()
    return meeting


def test_texts_stand_in_labelled_columns_on_the_wall_the_console_and_later_phones(cast: Cast) -> None:
    meeting = with_views(cast)
    rows = pages.read(meeting.get(meeting.wall).text).one("ol").all("li")
    cells = [[cell.text.strip() for cell in row.all() if cell.tag in ("span", "small")] for row in rows]
    assert cells[0] == ["Child", "Parent"], "two beside each other"
    assert {cells[1][0], cells[2][0]} == {"I want to play", "I am tired"}
    assert (cells[1][1], cells[2][1]) == ("I worry", "")
    assert cells[3:] == [["Organisation"], ["There is no room"]], "and the next ones below"
    console = pages.read(meeting.get(meeting.mo).text).all("ul", class_="items")[0]
    titles = [line.text.strip() for line in console.all("b")]
    assert titles == ["Child", "Parent", "Organisation"]
    meeting.advance_to("advise")
    assert "Perspectives: Child" in meeting.screen(meeting.pete)


def test_a_report_tells_them_column_by_column_in_every_format(cast: Cast) -> None:
    meeting = with_views(cast)
    meeting.end()
    for ending in ("", ".md", ".csv", ".json"):
        report = meeting.get(meeting.mo, f"report{ending}").text
        assert "I worry" in report, ending
        assert "Parent" in report, ending
    lines = meeting.get(meeting.mo, "report.md").text.splitlines()
    assert lines.index("Child") < lines.index("- I am tired") < lines.index("Parent") < lines.index("- I worry")


def test_what_peers_noted_during_a_story_comes_out_in_its_columns_later(cast: Cast) -> None:
    meeting = cast.meeting(method="appreciative")
    meeting.advance_to("success")
    meeting.write(meeting.pete, "factor", factor="She asked first", where="own_action")
    meeting.write(meeting.ada, "factor", factor="There was time", where="context")
    with pytest.raises(Refused):
        meeting.reveal()
    meeting.advance_to("inventory")
    meeting.reveal()
    wall = pages.read(meeting.get(meeting.wall).text).one("ol").text
    assert wall.index("What somebody did") < wall.index("She asked first")
    assert "There was time" in wall
