"""What must not leave a meeting is not in its report, and whoever may not read the report finds no such page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.core import sealing
from facilitator.meetings.actions import doors
from facilitator.reports.formats import FORMATS
from tests.accounts_cast import english, make_administrator, make_moderator, make_outsider, sign_in
from tests.cast import Cast, Meeting, new_op
from tests.documents import everything_in

ENDINGS = ("", *(f".{ending}" for ending in FORMATS))
ALL = [200] * len(ENDINGS)
NONE = [404] * len(ENDINGS)
GONE = [410] * len(ENDINGS)


def pages(meeting: Meeting) -> str:
    """The report as page and in every format, as the moderator gets them: their words, their bytes, what is packed in
    those, and what is said about them.
    """
    answers = [meeting.get(meeting.mo, f"report{ending}") for ending in ENDINGS]
    assert [answer.status_code for answer in answers] == ALL
    return "".join(everything_in(answer.data) + str(answer.headers) for answer in answers)


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """Five people in the lobby, and Gia's case."""
    return Cast(app).meeting()


def test_hidden_texts_stay_hidden_after_the_end_as_well(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="CANARY one")
    assert "CANARY" not in pages(meeting)
    meeting.end()
    assert "CANARY" not in pages(meeting)


def test_what_was_revealed_is_there_and_what_comes_after_is_not(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="SHOWN one")
    meeting.reveal()
    meeting.write(meeting.ada, "question", question="CANARY two")
    assert "SHOWN one" in pages(meeting)
    assert "CANARY" not in pages(meeting)


def test_a_text_that_was_taken_off_leaves_the_report(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    item = meeting.write(meeting.pete, "question", question="CANARY three").item_id
    meeting.reveal()
    assert "CANARY three" in pages(meeting)
    meeting.handle(item, "remove")
    assert "CANARY" not in pages(meeting)


def test_a_late_text_waits_until_it_is_admitted(meeting: Meeting) -> None:
    step = meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="In time")
    meeting.reveal()
    meeting.next()
    late = meeting.write(meeting.ada, "question", step=step, question="CANARY four").item_id
    assert "CANARY" not in pages(meeting)
    meeting.handle(late, "admit")
    assert "CANARY four" in pages(meeting)


def test_what_somebody_keeps_is_theirs(meeting: Meeting) -> None:
    meeting.advance_to("learn")
    meeting.write(meeting.pete, "learning", learning="CANARY five", keep=True)
    meeting.write(meeting.ada, "learning", learning="SHOWN five")
    for _ in meeting.participants:
        meeting.next_speaker()
    assert "SHOWN five" in pages(meeting)
    assert "CANARY" not in pages(meeting)


def test_private_notes_and_the_case_givers_own_scales_are_theirs(meeting: Meeting) -> None:
    meeting.advance_to("story")
    meeting.write(meeting.gia, "question", question="SHOWN six", clarity=3, next_step=2)
    meeting.post(meeting.gia, "notebook", op=new_op(), text="CANARY six")
    meeting.advance_to("diagnose")
    meeting.post(meeting.gia, "notebook", op=new_op(), text="CANARY seven")
    meeting.advance_to("evaluate")
    meeting.write(meeting.gia, "growth", clarity=9, next_step=8)
    meeting.end()
    report = pages(meeting)
    assert "SHOWN six" in report
    assert "CANARY" not in report
    assert "How clear is your question" not in report


@pytest.mark.promise("draft")
def test_texts_come_without_the_names_of_their_writers(meeting: Meeting) -> None:
    meeting.advance_to("advise")
    for person in (meeting.pete, meeting.ada):
        meeting.write(person, "advice", advice="SHOWN eight")
    for _ in range(4):
        meeting.next_speaker()
    lines = meeting.get(meeting.mo, "report.md").text.splitlines()
    assert lines.count("- SHOWN eight") == 2
    assert [line for line in lines if "Pete" in line or "Ada" in line] == ["- **Present:** Ada, Bob, Cleo, Gia, Pete"]


def test_swapping_two_anonymous_writers_changes_nothing(app: Flask) -> None:
    reports = []
    for first, second in (("Pete", "Ada"), ("Ada", "Pete")):
        meeting = Cast(app).meeting()
        meeting.advance_to("evaluate")
        for name, score in ((first, 1), (second, 5), ("Bob", 3), ("Cleo", 3)):
            line = "ONE line" if score == 1 else ""
            meeting.write(meeting[name], "evaluation", safe=score, useful=6 - score, line=line)
        meeting.reveal()
        reports.append(meeting.get(meeting.mo, "report.md").text.split("## Evaluation")[1].split("##")[0])
    assert "ONE line" in reports[0]
    assert reports[0] == reports[1]


def test_an_answer_about_an_earlier_action_waits_for_the_reveal(app: Flask) -> None:
    cast = Cast(app)
    first = cast.meeting()
    first.play()
    meeting = cast.meeting(continues=first)
    meeting.advance_to("follow_up")
    carried = next(action for action in meeting.actions if action.is_carried)
    meeting.write(meeting.gia, "effect", about=carried.id, status="not", effect="CANARY eight")
    assert "then of Gia" in pages(meeting)
    assert "CANARY" not in pages(meeting)
    assert "Not done" not in pages(meeting)
    meeting.reveal()
    assert "CANARY eight" in pages(meeting)
    assert "Not done" in pages(meeting)


def test_everything_that_came_out_is_found_in_every_format_by_this_search(meeting: Meeting) -> None:
    """So that a search that finds nothing means something."""
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="SHOWN nine")
    meeting.reveal()
    for ending in (".pdf", ".docx", ".md", ".json", ".csv"):
        assert "SHOWN nine" in everything_in(meeting.get(meeting.mo, f"report{ending}").data), ending


# -- Who may read it ---------------------------------------------------------------------------------------------------


def statuses(client: FlaskClient, meeting: Meeting) -> list[int]:
    return [client.get(f"/meetings/{meeting.id}/report{ending}").status_code for ending in ENDINGS]


@pytest.fixture
def own(app: Flask) -> tuple[Meeting, FlaskClient]:
    """A meeting of Mo's account, and Mo's browser, signed in."""
    mo = make_moderator(app)
    meeting = Cast(app, user=mo).meeting()
    client = english(app.test_client())
    sign_in(client, mo)
    return meeting, client


def test_the_account_that_made_the_meeting_reads_it_without_a_seat(own: tuple[Meeting, FlaskClient]) -> None:
    meeting, client = own
    assert statuses(client, meeting) == ALL


def test_others_of_the_same_organisation_do_not(app: Flask, own: tuple[Meeting, FlaskClient]) -> None:
    meeting, _mo = own
    pete = english(app.test_client())
    sign_in(pete, make_administrator(app, "Pete"))
    assert statuses(pete, meeting) == NONE


def test_an_administrator_of_another_organisation_finds_nothing(app: Flask, own: tuple[Meeting, FlaskClient]) -> None:
    meeting, _mo = own
    ola = english(app.test_client())
    sign_in(ola, make_outsider(app))
    assert statuses(ola, meeting) == NONE


def test_somebody_without_anything_finds_nothing(client: FlaskClient, meeting: Meeting) -> None:
    assert statuses(meeting.client(meeting.mo), meeting) == ALL
    assert statuses(client, meeting) == NONE


def test_a_phone_hears_that_it_is_not_there_yet_and_the_wall_finds_nothing(meeting: Meeting) -> None:
    meeting.advance_to("advise")
    meeting.write(meeting.pete, "advice", advice="CANARY nine")
    meeting.reveal()
    assert "CANARY nine" in pages(meeting)
    for name in ("Pete", "Gia"):
        page = meeting.get(meeting[name], "report")
        assert "Not there yet" in page.text
        assert "CANARY" not in page.text
        assert statuses(meeting.client(meeting[name]), meeting) == [200, *NONE[1:]]
    assert statuses(meeting.client(meeting["Wall"]), meeting) == NONE


def test_a_phones_token_in_the_moderators_cookie_opens_nothing(app: Flask, meeting: Meeting) -> None:
    forged = app.test_client()
    forged.set_cookie(f"lead_{meeting.id}", meeting.pete.token)
    assert statuses(forged, meeting) == NONE


def test_the_moderator_of_another_meeting_finds_nothing(app: Flask, meeting: Meeting) -> None:
    other = Cast(app).meeting()
    assert statuses(other.client(other.mo), other) == ALL
    assert statuses(other.client(other.mo), meeting) == NONE


def test_whoever_handed_the_lead_over_reads_no_more_by_that_seat(app: Flask, meeting: Meeting) -> None:
    with app.app_context():
        token = doors.offer_handover(meeting.id, meeting.mo.seat_id).token
        lead = doors.take_over(meeting.id, token, "Bea", "en", None)
    bea = app.test_client()
    bea.set_cookie(f"lead_{meeting.id}", lead.token)
    assert statuses(bea, meeting) == ALL
    assert statuses(meeting.client(meeting.mo), meeting) == NONE
    with app.app_context():
        sealing.keyring().destroy(meeting.id)
    assert statuses(meeting.client(meeting.mo), meeting) == NONE


def test_an_erased_meeting_says_so_to_its_moderator_only(app: Flask, meeting: Meeting) -> None:
    meeting.play()
    assert statuses(meeting.client(meeting.mo), meeting) == ALL
    with app.app_context():
        sealing.keyring().destroy(meeting.id)
    assert statuses(meeting.client(meeting.mo), meeting) == GONE
    assert statuses(meeting.client(meeting["Wall"]), meeting) == NONE


def test_a_meeting_that_never_was_is_not_there(client: FlaskClient) -> None:
    assert client.get("/meetings/nothing/report").status_code == 404
    assert client.get("/meetings/nothing/report.md").status_code == 404
