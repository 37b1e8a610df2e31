"""What Mo settles at the console, through its page: the order of seats, the key question, who keeps the time and who watches;
and what Gia's phone begins with once she has chosen.
"""

from __future__ import annotations

import pytest

from facilitator.meetings import moves, rules
from tests import pages
from tests.cast import Cast, Meeting, Person
from tests.pages import Element
from tests.phones import composer_form, device

pytestmark = pytest.mark.either

FIRST = "How do I keep him?"
KEY = "What part can he play?"


def sits(meeting: Meeting, by: Person, *names: str) -> int:
    """Somebody puts people in this order."""
    return device(meeting, by).post("order", order=",".join(meeting[name].seat_id for name in names)).status_code


def seated(meeting: Meeting) -> list[str]:
    """How people sit."""
    return [seat.name for seat in rules.participants(meeting.snapshot)]


def round_of_advice(meeting: Meeting) -> list[str]:
    """Who has the floor after whom while advice is given."""
    meeting.advance_to("advise")
    for person in (meeting.pete, meeting.ada, meeting.bob, meeting.cleo):
        meeting.write(person, "advice", advice=f"Advice of {person.name}")
    found = []
    while moves.next_move(meeting.snapshot) == "next_speaker":
        meeting.next_speaker()
        speaker = meeting.step.speaker
        found += [meeting.snapshot.name(speaker)] if speaker else []
    return found


def test_turns_go_around_in_the_order_in_which_mo_puts_people(cast: Cast) -> None:
    meeting = cast.meeting()
    assert seated(meeting) == ["Gia", "Pete", "Ada", "Bob", "Cleo"]
    assert sits(meeting, meeting.mo, "Cleo", "Ada", "Gia", "Bob", "Pete") == 200
    assert seated(meeting) == ["Cleo", "Ada", "Gia", "Bob", "Pete"]
    order = round_of_advice(meeting)
    begins = order.index("Cleo")
    assert order[begins:] + order[:begins] == ["Cleo", "Ada", "Bob", "Pete"], "Gia listens; anybody may begin"


def test_a_button_of_the_console_moves_somebody_one_place(cast: Cast) -> None:
    meeting = cast.meeting()
    mo = device(meeting, meeting.mo)
    mo.press(pages.named(mo.open(), "Move Ada up")[0])
    assert seated(meeting) == ["Gia", "Ada", "Pete", "Bob", "Cleo"]


def test_whoever_is_not_named_keeps_their_place_behind_the_others(cast: Cast) -> None:
    meeting = cast.meeting()
    assert sits(meeting, meeting.mo, "Cleo", "Cleo", "Ada") == 200
    assert seated(meeting) == ["Cleo", "Ada", "Gia", "Pete", "Bob"]


@pytest.mark.parametrize("first", ["pause", "back", "end"])
def test_a_press_on_a_screen_of_before_is_told_nothing_untrue(cast: Cast, first: str) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    turn = meeting.state.turn
    meeting.steer(first)
    after = meeting.state
    for person in (meeting.mo, meeting.wall):
        answer = meeting.post(person, "steer", move="next", turn=str(turn))
        assert answer.status_code == 409
        assert answer.get_json()["notice"].startswith("Something was pressed just before you")
    assert meeting.state == after


def test_a_phone_puts_nobody_elsewhere(cast: Cast) -> None:
    meeting = cast.meeting()
    assert sits(meeting, meeting.pete, "Pete", "Gia") == 403
    assert seated(meeting) == ["Gia", "Pete", "Ada", "Bob", "Cleo"]


def test_the_key_question_is_on_the_wall_where_the_question_is_and_beside_it_in_the_report(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    meeting.write(meeting.gia, "case", title="A starter", question=FIRST)
    meeting.reveal()
    meeting.next()
    meeting.advance_to("diagnose")
    assert FIRST in meeting.screen(meeting.wall)
    assert KEY not in meeting.screen(meeting.wall)
    mo = device(meeting, meeting.mo)
    mo.press(pages.named(mo.open(), "Change it")[0], key_question=KEY)
    assert KEY in meeting.screen(meeting.wall)
    assert FIRST not in meeting.screen(meeting.wall), "there is one question at a time"
    assert KEY in meeting.screen(meeting.pete)
    while meeting.step.key != "pick":
        meeting.back()
    assert KEY not in meeting.screen(meeting.wall), "while cases are chosen, no case has a question"
    meeting.end()
    report = read_report(meeting)
    assert f"Key question after {KEY}" in report
    assert FIRST in report


def test_the_action_starts_as_the_advice_that_gia_starred(cast: Cast) -> None:
    meeting = cast.meeting()
    assert round_of_advice(meeting)
    meeting.advance_to("choose")
    gia = device(meeting, meeting.gia)
    starred = next(item for item in meeting.snapshot.items if item.text("advice") == "Advice of Ada")
    gia.post("mark", step=meeting.step.id, item=starred.id, value="on")
    meeting.advance_to("commit")
    assert then_of(gia.open()) == "Advice of Ada"


def test_without_a_star_the_action_starts_empty(cast: Cast) -> None:
    meeting = cast.meeting()
    assert round_of_advice(meeting)
    meeting.advance_to("commit")
    assert then_of(device(meeting, meeting.gia).open()) == ""


def test_who_keeps_the_time_and_who_watches_is_in_the_report(cast: Cast) -> None:
    meeting = cast.meeting()
    for name, role in (("Pete", "timekeeper"), ("Ada", "observer"), ("Bob", "timekeeper"), ("Bob", "")):
        answer = device(meeting, meeting.mo).post("people", do="role", seat=meeting[name].seat_id, role=role)
        assert answer.status_code == 200
    meeting.start()
    meeting.end()
    report = read_report(meeting)
    assert "Timekeeper Pete" in report
    assert "Process observer Ada" in report
    assert "Timekeeper Bob" not in report


def then_of(page: Element) -> str:
    """What stands in the field *then …* of the action."""
    form = composer_form(page)
    assert form is not None
    return pages.sent_by(form)["then"]


def read_report(meeting: Meeting) -> str:
    """The report as Mo reads it."""
    return pages.read(meeting.get(meeting.mo, "report").text).one("main").text
