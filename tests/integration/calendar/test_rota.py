"""Who does what in the meetings of a group: divided at once, given back, and what the turn to moderate opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator.calendar.actions import follow_plan
from facilitator.calendar.links import token_of
from facilitator.calendar.members import follow_members
from facilitator.calendar.models import Guest
from facilitator.core.clock import clock
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.meetings.actions.people import join, moderator_seat
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.meetings.models import Round, Seat, TurnRow
from facilitator.meetings.rules import moderators
from facilitator.meetings.turns import CASE_GIVER, MODERATOR, ROLES, TIMEKEEPER, happened, is_next_giver, turns_of
from facilitator.methods.vocabulary import Clients
from facilitator.proof.counting import count
from tests.accounts_cast import make_administrator, make_member, make_moderator, make_outsider, post
from tests.cast import Meeting, Person
from tests.contract.everybody import signed_in
from tests.integration.calendar.conftest import North
from tests.pages import read

pytestmark = pytest.mark.either
DIVIDE = "/groups/{}/rota/divide"
Sent = dict[str, str]


@pytest.fixture
def year(north: North) -> North:
    """Three meetings of Mo's group, in which Mo is a member as well."""
    north.comes_in(north.mo)
    north.plans()
    return north


def page(north: North, name: str = "Mo") -> str:
    return " ".join(read(north.browsers[name].get(f"/groups/{north.id}/rota").text).text.split())


def form(north: North) -> Sent:
    """What the page on which turns are divided would send as it stands."""
    found = read(north.browsers["Mo"].get(DIVIDE.format(north.id)).text)
    sent = {one["name"]: one["value"] for one in found.all("input") if one.get("name").startswith("was:")}
    for one in found.all("select"):
        chosen = [option for option in one.all("option") if "selected" in option.attributes]
        sent[one["name"]] = chosen[0]["value"] if chosen else ""
    return sent


def divide(north: North, **changed: str) -> int:
    return post(north.browsers["Mo"], DIVIDE.format(north.id), **{**form(north), **changed}).status_code


def key(north: North, number: int, role: str) -> str:
    return f"{north.appointments[number].meeting_id}:{role}"


def chosen(north: North, number: int, role: str, user_id: str) -> dict[str, str]:
    return {f"turn:{key(north, number, role)}": user_id}


def held(north: North, number: int, role: str = MODERATOR) -> str:
    """By name, whose turn it is; empty where it is open."""
    with north.app.app_context():
        found = turns_of(north.appointments[number].meeting_id or "")
        return next(turn.name for turn in found if turn.role == role)


def console(north: North, number: int) -> str:
    return f"/meetings/{north.appointments[number].meeting_id}/console"


def moderates(north: North, number: int, user_id: str) -> None:
    """Mo gives somebody the turn to moderate a meeting, and changes nothing else."""
    as_it_is = {f"turn:{name.removeprefix('was:')}": value for name, value in form(north).items() if name[0] == "w"}
    assert divide(north, **{**as_it_is, **chosen(north, number, MODERATOR, user_id)}) == 302


def test_a_whole_series_is_divided_in_one_go_and_says_why(year: North) -> None:
    assert "open" in page(year)
    proposed = form(year)
    assert all(value for name, value in proposed.items() if name.startswith("turn:")), "everything is proposed"
    assert held(year, 0) == "", "nothing is kept before somebody takes it over"
    assert divide(year) == 302
    assert {held(year, number) for number in range(3)} == {"Mo", "Pete", "Ada"}
    for number in range(3):
        assert held(year, number, CASE_GIVER) not in ("", held(year, number))
    for name in ("Mo", "Pete"):
        assert "Ada has not moderated yet." in page(year, name)
        assert "Pete has not brought a case yet." in page(year, name)


def test_what_somebody_chooses_by_hand_is_kept_unless_it_cannot_be(year: North) -> None:
    assert divide(year, **chosen(year, 1, TIMEKEEPER, year.ada.id)) == 302
    assert held(year, 1, TIMEKEEPER) == "Ada"
    both = {**chosen(year, 0, MODERATOR, year.ada.id), **chosen(year, 0, CASE_GIVER, year.ada.id)}
    answer = post(year.browsers["Mo"], DIVIDE.format(year.id), **{**form(year), **both})
    assert answer.status_code == 422
    assert "Ada cannot moderate the meeting in which they bring the case." in answer.text
    still = read(answer.text).one("select", name=f"turn:{key(year, 0, CASE_GIVER)}")
    assert [one.text for one in still.all("option") if "selected" in one.attributes] == ["Ada"], (
        "what was chosen stands"
    )
    assert "Ada" not in (held(year, 0), held(year, 0, CASE_GIVER)) or held(year, 0) != held(year, 0, CASE_GIVER)
    outsider = make_outsider(year.app)
    assert divide(year, **chosen(year, 0, MODERATOR, outsider.id)) == 422
    assert divide(year, **{f"turn:{key(year, 0, 'king')}": year.ada.id}) == 409


def test_a_turn_that_changed_meanwhile_is_not_overwritten(year: North) -> None:
    moderates(year, 0, year.ada.id)
    old = form(year)
    moderates(year, 0, year.pete.id)
    late = post(year.browsers["Mo"], DIVIDE.format(year.id), **{**old, **chosen(year, 0, MODERATOR, year.mo.id)})
    assert late.status_code == 409
    assert "Somebody changed a turn meanwhile." in late.text
    assert held(year, 0) == "Pete"
    assert post(year.browsers["Mo"], DIVIDE.format(year.id), **old).status_code == 302, (
        "who changes nothing overwrites nothing"
    )
    assert held(year, 0) == "Pete"


def test_whoever_declines_or_leaves_has_no_turn_and_somebody_else_is_proposed(year: North) -> None:
    divide(year)
    number = next(n for n in range(3) if held(year, n) == "Pete")
    post(year.browsers["Pete"], f"/meetings/{year.appointments[number].meeting_id}/when/answer", says="no")
    assert held(year, number) == ""
    assert "Some turns are open." in page(year)
    assert divide(year) == 302
    assert held(year, number) in ("Mo", "Ada")
    number = next(n for n in range(3) if held(year, n, TIMEKEEPER) == "Ada")
    year.leaves(year.ada)
    assert held(year, number, TIMEKEEPER) == "", "at once"
    assert "Ada" not in page(year)
    year.mails_go_out()
    with year.app.app_context():
        assert year.ada.id not in db.session.scalars(select(TurnRow.user_id)).all()


@pytest.mark.promise("turns")
def test_who_says_what_they_cannot_do_is_left_out_of_it(year: North) -> None:
    divide(year)
    assert "Ada" in {held(year, number) for number in range(3)}
    assert post(year.browsers["Ada"], f"/groups/{year.id}/rota/spared", role=MODERATOR).status_code == 302
    assert "Ada" not in {held(year, number) for number in range(3)}
    assert divide(year) == 302
    assert {held(year, number) for number in range(3)} == {"Mo", "Pete"}
    assert divide(year, **chosen(year, 0, MODERATOR, year.ada.id)) == 422


def test_whoever_moderates_by_turn_gets_the_console_of_that_meeting_and_nothing_of_others(year: North) -> None:
    pete, ada = year.browsers["Pete"], year.browsers["Ada"]
    assert pete.get(console(year, 0)).status_code == 404
    moderates(year, 0, year.pete.id)
    moderates(year, 1, year.mo.id)
    at = f"/meetings/{year.appointments[0].meeting_id}"
    assert "You moderate this meeting." in pete.get(f"{at}/when").text
    assert "To your console" in pete.get(f"{at}/when").text
    assert "To your console" not in ada.get(f"{at}/when").text
    assert post(pete, f"{at}/open").location == console(year, 0)
    assert pete.get(console(year, 0)).status_code == 200
    for number in (1, 2):
        assert pete.get(console(year, number)).status_code == 404
    assert ada.get(console(year, 0)).status_code == 404
    for path in (f"{at}/plan", "/meetings", f"/groups/{year.id}/rota/divide", f"/groups/{year.id}/year/new"):
        assert pete.get(path).status_code == 403, path
    for path in (f"{at}/delete", f"{at}/when/cancel", f"/groups/{year.id}/members", f"/groups/{year.id}/name"):
        assert post(pete, path, name="Mine", addresses="x@example.org").status_code == 403, path
    assert pete.get(f"{at}/report.md").status_code == 200, "the draft is for whoever leads"
    assert ada.get(f"{at}/report.md").status_code == 404


def test_handing_the_turn_away_takes_the_console_back(year: North) -> None:
    moderates(year, 0, year.pete.id)
    pete = year.browsers["Pete"]
    assert pete.get(console(year, 0), follow_redirects=True).status_code == 200, "before it opens, too"
    moderates(year, 0, year.ada.id)
    assert pete.get(console(year, 0)).status_code == 404
    assert pete.get(f"/meetings/{year.appointments[0].meeting_id}/screen").status_code == 404
    assert post(pete, f"/meetings/{year.appointments[0].meeting_id}/open").status_code == 404
    assert year.browsers["Ada"].get(console(year, 0), follow_redirects=True).status_code == 200


def test_once_the_group_is_at_work_a_turn_opens_nothing_to_whoever_does_not_lead(year: North) -> None:
    moderates(year, 0, year.pete.id)
    begins(year, 0)
    pete = year.browsers["Pete"]
    assert pete.get(console(year, 0)).status_code == 404
    assert post(pete, f"/meetings/{year.appointments[0].meeting_id}/takeback").status_code == 404
    assert pete.get(f"/meetings/{year.appointments[0].meeting_id}/presence").status_code == 404


def test_nobody_leads_beside_another(year: North) -> None:
    moderates(year, 0, year.pete.id)
    meeting = Meeting(year.app, year.appointments[0].meeting_id or "")
    mo, pete = year.browsers["Mo"], year.browsers["Pete"]
    assert pete.get(console(year, 0), follow_redirects=True).status_code == 200
    answer = post(mo, f"/meetings/{meeting.id}/open")
    assert answer.status_code == 403
    assert "Somebody else leads this meeting" in answer.text
    assert len(leading(meeting)) == 1
    assert post(mo, f"/meetings/{meeting.id}/takeback").status_code == 302, "on purpose, it can be taken"
    assert "Somebody else leads this meeting" in post(pete, f"/meetings/{meeting.id}/open").text
    assert leading(meeting) == ["Mo"]
    with year.app.app_context(), pytest.raises(Refused, match="not_moderator"):
        moderator_seat(meeting.id, "Ada", "en", year.ada.id)  # whose turn went between the question and the answer


def test_whoever_leaves_the_group_while_the_lobby_is_open_leads_no_longer(year: North) -> None:
    moderates(year, 0, year.pete.id)
    meeting, pete = Meeting(year.app, year.appointments[0].meeting_id or ""), year.browsers["Pete"]
    assert post(pete, f"/meetings/{meeting.id}/open").status_code == 302
    assert leading(meeting) == ["Pete"]
    known = meeting.snapshot.revision
    year.leaves(year.pete)
    year.mails_go_out()
    assert leading(meeting) == []
    assert pete.get(console(year, 0)).status_code == 404
    assert meeting.snapshot.revision > known, "screens follow"
    assert post(year.browsers["Mo"], f"/meetings/{meeting.id}/open").location == console(year, 0)
    assert year.browsers["Mo"].get(console(year, 0), follow_redirects=True).status_code == 200


def test_whoever_leaves_has_no_turn_also_while_the_clock_is_in_doubt(year: North) -> None:
    moderates(year, 0, year.pete.id)
    assert year.browsers["Pete"].get(console(year, 0), follow_redirects=True).status_code == 200
    with year.app.app_context():
        clock().check(now())
    year.leaves(year.pete)
    assert year.mails_go_out(later=timedelta(days=30)) == 0
    assert year.browsers["Pete"].get(console(year, 0)).status_code == 404


def test_nobody_who_writes_waits_where_nobody_left(year: North) -> None:
    divide(year)
    year.mails_go_out()
    with year.app.app_context():
        written = db.bound.written
        follow_members(now())
        assert db.bound.written == written


@pytest.mark.parametrize("what", ["no time", "no group", "another group"])
def test_a_turn_goes_with_the_place_in_the_calendar(year: North, what: str) -> None:
    moderates(year, 0, year.pete.id)
    with year.app.app_context(), db.writing() as session:
        row = session.get_one(MeetingRow, year.appointments[0].meeting_id)
        other = Group(organisation_id=row.organisation_id, name="South", created_by=year.mo.id, created_at=now())
        session.add(other)
        session.flush()
        row.planned_for = None if what == "no time" else row.planned_for
        row.group_id = {"no time": row.group_id, "no group": None, "another group": other.id}[what]
        follow_plan(session, row, 0)
    with year.app.app_context():
        row = db.session.get_one(MeetingRow, row.id)
        assert (row.planned_for is None) == (what == "no time"), "what changed stands"
        assert db.session.scalars(select(TurnRow.role).where(TurnRow.meeting_id == row.id)).all() == []


def leading(meeting: Meeting) -> list[str]:
    return [seat.name for seat in moderators(meeting.snapshot)]


def test_whose_lead_was_taken_back_before_the_start_led_nothing(year: North) -> None:
    moderates(year, 0, year.pete.id)
    at, pete = f"/meetings/{year.appointments[0].meeting_id}", year.browsers["Pete"]
    assert post(pete, f"{at}/open").status_code == 302
    assert post(year.browsers["Mo"], f"{at}/takeback").status_code == 302
    assert pete.get(f"{at}/report.md").status_code == 200, "before the start it is still their turn"
    starts(year, 0)
    assert [pete.get(f"{at}/{page}").status_code for page in ("console", "presence", "report.md")] == [404] * 3
    assert post(pete, f"{at}/takeback").status_code == 404
    assert year.browsers["Mo"].get(f"{at}/presence").status_code == 200


def test_whoever_led_from_the_start_still_keeps_the_attendance_after_the_lead_was_taken(year: North) -> None:
    moderates(year, 0, year.pete.id)
    at, pete = f"/meetings/{year.appointments[0].meeting_id}", year.browsers["Pete"]
    assert post(pete, f"{at}/open").status_code == 302
    starts(year, 0)
    assert post(year.browsers["Mo"], f"{at}/takeback").status_code == 302
    assert pete.get(f"{at}/presence").status_code == 200


def test_who_lost_the_turn_before_the_start_has_no_part_in_the_proof(year: North) -> None:
    moderates(year, 0, year.pete.id)
    meeting_id, pete = year.appointments[0].meeting_id or "", year.browsers["Pete"]
    assert pete.get(console(year, 0), follow_redirects=True).status_code == 200
    moderates(year, 0, year.ada.id)
    assert post(year.browsers["Ada"], f"/meetings/{meeting_id}/open").status_code == 302
    starts(year, 0)
    statuses = [year.browsers[name].get(f"/meetings/{meeting_id}/proof").status_code for name in ("Pete", "Ada")]
    assert statuses == [404, 200]
    with year.app.app_context():
        counted = count(db.session(), db.session.get_one(MeetingRow, meeting_id), now())
        assert {one.user_id for one in counted.people if one.user_id} == {year.ada.id}


def starts(north: North, number: int) -> None:
    """Whoever leads starts a meeting, with people at the table."""
    meeting_id = north.appointments[number].meeting_id or ""
    with north.app.app_context():
        for name in ("Bob", "Cleo", "Dan"):
            join(meeting_id, name, "en", True)
    meeting = Meeting(north.app, meeting_id)
    (lead,) = moderators(meeting.snapshot)
    meeting.steer("start", by=Person(lead.name, lead.id))


def test_where_everybody_is_client_in_turn_it_is_nobody_s_turn_to_give_the_case(year: North) -> None:
    """Also where the method was changed after the turns were given."""
    turns = {**chosen(year, 0, MODERATOR, year.pete.id), **chosen(year, 0, CASE_GIVER, year.ada.id)}
    assert divide(year, **turns) == 302
    meeting_id = year.appointments[0].meeting_id or ""
    with year.app.app_context():
        assert is_next_giver(db.session(), year.ada.id, meeting_id)
        with db.writing() as session:
            row = session.get_one(MeetingRow, meeting_id)
            row.method_head = {**(row.method_head or {}), "clients": Clients.EACH}
        db.session.expire_all()
        assert not is_next_giver(db.session(), year.ada.id, meeting_id)


def begins(north: North, number: int) -> None:
    """Mo starts a meeting although it is somebody else's turn."""
    post(north.browsers["Mo"], f"/meetings/{north.appointments[number].meeting_id}/open")
    with north.app.app_context(), db.writing() as session:
        session.get_one(MeetingRow, north.appointments[number].meeting_id).status = "running"


@pytest.mark.promise("turns")
@pytest.mark.parametrize("names", ["names", "pseudonyms"])
def test_what_happened_counts_and_under_pseudonyms_only_what_was_planned(year: North, names: str) -> None:
    moderates(year, 0, year.pete.id)
    meeting_id = year.appointments[0].meeting_id or ""
    post(year.browsers["Mo"], f"/meetings/{meeting_id}/open")
    with year.app.app_context():
        seat = join(meeting_id, "Ada", "en", True, user=year.ada)
        with db.writing() as session:
            meeting = session.get_one(MeetingRow, meeting_id)
            meeting.status, meeting.names, meeting.started_at = "ended", names, now() - timedelta(hours=1)
            told = session.scalars(select(Round).where(Round.meeting_id == meeting_id)).first()
            assert told is not None
            told.case_giver_id, told.is_told = seat.seat_id, True
            session.get_one(Seat, seat.seat_id).role = TIMEKEEPER
        found = {(had.role, had.user_id) for had in happened(year.id)}
    seen = {(MODERATOR, year.mo.id), (CASE_GIVER, year.ada.id), (TIMEKEEPER, year.ada.id)}
    planned = {(role, user_id) for role, user_id in found if role == MODERATOR}
    assert found == seen if names == "names" else planned == {(MODERATOR, year.pete.id)}


@pytest.mark.promise("turns")
def test_only_the_group_and_whoever_leads_sees_the_turns(year: North) -> None:
    divide(year)
    rota = f"/groups/{year.id}/rota"
    assert "has not moderated yet" in page(year, "Ada")
    boss = signed_in(year.app, make_administrator(year.app, "Boss"))
    assert "has not moderated yet" not in boss.get(rota).text
    assert boss.get(f"{rota}/divide").status_code == 404
    for user in (make_moderator(year.app, "Bob"), make_member(year.app, "Cleo"), make_outsider(year.app)):
        assert signed_in(year.app, user).get(rota).status_code == 404
        assert post(signed_in(year.app, user), f"{rota}/spared", role=MODERATOR).status_code == 404
    assert [year.browsers[name].get(f"{rota}/divide").status_code for name in ("Ada", "Pete")] == [403, 403]


def test_whoever_plans_divides_their_own_meetings_and_no_others(year: North) -> None:
    """Else a moderator in the group would give themselves the console of somebody else's meeting."""
    cleo = make_moderator(year.app, "Cleo")
    year.comes_in(cleo)
    browser: FlaskClient = signed_in(year.app, cleo)
    assert browser.get(DIVIDE.format(year.id)).status_code == 404
    sent = {f"was:{key(year, 0, MODERATOR)}": "", **chosen(year, 0, MODERATOR, cleo.id)}
    assert post(browser, DIVIDE.format(year.id), **sent).status_code == 404
    assert held(year, 0) == ""


@pytest.mark.promise("turns")
def test_the_link_in_an_invitation_says_one_s_own_turn_and_nothing_of_others(year: North) -> None:
    moderates(year, 0, year.pete.id)
    year.mails_go_out()
    with year.app.app_context():
        guests = db.session.scalars(select(Guest).where(Guest.appointment_id == year.appointments[0].id)).all()
        links = {guest.user_id: f"/comes/{token_of(guest.id)}" for guest in guests}
    stranger = year.app.test_client()
    stranger.set_cookie("lang", "en")
    assert "You moderate this meeting." in stranger.get(links[year.pete.id]).text
    assert "moderate" not in stranger.get(links[year.ada.id]).text
    assert "Pete" not in stranger.get(links[year.ada.id]).text


def test_roles_are_in_one_order_everywhere(year: North) -> None:
    with year.app.app_context():
        assert tuple(turn.role for turn in turns_of(year.appointments[0].meeting_id or "")) == ROLES


def test_a_presenter_is_named_by_the_plan_and_is_it_by_their_own_account(north: North) -> None:
    """Of a method in which the group chooses a case the plan decides nothing, and neither does it under pseudonyms."""
    north.plans(method="presentation", weeks="12")
    told = " ".join(read(north.browsers["Mo"].get(DIVIDE.format(north.id)).text).text.split())
    assert "Presenter" in told
    assert "Case giver" not in told
    assert divide(north, **chosen(north, 0, CASE_GIVER, north.pete.id)) == 302
    meeting_id = north.appointments[0].meeting_id or ""
    hers, his = (north.browsers[name].get(f"/meetings/{meeting_id}/when").text for name in ("Ada", "Pete"))
    assert "You are the presenter of this meeting." in his
    assert "You are the presenter of this meeting." not in hers
    post(north.browsers["Mo"], f"/meetings/{meeting_id}/open")
    with north.app.app_context():
        join(meeting_id, "Pete", "en", True)
        join(meeting_id, "Ada", "en", True, user=north.ada)
        assert giver(meeting_id) is None, "a name proves nothing, and it is not her turn"
        seat = join(meeting_id, "Pete van Dam", "en", True, user=north.pete)
        assert giver(meeting_id) == seat.seat_id


@pytest.mark.parametrize(("method", "names"), [("basis", "names"), ("presentation", "pseudonyms")])
def test_the_plan_names_nobody_where_the_group_chooses_or_a_pseudonym_would_be_told(
    north: North, method: str, names: str
) -> None:
    north.plans(method=method, weeks="12")
    assert divide(north, **chosen(north, 0, CASE_GIVER, north.pete.id)) == 302
    meeting_id = north.appointments[0].meeting_id or ""
    with north.app.app_context(), db.writing() as session:
        session.get_one(MeetingRow, meeting_id).names = names
    post(north.browsers["Mo"], f"/meetings/{meeting_id}/open")
    with north.app.app_context():
        join(meeting_id, "Pete", "en", True, user=north.pete)
        assert giver(meeting_id) is None


def giver(meeting_id: str) -> str | None:
    """Whose case it is."""
    db.session.expire_all()
    return db.session.scalars(select(Round.case_giver_id).where(Round.meeting_id == meeting_id)).one()
