"""Long lists on the console, a page at a time: what is pushed stays small however many people there are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeVar

ON_A_PAGE = 16
Part = TypeVar("Part")
WRITTEN = re.compile(r"([1-9]\d{0,3})\.([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of each list somebody looks at, from 1. It is written `people.texts`, in addresses and by open pages."""

    people: int = 1
    texts: int = 1

    @classmethod
    def read(cls, written: str | None) -> Pages:
        """From what was written; the first pages where that says nothing."""
        found = WRITTEN.fullmatch(written or "")
        return cls(int(found[1]), int(found[2])) if found else cls()

    def __str__(self) -> str:
        return f"{self.people}.{self.texts}"


FIRST = Pages()


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list stands: page `here` of `last`; how many there are in all, and before this page. `before` and `after` are how
    the neighbouring pages are written, empty where there is none.
    """

    here: int
    last: int
    total: int
    skipped: int
    before: str
    after: str


def page_of(parts: tuple[Part, ...], pages: Pages, name: str) -> tuple[tuple[Part, ...], Paging]:
    """The parts on a page of a list, and where that is; past the end it is the last one."""
    last = max(1, -(-len(parts) // ON_A_PAGE))
    here = min(getattr(pages, name), last)
    skipped = (here - 1) * ON_A_PAGE
    paging = Paging(
        here=here,
        last=last,
        total=len(parts),
        skipped=skipped,
        before=str(replace(pages, **{name: here - 1})) if here > 1 else "",
        after=str(replace(pages, **{name: here + 1})) if here < last else "",
    )
    return parts[skipped : skipped + ON_A_PAGE], paging
