"""Presence and hours as shapes. Pure; the figures always stand beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from facilitator.proof.presence import Span, united

WIDTH = 400.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a bar, from where and how wide."""

    x: float
    width: float


def stretches(spans: Iterable[Span], ran: tuple[Span, ...]) -> tuple[Stretch, ...]:
    """Times on a bar that stands for a whole meeting; what lies outside of it is cut off."""
    if not ran:
        return ()
    first, last = ran[0].start, ran[-1].end
    whole = max(1.0, (last - first).total_seconds())
    found = []
    for span in united(spans):
        start, end = max(span.start, first), min(span.end, last)
        if end > start:
            x, width = (start - first).total_seconds() / whole, (end - start).total_seconds() / whole
            found.append(Stretch(round(x * WIDTH, 2), round(width * WIDTH, 2)))
    return tuple(found)
