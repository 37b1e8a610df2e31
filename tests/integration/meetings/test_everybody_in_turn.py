"""Methods in which everybody is client in turn: a round planned for each person, an order that can be changed, and whoever passes or comes late."""

from __future__ import annotations

import pytest

from facilitator.core.db import db, now
from facilitator.meetings import models, rules
from facilitator.methods import timing
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Clients, Part
from facilitator.proof.content import Role
from facilitator.proof.counting import count
from facilitator.reports.report import session_report
from tests.cast import Cast, Meeting

pytestmark = pytest.mark.either

IN_TURN = [method for method in load_catalogue().values() if method.clients is Clients.EACH]
METHOD = load_catalogue()["action_learning"]


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Six rounds were planned, five people came."""
    meeting = cast.meeting(case_giver=None, method=METHOD.key, turns=6)
    meeting.start()
    return meeting


def client(meeting: Meeting) -> str:
    """Whose turn it is."""
    found = meeting.snapshot
    around = found.now.round
    return found.name(around.case_giver_id) if around else ""


def to_next_turn(meeting: Meeting) -> None:
    """Goes on until the next person's turn begins."""
    here = meeting.step.round_id
    while meeting.step.round_id == here:
        meeting.next()


def turns(meeting: Meeting) -> int:
    """How many rounds this meeting holds."""
    return len({step.round_id for step in meeting.state.steps if step.part is Part.ROUND})


def test_there_is_something_to_try() -> None:
    assert [method.key for method in IN_TURN] == ["action_learning", "troika"]


def test_everybody_who_came_has_a_round_and_no_more_are_held(meeting: Meeting) -> None:
    assert turns(meeting) == 5
    givers = []
    while meeting.step.part is Part.ROUND:
        givers.append(client(meeting))
        to_next_turn(meeting)
    assert givers == ["Gia", "Pete", "Ada", "Bob", "Cleo"], "as they sit around the table"


def test_the_console_says_who_comes_next_and_nobody_else_is_told(meeting: Meeting) -> None:
    assert "In turn after this: Pete, Ada, Bob, Cleo" in meeting.screen(meeting.mo)
    assert "In turn after this" not in meeting.screen(meeting.wall)
    assert "In turn after this" not in meeting.screen(meeting.pete)
    to_next_turn(meeting)
    assert "In turn after this: Ada, Bob, Cleo" in meeting.screen(meeting.mo)


def test_the_order_can_be_changed_and_nobody_loses_their_turn(meeting: Meeting) -> None:
    meeting.name_case_giver("Ada")
    assert client(meeting) == "Ada"
    to_next_turn(meeting)
    assert client(meeting) == "Gia"


def test_whoever_does_not_want_a_turn_is_passed(meeting: Meeting) -> None:
    assert meeting.post(meeting.gia, "decline").status_code == 200
    assert client(meeting) == "Pete"
    to_next_turn(meeting)
    assert client(meeting) == "Ada"
    assert "Gia" not in {seat.name for seat in rules.next_clients(meeting.snapshot)}


def test_a_late_comer_gets_the_turn_that_somebody_passed(meeting: Meeting) -> None:
    meeting.post(meeting.gia, "decline")
    meeting.admit(meeting.join("Late"))
    givers = []
    while meeting.step.part is Part.ROUND:
        givers.append(client(meeting))
        to_next_turn(meeting)
    assert givers == ["Pete", "Ada", "Bob", "Cleo", "Late"]


def test_a_late_comer_gets_a_round_if_the_moderator_adds_one(meeting: Meeting) -> None:
    meeting.admit(meeting.join("Late"))
    assert "1 person has no round planned" in meeting.screen(meeting.mo)
    meeting.steer("add_round")
    assert "has no round planned" not in meeting.screen(meeting.mo)
    assert turns(meeting) == 6
    while meeting.step.part is Part.ROUND and client(meeting) != "Late":
        to_next_turn(meeting)
    assert client(meeting) == "Late"


def test_whoever_was_client_is_a_peer_in_the_turns_of_others(meeting: Meeting) -> None:
    to_next_turn(meeting)
    meeting.advance_to("clarify")
    meeting.write(meeting.gia, "question", question="What did you do then?")
    assert [item.seat_id for item in meeting.items("question")] == [meeting.gia.seat_id]


def test_going_back_to_a_turn_leaves_it_whose_it_was(meeting: Meeting) -> None:
    to_next_turn(meeting)
    meeting.steer("undo")
    assert client(meeting) == "Gia"
    meeting.next()
    assert client(meeting) == "Pete"


def gave(meeting: Meeting) -> list[str]:
    """Who gave a case by what can be proved, which must be what the report says."""
    with meeting.app.app_context(), db.reading() as session:
        counted = count(session, session.get_one(models.Meeting, meeting.id), now())
    names = [person.name for person in counted.people if person.role is Role.CASE_GIVER]
    assert [case.case_giver for case in session_report(meeting.snapshot, "en").cases] == names
    return names


def test_whose_turn_was_begun_by_mistake_gave_no_case_and_is_still_to_have_it(meeting: Meeting) -> None:
    to_next_turn(meeting)
    ahead = rules.turns_ahead(meeting.snapshot)
    meeting.steer("back")
    assert rules.turns_ahead(meeting.snapshot) == ahead + 1
    assert [seat.name for seat in rules.next_clients(meeting.snapshot)] == ["Pete", "Ada", "Bob", "Cleo"]
    meeting.end()
    assert gave(meeting) == ["Gia"]
    meeting.steer("reopen")
    meeting.steer("to_closing")
    assert client(meeting) == "Gia", "the closing looks back on the case that was told"
    meeting.steer("back")
    assert client(meeting) == "Gia", "and back leads to where the group was"


def test_whose_turn_was_passed_over_gave_no_case(meeting: Meeting) -> None:
    to_next_turn(meeting)
    here = meeting.step.round_id
    while meeting.step.round_id == here:
        meeting.steer("skip")
    assert client(meeting) == "Ada"
    meeting.end()
    assert gave(meeting) == ["Gia", "Ada"]


def test_whose_turn_was_stopped_gave_a_case(meeting: Meeting) -> None:
    to_next_turn(meeting)
    meeting.steer("stop_case")
    assert client(meeting) == "Ada"
    meeting.end()
    assert gave(meeting) == ["Gia", "Pete", "Ada"]


@pytest.mark.parametrize("method", IN_TURN, ids=lambda method: method.key)
def test_its_length_is_its_minutes_times_the_people(method: object) -> None:
    found = next(one for one in IN_TURN if one is method)
    round_minutes = sum(phase.minutes for phase in found.phases if phase.part is Part.ROUND)
    more = timing.usual_minutes(found, found.people_min + 1) - timing.usual_minutes(found)
    assert more == round_minutes
    assert timing.least_minutes(found, found.people_min + 1) > timing.least_minutes(found)


def test_it_is_fitted_into_the_time_with_all_its_turns() -> None:
    minutes = timing.scaled_in_turn(METHOD, 150 - METHOD.lobby_minutes, 5)
    assert 145 <= timing.together(METHOD, minutes, 5) <= 150


def test_whoever_comes_in_after_a_start_was_taken_back_has_a_turn_as_well(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete", "Ada", "Bob", case_giver=None, method=METHOD.key, turns=6)
    meeting.start()
    assert turns(meeting) == 4
    meeting.steer("to_lobby")
    meeting.join("Cleo")
    meeting.start()
    assert turns(meeting) == 5
