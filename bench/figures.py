"""A figure with its goal, and the table they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Something measured; at most `goal` is good."""

    name: str
    value: float
    unit: str
    goal: float
    remark: str = ""

    @property
    def is_reached(self) -> bool:
        """Is the goal reached?"""
        return self.value <= self.goal


def table(figures: Sequence[Figure]) -> str:
    """One line a figure; those that fall short are marked."""
    width = max(len(figure.name) for figure in figures)
    lines = [
        f"{'  ' if f.is_reached else '! '}{f.name:{width}}  {f.value:8.2f} {f.unit:3} (≤ {f.goal:g})  {f.remark}"
        for f in figures
    ]
    return "\n".join(lines)
