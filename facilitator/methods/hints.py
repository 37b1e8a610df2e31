"""Phrases by which a question is known that is advice in disguise. A hint to its author, never a verdict and never a rejection.

The phone looks for them while somebody types (`hints.js`): whole words, whatever their capitals, signs and apostrophes. They are
in the file `hints.txt` of a language, written as they are matched, and long enough to leave real questions alone.
"""

from __future__ import annotations

from functools import cache

from facilitator.core import languages


def phrases(language: str) -> tuple[str, ...]:
    """The phrases of a language (`nl`, also `nl_BE` or `nl-BE`), in lower case; none where the language has no list."""
    return _lists().get(languages.code_of(language), ())


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    return {code: languages.lines_of(path) for code, path in languages.data("hints.txt").items()}
