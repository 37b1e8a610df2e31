"""Two or three people, and what their screens say: what nobody could stay unknown in is not asked for, and words are those of the
method.
"""

from __future__ import annotations

from facilitator.methods.loader import load_catalogue
from tests.cast import Cast, Meeting

FEW = "You are with fewer than 4 people, so an answer could not stay without a name. Talk about it together."
ASKS = "Say it as you saw it."


def at_the_evaluation(cast: Cast, *names: str) -> Meeting:
    meeting = cast.meeting(*names, method="basis")
    meeting.play_to("evaluate")
    return meeting


def test_no_screen_of_three_people_asks_for_an_answer_without_a_name(cast: Cast) -> None:
    meeting = at_the_evaluation(cast, "Gia", "Pete", "Ada")
    for person in (meeting.mo, meeting.wall, meeting.gia, meeting.pete):
        screen = meeting.screen(person)
        assert FEW in screen, person.name
        assert ASKS not in screen, person.name
        assert "your name is not with" not in screen.lower(), person.name


def test_every_screen_of_four_people_asks_for_it(cast: Cast) -> None:
    meeting = at_the_evaluation(cast, "Gia", "Pete", "Ada", "Bob")
    assert all(ASKS in meeting.screen(person) for person in (meeting.wall, meeting.pete))
    assert all(FEW not in meeting.screen(person) for person in meeting.people.values())


def test_what_is_told_beside_the_question_of_a_case_is_on_the_wall(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", method="coaching_on_the_job")
    meeting.play_to("own_view")
    assert "Gia" in meeting.screen(meeting.wall)
    assert "Everybody sees this as soon as you send it." in meeting.screen(meeting.gia)
    assert "Everybody sees your question." not in meeting.screen(meeting.gia)
    meeting.write(meeting.gia, "own_view", own_view="The start went well.")
    assert "The start went well." in meeting.screen(meeting.wall)


def test_the_wall_asks_to_write_before_it_shows_what_lies_on_the_table(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada", method="shadowing_debrief")
    meeting.start()
    meeting.write(meeting.pete, "point", point="Nobody raised their voice.")
    meeting.next()
    wall = meeting.screen(meeting.wall)
    assert "Silent writing" in wall
    assert "Nobody raised their voice." not in wall
    assert "Nobody raised their voice." in meeting.screen(meeting.pete)
    meeting.write(meeting.pete, "question", question="How do you do that?")
    meeting.reveal()
    assert "Nobody raised their voice." in meeting.screen(meeting.wall)


def test_whoever_answers_reads_the_words_of_their_method(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", method="shadowing_debrief")
    meeting.advance_to("questions")
    said = load_catalogue()["shadowing_debrief"].phases[1].text("en").case_giver
    assert said
    first, *_ = said.partition(". ")
    assert first in meeting.screen(meeting.gia)
    meeting.write(meeting.pete, "question", question="How do you do that?")
    meeting.reveal()
    meeting.next_item()
    assert "How do you do that?" in meeting.screen(meeting.gia)
    assert first in meeting.screen(meeting.gia)
