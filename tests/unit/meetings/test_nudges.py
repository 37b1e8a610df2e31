"""What whoever leads is reminded of, from what they can see anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf

import pytest

from facilitator.meetings import machine, rules
from facilitator.meetings.machine import State
from facilitator.meetings.nudges import About, Nudge, is_due, not_heard, nudges
from facilitator.meetings.seen import Seen, seen_by
from facilitator.meetings.snapshot import Action, Snapshot
from facilitator.methods.vocabulary import Audience, Facet, Form, InputField, Kind, Pace, Part, Phase, Who
from tests.meetings_builder import NOON, but, form, phase, running, seat, shown, text, wrote

TALK = phase("talk", kind=Kind.TALK, speaks=Who.EVERYONE)
ROUND = phase("advise", [form("advice")], pace=Pace.ROUND, speaks=Who.PEERS)
NAMED = {Audience.MODERATOR: shown(Facet.WRITTEN, after=(Facet.ITEMS, Facet.NAMES))}
STORY = phase(
    "story",
    [form("told", Who.CASE_GIVER).model_copy(update={"sets_question": True})],
    kind=Kind.STORY,
    speaks=Who.CASE_GIVER,
    reveals={Audience.MODERATOR: shown(Facet.QUESTION)},
)
ACTING = Form(key="action", who=Who.CASE_GIVER, fields=(InputField(name="then"),), makes_action=True)
COMMIT = phase("commit", [ACTING], kind=Kind.COMMIT)
LEARN = phase("learn", kind=Kind.LEARN, part=Part.CLOSING)


def mo(meeting: Snapshot) -> Seen:
    return seen_by(meeting, seat(meeting, "mo"))


def names(meeting: Snapshot) -> list[str]:
    return [one.id for one in not_heard(mo(meeting))]


def about(meeting: Snapshot) -> dict[About, Nudge]:
    return {one.about: one for one in nudges(mo(meeting))}


def given(meeting: Snapshot, *seats: str) -> Snapshot:
    """The floor was given to these, one after the other, as the moves do it."""
    state = meeting.state
    for seat_id in seats:
        moved = machine.give_floor(seat_id, rules.speakers(meeting))(state, NOON)
        assert isinstance(moved, State)
        state = moved
    return replace(meeting, state=state)


def timed(meeting: Snapshot, spent: float, due: float) -> Snapshot:
    """So many seconds into the step at hand, and so many before the planned end."""
    here = replace(meeting.now.step, spent=spent)
    steps = tuple(here if step.id == here.id else step for step in meeting.state.steps)
    return replace(meeting, state=replace(meeting.state, steps=steps, due_at=NOON + timedelta(seconds=due)))


# -- Who has not been heard --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("talking", [TALK, ROUND], ids=["free talk", "a round"])
def test_whoever_had_the_floor_was_heard_and_the_others_come_as_they_sit(talking: Phase) -> None:
    meeting = running(talking)
    assert names(meeting) == [], "before anybody spoke there is nobody to name"
    everybody = list(rules.speakers(meeting))
    assert names(given(meeting, "cleo", "ada")) == [one for one in everybody if one not in ("cleo", "ada")]
    assert names(given(meeting, *everybody)) == []


def test_in_further_laps_whoever_spoke_stays_heard() -> None:
    meeting = running(phase("ideas", [form("idea")], pace=Pace.ROUND, laps=3, speaks=Who.PEERS))
    assert names(given(meeting, "pete", "ada", "pete")) == ["bob", "cleo"]


def test_whoever_left_or_gives_the_case_is_not_waited_for() -> None:
    meeting = but(given(running(ROUND), "pete"), "ada", has_left=True)
    assert names(meeting) == ["bob", "cleo"]


def test_item_by_item_whoever_s_text_is_out_was_heard_where_names_are_shown() -> None:
    asked = [text("t1", "pete", revealed=True), text("t2", "ada")]
    questions = phase("clarify", [form()], pace=Pace.ITEMS, speaks=Who.PEERS, reveals=NAMED)
    assert names(running(questions, texts=asked)) == ["ada", "bob", "cleo"]
    nameless = questions.model_copy(update={"reveals": {Audience.MODERATOR: shown(after=(Facet.ITEMS,))}})
    assert names(running(nameless, texts=asked)) == [], "else the list would tell whose text it is"


def test_whoever_passes_is_not_waited_for_where_that_is_shown() -> None:
    tallies = [wrote("bob", "advice", 0, "passes", step="advise"), wrote("cleo", "advice", 0, "says", step="advise")]
    seen = given(running(ROUND.model_copy(update={"reveals": NAMED}), tallies=tallies), "pete")
    assert names(seen) == ["ada", "cleo"]
    assert names(given(running(ROUND, tallies=tallies), "pete")) == ["ada", "bob", "cleo"]


def test_where_people_write_together_there_is_no_floor() -> None:
    together = running(phase("inventory", [form()], speaks=Who.EVERYONE))
    assert not rules.gives_floor(together)
    assert not rules.gives_floor(running(STORY)), "one who tells needs none"


# -- One and the same --------------------------------------------------------------------------------------------------


def test_three_times_the_floor_is_told_once_and_twice_is_not() -> None:
    meeting = running(TALK)
    assert About.AGAIN not in about(given(meeting, "pete", "ada", "pete"))
    found = about(given(meeting, "pete", "ada", "pete", "ada", "pete"))[About.AGAIN]
    assert (found.names, found.from_left) == (("Pete",), inf)


def test_a_round_with_three_laps_gives_everybody_three_turns() -> None:
    meeting = running(phase("ideas", [form("idea")], pace=Pace.ROUND, laps=3, speaks=Who.PEERS))
    thrice = given(meeting, "pete", "pete", "pete")
    here = replace(thrice.now.step, lap=3)
    assert About.AGAIN not in about(replace(thrice, state=replace(thrice.state, steps=(here,))))


def test_the_same_speaker_pressed_twice_has_one_turn() -> None:
    assert given(running(TALK), "pete", "pete", "pete").now.step.floors == ("pete",)


# -- The case question -------------------------------------------------------------------------------------------------


def test_a_story_without_a_question_is_told_when_half_of_it_is_over() -> None:
    meeting = running(STORY, ROUND)
    meeting = replace(
        meeting,
        state=replace(meeting.state, steps=(replace(meeting.now.step, has_begun=True), *meeting.state.steps[1:])),
    )
    found = about(meeting)[About.QUESTION]
    assert found.from_left == 150.0
    assert not is_due(found, timed(meeting, 149, 600).now.step, NOON)
    assert is_due(found, timed(meeting, 151, 600).now.step, NOON)
    asked = replace(meeting, rounds=(replace(meeting.rounds[0], question="How do I go on?"),))
    assert About.QUESTION not in about(asked)


def test_a_method_without_a_question_and_an_opening_are_left_alone() -> None:
    assert About.QUESTION not in about(running(ROUND.model_copy(update={"reveals": STORY.reveals})))
    assert About.QUESTION not in about(running(STORY.model_copy(update={"part": Part.OPENING})))


# -- The action --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("due", "is_now"), [(900, False), (661, False), (659, True), (0, True)])
def test_the_time_of_the_action_is_told_a_minute_before_it_begins_to_run_out(due: int, is_now: bool) -> None:
    """Two phases of five minutes are the last ten; the group is a minute into the one before."""
    meeting = timed(running(ROUND, COMMIT, LEARN), 60, due)
    found = about(meeting)[About.ACTION]
    assert is_due(found, meeting.now.step, NOON) is is_now
    assert found.phase is not None
    assert found.phase.key == "commit"


def test_while_an_action_is_made_the_last_minute_is_told_until_there_is_one() -> None:
    meeting = timed(running(COMMIT, LEARN), 241, 360)
    found = about(meeting)[About.ACTION]
    assert is_due(found, meeting.now.step, NOON)
    assert not is_due(found, timed(meeting, 239, 360).now.step, NOON)
    made = Action("a", None, "gia", "Gia", None, "if", "then", None, False, True, "open")
    assert About.ACTION not in about(replace(meeting, actions=(made,)))
    draft = replace(made, is_confirmed=False)
    assert About.ACTION in about(replace(meeting, actions=(draft,))), "what its owner has not confirmed is not known"


def test_a_method_without_an_action_has_no_such_hint() -> None:
    assert About.ACTION not in about(timed(running(ROUND, LEARN), 299, 10))


# -- Putting away ------------------------------------------------------------------------------------------------------


def test_what_was_put_away_in_this_step_is_not_told_and_nobody_else_is_told_anything() -> None:
    meeting = given(running(TALK), "pete", "ada", "pete", "ada", "pete")
    assert [nudges(seen_by(meeting, one)) for one in meeting.seats if one.id != "mo"] == [()] * 6
    here = replace(meeting.now.step, put_away=("again",))
    assert about(replace(meeting, state=replace(meeting.state, steps=(here,)))) == {}
