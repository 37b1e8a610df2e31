"""What changed from one text to the next, line by line, for a page that still has the one before.

Promises: a patch makes exactly the new text of the old one, and takes about as long as reading both; where much changed it may be
longer than it needs to be, never wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

Lines = Sequence[str]
Change = tuple[
    int, int, list[str]
]  # from which line of the old text, how many of them go, and what comes in their place


def changes(old: str, new: str) -> list[Change]:
    """From the end to the beginning, so that each finds its lines where they were."""
    found = list(_changes(old.split("\n"), new.split("\n"), 0))
    return found[::-1]


def _changes(old: Lines, new: Lines, start: int) -> Iterator[Change]:
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    end = 0
    while end < min(len(old), len(new)) - same and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new, start = old[same : len(old) - end], new[same : len(new) - end], start + same
    anchors = list(_anchors(old, new)) if old and new else []
    if not anchors:
        if old or new:
            yield start, len(old), list(new)
        return
    was, is_now = 0, 0
    for place, other in [*anchors, (len(old), len(new))]:
        if place > was or other > is_now:
            yield from _changes(old[was:place], new[is_now:other], start + was)
        was, is_now = place + 1, other + 1


def _anchors(old: Lines, new: Lines) -> Iterator[tuple[int, int]]:
    """Lines that are in both once, as far as they stand in the same order."""
    once = {line for line, count in Counter(old).items() if count == 1}
    there = {line: place for place, line in enumerate(new) if line in once}
    twice = {line for line, count in Counter(new).items() if count > 1}
    last = -1
    for place, line in enumerate(old):
        other = there.get(line, -1)
        if other > last and line not in twice:
            yield place, other
            last = other
