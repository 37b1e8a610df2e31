"""A case that a member offers before the meeting: theirs alone until the group chooses, and then once in that meeting or still theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from facilitator.meetings.actions import accounts, doors, people, writing
from facilitator.meetings.models import Contribution, OfferedCase
from facilitator.meetings.seats import Holding
from facilitator.retention.erasing import forget_appointments
from facilitator.retention.strays import OWNERS
from tests.accounts_cast import post
from tests.cast import Meeting, Person
from tests.contract.everybody import signed_in
from tests.integration.calendar.conftest import North
from tests.integration.calendar.test_who_comes import link_for
from tests.pages import named, read

pytestmark = pytest.mark.either
TITLE, QUESTION = "A starter who says nothing", "How can I let her speak?"
SECOND = "A plan that nobody reads"


@pytest.fixture
def where(north: North) -> str:
    """The address of the one meeting that is planned."""
    north.plans(until="2031-03-05")
    return f"/meetings/{north.appointments[0].meeting_id}"


def offers(client: FlaskClient, where: str, tells: str = "", title: str = TITLE, question: str = QUESTION) -> int:
    sent = post(client, f"{where}/when/case", title=title, question=question, urgency="soon", tells=tells)
    return sent.status_code


def page(client: FlaskClient, where: str) -> str:
    answer = client.get(f"{where}/when")
    assert answer.status_code == 200
    return read(answer.text).text


def opened(north: North, where: str, *who: User) -> Meeting:
    """The meeting with its doors open, and these people in it by one tap, each with the device they have."""
    assert post(north.browsers["Mo"], f"{where}/open").status_code == 302
    meeting = Meeting(north.app, where.rpartition("/")[2])
    with north.app.app_context():
        _sit(meeting, "Mo", people.moderator_seat(meeting.id, "Mo", "en", north.mo.id), "console")
        _sit(meeting, "Wall", doors.wall_seat(meeting.id, "en"), "wall")
    for user in who:
        comes_in(north, meeting, user)
    return meeting


def _sit(meeting: Meeting, name: str, held: Holding, view: str) -> None:
    meeting.people[name] = Person(name, held.seat_id, held.token, view)


def comes_in(north: North, meeting: Meeting, user: User) -> None:
    assert post(north.browsers[user.name], f"/meetings/{meeting.id}/when/seat").status_code == 302
    seat = next(seat for seat in meeting.snapshot.seats if seat.name == user.name)
    meeting.people[user.name] = Person(user.name, seat.id)


def says_who_they_are(north: North, meeting: Meeting, person: Person, user: User) -> None:
    with north.app.app_context():
        accounts.connect(meeting.id, person.seat_id, user)


def meeting_in_may(north: North) -> str:
    """One more that is planned; gives its id."""
    north.plans(op="later", first="2031-05-06", until="2031-05-06")
    return str(next(one for one in north.appointments if one.begins.month == 5).meeting_id)


def cases(meeting: Meeting) -> list[tuple[str, str]]:
    """Whose cases there are among the meeting's texts, and what they are called."""
    snapshot = meeting.snapshot
    return sorted((snapshot.name(item.seat_id), item.text("title")) for item in snapshot.items)


def rows(north: North) -> list[OfferedCase]:
    with north.app.app_context():
        db.session.expire_all()
        return list(db.session.scalars(select(OfferedCase)))


@pytest.mark.promise("offered-case")
def test_a_case_is_its_owner_s_alone_until_the_group_chooses_and_then_on_their_phone(north: North, where: str) -> None:
    pete, ada, mo = (north.browsers[name] for name in ("Pete", "Ada", "Mo"))
    assert offers(pete, where) == 302
    assert TITLE in page(pete, where)
    for other in (ada, mo):
        assert TITLE not in page(other, where)
        assert "Cases that people told you of" not in page(other, where)
    meeting = opened(north, where, north.ada)
    comes_in(north, meeting, north.pete)
    assert cases(meeting) == [], "it is in no table of the meeting yet"
    meeting.advance_to("pick")
    assert cases(meeting) == [("Pete", TITLE)]
    assert rows(north) == [], "it is there once"
    assert TITLE in meeting.screen(meeting.pete)
    for name in ("Ada", "Mo", "Wall"):
        assert TITLE not in meeting.screen(meeting[name])
    (item,) = meeting.snapshot.items
    meeting.write(meeting.pete, "case", item=item.id, title=SECOND, question="")
    assert cases(meeting) == [("Pete", SECOND)], "he changed it there"
    meeting.reveal()
    assert SECOND in meeting.screen(meeting.ada)


@pytest.mark.promise("offered-case")
def test_it_comes_in_once_also_from_a_second_device_and_when_its_owner_comes_late(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    meeting = opened(north, where, north.ada)
    meeting.advance_to("pick")
    assert cases(meeting) == []
    comes_in(north, meeting, north.pete)
    assert cases(meeting) == [], "nobody let him in yet"
    meeting.admit(meeting.pete)
    assert cases(meeting) == [("Pete", TITLE)]
    post(signed_in(north.app, north.pete), f"{where}/when/seat")
    meeting.leave(meeting.pete)
    meeting.come_back(meeting.pete, by=meeting.mo)
    meeting.next()
    meeting.back()
    assert meeting.step.kind == "pick"
    assert cases(meeting) == [("Pete", TITLE)]


@pytest.mark.promise("offered-case")
def test_whose_seat_turns_out_to_be_theirs_while_the_group_chooses_finds_it_there(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    meeting = opened(north, where, north.ada)
    meeting.join("Petra")
    meeting.advance_to("pick")
    assert cases(meeting) == []
    says_who_they_are(north, meeting, meeting["Petra"], north.pete)
    assert cases(meeting) == [("Petra", TITLE)]


@pytest.mark.promise("offered-case")
def test_on_the_phone_it_is_taken_back_until_the_group_sees_it(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    meeting = opened(north, where, north.pete, north.ada)
    meeting.advance_to("pick")
    (item,) = meeting.snapshot.items
    assert "Take my case back" in meeting.screen(meeting.pete)
    with pytest.raises(Refused, match="not_yours"):
        meeting.act(writing.withdraw, meeting.ada.seat_id, item.id)
    meeting.act(writing.withdraw, meeting.pete.seat_id, item.id)
    assert cases(meeting) == []
    assert TITLE not in meeting.screen(meeting.pete)
    meeting.write(meeting.pete, "case", title=SECOND)
    meeting.reveal()
    (item,) = meeting.snapshot.items
    with pytest.raises(Refused, match="revealed_already"):
        meeting.act(writing.withdraw, meeting.pete.seat_id, item.id)
    assert "Take my case back" not in meeting.screen(meeting.pete)


def test_who_wrote_another_one_there_already_keeps_what_they_offered(north: North, where: str) -> None:
    meeting = opened(north, where, north.ada)
    meeting.join("Petra")
    offers(north.browsers["Pete"], where)
    meeting.advance_to("pick")
    meeting.write(meeting["Petra"], "case", title=SECOND)
    says_who_they_are(north, meeting, meeting["Petra"], north.pete)
    assert cases(meeting) == [("Petra", SECOND)]
    assert len(rows(north)) == 1


@pytest.mark.promise("offered-case-told")
def test_whoever_leads_is_told_as_much_as_somebody_wants(north: North, where: str) -> None:
    pete, ada, mo = (north.browsers[name] for name in ("Pete", "Ada", "Mo"))
    offers(pete, where, tells="that")
    assert "Cases that people told you of Pete offers a case" in page(mo, where)
    assert TITLE not in page(mo, where)
    offers(pete, where, tells="words")
    assert f"Pete : {TITLE} – {QUESTION}" in page(mo, where)
    assert TITLE not in page(ada, where)
    meeting = opened(north, where, north.ada)
    assert TITLE in meeting.screen(meeting.mo)
    for name in ("Ada", "Wall"):
        assert TITLE not in meeting.screen(meeting[name])
    offers(pete, where)
    assert "Cases that people told you of" not in page(mo, where)
    assert "Cases that people told you of" not in meeting.screen(meeting.mo)
    assert len(rows(north)) == 1


@pytest.mark.promise("offered-case-told")
def test_whoever_leaves_the_group_takes_along_what_they_told(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where, tells="words")
    meeting = opened(north, where)
    assert TITLE in meeting.screen(meeting.mo)
    north.leaves(north.pete)
    assert TITLE not in page(north.browsers["Mo"], where)
    assert TITLE not in meeting.screen(meeting.mo)


@pytest.mark.promise("offered-case-told")
def test_under_pseudonyms_nobody_is_told(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where, tells="words")
    assert TITLE in page(north.browsers["Mo"], where)
    with north.app.app_context(), db.writing() as session:
        session.get_one(models.Meeting, where.rpartition("/")[2]).names = "pseudonyms"
    assert TITLE not in page(north.browsers["Mo"], where)
    meeting = opened(north, where)
    assert TITLE not in meeting.screen(meeting.mo)
    assert "Nobody knows that you offer it" in page(north.browsers["Pete"], where)


@pytest.mark.promise("offered-case")
def test_who_does_not_come_offers_it_for_the_next_meeting_with_one_tap(north: North, where: str) -> None:
    pete = north.browsers["Pete"]
    offers(pete, where, tells="words")
    meeting = opened(north, where, north.ada)
    meeting.advance_to("story")
    meeting.end()
    assert cases(meeting) == []
    later = meeting_in_may(north)
    form = named(read(pete.get(f"/meetings/{later}/when").text), "Offer it for this meeting")
    assert len(form) == 1
    assert TITLE not in page(north.browsers["Mo"], f"/meetings/{later}")
    (row,) = rows(north)
    assert post(pete, f"/meetings/{later}/when/case", do="again", case=row.id).status_code == 302
    assert "Change your case" in page(pete, f"/meetings/{later}")
    assert TITLE not in page(north.browsers["Mo"], f"/meetings/{later}"), "what was told was for the other meeting"
    assert post(pete, f"/meetings/{later}/when/case", do="again", case=row.id).status_code == 409
    assert post(north.browsers["Ada"], f"/meetings/{later}/when/case", do="again", case=row.id).status_code == 409


@pytest.mark.promise("offered-case")
def test_it_is_taken_back_for_good_by_its_owner_and_nobody_else(north: North, where: str) -> None:
    pete, ada = north.browsers["Pete"], north.browsers["Ada"]
    offers(pete, where)
    (row,) = rows(north)
    post(ada, f"{where}/when/case", do="withdraw", case=row.id)
    assert len(rows(north)) == 1
    assert post(pete, f"{where}/when/case", do="withdraw", case=row.id).status_code == 302
    assert rows(north) == []
    with north.app.app_context():
        assert sealing.keyring().is_destroyed(row.id)


def test_a_cancelled_meeting_leaves_it_with_its_owner_and_a_changed_plan_where_it_is(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    north.changes(0, place="Room 3")
    assert TITLE in page(north.browsers["Pete"], where)
    north.cancels(0)
    later = meeting_in_may(north)
    assert "You offered this before" in page(north.browsers["Pete"], f"/meetings/{later}")


@pytest.mark.promise("offered-case-goes")
def test_what_is_left_over_goes_as_long_after_its_meeting_as_what_was_written_there(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    (row,) = rows(north)
    with north.app.app_context():
        assert OfferedCase.id in OWNERS
        forget_appointments(now())
        assert len(rows(north)) == 1
        with db.writing() as session:
            found = session.get_one(OfferedCase, row.id)
            found.day, found.meeting_id = (now() - timedelta(days=59)).date(), None
        forget_appointments(now())
        assert len(rows(north)) == 1
        assert forget_appointments(now() + timedelta(days=2)) == 1
        assert sealing.keyring().is_destroyed(row.id)
    assert rows(north) == []


@pytest.mark.promise("own-data")
def test_it_is_in_its_owner_s_own_data_and_in_nobody_else_s(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    found = north.browsers["Pete"].get("/account/data.json").get_json()
    assert found["offered_cases"] == [
        {
            "for_meeting_on": "2031-03-04",
            "tells_whoever_leads": "",
            "title": TITLE,
            "question": QUESTION,
            "how_soon": "soon",
        }
    ]
    assert TITLE not in north.browsers["Ada"].get("/account/data.json").text


def test_what_is_wrong_is_said_and_loses_nothing_and_not_once_the_meeting_has_begun(north: North, where: str) -> None:
    pete = north.browsers["Pete"]
    assert offers(north.browsers["Mo"], where) == 404, "whoever only leads has none to offer"
    wrong = post(pete, f"{where}/when/case", title=" ", question=QUESTION, urgency="soon", tells="")
    assert wrong.status_code == 422
    assert "Give your case a title." in wrong.text
    assert QUESTION in wrong.text
    north.comes_in(north.mo)
    offers(north.browsers["Mo"], where)
    assert f'value="{TITLE}"' in north.changes(0, day="").text, "another form of the page keeps what is offered"
    again = post(north.browsers["Mo"], f"{where}/when/case", title="", tells="")
    assert 'value="2031-03-04"' in again.text, "and this one what stands in that"
    assert offers(pete, where, title="t" * 121) == 422
    assert offers(pete, where, tells="everybody") == 422
    assert len(rows(north)) == 1
    meeting = opened(north, where, north.pete, north.ada)
    assert offers(pete, where) == 302, "the doors are open, the meeting has not begun"
    meeting.start()
    assert offers(pete, where, title=SECOND) == 404


def test_the_words_are_sealed(north: North, where: str) -> None:
    offers(north.browsers["Pete"], where)
    (row,) = rows(north)
    assert b"starter" not in row.body
    with north.app.app_context():
        assert db.session.scalars(select(Contribution)).all() == []


def test_from_the_link_in_the_invitation_a_page_leads_there(north: North, where: str) -> None:
    north.mails_go_out()
    seen = north.app.test_client().get(link_for(north, north.pete), headers={"Accept-Language": "en"})
    assert read(seen.text).has("a", href=f"{where}/when")


def test_where_nobody_chooses_it_stands_on_its_owner_s_page_also_in_the_meeting(north: North) -> None:
    north.plans(until="2031-03-05", method="five_step")
    where = f"/meetings/{north.appointments[0].meeting_id}"
    offers(north.browsers["Pete"], where)
    assert "In this method nobody chooses" in page(north.browsers["Pete"], where)
    meeting = opened(north, where, north.pete, north.ada)
    meeting.name_case_giver("Pete")
    meeting.start()
    assert TITLE in page(north.browsers["Pete"], where)
    assert "Change your case" not in page(north.browsers["Pete"], where)
    for name in ("Ada", "Mo", "Wall"):
        assert TITLE not in meeting.screen(meeting[name])
    meeting.end()
    assert len(rows(north)) == 1
