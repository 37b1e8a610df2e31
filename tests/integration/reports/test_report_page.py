"""The report of a meeting that was really played, as a page and as a file."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import Cast, Meeting
from tests.scenes import scene


@pytest.fixture
def played(app: Flask) -> Meeting:
    """A whole meeting, played to its end; it continues an earlier one, so it looks back as well."""
    return scene(app, two_in_a_row)


def two_in_a_row(app: Flask) -> Meeting:
    cast = Cast(app)
    first = cast.meeting(group="North")
    first.play()
    second = cast.meeting(group="North", continues=first)
    second.play()
    return second


def page(meeting: Meeting, ending: str = "") -> str:
    answer = meeting.get(meeting.mo, f"report{ending}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.promise("moves")
@pytest.mark.parametrize("ending", ["", ".md"])
def test_a_played_meeting_gives_a_whole_report(played: Meeting, ending: str) -> None:
    report = page(played, ending)
    for text in (
        "Learn to guide a starter",
        "North, meeting 2",
        "Ada, Bob, Cleo, Gia, Pete",
        "Basic consultation",
        "effect of Gia",
        "question of Gia",
        "question of Pete",
        "hypothesis of Ada",
        "advice of Bob",
        "why of Gia",
        "then of Gia",
        "learning of Cleo",
        "line of somebody",
        "I felt safe.",
        "What is said here, I do not pass on.",
        "How the time was spent",
    ):
        assert text in report, text


@pytest.mark.parametrize("ending", ["", ".md"])
def test_a_meeting_that_runs_has_a_report_so_far(app: Flask, ending: str) -> None:
    meeting = Cast(app).meeting()
    assert "has not started yet" in page(meeting, ending)
    meeting.play_to("diagnose")
    report = page(meeting, ending)
    assert "This is the report so far" in report
    assert "question of Pete" in report
    assert "hypothesis" not in report


@pytest.mark.parametrize("ending", ["", ".md"])
def test_ending_early_still_gives_a_report(app: Flask, ending: str) -> None:
    meeting = Cast(app).meeting()
    meeting.play_to("advise")
    meeting.end()
    report = page(meeting, ending)
    assert "so far" not in report
    assert "hypothesis of Ada" in report
    assert report.count("not held") == 4


@pytest.mark.parametrize("ending", ["", ".md"])
def test_a_stopped_case_is_said_without_a_reason(app: Flask, ending: str) -> None:
    meeting = Cast(app).meeting()
    meeting.play_to("diagnose")
    meeting.steer("stop_case")
    meeting.play_step()
    meeting.end()
    report = page(meeting, ending)
    assert "The group stopped this case before the end." in report
    assert "question of Pete" in report
    assert "learning of Ada" in report


def test_the_page_speaks_the_readers_language(played: Meeting) -> None:
    dutch = played.client(played.mo, "nl").get(f"/meetings/{played.id}/report").text
    assert "Basismethode" in dutch
    assert "Wat hier gezegd wordt, vertel ik niet verder." in dutch


def test_the_file_has_a_neutral_name_and_is_not_kept_by_anybody(played: Meeting) -> None:
    answer = played.get(played.mo, "report.md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="report-\d{4}-\d\d-\d\d\.md"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert played.get(played.mo, "report").headers["Cache-Control"] == "no-store"


def test_a_format_we_do_not_make_is_not_there(played: Meeting) -> None:
    assert played.get(played.mo, "report.exe").status_code == 404


def test_what_people_write_is_never_markup(app: Flask) -> None:
    meeting = Cast(app).meeting()
    trick = "<script>alert(1)</script>\n# [a](https://example.org) | b"
    meeting.advance_to("clarify")
    for person in (meeting.pete, meeting.ada):
        meeting.write(person, "question", question=trick)
    meeting.reveal()
    assert "<script>alert" not in page(meeting)
    assert "&lt;script&gt;alert(1)" in page(meeting)
    assert not re.search(r"^# \[", page(meeting, ".md"), re.MULTILINE)
    assert r"\<script\>" in page(meeting, ".md")


def test_doubles_are_told_once_with_the_one_they_belong_to(app: Flask) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("clarify")
    first = meeting.write(meeting.pete, "question", question="What did he say?").item_id
    double = meeting.write(meeting.ada, "question", question="What were his words?").item_id
    meeting.reveal()
    meeting.handle(double, "join", first)
    assert "- What did he say?\n  - Together with: What were his words?" in page(meeting, ".md")


def test_a_buddy_and_a_date_stand_with_the_action(app: Flask) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    meeting.be_buddy(meeting.pete, meeting.actions[0].id)
    report = page(meeting, ".md")
    assert "- **No later than:** May 1, 2031" in report
    assert "- **Buddy:** Pete" in report


def test_whoever_left_early_was_there(app: Flask) -> None:
    meeting = Cast(app).meeting()
    meeting.start()
    meeting.leave(meeting.ada)
    meeting.expel(meeting.bob)
    assert "Ada, Cleo, Gia, Pete" in page(meeting, ".md")


def test_with_few_answers_one_sentence_says_why_there_are_no_results(app: Flask) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("evaluate")
    for person in (meeting.pete, meeting.ada, meeting.bob):
        meeting.write(person, "evaluation", safe=5, useful=5, line="CANARY")
    meeting.end()
    assert "They are shown from 4 answers up" in page(meeting)
    assert "CANARY" not in page(meeting)
