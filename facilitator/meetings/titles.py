"""What the methods of a meeting are called, and what they call the roles in it.

Promises: a meeting keeps these words with its cases, so they stay when a method changes or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from facilitator.core import languages
from facilitator.meetings.snapshot import Round, Snapshot
from facilitator.methods.loader import load_catalogue
from facilitator.methods.roles import RoleNames, RoleWords, role_names, roles_of
from facilitator.methods.rounds import of_a_case
from facilitator.methods.vocabulary import MethodHead


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

    @property
    def method_roles(self) -> RoleWords:
        """What that calls the roles, by language."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """A method by its names, as a case keeps them."""

    method_key: str
    method_titles: Mapping[str, str]
    method_roles: RoleWords


def named(method: MethodHead) -> Named:
    """What is kept of the names of a method."""
    titles = {language: texts.title for language, texts in method.texts.items()}
    return Named(method.key, titles, roles_of(method))


def title(key: str, kept: Mapping[str, str], locale: str) -> str:
    """What a method is called in a language: as it was kept, or else as in the catalogue."""
    method = load_catalogue().get(key) if key and locale not in kept else None
    if method is not None:
        return method.text(locale).title
    return kept[languages.nearest(locale, kept)] if kept else key


def role_words(one: HasMethod) -> RoleWords:
    """What the method of a case calls the roles, by language."""
    method = None if one.method_roles else load_catalogue().get(one.method_key)
    return roles_of(method) if method else one.method_roles


def roles(snapshot: Snapshot, around: Round | None, locale: str) -> RoleNames:
    """The words for the roles by the method of a case, or of the meeting where there is none."""
    found = around or next(iter(snapshot.rounds), None)
    return role_names(
        locale, role_words(found) if found is not None and found.method_key else roles_of(snapshot.method)
    )


def methods_of(rounds: Iterable[HasMethod], method: MethodHead) -> tuple[HasMethod, ...]:
    """The methods of a meeting in the order of its cases; the meeting's own where those are held at tables."""
    return tuple(rounds) or (named(method),)


def of_meeting(rounds: Iterable[HasMethod], method: MethodHead, locale: str) -> str:
    """What these are called."""
    return together(title(one.method_key, one.method_titles, locale) for one in methods_of(rounds, method))


def of_further_cases(snapshot: Snapshot, locale: str) -> tuple[tuple[str, str], ...]:
    """The methods by which one more case can be added, by key: those of the meeting first."""
    held = {one.method_key: title(one.method_key, one.method_titles, locale) for one in snapshot.rounds}
    known = {key: one.text(locale).title for key, one in load_catalogue().items() if of_a_case(one)}
    known |= {key: title(key, titles, locale) for key, titles in snapshot.own_methods.items()}
    return tuple((held | {key: named for key, named in known.items() if key not in held}).items())


def together(titles: Iterable[str]) -> str:
    """The names of the methods of one meeting, each once."""
    return ", ".join(dict.fromkeys(filter(None, titles)))
