"""What changed from one text to the next, line by line, for a page that still has the one before.

Promises: a patch makes exactly the new text of the old one; where much changed it may be longer than it needs to be, never wrong. The work
grows with the length of the texts, not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

Change = tuple[
    int, int, list[str]
]  # from which line of the old text, how many of them go, and what comes in their place
SEVERAL = -1


def changes(old: str, new: str) -> list[Change]:
    """From the end to the beginning, so that each finds its lines where they were."""
    was, now = old.split("\n"), new.split("\n")
    found: list[Change] = []
    i = j = 0
    for until_old, until_new in (*_anchors(was, now), (len(was), len(now))):
        end, until = until_old, until_new
        while i < end and j < until and was[i] == now[j]:
            i, j = i + 1, j + 1
        while end > i and until > j and was[end - 1] == now[until - 1]:
            end, until = end - 1, until - 1
        if end > i or until > j:
            found.append((i, end - i, now[j:until]))
        i, j = until_old, until_new
    return found[::-1]


def _anchors(was: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """Where lines that stand once in each are in both, as many as keep their order. Closing tags and the like tell nothing."""
    there = _places(now)
    pairs = [(place, there[line]) for line, place in _places(was).items() if place != SEVERAL and line in there]
    return _rising([pair for pair in pairs if pair[1] != SEVERAL])


def _places(lines: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, line in enumerate(lines):
        found[line] = SEVERAL if line in found else place
    return found


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, their first numbers rising, in which the second ones rise too."""
    ends: list[int] = []  # the smallest second number that a run of each length ends with,
    at: list[int] = []  # whose it is,
    before: list[int] = []  # and which pair comes before it in its run
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1], at[length : length + 1] = [second], [number]
    found, number = [], at[-1] if at else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
