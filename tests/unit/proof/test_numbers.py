"""Numbers of documents: typed by hand from paper, so a slip must be found."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from facilitator.core.codes import ALPHABET, in_groups, plain_code
from facilitator.proof.numbers import LENGTH, is_number, new_number

bodies = st.builds(lambda _: new_number(), st.none())


def test_a_new_number_is_right_and_another_every_time() -> None:
    made = {new_number() for _ in range(500)}
    assert len(made) == 500
    assert all(is_number(number) for number in made)


def test_it_is_printed_in_groups_and_read_as_people_type() -> None:
    number = new_number()
    assert plain_code(in_groups(number)) == number
    assert plain_code(f"  {in_groups(number).lower().replace('-', ' ')} ") == number
    assert plain_code("oil-o") == "0110"
    assert [len(group) for group in in_groups(number).split("-")] == [4, 4, 4]


def test_every_single_wrong_character_is_found() -> None:
    number = new_number()
    for place in range(LENGTH):
        for char in set(ALPHABET) - {number[place]}:
            assert not is_number(number[:place] + char + number[place + 1 :])


@given(bodies)
def test_every_two_characters_that_changed_places_are_found(number: str) -> None:
    for one, other in combinations(range(LENGTH), 2):
        if number[one] != number[other]:
            swapped = list(number)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert not is_number("".join(swapped))


@given(st.text(max_size=80))
def test_anything_can_be_typed(typed: str) -> None:
    assert is_number(plain_code(typed)) in (True, False)


def test_what_is_no_number_is_none() -> None:
    for text in ("", "0", "U" * LENGTH, "Ä" * LENGTH, "0" * (LENGTH + 1)):
        assert not is_number(plain_code(text))
