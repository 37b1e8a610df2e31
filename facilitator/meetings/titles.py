"""What the methods of a meeting are called. A meeting keeps the names with its cases, for when a method is not there any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from facilitator.core import languages
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.loader import load_catalogue
from facilitator.methods.rounds import of_a_case
from facilitator.methods.vocabulary import Method


class HasMethod(Protocol):
    """A case, as it is read or as it is stored."""

    @property
    def method_key(self) -> str:
        """The key of its method."""
        ...

    @property
    def method_titles(self) -> Mapping[str, str]:
        """What that was called, by language."""
        ...


def titles_of(method: Method) -> dict[str, str]:
    """What a method is called, by language."""
    return {language: texts.title for language, texts in method.texts.items()}


def title(key: str, kept: Mapping[str, str], locale: str) -> str:
    """What a method is called in a language."""
    method = load_catalogue().get(key) if key else None
    if method is not None:
        return method.text(locale).title
    return kept.get(locale) or kept.get(languages.FALLBACK) or next(iter(kept.values()), key)


def of_meeting(rounds: Iterable[HasMethod], locale: str) -> str:
    """What the methods of a meeting are called, in the order of its cases."""
    return together(title(found.method_key, found.method_titles, locale) for found in rounds)


def of_further_cases(snapshot: Snapshot, locale: str) -> tuple[tuple[str, str], ...]:
    """The methods by which one more case can be added, by key: those of the meeting first."""
    held = {one.method_key: title(one.method_key, one.method_titles, locale) for one in snapshot.rounds}
    known = {key: one.text(locale).title for key, one in load_catalogue().items() if of_a_case(one)}
    return tuple((held | {key: named for key, named in known.items() if key not in held}).items())


def together(titles: Iterable[str]) -> str:
    """The names of the methods of one meeting, each once."""
    return ", ".join(dict.fromkeys(filter(None, titles)))
