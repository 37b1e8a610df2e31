"""A hint about a question that is being typed: for its writer, in their language, and nothing of the text stays anywhere."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from facilitator.core.db import Base, db
from facilitator.core.extensions import limiter
from facilitator.meetings.views.answers import OFTEN
from tests.cast import Cast, Meeting, Person
from tests.phones import Device

SECRET = "Xylofoon"
OF_KIND = {
    "advice": (f"Why don't you just ask {SECRET}?", "There may be advice in this question."),
    "closed": (f"Is {SECRET} often ill?", "Yes or no may be all you hear."),
    "leading": (f"{SECRET} is just lazy, isn't he?", "Your own idea may be in this question."),
    "stacked": (f"Who was with {SECRET} and what did they say?", "There may be more than one question here."),
}


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """At the questions; nobody has written one."""
    found = Cast(app).meeting()
    found.advance_to("clarify")
    return found


def hint(meeting: Meeting, person: Person, text: str, language: str = "en", form: str = "question") -> str:
    fields = {"step": meeting.step.id, "form": form, "text": text}
    answer = meeting.post(person, "hint", meeting.client(person, language), **fields)
    assert answer.status_code == 200
    return str(answer.json["hint"]) if answer.json else ""


def everything_stored() -> dict[str, list[tuple[object, ...]]]:
    return {
        name: sorted((tuple(row) for row in db.session.execute(table.select())), key=repr)
        for name, table in Base.metadata.tables.items()
    }


@pytest.mark.parametrize("kind", OF_KIND)
def test_each_kind_of_question_has_its_own_hint(meeting: Meeting, kind: str) -> None:
    text, says = OF_KIND[kind]
    shown = hint(meeting, meeting.pete, text)
    assert says in shown
    assert [other for other, (_, words) in OF_KIND.items() if words in shown] == [kind]
    assert SECRET not in shown
    assert ("Keep it for later" in shown) is (kind == "advice")


@pytest.mark.parametrize(
    ("method", "phase", "is_offered"), [("gossip", "clarify", True), ("consultancy", "probe", False)]
)
def test_advice_is_kept_for_later_only_where_it_is_asked_for_later(
    app: Flask, method: str, phase: str, is_offered: bool
) -> None:
    meeting = Cast(app).meeting(method=method)
    meeting.advance_to(phase)
    shown = hint(meeting, meeting.pete, OF_KIND["advice"][0])
    assert "There may be advice in this question." in shown
    assert ("Keep it for later" in shown) is is_offered


def test_an_open_question_has_none(meeting: Meeting) -> None:
    assert hint(meeting, meeting.pete, "What have you tried so far?") == ""
    assert hint(meeting, meeting.pete, "") == ""


def test_the_hint_is_in_the_language_of_its_reader_and_about_that_of_the_text(meeting: Meeting) -> None:
    Device(meeting, meeting.pete, meeting.client(meeting.pete, "nl")).open()
    assert "Misschien zit er een advies in deze vraag." in hint(meeting, meeting.pete, OF_KIND["advice"][0], "nl")
    assert "Misschien zit er een advies" in hint(meeting, meeting.pete, "Zou je niet eens met haar praten?", "nl")


def test_where_a_method_wants_no_hints_there_are_none(meeting: Meeting) -> None:
    meeting.next()
    assert meeting.step.id != meeting.step_with("clarify").id
    assert hint(meeting, meeting.pete, OF_KIND["advice"][0], form="hypothesis") == ""


@pytest.mark.promise("hints-are-not-kept")
def test_what_is_typed_is_neither_stored_nor_logged_nor_told(
    meeting: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    wall = Device(meeting, meeting.wall, meeting.client(meeting.wall))
    wall.open()
    wall.listen()
    wall.hears()
    with meeting.app.app_context():
        before = everything_stored()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("facilitator").warning("somebody listens")
    for text, _ in OF_KIND.values():
        assert hint(meeting, meeting.pete, text)
    with meeting.app.app_context():
        assert everything_stored() == before
    assert wall.hears() == []
    assert "somebody listens" in caplog.text
    assert SECRET not in caplog.text
    meeting.write(meeting.pete, "question", question="What happened?")
    assert wall.hears() != [], "the room screen hears of what is sent"


def test_whoever_asks_without_end_is_asked_to_wait(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    often = int(OFTEN.split()[0])
    step = meeting.step.id
    limiter.reset()
    answers = [meeting.post(meeting.pete, "hint", step=step, form="question").status_code for _ in range(often + 1)]
    limiter.reset()
    assert answers == [*[200] * often, 429]
