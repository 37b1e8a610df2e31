"""Finds addresses of streets. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from facilitator.archive.redaction.finding import Finding, Kind
from facilitator.archive.redaction.words import everywhere


def find_streets(text: str) -> Iterator[Finding]:
    """A street with the number of a house: `Dorpsstraat 12`, `Lange Gasse 3b`, `12 rue des Lilas`."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), Kind.PLACE)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    street = "|".join(sorted(everywhere("streets"), key=lambda word: (-len(word), word)))
    return (
        re.compile(rf"(?<![^\W_])[^\W\d_][\w’'-]{{0,30}}?\s?(?:{street})\s\d{{1,4}}\s?[a-z]?(?![^\W_])", re.IGNORECASE),
        re.compile(
            r"(?<![^\W_])\d{1,4},?\s(?:rue|avenue|boulevard|quai|place)\s(?:d[eu]s?\s(?:la\s)?)?[^\W\d_][\w’'-]*",
            re.IGNORECASE,
        ),
    )
