"""In which order screens count.

A page drops what is older by (`turn`, `at`). `at` is a time, because the count of changes never leaves the server: it would
tell how much hidden text there is. But reading takes a while, and on PostgreSQL another reading may begin and end in the
middle of it: then the clock alone would put the newer screen before the older one. So the count decides, and the time follows.

Promises: within a process, of two readings of a meeting the one that saw more changes has the later moment, whenever each of
them looked at the clock; readings that saw the same do not differ because of the other. Workers do not know of each other: a
phone's requests and its socket go to the same one, and where they did not, the comparison of digests heals it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

MEETINGS_KEPT = 5_000
ONE_LATER = timedelta(microseconds=1)


@dataclass
class Latest:
    """The most changes anybody saw of a meeting, and the first and the last moment that was given to such a reading."""

    revision: int
    first: datetime
    last: datetime


class Order:
    """The latest reading of each meeting; those nobody read for long are forgotten."""

    def __init__(self, kept: int = MEETINGS_KEPT) -> None:
        self.kept = kept
        self.latest: OrderedDict[str, Latest] = OrderedDict()

    def moment(self, meeting_id: str, revision: int, looked: datetime) -> datetime:
        """The moment a reading counts from, which is `looked` unless another reading shows that to be wrong."""
        known = self.latest.get(meeting_id)
        if known is not None and revision < known.revision:
            return min(looked, known.first - ONE_LATER)
        if known is not None and revision == known.revision:
            known.last = max(looked, known.last)
            return known.last
        found = looked if known is None else max(looked, known.last + ONE_LATER)
        self.latest[meeting_id] = Latest(revision, found, found)
        self.latest.move_to_end(meeting_id)
        if len(self.latest) > self.kept:
            self.latest.popitem(last=False)
        return found
