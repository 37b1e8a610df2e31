"""What anonymous scales came to, for a report: means, distributions and unsigned lines. Pure.

Promises: nothing of fewer than four revealed answers, and nothing of a scale somebody filled in for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.meetings.machine import Step
from facilitator.meetings.seen import facets
from facilitator.meetings.showing.results import scale_results
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.vocabulary import Audience, Facet, FieldType, Form


@dataclass(frozen=True, slots=True)
class Scale:
    """How one statement was answered: `counts` from `first` upwards; `low` and `high` say what the ends mean. `name` is
    `form.field`, by which the method has its words.
    """

    label: str
    first: int
    mean: float
    counts: tuple[int, ...]
    low: str
    high: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """The scales and open lines of one phase that was held; both empty where too few answers were revealed. `key` is the
    phase's.
    """

    title: str
    scales: tuple[Scale, ...]
    lines: tuple[str, ...]
    key: str = ""


def results_of(snapshot: Snapshot, reader: Audience, locale: str) -> tuple[Results, ...]:
    """The results of every phase with anonymous scales that shows its results to the reader and was held, or gave some before it was
    passed over.
    """
    begun = [
        (step, _results(snapshot, step, locale))
        for step in snapshot.state.steps
        if step.has_begun
        and any(form.is_anonymous and has_scales(form) for form in snapshot.phases[step.id].forms)
        and Facet.RESULTS in facets(snapshot.phases[step.id], reader, True)
    ]
    return tuple(found for step, found in begun if step.was_held or found.scales or found.lines)


def has_scales(form: Form) -> bool:
    """Whether a form asks for numbers."""
    return any(field.type is FieldType.SCALE for field in form.fields)


def _results(snapshot: Snapshot, step: Step, locale: str) -> Results:
    scales, lines = scale_results(snapshot, step, locale)
    forms = [form for form in snapshot.phases[step.id].forms if form.is_anonymous]
    fields = {field.name: (field, f"{form.key}.{field.name}") for form in forms for field in form.fields}
    found = (Scale(s.label, fields[s.name][0].low, s.mean, s.counts, s.low, s.high, fields[s.name][1]) for s in scales)
    return Results(snapshot.phases[step.id].text(locale).title, tuple(found), lines, step.key)
