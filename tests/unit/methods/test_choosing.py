"""What is proposed suits, and what is not says why: for every method of the catalogue and any group."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facilitator.methods.choosing import MOST, Misfit, Reason, Wish, misfits, passed_over, proposals
from facilitator.methods.loader import load_catalogue
from facilitator.methods.timing import held, least_minutes, left_out, scaled, usual_minutes
from facilitator.methods.vocabulary import Aim, Experience, Method, Needs

METHODS = tuple(load_catalogue().values())
BASIS = load_catalogue()["basis"]
WISHES = st.builds(
    Wish,
    aim=st.sampled_from(Aim),
    people=st.integers(2, 40),
    minutes=st.integers(20, 240),
    experience=st.sampled_from(Experience),
)


@st.composite
def some_methods(draw: st.DrawFn) -> list[Method]:
    """Methods of the catalogue, with other demands than they have."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        fewest = draw(st.integers(2, 12))
        changed = {
            "key": f"m{number}",
            "people_min": fewest,
            "people_max": fewest + draw(st.integers(0, 20)),
            "minutes_least": draw(st.none() | st.integers(20, 60)),
            "aims": tuple(draw(st.lists(st.sampled_from(Aim), unique=True, max_size=3))),
            "experience": draw(st.sampled_from(Experience)),
            "is_for_safe_groups": draw(st.booleans()),
        }
        found.append(draw(st.sampled_from(METHODS)).model_copy(update=changed))
    return found


@given(some_methods(), WISHES)
def test_nothing_is_proposed_that_it_cannot_be(methods: list[Method], wish: Wish) -> None:
    found = proposals(methods, wish)
    assert len(found) <= MOST
    for proposal in found:
        method = proposal.method
        assert wish.aim in method.aims
        assert method.people_min <= wish.people <= method.people_max
        assert wish.minutes >= least_minutes(method)
        assert list(Experience).index(method.experience) <= list(Experience).index(wish.experience)
        assert not (method.is_for_safe_groups and wish.experience is Experience.NEW)
        assert proposal.misfits == ()


@given(some_methods(), WISHES, st.randoms())
def test_the_order_of_the_methods_changes_no_answer(methods: list[Method], wish: Wish, chance: st.DataObject) -> None:
    mixed = sorted(methods, key=lambda method: hash((str(chance), method.key)))
    assert proposals(methods, wish) == proposals(mixed, wish)
    assert passed_over(methods, wish) == passed_over(mixed, wish)


@given(some_methods(), WISHES)
def test_whatever_serves_the_aim_is_proposed_or_says_why_not_unless_three_are_better(
    methods: list[Method], wish: Wish
) -> None:
    found, others = proposals(methods, wish), passed_over(methods, wish)
    told = {proposal.method.key for proposal in (*found, *others)}
    silent = {method.key for method in methods if wish.aim in method.aims} - told
    assert not silent or len(found) == MOST
    assert all(proposal.misfits for proposal in others)


@given(some_methods(), WISHES)
def test_whoever_serves_the_aim_above_all_goes_first(methods: list[Method], wish: Wish) -> None:
    ranks = [proposal.method.aims.index(wish.aim) for proposal in proposals(methods, wish)]
    assert ranks == sorted(ranks)


def test_a_method_says_what_it_needs_and_what_there_is() -> None:
    assert misfits(BASIS, people=2, minutes=20) == (Misfit(Reason.TOO_FEW, 3, 2), Misfit(Reason.TOO_SHORT, 31, 20))
    assert misfits(BASIS, people=15, minutes=90) == (Misfit(Reason.TOO_MANY, 14, 15),)
    assert misfits(BASIS, people=None, minutes=None) == ()


def test_what_a_method_says_itself_counts_more_than_how_short_its_phases_may_be() -> None:
    strict = BASIS.model_copy(update={"minutes_least": 60})
    assert misfits(strict, people=5, minutes=59) == (Misfit(Reason.TOO_SHORT, 60, 59),)
    assert misfits(strict, people=5, minutes=60) == ()


def test_every_method_fits_in_the_time_it_usually_takes_and_in_the_least_it_needs() -> None:
    for method in METHODS:
        assert misfits(method, people=method.people_min, minutes=usual_minutes(method)) == (), method.key
        shortest = left_out(method.phases, ()) if method.minutes_least is None else held(method)
        least = least_minutes(method) - method.lobby_minutes
        assert sum(scaled(shortest, least)) <= least, method.key


def test_every_aim_of_the_catalogue_can_be_asked_for_and_is_served() -> None:
    for method in METHODS:
        assert method.aims, f"{method.key} says no aim"
        wish = Wish(method.aims[0], method.people_min, round(usual_minutes(method)), Experience.EXPERIENCED)
        assert proposals(METHODS, wish), method.key
    assert {Needs.OPEN_ACTIONS, Needs.CASE_TO_CHOOSE} == set(Needs)
