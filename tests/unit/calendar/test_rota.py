"""A rota is fair over a series, keeps what people cannot do, and leaves alone what stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from facilitator.calendar.rota import NEVER_TOGETHER, Last, Proposed, Sitting, Slot, Spared, Why, can, proposal
from facilitator.meetings.turns import CASE_GIVER, MODERATOR, NOTE_TAKER, ROLES

FIRST = datetime(2031, 3, 4, 15, tzinfo=UTC)
PEOPLE = ("ada", "gia", "mo", "pete", "ola", "zoe", "bob", "eva")
FEW = settings(max_examples=40)


def series(count: int, away: dict[int, set[str]] | None = None) -> list[Sitting]:
    return [
        Sitting(str(n), FIRST + timedelta(weeks=6 * n), ROLES, frozenset((away or {}).get(n, ()))) for n in range(count)
    ]


def holders(sittings: list[Sitting], found: dict[Slot, Proposed]) -> dict[Slot, str]:
    """Whose turn each is, with those that stood already."""
    stood = {(one.id, role): user_id for one in sittings for role, user_id in one.settled.items()}
    return {**stood, **{slot: proposed.user_id for slot, proposed in found.items()}}


def settled(sittings: list[Sitting], turns: dict[Slot, str]) -> list[Sitting]:
    return [replace(one, settled={r: turns[one.id, r] for r in ROLES if (one.id, r) in turns}) for one in sittings]


@st.composite
def circumstances(draw: st.DrawFn) -> tuple[list[Sitting], list[str], Spared, Last]:
    """A series in which people are away and spared, and in which some turns stand already."""
    members = list(PEOPLE[: draw(st.integers(1, len(PEOPLE)))])
    some = st.frozensets(st.sampled_from(members))
    spared = draw(st.dictionaries(st.sampled_from(ROLES), some))
    last = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(ROLES), st.sampled_from(members)),
            st.integers(1, 50).map(lambda weeks: FIRST - timedelta(weeks=weeks)),
        )
    )
    sittings = []
    for one in series(draw(st.integers(1, 10))):
        sitting = replace(one, away=draw(some))
        stands: dict[str, str] = {}
        for role in draw(st.sets(st.sampled_from(ROLES))):
            may = [person for person in members if can(person, role, sitting, spared, stands)]
            stands |= {role: draw(st.sampled_from(may))} if may else {}
        sittings.append(replace(sitting, settled=stands))
    return sittings, members, spared, last


@FEW
@given(people=st.integers(2, len(PEOPLE)), count=st.integers(1, 14), data=st.data())
def test_over_a_series_nobody_is_off_by_more_than_one(people: int, count: int, data: st.DataObject) -> None:
    members = list(PEOPLE[:people])
    keys = st.tuples(st.sampled_from(ROLES), st.sampled_from(members))
    last = data.draw(st.dictionaries(keys, st.integers(1, 99).map(lambda days: FIRST - timedelta(days=days))))
    turns = holders(series(count), proposal(series(count), members, {}, last))
    assert len(turns) == count * len(ROLES), "every turn is somebody's"
    for role in ROLES:
        had = Counter(person for (_, of), person in turns.items() if of == role)
        counts = [had[person] for person in members]
        assert max(counts) - min(counts) <= 1, (role, had)


@FEW
@given(found=circumstances())
def test_whatever_stands_against_it_what_cannot_be_is_not_proposed_and_nobody_has_two_more_than_who_could(
    found: tuple[list[Sitting], list[str], Spared, Last],
) -> None:
    sittings, members, spared, last = found
    turns = holders(sittings, proposal(sittings, members, spared, last))
    load = Counter((role, person) for (_, role), person in turns.items())
    for one in sittings:
        given_ = {role: turns[one.id, role] for role in ROLES if (one.id, role) in turns}
        assert one.settled.items() <= given_.items(), "what stands stays"
        assert MODERATOR not in given_ or given_[MODERATOR] != given_.get(CASE_GIVER)
        for role in ROLES:
            could = [person for person in members if can(person, role, one, spared, given_)]
            assert role in given_ or not could or NEVER_TOGETHER.get(role) in given_, "open only if nobody can"
            assert role not in given_ or role in one.settled or given_[role] in could
            if role in given_ and role not in one.settled:
                assert all(load[role, given_[role]] - load[role, other] <= 1 for other in could)


@FEW
@given(found=circumstances(), data=st.data())
def test_it_is_stable_under_swaps(found: tuple[list[Sitting], list[str], Spared, Last], data: st.DataObject) -> None:
    """Whoever swaps a turn keeps it: proposed is only what is open, and a swap leaves everybody as many turns as before."""
    sittings, members, spared, last = found
    turns = holders(sittings, proposal(sittings, members, spared, last))
    if not turns:
        return
    one, role = data.draw(st.sampled_from(sorted(turns)))
    other = data.draw(st.sampled_from(sorted(slot[0] for slot in turns if slot[1] == role)))
    swapped = {**turns, (one, role): turns[other, role], (other, role): turns[one, role]}
    assume(all(swapped.get((at, NEVER_TOGETHER.get(role, ""))) != swapped[at, role] for at in (one, other)))
    again = holders(settled(sittings, swapped), proposal(settled(sittings, swapped), members, spared, last))
    assert again == swapped
    counts = [Counter((of, person) for (_, of), person in some.items()) for some in (turns, again)]
    assert counts[0] == counts[1]


def test_whoever_is_away_gives_their_turn_to_another_and_gets_one_elsewhere() -> None:
    found = proposal(series(2, {1: {"gia"}}), ["ada", "gia"], {}, {})
    assert found["0", MODERATOR] == Proposed("gia", Why.NEVER)
    assert found["1", MODERATOR] == Proposed("ada", Why.ONLY)
    assert ("1", CASE_GIVER) not in found, "nobody else is there"


def test_whoever_did_it_longest_ago_comes_first_and_whoever_never_did_before_them() -> None:
    last = {(MODERATOR, "ada"): FIRST - timedelta(days=9), (MODERATOR, "gia"): FIRST - timedelta(days=90)}
    found = proposal(series(3), ["ada", "gia", "mo"], {}, last)
    said = [found[str(n), MODERATOR] for n in range(3)]
    assert said == [Proposed("mo", Why.NEVER), Proposed("gia", Why.LONGEST), Proposed("ada", Why.LONGEST)]


def test_nobody_has_two_roles_at_once_where_there_are_enough_people() -> None:
    found = proposal(series(8), list(PEOPLE[:5]), {}, {})
    for n in range(8):
        assert len({found[str(n), role].user_id for role in ROLES}) == len(ROLES)


def test_a_role_that_a_meeting_does_not_have_is_not_proposed() -> None:
    one = Sitting("0", FIRST, [MODERATOR, NOTE_TAKER])
    assert {role for _, role in proposal([one], ["ada", "gia"], {}, {})} == {MODERATOR, NOTE_TAKER}


@pytest.mark.parametrize("role", ROLES)
def test_who_cannot_take_a_role_is_left_out_of_it(role: str) -> None:
    found = proposal(series(6), ["ada", "gia", "mo"], {role: frozenset({"gia"})}, {})
    assert "gia" not in {found[str(n), role].user_id for n in range(6)}
    assert "gia" in {proposed.user_id for proposed in found.values()}
