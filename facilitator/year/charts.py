"""Means over the years as lines, one for each sentence. Pure.

Promises: what is missing breaks the line; nothing is drawn in between. Days stand as far apart as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from facilitator.year.evaluation import ABOUT, HIGHEST, LOWEST, Result

WIDTH, HEIGHT, EDGE = 300, 64, 7


@dataclass(frozen=True, slots=True)
class Dot:
    """A mean where it stands."""

    x: float
    y: float
    day: date
    mean: float


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence over the years: dots, and the strokes between those that follow each other. `means`: for each day, or None."""

    about: str
    dots: tuple[Dot, ...]
    strokes: tuple[tuple[Dot, ...], ...]
    means: tuple[float | None, ...]


def lines(results: Sequence[Result]) -> tuple[Line, ...]:
    """A line for each sentence, of results with the oldest first."""
    return tuple(_line(about, results) for about in ABOUT)


def _line(about: str, results: Sequence[Result]) -> Line:
    found = [_dot(result, about, results) for result in results]
    strokes: list[list[Dot]] = [[]]
    for dot in found:
        if dot is None:
            strokes.append([])
        else:
            strokes[-1].append(dot)
    return Line(
        about,
        tuple(dot for dot in found if dot is not None),
        tuple(tuple(stroke) for stroke in strokes if len(stroke) > 1),
        tuple(result.means.get(about) for result in results),
    )


def _dot(result: Result, about: str, results: Sequence[Result]) -> Dot | None:
    mean = result.means.get(about)
    if mean is None:
        return None
    first, last = results[0].day, results[-1].day
    along = (result.day - first).days / ((last - first).days or 1) if last > first else 0.5
    high = (mean - LOWEST) / (HIGHEST - LOWEST)
    x = EDGE + along * (WIDTH - 2 * EDGE)
    return Dot(round(x, 1), round(HEIGHT - EDGE - high * (HEIGHT - 2 * EDGE), 1), result.day, mean)
