"""Whose case it is: whoever was chosen may rather not, whoever leads never gives one, and a room screen alone can go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from facilitator.accounts.models import User
from facilitator.core.refusals import Refused
from facilitator.meetings.actions import accounts, choosing_case, doors, people, table
from tests.accounts_cast import make_moderator, sign_in
from tests.cast import Cast, Meeting, Person, plausible

pytestmark = pytest.mark.either

LOCKED = "The stars are locked"
RATHER_NOT = "I would rather not be the case giver"


def refusal(act: Callable[[], object]) -> str:
    """The reason something is refused for."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def with_cases(cast: Cast, *names: str) -> Meeting:
    """A meeting that chose between cases, the first with most dots."""
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("pick")
    for name in names:
        meeting.write(meeting[name], "case", title=f"Case of {name}", question=f"How would {name} do it?")
    if names:
        meeting.reveal()
    items = {item.text("title"): item.id for item in meeting.items("case")}
    for dots, name in zip((("Ada", "Bob", "Cleo"), ("Ada", "Bob"), ("Cleo",)), names, strict=False):
        for voter in dots:
            meeting.mark(meeting[voter], items[f"Case of {name}"])
    meeting.next()
    return meeting


def giver(meeting: Meeting) -> str:
    """Who gives the case now."""
    return meeting.snapshot.name(meeting.snapshot.rounds[0].case_giver_id)


def decline(meeting: Meeting, person: Person) -> None:
    """Somebody would rather not."""
    meeting.act(choosing_case.decline, person.seat_id)


# -- Rather not -------------------------------------------------------------------------------------------------------


def test_whoever_would_rather_not_makes_room_for_the_next_case(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete")
    assert giver(meeting) == "Gia"
    assert RATHER_NOT in meeting.screen(meeting.gia)
    assert RATHER_NOT not in meeting.screen(meeting.pete)
    decline(meeting, meeting.gia)
    assert giver(meeting) == "Pete"
    assert meeting.snapshot.rounds[0].title == "Case of Pete"
    assert "How would Pete do it?" in meeting.screen(meeting.wall)
    assert RATHER_NOT in meeting.screen(meeting.pete)
    assert RATHER_NOT not in meeting.screen(meeting.gia)


def test_what_was_written_of_a_case_that_is_given_away_is_gone_but_for_its_owner_s_notes(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete")
    meeting.write(meeting.gia, "question", question="How do I keep Canarybird involved?", note="My Canarynote")
    assert "Canarybird" in meeting.screen(meeting.wall)
    decline(meeting, meeting.gia)
    assert not [name for name, screen in meeting.screens().items() if "Canarybird" in screen]
    assert "Canarybird" not in meeting.get(meeting.mo, "report").text


@pytest.mark.promise("rather-not")
def test_a_case_that_was_declined_is_not_taken_again_but_comes_along_next_time(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete")
    decline(meeting, meeting.gia)
    meeting.back()
    meeting.next()
    assert giver(meeting) == "Pete"
    following = cast.meeting(case_giver=None, continues=meeting)
    assert [item.text("title") for item in following.snapshot.items if item.brought_by] == ["Case of Gia"]


def test_rather_not_stays_said_whatever_else_somebody_says_or_sends_afterwards(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete")
    decline(meeting, meeting.gia)
    meeting.back()
    assert "You pass" not in meeting.screen(meeting.gia)
    for again in ("passes", "says", ""):
        meeting.instead(meeting.gia, "case", again)
        meeting.next()
        assert giver(meeting) == "Pete", again
        meeting.back()
    meeting.next()
    decline(meeting, meeting.pete)
    assert giver(meeting) == ""


def test_rather_not_holds_when_an_end_is_taken_back_and_in_a_second_case(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete", "Ada")
    decline(meeting, meeting.gia)
    meeting.end()
    meeting.steer("reopen")
    meeting.back()
    meeting.next()
    assert giver(meeting) == "Pete"
    meeting.advance_to("commit")
    meeting.steer("add_round")
    while meeting.step.round_id != meeting.snapshot.rounds[1].id:
        meeting.next()
    meeting.name_case_giver("Ada")
    decline(meeting, meeting.ada)
    assert meeting.snapshot.rounds[1].case_giver_id is None
    assert giver(meeting) == "Pete"


def test_rather_not_before_the_start_holds_when_the_group_chooses(cast: Cast) -> None:
    meeting = cast.meeting()
    decline(meeting, meeting.gia)
    meeting.advance_to("pick")
    meeting.write(meeting.gia, "case", title="Case of Gia", question="How?")
    meeting.next()
    assert giver(meeting) == ""


def test_rather_not_holds_for_whoever_comes_back_on_another_phone_to_a_case_they_brought_along(cast: Cast) -> None:
    earlier = with_cases(cast, "Pete", "Gia")
    meeting = cast.meeting(case_giver=None, continues=earlier)
    meeting.advance_to("pick")
    meeting.next()
    assert giver(meeting) == "Gia"
    decline(meeting, meeting.gia)
    meeting.leave(meeting.gia)
    meeting.admit(meeting.join("Gia", is_again=True))
    meeting.back()
    meeting.next()
    assert giver(meeting) == ""


def test_nobody_puts_back_what_somebody_took_with_them_who_would_rather_not(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete")
    meeting.write(meeting.gia, "question", question="How do I keep Canarybird involved?")
    [text] = meeting.items("question")
    decline(meeting, meeting.gia)
    assert refusal(lambda: meeting.handle(text.id, "restore")) == "no_such_item"
    assert not [name for name, screen in meeting.screens().items() if "Canarybird" in screen]


def test_where_no_case_is_left_the_moderator_names_somebody(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia")
    decline(meeting, meeting.gia)
    assert giver(meeting) == ""
    assert meeting.snapshot.rounds[0].question == ""
    assert "There is no case giver yet" in meeting.screen(meeting.wall)
    meeting.name_case_giver("Gia")
    assert giver(meeting) == "Gia", "somebody who is asked in person may change their mind"


def test_whoever_was_named_beforehand_may_decline_before_the_start_and_the_group_chooses(cast: Cast) -> None:
    meeting = cast.meeting()
    assert RATHER_NOT in meeting.screen(meeting.gia)
    decline(meeting, meeting.gia)
    meeting.start()
    assert meeting.step.key == "pick"


def test_nobody_gives_away_what_is_not_theirs_nor_after_the_story(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete")
    assert refusal(lambda: decline(meeting, meeting.pete)) == "not_yours"
    meeting.advance_to("clarify")
    assert RATHER_NOT not in meeting.screen(meeting.gia)
    assert refusal(lambda: decline(meeting, meeting.gia)) == "not_yours"


def test_in_a_second_round_the_case_of_the_first_is_not_taken_again(cast: Cast) -> None:
    meeting = with_cases(cast, "Gia", "Pete", "Ada")
    meeting.advance_to("commit")
    meeting.steer("add_round")
    while meeting.step.round_id != meeting.snapshot.rounds[1].id:
        meeting.next()
    meeting.name_case_giver("Pete")
    decline(meeting, meeting.pete)
    second = meeting.snapshot.rounds[1]
    assert meeting.snapshot.name(second.case_giver_id) == "Ada"
    assert giver(meeting) == "Gia"


# -- The stars wait ---------------------------------------------------------------------------------------------------


def test_while_advice_is_given_its_owner_to_be_sees_that_the_stars_are_locked(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.play_to("advise", plausible)
    assert LOCKED in meeting.screen(meeting.gia)
    assert LOCKED not in meeting.screen(meeting.pete)
    meeting.play_step(plausible)
    assert LOCKED in meeting.screen(meeting.gia)
    meeting.next()
    assert meeting.step.key == "choose"
    assert LOCKED not in meeting.screen(meeting.gia)


# -- From the room screen alone ---------------------------------------------------------------------------------------


def test_a_late_comer_is_let_in_from_the_room_screen(meeting: Meeting) -> None:
    late = meeting.join("Late")
    assert "Let in Late" in meeting.screen(meeting.wall)
    assert meeting.post(meeting.wall, "people", do="admit", seat=late.seat_id).status_code == 200
    assert "Let in Late" not in meeting.screen(meeting.wall)
    assert meeting.snapshot.seat(late.seat_id) in meeting.snapshot.seats
    assert 'data-mode="waiting"' not in meeting.screen(late)


def test_the_room_screen_names_a_case_giver_only_where_nobody_gives_the_case(cast: Cast) -> None:
    meeting = with_cases(cast)
    assert "Who is the case giver?" in meeting.screen(meeting.wall)
    assert meeting.post(meeting.wall, "people", do="case_giver", seat=meeting.pete.seat_id).status_code == 200
    assert giver(meeting) == "Pete"
    assert "Who is the case giver?" not in meeting.screen(meeting.wall)
    assert meeting.post(meeting.wall, "people", do="case_giver", seat=meeting.ada.seat_id).status_code == 409
    assert giver(meeting) == "Pete"


@pytest.mark.parametrize(
    "what", ["expel", "restore", "join", "part", "leave", "back", "role", "lock", "unlock", "add", "disconnect"]
)
def test_the_room_screen_does_nothing_else_with_people(meeting: Meeting, what: str) -> None:
    before, pete = meeting.snapshot.seats, meeting.pete.seat_id
    answer = meeting.post(meeting.wall, "people", do=what, seat=pete, name="Zoe", role="timekeeper")
    assert answer.status_code == 403
    assert meeting.snapshot.seats == before


def test_a_phone_lets_nobody_in(meeting: Meeting) -> None:
    late = meeting.join("Late")
    assert refusal(lambda: meeting.act(people.admit, meeting.pete.seat_id, late.seat_id)) == "not_moderator"
    named = lambda: meeting.act(table.name_case_giver, meeting.pete.seat_id, meeting.ada.seat_id)  # noqa: E731
    assert refusal(named) == "not_moderator"


# -- Room screens -----------------------------------------------------------------------------------------------------


def test_a_room_screen_can_be_disconnected_and_shows_nothing_any_more(meeting: Meeting) -> None:
    second = meeting.act(doors.wall_seat, "en")
    assert "Room screen 1" in meeting.screen(meeting.mo)
    assert "Room screen 2" in meeting.screen(meeting.mo)
    assert meeting.get(meeting.wall).status_code == 200
    answer = meeting.post(meeting.mo, "people", do="disconnect", seat=meeting.wall.seat_id)
    assert answer.status_code == 200
    assert "Room screen 1" not in meeting.screen(meeting.mo)
    assert "Room screen 2" in meeting.screen(meeting.mo), "the other one keeps its number"
    gone = meeting.get(meeting.wall)
    assert (gone.status_code, gone.location) == (302, "/wall")
    said = meeting.post(meeting.wall, "steer", move="next", turn="2")
    assert said.status_code == 403
    assert "disconnected" in said.get_json()["gone"]
    assert refusal(lambda: meeting.steer("next", by=meeting.wall)) == "not_moderator"
    turn = meeting.state.turn
    assert meeting.steer("next", by=Person("Wall", second.seat_id, second.token, "wall")).turn == turn + 1


def test_only_room_screens_are_disconnected(meeting: Meeting) -> None:
    assert (
        refusal(lambda: meeting.act(doors.disconnect_wall, meeting.mo.seat_id, meeting.pete.seat_id)) == "no_such_seat"
    )


# -- Never moderator and case giver at once ---------------------------------------------------------------------------


@pytest.fixture
def mo(cast: Cast) -> User:
    """Mo's own account, which can sign in."""
    return make_moderator(cast.app, "Moniek", "Anders")


def test_mo_s_own_phone_is_known_by_mo_s_account(cast: Cast, mo: User) -> None:
    meeting = Cast(cast.app, mo).meeting("Gia", "Pete", case_giver=None)
    own = cast.app.test_client()
    sign_in(own, mo)
    page = own.get(f"/j/{meeting.snapshot.code}").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    sent = {"csrf_token": token, "name": "Moniek", "agrees": "y"}
    assert own.post(f"/j/{meeting.snapshot.code}", data=sent).status_code == 302
    seat = next(seat for seat in meeting.snapshot.seats if seat.name == "Moniek" and seat.kind == "participant")
    assert seat.role == "moderator"
    meeting.people["Moniek"] = Person("Moniek", seat.id)
    assert refusal(lambda: meeting.name_case_giver("Moniek")) == "leads_already"


def test_a_seat_that_turns_out_to_be_mo_s_gives_no_case(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    assert cast.user
    meeting.act(accounts.connect, meeting.pete.seat_id, cast.user)
    assert refusal(lambda: meeting.name_case_giver("Pete")) == "leads_already"
    meeting.advance_to("pick")
    meeting.write(meeting.pete, "case", title="Case of Pete", urgency="now")
    meeting.write(meeting.ada, "case", title="Case of Ada", urgency="can_wait")
    meeting.next()
    assert giver(meeting) == "Ada"


def test_whoever_gives_the_case_cannot_take_the_lead_with_their_account_either(cast: Cast) -> None:
    meeting = cast.meeting()
    assert cast.user
    offer = meeting.act(doors.offer_handover, meeting.mo.seat_id)
    held = meeting.act(doors.take_over, offer.token, "Pete", "en", meeting.pete.seat_id)
    meeting.people["Mo"] = Person("Pete", held.seat_id, held.token, "console")
    meeting.act(accounts.connect, meeting.gia.seat_id, cast.user)
    user_id = cast.user.id
    assert refusal(lambda: meeting.act(doors.take_back, user_id, "Mo", "en")) == "gives_case"
    offer = meeting.act(doors.offer_handover, held.seat_id)
    assert refusal(lambda: meeting.act(doors.take_over, offer.token, "Mo", "en", None, user_id)) == "gives_case"
