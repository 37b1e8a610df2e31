"""Whether no screen lacks a word: every language of a method has every text, label, choice and scale end, and no word in braces is left
where nothing takes its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from facilitator.methods.problem import Problem, listed
from facilitator.methods.vocabulary import CaseGiverState, FieldType, Method, MethodHead, Phase, PhaseTexts, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_BRACES = re.compile(r"\{\w+\}")


def head_problems(method: MethodHead) -> Iterator[Problem]:
    """What is wrong with the texts that a method has beside those of its phases."""
    for language, texts in method.texts.items():
        yield from _left_in_braces(f"texts.{language}", texts.model_dump(exclude={"roles"}))


def wording_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    """What is missing or left over in the texts of a phase."""
    for language in sorted(method.texts.keys() - phase.texts.keys()):
        yield Problem(f"{place}.texts.{language}", "is missing; the method speaks this language")
    for language in sorted(phase.texts.keys() - method.texts.keys()):
        yield Problem(f"{place}.texts.{language}", "is a language that the method itself lacks")
    for language, texts in phase.texts.items():
        yield from _of_language(f"{place}.texts.{language}", phase, texts)


def _of_language(place: str, phase: Phase, texts: PhaseTexts) -> Iterator[Problem]:
    fields = [(f"{form.key}.{field.name}", field) for form in phase.forms for field in form.fields]
    choices = [f"{name}.{choice}" for name, field in fields for choice in field.choices]
    scales = [name for name, field in fields if field.type is FieldType.SCALE]
    ends = [f"{name}.{end}" for name in scales for end in ("low", "high")]
    yield from _labels(f"{place}.fields", [name for name, _ in fields], texts.fields)
    yield from _labels(f"{place}.choices", choices, texts.choices)
    yield from _labels(f"{place}.ends", ends, texts.ends)
    yield from _left_in_braces(place, texts.model_dump())
    if phase.case_giver is not CaseGiverState.SPEAKS and texts.case_giver is None:
        yield Problem(f"{place}.case_giver", "is missing; the case giver must know what to do now")


def _labels(place: str, wanted: list[str], given: dict[str, str]) -> Iterator[Problem]:
    for name in wanted:
        if name not in given:
            yield Problem(f'{place}."{name}"', "is missing")
    for name in given:
        if name not in wanted:
            yield Problem(f'{place}."{name}"', "does not belong to anything in this phase")


def _left_in_braces(place: str, texts: dict[str, object]) -> Iterator[Problem]:
    """Where a role is named, its word has come in place of the braces already."""
    for name, text in texts.items():
        for left in IN_BRACES.findall(str(text) if not isinstance(text, dict) else " ".join(map(str, text.values()))):
            yield Problem(
                f"{place}.{name}",
                f"{left!r} stays as it stands; only texts of phases name roles so, in a language that has words for them: {listed(Role)}",
            )
