"""The note-taker writes on their own phone for whoever has none, and sees nothing more for it."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from facilitator.core.refusals import Refused
from tests import pages
from tests.cast import Cast, Meeting, Person, new_op

pytestmark = pytest.mark.either

SECRET = "Who was there?"


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Zoë has no phone, Pete takes notes, and the questions are being written."""
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.add_without_phone("Zoë")
    meeting.give_role(meeting.pete, "note_taker")
    meeting.advance_to("clarify")
    return meeting


def refusal(meeting: Meeting, by: Person, person: Person, form: str = "question", **fields: str) -> tuple[str, int]:
    """Why somebody may not write for another, and that nothing came of it."""
    before = meeting.items()
    with pytest.raises(Refused) as refused:
        meeting.take_down(person, form, by=by, **(fields or {"question": "x"}))
    assert meeting.items() == before
    return refused.value.code, refused.value.status


def forms_on(meeting: Meeting, person: Person) -> list[str]:
    """For whom there is a form on somebody's phone."""
    page = pages.read(meeting.get(person).text)
    (section,) = page.all("section", id="dictation")
    return [form.get("aria-label") or "" for form in section.all("form")]


def test_pete_writes_for_zoe_and_it_is_marked_so(meeting: Meeting) -> None:
    accepted = meeting.take_down(meeting["Zoë"], "question", by=meeting.pete, question=SECRET)
    item = meeting.item(accepted.item_id)
    assert (item.seat_id, item.taken_down_by) == (meeting["Zoë"].seat_id, meeting.pete.seat_id)


def send(meeting: Meeting, op: str) -> TestResponse:
    """Pete's phone sends what he wrote for Zoë."""
    place = {"step": meeting.step.id, "form": "question", "seat": meeting["Zoë"].seat_id}
    return meeting.post(meeting.pete, "proxy", None, question=SECRET, op=op, **place)


def test_a_double_press_stores_once(meeting: Meeting) -> None:
    op = new_op()
    answers = [send(meeting, op) for _ in range(2)]
    assert [(answer.status_code, answer.headers["X-Op"]) for answer in answers] == [(200, op), (200, op)]
    assert answers[0].get_json()["notice"] == "Written down."
    assert len(meeting.items("question")) == 1


def test_only_whoever_takes_notes_may_and_only_for_whoever_has_no_phone(meeting: Meeting) -> None:
    assert refusal(meeting, meeting.ada, meeting["Zoë"]) == ("not_note_taker", 403)
    assert refusal(meeting, meeting.pete, meeting.ada) == ("not_theirs", 409)
    assert refusal(meeting, meeting.pete, meeting.pete) == ("not_theirs", 409)
    meeting.give_role(meeting.pete, "")
    assert refusal(meeting, meeting.pete, meeting["Zoë"]) == ("not_note_taker", 403)


def test_a_role_that_was_taken_away_does_not_close_the_page(meeting: Meeting) -> None:
    meeting.give_role(meeting.pete, "")
    answer = send(meeting, new_op())
    assert answer.status_code == 403
    assert "gone" not in answer.get_json()
    assert "moderator chooses who takes notes" in answer.get_json()["notice"]


def test_nobody_takes_notes_who_left_or_whose_case_it_is(meeting: Meeting) -> None:
    meeting.give_role(meeting.gia, "note_taker")
    assert refusal(meeting, meeting.gia, meeting["Zoë"]) == ("not_note_taker", 403)
    assert forms_on(meeting, meeting.gia) == []
    meeting.leave(meeting.pete)
    assert refusal(meeting, meeting.pete, meeting["Zoë"]) == ("not_note_taker", 403)
    assert forms_on(meeting, meeting.pete) == []


def test_what_is_private_or_without_a_name_is_never_written_for_another(meeting: Meeting) -> None:
    zoe = meeting["Zoë"]
    meeting.advance_to("evaluate")
    assert refusal(meeting, meeting.pete, zoe, "evaluation", line="x") == ("not_theirs", 409)
    assert refusal(meeting, meeting.pete, meeting.gia, "growth", clarity="9") == ("not_theirs", 409)
    assert forms_on(meeting, meeting.pete) == []


def test_the_form_is_on_nobody_else_s_phone(meeting: Meeting) -> None:
    assert forms_on(meeting, meeting.pete) == ["For Zoë"]
    assert {name: forms_on(meeting, meeting[name]) for name in ("Gia", "Ada")} == {"Gia": [], "Ada": []}
    meeting.give_role(meeting.pete, "timekeeper")
    assert forms_on(meeting, meeting.pete) == []


def test_there_is_no_form_where_everybody_has_a_phone(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada")
    meeting.give_role(meeting.pete, "note_taker")
    meeting.advance_to("clarify")
    assert forms_on(meeting, meeting.pete) == []


@pytest.mark.promise("taken-down")
def test_what_was_written_and_how_much_stays_hidden_from_whoever_takes_notes(meeting: Meeting) -> None:
    before = meeting.screen(meeting.pete)
    for number in (1, 2):
        meeting.take_down(meeting["Zoë"], "question", question=f"{SECRET} {number}")
    meeting.write(meeting.ada, "question", question=SECRET)
    assert meeting.screen(meeting.pete) == before
    assert refusal(meeting, meeting.pete, meeting["Zoë"]) == ("not_theirs", 409)
    meeting.reveal()
    assert SECRET not in before
    assert SECRET in meeting.screen(meeting.mo)


def test_what_pete_wrote_for_zoe_is_hidden_too_until_it_is_revealed(meeting: Meeting) -> None:
    meeting.take_down(meeting["Zoë"], "question", by=meeting.pete, question=SECRET)
    assert [name for name, html in meeting.screens().items() if name != "Zoë" and SECRET in html] == []
    meeting.reveal()
    shown = meeting.screen(meeting.mo)
    assert SECRET in shown
    assert "written by you" not in shown, "Mo did not write it, and is not told whose it is"


def test_what_a_form_starts_with_for_its_owner_is_not_on_the_note_taker_s_phone(cast: Cast) -> None:
    meeting = cast.meeting("Pete", "Ada", "Bob", "Cleo", case_giver=None)
    meeting.add_without_phone("Zoë")
    meeting.name_case_giver("Zoë")
    meeting.give_role(meeting.pete, "note_taker")
    meeting.advance_to("story")
    meeting.take_down(meeting["Zoë"], "question", by=meeting.pete, question=SECRET)
    assert forms_on(meeting, meeting.pete) == ["For Zoë"]
    (section,) = pages.read(meeting.get(meeting.pete).text).all("section", id="dictation")
    assert {area.text for area in section.all("textarea")} <= {"", "\n"}


def test_mo_confirms_the_action_that_pete_wrote_for_a_case_giver_without_a_phone(cast: Cast) -> None:
    meeting = cast.meeting("Pete", "Ada", case_giver=None)
    zoe = meeting.add_without_phone("Zoë")
    meeting.name_case_giver("Zoë")
    meeting.give_role(meeting.pete, "note_taker")
    meeting.advance_to("commit")
    meeting.take_down(zoe, "action", by=meeting.pete, then="I ask him")
    assert "I ask him" not in meeting.screen(meeting.ada)
    assert "I ask him" not in meeting.screen(meeting.pete)
    assert "I ask him" in meeting.screen(meeting.mo)
    meeting.confirm(meeting.mo, meeting.actions[0].id)
    assert "I ask him" in meeting.screen(meeting.ada)
