"""Sets of cards as long numbers do what sets and sums do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facilitator.archive.search import bitsets

Weights = dict[int, int]
weights = st.dictionaries(st.integers(0, bitsets.CHUNK_CARDS - 1), st.integers(1, bitsets.HEAVIEST), max_size=90)


def stored(of: Weights) -> dict[int, bytes]:
    chunk = bitsets.changed(None, of.items())
    return {} if chunk is None else {0: chunk}


def read(slices: bitsets.Slices) -> Weights:
    return {
        number: sum((each >> number & 1) << at for at, each in enumerate(slices))
        for number in bitsets.members(bitsets.present(slices))
    }


@given(weights, weights)
def test_a_list_keeps_its_weights_and_gives_back_what_was_taken_out(first: Weights, then: Weights) -> None:
    assert read(bitsets.joined(stored(first), 1)) == first
    both = bitsets.changed(stored(first).get(0), then.items())
    assert read(bitsets.joined({0: both} if both else {}, 1)) == first | then
    assert bitsets.changed(both, [(place, 0) for place in first | then]) is None


@given(weights, weights, st.integers(0, 60), st.integers(0, 60))
def test_sums_and_the_best_are_those_of_plain_arithmetic(one: Weights, other: Weights, by: int, times: int) -> None:
    scores = bitsets.total([(bitsets.joined(stored(one), 2), by), (bitsets.joined(stored(other), 2), times)])
    plain = {number: one.get(number, 0) * by + other.get(number, 0) * times for number in one | other}
    cards = sum(1 << number for number in plain)
    wanted = sorted(plain.items(), key=lambda item: (-item[1], -item[0]))
    assert bitsets.best(cards, scores, 7) == wanted[:7]
    assert bitsets.best(cards, scores, 1000) == wanted


@given(weights)
def test_half_a_weight_is_never_nothing(some: Weights) -> None:
    assert read(bitsets.halved(bitsets.joined(stored(some), 1))) == {
        number: max(1, weight // 2) for number, weight in some.items()
    }
