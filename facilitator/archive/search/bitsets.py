"""Sets of cards as long numbers, one bit a card, and sums over such sets. Pure.

A weight from 0 to 7 for every card of an organisation is three such sets ("slices"): the first holds the ones of each weight, the
second the twos, the third the fours. Adding two weights for a hundred thousand cards is then a dozen operations of the processor's
own kind, whatever the number of hits, and the best twenty come out without sorting.

Promises: whole numbers only, so that every machine and database comes to the same order.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

CHUNK_CARDS = 8192
CHUNK_BYTES = CHUNK_CARDS // 8
SLICES = 3
HEAVIEST = 2**SLICES - 1
EMPTY = bytes(SLICES * CHUNK_BYTES)
FEW, MOST_FEW = 0, 40

Slices = tuple[int, ...]


def changed(stored: bytes | None, weights: Iterable[tuple[int, int]]) -> bytes | None:
    """A chunk of a posting list with (place, weight) of some cards set; weight 0 takes a card out. None: nothing is left."""
    if stored and stored[0] != FEW:
        return _dense(bytearray(zlib.decompress(stored)), weights)
    known = dict(_few(stored)) if stored else {}
    known.update(weights)
    left = sorted((place, weight) for place, weight in known.items() if weight)
    if len(left) > MOST_FEW:
        return _dense(bytearray(EMPTY), left)
    return (
        bytes([FEW]) + b"".join(place.to_bytes(2, "little") + bytes([weight]) for place, weight in left)
        if left
        else None
    )


def joined(chunks: Mapping[int, bytes], count: int) -> Slices:
    opened = {chunk: _opened(stored) for chunk, stored in chunks.items() if chunk < count}
    nothing = bytes(CHUNK_BYTES)
    return tuple(
        int.from_bytes(
            b"".join(
                opened[chunk][which * CHUNK_BYTES : (which + 1) * CHUNK_BYTES] if chunk in opened else nothing
                for chunk in range(count)
            ),
            "little",
        )
        for which in range(SLICES)
    )


def _opened(stored: bytes) -> bytes | bytearray:
    if stored[0] != FEW:
        return zlib.decompress(stored)
    bits = bytearray(EMPTY)
    _set(bits, _few(stored))
    return bits


def _few(stored: bytes) -> Iterator[tuple[int, int]]:
    """Most terms are in a handful of cards: three bytes for each of them, after a sign that no compressed set begins with."""
    for at in range(1, len(stored), 3):
        yield stored[at] | stored[at + 1] << 8, stored[at + 2]


def _dense(bits: bytearray, weights: Iterable[tuple[int, int]]) -> bytes | None:
    _set(bits, weights)
    return zlib.compress(bits, 1) if bits != EMPTY else None


def _set(bits: bytearray, weights: Iterable[tuple[int, int]]) -> None:
    for place, weight in weights:
        at, mask = place >> 3, 1 << (place & 7)
        for which in range(SLICES):
            if weight >> which & 1:
                bits[which * CHUNK_BYTES + at] |= mask
            else:
                bits[which * CHUNK_BYTES + at] &= ~mask & 0xFF


def either(many: Iterable[Slices]) -> Slices:
    """Where one of several words is enough: at least the heaviest of their weights."""
    first, second, third = 0, 0, 0
    for one, two, four in many:
        first, second, third = first | one, second | two, third | four
    return first, second, third


def halved(slices: Slices) -> Slices:
    """The weights for a hit that is less sure, never less than one."""
    one, two, four = slices
    return (one & ~(two | four)) | two, four, 0


def only(slices: Slices, cards: int) -> Slices:
    """The weights of some cards, nothing for the others."""
    return tuple(each & cards for each in slices)


def present(slices: Slices) -> int:
    found = 0
    for each in slices:
        found |= each
    return found


def total(parts: Iterable[tuple[Slices, int]]) -> Slices:
    """The sum of weights times a factor, for every card at once."""
    result: list[int] = []
    for slices, factor in parts:
        shift = 0
        while factor >> shift:
            if factor >> shift & 1:
                _add(result, slices, shift)
            shift += 1
    return tuple(result)


def best(cards: int, scores: Slices, count: int) -> list[tuple[int, int]]:
    """The (number, score) of the `count` cards with the highest scores; among equals the newest, which has the higher number."""
    sure, sure_count, open_ = 0, 0, cards
    for each in reversed(scores):
        above = open_ & each
        found = sure_count + above.bit_count()
        if found >= count:
            open_ = above
        else:
            sure, sure_count, open_ = sure | above, found, open_ ^ above
    numbers = [*newest(sure, sure_count), *newest(open_, count - sure_count)]
    return sorted(((number, _score(scores, number)) for number in numbers), key=lambda one: (-one[1], -one[0]))


def newest(cards: int, count: int) -> Iterator[int]:
    """The highest numbers of a set, from the top."""
    while cards and count > 0:
        number = cards.bit_length() - 1
        yield number
        cards ^= 1 << number
        count -= 1


def members(cards: int) -> Iterator[int]:
    """All numbers of a set, from the bottom."""
    for at, byte in enumerate(cards.to_bytes((cards.bit_length() + 7) // 8, "little")):
        if byte:
            yield from (at * 8 + bit for bit in range(8) if byte >> bit & 1)


def _add(result: list[int], slices: Sequence[int], shift: int) -> None:
    carry, place = 0, shift
    result.extend([0] * (shift - len(result)))
    while place < shift + len(slices) or carry:
        more = slices[place - shift] if place < shift + len(slices) else 0
        if place == len(result):
            result.append(0)
        mine = result[place]
        result[place] = mine ^ more ^ carry
        carry = (mine & more) | (carry & (mine ^ more))
        place += 1


def _score(scores: Slices, number: int) -> int:
    mask = 1 << number
    return sum(1 << place for place, each in enumerate(scores) if each & mask)
