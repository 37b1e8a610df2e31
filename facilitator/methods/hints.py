"""Does a question sound like advice? A hint to its author, never a verdict and never a rejection.

What this promises: the phone can find the same. A text matches when, in lower case, with every run of white space as
one space and every curly apostrophe straight, it contains one of the phrases. Those are in the file `hints.txt` of a language, written
as they are matched, and long enough to leave real questions alone.
"""

from __future__ import annotations

from functools import cache

from facilitator.core import languages


def sounds_like_advice(text: str, language: str) -> bool:
    """Whether a text has one of the phrases by which advice in disguise is known in that language."""
    plain = " ".join(text.lower().replace("’", "'").split())
    return any(phrase in plain for phrase in phrases(language))


def phrases(language: str) -> tuple[str, ...]:
    """The phrases of a language (`nl`, also `nl_BE` or `nl-BE`), in lower case; none where the language has no list."""
    return _lists().get(languages.code_of(language), ())


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    return {code: languages.lines_of(path) for code, path in languages.data("hints.txt").items()}
