"""Roles are given live: who would like to taps on their phone, the moderator gives with one tap, everybody sees who does what;
and whoever watches the time or the conversation has a part of the screen of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitator.core.refusals import Refused
from facilitator.meetings.actions import people
from facilitator.methods.vocabulary import Role
from tests import pages
from tests.cast import Cast, Meeting, new_op
from tests.own_methods import in_the_catalogue, written
from tests.phones import device

KINDS = ("cast", "story", "advise", "learn")


@pytest.fixture
def meeting(cast: Cast, tmp_path: Path) -> Iterator[Meeting]:
    """Gia, Pete, Ada and Bob share out roles; nobody gives a case yet."""
    with in_the_catalogue(written(tmp_path, *(f'kind = "{kind}"\nminutes = 5' for kind in KINDS))) as key:
        found = cast.meeting("Gia", "Pete", "Ada", "Bob", method=key, case_giver=None)
        found.start()
        yield found


def offers(meeting: Meeting, name: str, role: str) -> None:
    phone = device(meeting, meeting[name])
    phone.press(pages.named(phone.open(), f"I would like to be the {role}")[0])


def wall(meeting: Meeting) -> list[str]:
    return [line.text for line in device(meeting, meeting.wall).open().all("li")]


def test_whoever_offers_is_given_the_role_with_one_tap_and_everybody_sees_it(meeting: Meeting) -> None:
    offers(meeting, "Gia", "case giver")
    offers(meeting, "Pete", "timekeeper")
    offers(meeting, "Ada", "timekeeper")
    mo = device(meeting, meeting.mo)
    mo.press(pages.named(mo.open(), "Pete is the timekeeper")[0])
    mo.press(pages.named(mo.open(), "Gia is the case giver")[0])
    lines = wall(meeting)
    assert "Moderator Mo" in lines
    assert "Timekeeper Pete" in lines
    assert "Case giver Gia" in lines
    assert "You are the timekeeper." in meeting.screen(meeting.pete)
    assert "You are the case giver." in meeting.screen(meeting.gia)
    assert meeting.snapshot.now.round is not None
    assert meeting.snapshot.now.round.case_giver_id == meeting.gia.seat_id


def test_who_offers_is_for_the_moderator_and_can_be_taken_back(meeting: Meeting) -> None:
    offers(meeting, "Ada", "note-taker")
    assert pages.named(device(meeting, meeting.mo).open(), "Ada is the note-taker")
    for one in (meeting.wall, meeting.pete):
        assert not any(
            "Ada" in line for line in [p.text for p in device(meeting, one).open().all("li")] if "ote" in line
        )
    offers(meeting, "Ada", "note-taker")
    assert not pages.named(device(meeting, meeting.mo).open(), "Ada is the note-taker")


def test_a_role_is_taken_back_and_given_to_another_one(meeting: Meeting) -> None:
    meeting.give_role(meeting.pete, Role.OBSERVER)
    mo = device(meeting, meeting.mo)
    mo.press(pages.named(mo.open(), "Not Pete after all")[0])
    assert meeting.snapshot.seat(meeting.pete.seat_id).role == ""  # type: ignore[union-attr]
    assert "Process observer …" in wall(meeting)


def test_roles_are_offered_while_they_are_given_and_by_who_is_there(meeting: Meeting) -> None:
    for role in ("moderator", "king"):
        with pytest.raises(Refused) as refused:
            meeting.act(people.offer, meeting.pete.seat_id, role, is_on=True)
        assert refused.value.code == "bad_choice"
    meeting.next()
    with pytest.raises(Refused) as late:
        meeting.act(people.offer, meeting.pete.seat_id, Role.OBSERVER, is_on=True)
    assert late.value.code == "no_role_now"


def test_where_the_group_chooses_a_case_nobody_is_given_it_before(cast: Cast, tmp_path: Path) -> None:
    kinds = ("cast", "pick", "story", "learn")
    with in_the_catalogue(written(tmp_path, *(f'kind = "{kind}"\nminutes = 5' for kind in kinds))) as key:
        meeting = cast.meeting(method=key, case_giver=None)
        meeting.start()
        assert meeting.step.kind == "cast"
        assert not pages.named(device(meeting, meeting.gia).open(), "I would like to be the case giver")
        assert pages.named(device(meeting, meeting.gia).open(), "I would like to be the timekeeper")


def test_the_timekeeper_sees_the_time_and_tells_the_moderator_that_it_is_nearly_over(meeting: Meeting) -> None:
    meeting.give_role(meeting.pete, Role.TIMEKEEPER)
    meeting.next()
    pete, said = device(meeting, meeting.pete), "The timekeeper says: two minutes left."
    assert pete.open().has("b", id="phone-clock")
    assert not device(meeting, meeting.ada).open().has("b", id="phone-clock")
    assert said not in meeting.screen(meeting.mo)
    pete.press(pages.named(pete.open(), "Tell the moderator: two minutes left")[0])
    assert said in meeting.screen(meeting.mo)
    for other in (meeting.ada, meeting.wall, meeting.gia):
        assert "two minutes left" not in meeting.screen(other)
    meeting.next()
    assert said not in meeting.screen(meeting.mo), "it was about the phase before"
    with pytest.raises(Refused) as not_hers:
        meeting.act(people.tell_time, meeting.ada.seat_id, meeting.step.id, "on")
    assert not_hers.value.code == "not_yours"


@pytest.mark.parametrize("plain", ["", "?plain=1"])
def test_what_the_timekeeper_says_late_does_not_count_for_the_next_phase(meeting: Meeting, plain: str) -> None:
    meeting.give_role(meeting.pete, Role.TIMEKEEPER)
    meeting.next()
    pete, said = device(meeting, meeting.pete), "The timekeeper says: two minutes left."
    page = pages.read(pete.get(f"{pete.address}{plain}").text)
    tap = pages.sent_by(pages.named(page, "Tell the moderator: two minutes left")[0].around("form"))
    meeting.next()
    late = pete.client.post(f"/meetings/{meeting.id}/time", data=tap) if plain else pete.post("time", new_op(), **tap)
    assert late.status_code == 409
    assert "This phase is over." in late.text
    assert said not in meeting.screen(meeting.mo)
    pete.press(pages.named(pete.open(), "Tell the moderator: two minutes left")[0])
    assert said in meeting.screen(meeting.mo), "in time it is told"


def test_the_observer_alone_has_what_to_watch(meeting: Meeting) -> None:
    meeting.give_role(meeting.ada, Role.OBSERVER)
    meeting.next()
    assert "Does everyone have a turn" in meeting.screen(meeting.ada)
    for other in (meeting.pete, meeting.gia, meeting.wall, meeting.mo):
        assert "Does everyone have a turn" not in meeting.screen(other)
