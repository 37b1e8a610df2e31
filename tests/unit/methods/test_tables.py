"""How people divide into tables, and how long that takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facilitator.methods import timing
from facilitator.methods.checks import problems_of
from facilitator.methods.choosing import Wish, proposals
from facilitator.methods.loader import load_catalogue
from facilitator.methods.tables import seating, sizes
from facilitator.methods.vocabulary import Aim, Experience, Part

TROIKA = load_catalogue()["troika"]


@pytest.mark.parametrize("people", range(1, 61))
@pytest.mark.parametrize("size", [2, 3, 5])
def test_no_table_is_too_small_and_nobody_is_left_over(people: int, size: int) -> None:
    found = sizes(people, size)
    assert sum(found) == len(seating(people, size)) == people
    assert max(found) - min(found) <= 1
    assert min(found) >= size or len(found) == 1


def test_the_fullest_table_decides_how_long_it_takes() -> None:
    once = sum(phase.minutes for phase in TROIKA.phases if phase.part is Part.ROUND)
    around = timing.usual_minutes(TROIKA, 3) - 3 * once
    assert timing.usual_minutes(TROIKA, 6) == around + 3 * once
    assert timing.usual_minutes(TROIKA, 7) == around + 4 * once


@pytest.mark.parametrize("people", [3, 7, 14])
def test_trios_are_proposed_for_any_number_that_makes_them(people: int) -> None:
    wish = Wish(Aim.SOLVE, people, 60, Experience.NEW)
    assert "troika" in [one.method.key for one in proposals([TROIKA], wish)]
    assert proposals([TROIKA], replace(wish, people=2)) == ()


def test_what_is_written_at_a_table_stays_there_by_the_check_of_a_method() -> None:
    assert problems_of(TROIKA) == []
    bent = TROIKA.model_copy(update={"table_size": 2})
    assert [str(problem.path) for problem in problems_of(bent)] == ["table_size"]
    basis = load_catalogue()["basis"].model_copy(update={"table_size": 4, "people_max": 8})
    assert {problem.path for problem in problems_of(basis)} >= {"phases[0].kind", "phases[1].kind"}
