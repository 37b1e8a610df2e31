"""How scales and choices were answered, where that is revealed; of an anonymous form nothing under four answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import Seen, facets
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.vocabulary import (
    Audience,
    Facet,
    FieldType,
    Form,
    InputField,
)


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """How a scale was answered: `counts` holds the number of answers from low to high. Never for fewer than four."""

    name: str
    label: str
    low: str
    high: str
    mean: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How often one choice was made; `share` is of the one that was made most, 0 to 1. `is_held`: the phase that comes, as it stands."""

    value: str
    label: str
    count: int
    share: float
    is_most: bool
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """How a choice was made, in the order in which the choices stand."""

    label: str
    options: tuple[ChoiceCount, ...]


def scales_and_lines(me: Seen, locale: str) -> tuple[tuple[ScaleResult, ...], tuple[str, ...]]:
    """The scales and open lines of the step at hand, once they are revealed to this seat; nothing under four answers."""
    shown = me.shown
    if Facet.RESULTS not in shown:
        return (), ()
    scales, lines = scale_results(me.meeting, me.meeting.now.step, locale)
    return scales, lines if Facet.ITEMS in shown else ()


def scale_results(snapshot: Snapshot, step: Step, locale: str) -> tuple[tuple[ScaleResult, ...], tuple[str, ...]]:
    """The means and open lines of a step's anonymous forms that were revealed; nothing under four answers."""
    phase = snapshot.phases[step.id]
    texts = phase.text(locale)
    found: list[ScaleResult] = []
    lines: list[str] = []
    for form in phase.forms:
        answers = [i for i in snapshot.items_of(step, form.key) if i.is_shown]
        if not form.is_anonymous or len(answers) < rules.SCALES_TO_REVEAL:
            continue
        damaged = {i.id: snapshot.unreadable for i in answers if i.is_damaged}
        for field in form.fields:
            name = f"{form.key}.{field.name}"
            values = [v for i in answers if isinstance(v := i.fields.get(field.name), int)]
            if field.type is FieldType.SCALE and len(values) >= rules.SCALES_TO_REVEAL:
                counts = tuple(values.count(n) for n in range(field.low, field.high + 1))
                low, high = texts.ends.get(f"{name}.low", ""), texts.ends.get(f"{name}.high", "")
                mean = sum(values) / len(values)
                found.append(ScaleResult(field.name, texts.fields.get(name, ""), low, high, mean, counts))
            elif field.type in (FieldType.LINE, FieldType.TEXT):
                lines.extend(text for i in answers if (text := i.text(field.name) or damaged.pop(i.id, "")))
    return tuple(found), tuple(lines)


def choice_results(me: Seen, locale: str) -> tuple[ChoiceResult, ...]:
    """How the choices of the step at hand were made, where that is revealed to this seat."""
    now = me.meeting.now
    if Facet.RESULTS not in me.shown:
        return ()
    found = (
        choice_result(me, now.step, form, field, locale)
        for form in now.phase.forms
        for field in form.fields
        if field.type is FieldType.CHOICE and not field.is_private and not form.about_actions
    )
    return tuple(one for one in found if any(option.count for option in one.options))


def choice_result(me: Seen, step: Step, form: Form, field: InputField, locale: str, held: str = "") -> ChoiceResult:
    """How a choice was made in a step, without figures where those are not revealed to this seat."""
    phase = me.meeting.phases[step.id]
    is_shown = Facet.RESULTS in facets(phase, me.audience(step), step.is_revealed)
    counts = rules.chosen(me.meeting, step, form, field) if is_shown else Counter()
    most = max(counts.values(), default=0)
    texts, name = phase.text(locale), f"{form.key}.{field.name}"
    options = (
        ChoiceCount(
            value=choice,
            label=texts.choices.get(f"{name}.{choice}", choice),
            count=counts[choice],
            share=counts[choice] / most if most else 0.0,
            is_most=0 < counts[choice] == most,
            is_held=choice == held,
        )
        for choice in field.choices
    )
    return ChoiceResult(texts.fields.get(name, ""), tuple(options))


def facets_of_wall(snapshot: Snapshot) -> frozenset[Facet]:
    """What the room screen shows of the step at hand once it is revealed."""
    return facets(snapshot.now.phase, Audience.WALL, True)
