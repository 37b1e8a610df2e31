"""What stands under a card, as it is shown: questions with their answers, and how it went for those who tried it. Pure.

Promises: somebody who spoke shows with their name, somebody who tried shows without; nothing here tells who a card comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from facilitator.archive.content import Outcome

VERDICTS = (Outcome.WORKED.value, Outcome.PARTLY.value, Outcome.NOT.value)


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer. `who` is empty where the account is gone; `is_withdrawn`: only its answers are left."""

    id: str
    who: str
    text: str
    written_on: date
    is_edited: bool = False
    is_mine: bool = False
    may_remove: bool = False
    is_withdrawn: bool = False
    answers: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the bars: how many say this, as a number and in hundredths of everybody."""

    verdict: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Tried:
    """How it went for those who tried it. `reasons` are pairs of verdict and why, in no order that tells who came first."""

    bars: tuple[Bar, ...]
    reasons: tuple[tuple[str, str], ...]
    mine: str = ""
    my_reason: str = ""

    @property
    def count(self) -> int:
        """How many tried it."""
        return sum(bar.count for bar in self.bars)

    @property
    def worked(self) -> int:
        """For how many it worked."""
        return self.bars[0].count


def bars(verdicts: Iterable[str]) -> tuple[Bar, ...]:
    """The three bars, also where nobody is in one of them."""
    found = list(verdicts)
    return tuple(
        Bar(verdict, found.count(verdict), round(100 * found.count(verdict) / len(found)) if found else 0)
        for verdict in VERDICTS
    )
