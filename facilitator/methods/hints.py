"""Does a question sound like advice? A hint to its author, never a verdict and never a rejection.

What this promises: the phone can find the same. A text matches when, in lower case, with every run of white space as
one space and every curly apostrophe straight, it contains one of the phrases.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

PHRASES = Path(__file__).parent / "hints.toml"


def sounds_like_advice(text: str, language: str) -> bool:
    """Whether a text has one of the phrases by which advice in disguise is known in that language."""
    plain = " ".join(text.lower().replace("’", "'").split())
    return any(phrase in plain for phrase in phrases(language))


def phrases(language: str) -> tuple[str, ...]:
    """The phrases of a language (`nl`, also `nl_BE` or `nl-BE`), in lower case; none where the language has no list."""
    return _lists().get(language[:2].lower(), ())


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    return {language: tuple(table["phrases"]) for language, table in data.items()}
