"""The attendance of a meeting that was really held: counted, corrected, confirmed and given out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from facilitator.core.audit import AuditEntry
from facilitator.core.db import db, now
from facilitator.meetings import models
from facilitator.meetings.actions import doors
from facilitator.meetings.actions.erasing import erase
from facilitator.proof import actions
from facilitator.proof.content import Role
from facilitator.proof.counting import count
from facilitator.proof.views import attendance
from tests.cast import Cast, Meeting, Person
from tests.pages import Element
from tests.proof import at, confirm, describe, page


def people(meeting: Meeting) -> dict[str, Element]:
    """Everybody's part of the page, by name."""
    found = page(meeting, meeting.mo, "presence")
    return {row.one("legend").text: row for row in found.all("fieldset") if row.get("class") == "panel stay"}


def standing(meeting: Meeting, person: Person) -> actions.Standing:
    """Where somebody's proof stands."""
    with meeting.app.app_context():
        return actions.standing(meeting.id, person.seat_id)


def minutes(meeting: Meeting, person: Person) -> int | None:
    """The minutes a certificate would say, None where there is none."""
    proof = standing(meeting, person).proof
    return proof.minutes if proof else None


def number(meeting: Meeting, person: Person) -> str:
    """The number of somebody's certificate, which is given out now if it was not yet."""
    with meeting.app.app_context():
        issued = actions.certificate(meeting.id, person.seat_id, None)
    assert issued
    return issued.number


def answer(meeting: Meeting, number: str) -> str:
    """What a visitor hears about a number."""
    client = meeting.app.test_client()
    client.set_cookie("lang", "en")
    return client.get(f"/proof/{number}").text.split('id="answer">')[1].split("<")[0].strip()


def test_hours_are_counted_from_coming_and_going_without_the_pause(meeting: Meeting) -> None:
    counted = {name: next(p.text for p in row.all("p") if "Counted" in p.text) for name, row in people(meeting).items()}
    assert counted == {
        "Gia": "Counted: 12:00 to 13:00, 50 minutes net",
        "Pete": "Counted: 12:00 to 13:00, 50 minutes net",
        "Ada": "Counted: 12:10 to 13:00, 40 minutes net",
        "Bob": "Counted: 12:00 to 12:40, 30 minutes net",
        "Cleo": "Counted: 12:00 to 13:00, 50 minutes net",
        "Zoe": "Counted: 12:00 to 13:00, 50 minutes net",
        "Eva": "Counted: 12:00 to 12:15, 15 minutes net",
        "Mo": "Counted: 12:00 to 13:00, 50 minutes net",
    }


def test_nobody_has_proof_before_the_moderator_confirmed(meeting: Meeting) -> None:
    assert minutes(meeting, meeting.pete) is None
    assert confirm(meeting).status_code == 302
    assert [minutes(meeting, meeting[name]) for name in ("Gia", "Pete", "Ada", "Bob", "Zoe")] == [50, 50, 40, 30, 50]
    assert minutes(meeting, meeting["Eva"]) is None


def test_a_certificate_says_what_is_required_and_no_word_of_the_meeting(meeting: Meeting) -> None:
    describe(meeting, meeting.gia, name="Gia de Vries", function="Technician", registration="R 12", is_listed="y")
    describe(meeting, meeting.ada, name="Ada Bakker")
    confirm(
        meeting,
        theme="cooperation",
        group_number="G-7",
        moderator_name="Mo Visser",
        moderator_function="Member",
        moderator_registration="M 9",
    )
    proof = standing(meeting, meeting.gia).proof
    assert proof
    assert (proof.name, proof.function, proof.registration) == ("Gia de Vries", "Technician", "R 12")
    assert (proof.role, proof.has_agreed, proof.minutes, proof.people) == (Role.CASE_GIVER, True, 50, 7)
    assert (proof.held.started_at, proof.held.ended_at, proof.held.minutes) == (at(0), at(60), 50)
    assert (proof.held.group, proof.held.group_number) == ("North", "G-7")
    assert proof.held.number >= 1
    assert (proof.held.method, proof.held.place, proof.held.theme) == ("Basic consultation", "Room 3", "cooperation")
    assert [listed.name for listed in proof.listed] == ["Gia de Vries"]
    others = standing(meeting, meeting.pete).proof
    assert others
    assert others.role is Role.PEER
    assert [(listed.name, listed.registration) for listed in others.listed] == [("Gia de Vries", "R 12")]


def test_the_moderator_corrects_times_and_what_was_counted_stays_visible(meeting: Meeting) -> None:
    confirm(meeting, **{f"came_{meeting.ada.seat_id}": "12:00"})
    assert minutes(meeting, meeting.ada) == 50
    row = people(meeting)["Ada"]
    assert "Counted: 12:10 to 13:00, 40 minutes net" in row.text
    assert "corrected" in row.text
    assert row.one("input", id=f"came_{meeting.ada.seat_id}")["value"] == "12:00"


def test_the_moderator_corrects_minutes_alone(meeting: Meeting) -> None:
    confirm(meeting, **{f"minutes_{meeting.pete.seat_id}": "45"})
    assert minutes(meeting, meeting.pete) == 45
    assert minutes(meeting, meeting.gia) == 50


def test_nobody_gets_more_than_there_was_and_what_was_typed_is_kept(meeting: Meeting) -> None:
    for field, typed, sentence in (
        ("minutes", "51", "Pete: there were 50 net minutes between these times."),
        ("minutes", "-1", "Pete: there were 50 net minutes between these times."),
        ("came", "11:00", "Pete: the meeting ran from 12:00 to 13:00."),
        ("went", "13:30", "Pete: the meeting ran from 12:00 to 13:00."),
        ("minutes", "9" * 30, "Fill in a whole number."),
        ("came", "noon", "Fill in a time, such as 14:30."),
    ):
        answer = confirm(meeting, theme="cooperation", **{f"{field}_{meeting.pete.seat_id}": typed})
        assert answer.status_code == 422, typed
        assert sentence in answer.text
        assert 'value="cooperation"' in answer.text
        assert minutes(meeting, meeting.pete) is None


def test_somebody_who_went_before_they_came_is_a_slip(meeting: Meeting) -> None:
    key = meeting.pete.seat_id
    answer = confirm(meeting, **{f"came_{key}": "12:40", f"went_{key}": "12:20"})
    assert "the time of going is before the time of coming" in answer.text


def test_whoever_is_not_ticked_was_not_there(meeting: Meeting) -> None:
    confirm(meeting, **{f"there_{meeting.pete.seat_id}": None, f"there_{meeting['Eva'].seat_id}": "y"})
    assert minutes(meeting, meeting.pete) is None
    assert minutes(meeting, meeting["Eva"]) == 15
    assert "you are not on it" in page(meeting, meeting.pete, "proof").text


def test_somebody_without_a_phone_gets_a_name_and_a_promise_from_the_moderator(meeting: Meeting) -> None:
    zoe = meeting["Zoe"]
    confirm(meeting, **{f"name_{zoe.seat_id}": "Zoe Jansen", f"agreed_{zoe.seat_id}": "y"})
    proof = standing(meeting, zoe).proof
    assert proof
    assert (proof.name, proof.has_agreed) == ("Zoe Jansen", True)


def test_the_promise_made_at_the_door_cannot_be_taken_away(meeting: Meeting) -> None:
    confirm(meeting, **{f"agreed_{meeting.pete.seat_id}": None})
    proof = standing(meeting, meeting.pete).proof
    assert proof
    assert proof.has_agreed


@pytest.mark.promise("named-only-on-wish")
def test_function_and_number_are_seen_by_others_only_when_somebody_wants_to_be_named(meeting: Meeting) -> None:
    describe(meeting, meeting.pete, name="Pete Mulder", registration="SECRET 1")
    describe(meeting, meeting.ada, name="Ada Bakker", registration="OPEN 2", is_listed="y")
    text = page(meeting, meeting.mo, "presence").text
    assert "Ada Bakker, OPEN 2" in text
    assert "Pete Mulder" not in text
    assert "SECRET 1" not in text


def test_while_the_meeting_goes_on_there_is_nothing_to_confirm(cast: Cast) -> None:
    meeting = cast.meeting()
    assert "Nothing to count yet" in page(meeting, meeting.mo, "presence").text
    meeting.start()
    found = page(meeting, meeting.mo, "presence")
    assert "counted so far" in found.text
    assert not found.one("main").all("form")


# -- Numbers -----------------------------------------------------------------------------------------------------------


def test_a_certificate_is_given_out_once(meeting: Meeting) -> None:
    confirm(meeting)
    first = number(meeting, meeting.pete)
    assert number(meeting, meeting.pete) == first
    assert number(meeting, meeting.gia) != first
    assert answer(meeting, first).startswith("Genuine. Issued on ")


def test_confirming_once_more_without_a_change_leaves_the_numbers(meeting: Meeting) -> None:
    confirm(meeting)
    first = number(meeting, meeting.pete)
    confirm(meeting)
    assert number(meeting, meeting.pete) == first


def test_a_correction_replaces_what_it_changes_and_nothing_else(meeting: Meeting) -> None:
    confirm(meeting)
    petes, gias = number(meeting, meeting.pete), number(meeting, meeting.gia)
    confirm(meeting, **{f"minutes_{meeting.pete.seat_id}": "40"})
    assert number(meeting, meeting.pete) != petes
    assert number(meeting, meeting.gia) == gias
    assert answer(meeting, petes) == "Replaced. There is a newer document."
    assert answer(meeting, number(meeting, meeting.pete)).startswith("Genuine")


def test_whoever_turns_out_not_to_have_been_there_has_a_number_that_was_replaced(meeting: Meeting) -> None:
    confirm(meeting)
    petes = number(meeting, meeting.pete)
    confirm(meeting, **{f"there_{meeting.pete.seat_id}": None})
    assert answer(meeting, petes).startswith("Replaced")
    assert minutes(meeting, meeting.pete) is None


def test_another_name_gives_another_number(meeting: Meeting) -> None:
    confirm(meeting)
    petes = number(meeting, meeting.pete)
    describe(meeting, meeting.pete, name="Pete Mulder")
    assert number(meeting, meeting.pete) != petes
    assert answer(meeting, petes).startswith("Replaced")


def test_somebody_who_wants_to_be_named_later_changes_no_paper_of_others_by_themselves(meeting: Meeting) -> None:
    confirm(meeting)
    petes = number(meeting, meeting.pete)
    describe(meeting, meeting.ada, name="Ada Bakker", is_listed="y")
    assert number(meeting, meeting.pete) == petes
    assert "somebody else wants to be named" in page(meeting, meeting.pete, "proof").text
    describe(meeting, meeting.pete)
    assert number(meeting, meeting.pete) != petes


def test_a_meeting_that_was_opened_again_is_confirmed_again(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.start()
    began_earlier(meeting)
    meeting.end()
    confirm(meeting)
    before = number(meeting, meeting.pete)
    meeting.steer("reopen")
    assert "goes on" in page(meeting, meeting.mo, "presence").text
    assert answer(meeting, before).startswith("Genuine")
    began_earlier(meeting)
    meeting.end()
    assert "opened again after you confirmed" in page(meeting, meeting.mo, "presence").text
    confirm(meeting)
    assert number(meeting, meeting.pete) != before
    assert answer(meeting, before).startswith("Replaced")


def began_earlier(meeting: Meeting) -> None:
    """Half an hour more has passed since the meeting began."""
    with meeting.app.app_context(), db.writing() as session:
        for moves, column in ((models.Transition, "at"), (models.Presence, "came_at")):
            for row in session.scalars(select(moves)):
                if moment := getattr(row, column):
                    setattr(row, column, moment - timedelta(minutes=30))


def test_giving_out_is_written_down_without_names(meeting: Meeting) -> None:
    confirm(meeting)
    number(meeting, meeting.pete)
    with meeting.app.app_context():
        deeds = db.session.execute(select(AuditEntry.deed, AuditEntry.thing, AuditEntry.thing_id)).all()
    assert {(deed, thing) for deed, thing, _ in deeds} >= {("changed", "proof"), ("issued", "proof")}
    assert not any(meeting.id in thing_id or meeting.pete.seat_id in thing_id for _, _, thing_id in deeds)


# -- After the meeting was erased ---------------------------------------------------------------------------------------


@pytest.mark.promise("proof-and-content-apart")
def test_proof_outlives_what_was_said(meeting: Meeting) -> None:
    confirm(meeting)
    petes = number(meeting, meeting.pete)
    meeting.act(erase)
    with meeting.app.app_context():
        assert db.session.scalar(select(models.Meeting.goal).where(models.Meeting.id == meeting.id)) == ""
    proof = standing(meeting, meeting.gia).proof
    assert proof
    assert (proof.minutes, proof.role, proof.held.group) == (50, Role.CASE_GIVER, "North")
    assert number(meeting, meeting.pete) == petes
    assert answer(meeting, petes).startswith("Genuine")


@pytest.mark.promise("attendance-list")
def test_whoever_leads_no_more_confirms_nothing(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lead is handed over after the page asked who leads and before the confirmation is written."""
    really = actions.confirm

    def late(*told: object) -> None:
        with db.writing() as session:
            session.get_one(models.Seat, meeting.mo.seat_id).left_at = now()
        really(*told)  # type: ignore[arg-type]  # what the page says

    assert minutes(meeting, meeting.ada) is None
    with monkeypatch.context() as patched:
        patched.setattr(attendance, "confirm", late)
        assert confirm(meeting).status_code == 404
    with meeting.app.app_context(), db.writing() as session:
        assert actions.standing(meeting.id, meeting.ada.seat_id).held is None
        session.get_one(models.Seat, meeting.mo.seat_id).left_at = None
    assert confirm(meeting).status_code == 302
    assert minutes(meeting, meeting.ada) is not None


def test_whoever_led_before_and_has_the_name_of_whoever_leads_now_is_somebody_else(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.start()
    with cast.app.app_context():
        token = doors.offer_handover(meeting.id, meeting.mo.seat_id).token
        lead = doors.take_over(meeting.id, token, "Mo", "en", meeting.pete.seat_id)
    meeting.people["Mo"] = Person("Mo", lead.seat_id, lead.token, "console")
    with cast.app.app_context(), db.writing() as session:
        session.get_one(models.Seat, meeting.pete.seat_id).name = "Mo"
    with cast.app.app_context(), db.reading() as session:
        counted = count(session, session.get_one(models.Meeting, meeting.id), now())
    assert [person.name for person in counted.people].count("Mo") == 2, "one at the table, and the one who led before"
