"""From a seat to an audience, and from there to what goes out: what a phase does not name is hidden."""

from __future__ import annotations

import pytest

from facilitator.meetings.seen import NOTHING, facets, seen_by
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.vocabulary import Audience, Facet, Pace, Phase, Who
from tests.meetings_builder import form, on_table, phase, running, seat, shown, text

EVERYTHING = (Facet.ITEMS, Facet.NAMES)
REVEALS = {
    Audience.MODERATOR: shown(Facet.WRITTEN, after=EVERYTHING),
    Audience.WALL: shown(after=[Facet.CURRENT]),
    Audience.PEER: shown(Facet.OWN, after=[Facet.ITEMS]),
}
CLARIFY = phase("clarify", [form("question", limit=2)], pace=Pace.ITEMS, speaks=Who.PEERS, reveals=REVEALS)


def seeing(meeting: Snapshot, item: str = "t") -> set[str]:
    """Who a text goes out to."""
    found = meeting.item(item)
    assert found
    return {one.id for one in meeting.seats if seen_by(meeting, one).sees(found)}


def test_each_seat_is_one_audience() -> None:
    meeting = running(CLARIFY)
    found = {name: seen_by(meeting, seat(meeting, name)).audience() for name in ("mo", "wall", "gia", "pete")}
    assert found == {
        "mo": Audience.MODERATOR,
        "wall": Audience.WALL,
        "gia": Audience.CASE_GIVER,
        "pete": Audience.PEER,
    }


def test_another_case_giver_is_another_audience_at_once() -> None:
    meeting = running(CLARIFY, case_giver="pete")
    assert seen_by(meeting, seat(meeting, "gia")).audience() is Audience.PEER


def test_an_audience_a_phase_does_not_name_sees_nothing() -> None:
    assert facets(CLARIFY, Audience.CASE_GIVER, is_revealed=True) == NOTHING
    assert facets(CLARIFY, Audience.PEER, is_revealed=False) == {Facet.OWN}
    assert facets(CLARIFY, Audience.PEER, is_revealed=True) == {Facet.OWN, Facet.ITEMS}


def test_a_hidden_text_goes_to_its_writer_only() -> None:
    assert seeing(running(CLARIFY, texts=[text("t", "pete")])) == {"pete"}


def test_a_revealed_text_goes_to_those_the_phase_names() -> None:
    meeting = running(CLARIFY, texts=[text("t", "pete", revealed=True)])
    assert seeing(meeting) == {"mo", "pete", "ada", "bob", "cleo"}
    assert seeing(on_table(meeting, item="t")) == {"mo", "wall", "pete", "ada", "bob", "cleo"}


def test_the_text_of_whoever_speaks_is_on_the_table() -> None:
    meeting = running(CLARIFY, texts=[text("t", "pete", revealed=True), text("u", "ada", revealed=True)])
    speaking = on_table(meeting, speaker="pete")
    assert "wall" in seeing(speaking, "t")
    assert "wall" not in seeing(speaking, "u")


@pytest.mark.parametrize("off", [{"removed": True}, {"joined_to": "u"}])
def test_what_is_off_the_screen_goes_to_nobody_else(off: dict[str, bool]) -> None:
    item = text("t", "pete", revealed=True, **off)  # type: ignore[arg-type]  # one of its own switches
    meeting = running(CLARIFY, texts=[item, text("u", "ada", revealed=True)])
    assert seeing(meeting) <= {"pete"}


def test_a_text_without_an_author_is_nobody_s_own() -> None:
    assert seeing(running(CLARIFY, texts=[text("t", None)])) == set()


def test_names_go_out_only_where_the_phase_names_them_and_only_after_the_reveal() -> None:
    hidden = running(CLARIFY, texts=[text("t", "pete")])
    out = running(CLARIFY, texts=[text("t", "pete", revealed=True)])
    assert [one.id for one in out.seats if seen_by(out, one).sees_author(out.items[0])] == ["mo"]
    assert not [one.id for one in hidden.seats if seen_by(hidden, one).sees_author(hidden.items[0])]


def test_a_text_of_a_step_that_is_not_held_goes_to_nobody() -> None:
    assert seeing(running(CLARIFY, texts=[text("t", "pete", step="elsewhere", revealed=True)])) == set()


def test_every_audience_of_a_phase_that_reveals_nothing_sees_nothing() -> None:
    silent: Phase = phase("silence")
    assert all(
        facets(silent, audience, is_revealed) == NOTHING for audience in Audience for is_revealed in (True, False)
    )
