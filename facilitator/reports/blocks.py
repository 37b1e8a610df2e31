"""What a report in words is made of: a sheet of parts, each with a title and blocks. Pure; every format draws these.

Promises: a block is one of five kinds, so a new format is one module; what people wrote stands in it as plain text.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. `is_quiet`: said by us about the report, as where there is nothing to tell."""

    text: str
    is_quiet: bool = False
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what there is to say."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Line:
    """One text in a list, what belongs to it, and a short remark about it."""

    text: str
    under: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of texts."""

    rows: tuple[Line, ...]
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer of a scale: how many chose it, and the share of the tallest bar, 0 to 1."""

    value: int
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One statement: its mean in the reader's figures, the bars, and the same in a sentence."""

    label: str
    mean: str
    bars: tuple[Bar, ...]
    ends: str
    in_words: str


@dataclass(frozen=True, slots=True)
class Scales:
    """How statements were answered."""

    rows: tuple[ScaleRow, ...]
    heads: tuple[str, str, str]
    kind: str = "scales"


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One phase: minutes as figures, and as shares of the longest one, 0 to 1."""

    title: str
    remark: str
    planned: str
    used: str
    planned_share: float
    used_share: float


@dataclass(frozen=True, slots=True)
class Times:
    """Planned and used minutes."""

    rows: tuple[TimeRow, ...]
    total: TimeRow
    heads: tuple[str, str, str]
    kind: str = "times"


Block = Words | Facts | Lines | Scales | Times


@dataclass(frozen=True, slots=True)
class Part:
    """A title with its blocks; level 2, or 3 for what belongs to the part before."""

    key: str
    title: str
    level: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole report in words. `state` says what is not final about it."""

    name: str
    title: str
    state: str
    facts: Facts
    parts: tuple[Part, ...]
