"""A problem of a method file, and the few questions about phases that several checks ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from facilitator.methods.vocabulary import Form, MarkKind, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable


def _(text: str) -> str:
    """Marks a text for the catalogue of translations; whoever shows it translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit, and the path to it as in `phases[3].texts.nl.rule`. The text is one that can be translated, with a
    place for each of the names in it.
    """

    path: str
    text: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """What is wrong, as a command says it."""
        return self.text % self.names if self.names else self.text


def has_texts(phase: Phase) -> bool:
    """Whether there can be texts on the table in this phase, its own or those of an earlier one."""
    return bool(phase.forms or phase.shows or (phase.marks and phase.marks.on))


def has_anonymous(phase: Phase | None) -> bool:
    """Whether a phase has a form without authors."""
    return phase is not None and any(form.is_anonymous for form in phase.forms)


def is_hidden(form: Form) -> bool:
    """Whether what is written with a form waits for a reveal; what is private throughout never gets one."""
    return not form.is_open and not all(field.is_private for field in form.fields)


def gives_stars(phase: Phase) -> bool:
    """Whether stars are given in a phase."""
    return phase.marks is not None and phase.marks.kind is MarkKind.STAR


def listed(words: Iterable[str]) -> str:
    """Words in a fixed order, for a sentence."""
    return ", ".join(sorted(words))
