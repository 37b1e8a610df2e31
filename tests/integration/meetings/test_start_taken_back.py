"""A start that came too early is taken back: the lobby, the plan and the hours are as if it had not been, and no text is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings import machine, models
from facilitator.meetings.actions.setting_up import PlannedCase
from facilitator.meetings.machine import Reason, Refusal, State, Status
from facilitator.methods import rounds
from facilitator.methods.loader import load_catalogue
from facilitator.proof.presence import running
from tests.cast import Cast, Meeting
from tests.pages import named
from tests.phones import device

BASIS = load_catalogue()["basis"]
LABEL = "Back to the lobby"


@pytest.fixture
def gathered(cast: Cast) -> Meeting:
    """Everybody is there, and nobody gives the case yet."""
    return cast.meeting(case_giver=None)


def planned(meeting: Meeting) -> list[tuple[str, float]]:
    return [(step.key, step.planned) for step in meeting.state.steps]


def test_the_lobby_and_the_plan_are_as_they_were(gathered: Meeting) -> None:
    gathered.name_case_giver("Gia")
    before = gathered.state
    gathered.start()
    assert len(gathered.state.steps) < len(before.steps), "phases were left out, and their minutes went to another"
    assert dict(planned(gathered))["clarify"] > {step.key: step.planned for step in before.steps}["clarify"]
    first = planned(gathered)
    gathered.steer("to_lobby")
    after = gathered.state
    assert (after.status, after.here, after.started_at, after.due_at) == (Status.LOBBY, -1, None, None)
    assert after.steps == before.steps
    gathered.start()
    assert planned(gathered) == first


def test_cases_that_were_written_are_still_there_when_somebody_is_named_before_the_next_start(
    gathered: Meeting,
) -> None:
    gathered.start()
    gathered.write(gathered.pete, "case", title="Night shifts without a mentor", question="How can I?")
    gathered.write(gathered.gia, "case", title="A starter who is silent", question="How?")
    gathered.steer("to_lobby")
    gathered.name_case_giver("Gia")
    gathered.start()
    assert gathered.step.key == "pick"
    assert "Night shifts without a mentor" in gathered.screen(gathered.pete)
    gathered.reveal()
    assert "Night shifts without a mentor" in gathered.screen(gathered.wall)


def test_what_was_revealed_or_told_in_a_start_that_was_taken_back_is_not_of_the_next(gathered: Meeting) -> None:
    gathered.start()
    gathered.write(gathered.pete, "case", title="Night shifts", question="How?")
    gathered.reveal()
    gathered.give_role(gathered.ada, "timekeeper")
    assert gathered.post(gathered.ada, "time", step=gathered.step.id, value="on").status_code == 200
    assert gathered.step.is_time_told
    gathered.steer("to_lobby")
    gathered.start()
    assert (gathered.step.is_revealed, gathered.step.is_time_told) == (False, False)
    assert "Night shifts" in gathered.screen(gathered.wall), "what is out stays out"


def test_minutes_that_went_to_a_phase_of_one_case_are_taken_off_that_one_alone(cast: Cast) -> None:
    further = PlannedCase(BASIS, rounds.in_minutes(rounds.further_case(BASIS, BASIS), 40))
    meeting = cast.meeting(case_giver=None, cases=(further,))
    before = planned(meeting)
    assert [key for key, _ in before].count("clarify") == 2
    meeting.start()
    meeting.steer("to_lobby")
    assert planned(meeting) == before


def test_it_is_offered_for_a_moment_and_only_on_the_console(gathered: Meeting) -> None:
    mo = device(gathered, gathered.mo)
    assert not named(mo.open(), LABEL)
    gathered.start()
    assert len(named(mo.open(), LABEL)) == 2, "at once, and in the menu"
    for other in (gathered.wall, gathered.pete):
        assert not named(device(gathered, other).open(), LABEL)
        with pytest.raises(Refused) as refused:
            gathered.steer("to_lobby", by=other)
        assert refused.value.status == 403
    lobby = mo.press(named(mo.open(), LABEL)[0])
    assert named(lobby, "Start")
    assert not named(lobby, LABEL)


def test_not_when_the_group_is_at_work(gathered: Meeting) -> None:
    gathered.start()
    begun = gathered.state
    assert begun.started_at
    soon = begun.started_at + timedelta(minutes=2)
    assert isinstance(machine.to_lobby(begun, soon), State)
    well_begun = Refusal(Reason.WELL_BEGUN)
    assert machine.to_lobby(begun, soon + timedelta(seconds=1)) == well_begun
    gathered.steer("pause")
    assert machine.to_lobby(gathered.state, soon) == well_begun
    assert not named(device(gathered, gathered.mo).open(), LABEL)
    gathered.next()
    gathered.steer("back")
    assert machine.to_lobby(gathered.state, soon) == well_begun
    with pytest.raises(Refused, match="well_begun"):
        gathered.steer("to_lobby")


def test_what_was_written_meanwhile_is_kept(gathered: Meeting) -> None:
    gathered.start()
    gathered.write(gathered.gia, "case", title="My team does not answer")
    sent = gathered.sent("case", fields={"title": "A case for the lobby"})
    gathered.steer("to_lobby")
    with pytest.raises(Refused, match="not_running"):
        gathered.send(gathered.pete, sent)
    assert "My team does not answer" not in "".join(map(gathered.screen, (gathered.mo, gathered.wall, gathered.pete)))
    gathered.start()
    assert "My team does not answer" in gathered.screen(gathered.gia)
    gathered.send(gathered.pete, sent)
    assert "A case for the lobby" in gathered.screen(gathered.pete)


def test_the_hours_count_from_the_start_that_stayed(gathered: Meeting) -> None:
    for move in ("start", "to_lobby", "start"):
        gathered.steer(move)
    with gathered.app.app_context():
        made = select(models.Transition).where(models.Transition.meeting_id == gathered.id)
        rows = db.session.scalars(made.order_by(models.Transition.turn))
        moves = [(row.move, row.at) for row in rows if row.at]
    assert [move for move, _ in moves] == ["start", "to_lobby", "start"]
    (span,) = running(moves, moves[-1][1] + timedelta(minutes=5))
    assert (span.start, span.length) == (moves[-1][1], timedelta(minutes=5))
