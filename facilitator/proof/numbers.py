"""Numbers of documents: random, short enough to type, and with a check character that finds a slip of the hand. Pure.

The last character is chosen so that a weighted sum over the field of 32 elements is zero. That finds every single wrong
character and every two that changed places; it says nothing about whether a number was ever given out.
"""

from __future__ import annotations

import secrets

from facilitator.core.codes import ALPHABET

LENGTH = 12
FIELD = 0b100101  # x⁵ + x² + 1, of which x is a generator


def new_number() -> str:
    """A number nobody can guess (55 bits), with its check character."""
    digits = [secrets.randbelow(len(ALPHABET)) for _ in range(LENGTH - 1)]
    return "".join(ALPHABET[digit] for digit in (*digits, _sum(digits)))


def is_number(number: str) -> bool:
    """Whether a number as `plain_code` gives it has the right length and check character."""
    if len(number) != LENGTH or any(char not in ALPHABET for char in number):
        return False
    *digits, check = (ALPHABET.index(char) for char in number)
    return _sum(digits) == check


def _sum(digits: list[int]) -> int:
    """The weighted sum; each place has a weight of its own, and the check character has weight one."""
    total = 0
    for digit in digits:
        total = _double(total ^ digit)
    return total


def _double(value: int) -> int:
    value <<= 1
    return value ^ FIELD if value & 0b100000 else value
