"""The texts that came out of a meeting, for a report. Pure; the one place that says which of them may be read.

Promises: a text gets out if it was revealed, a phase shows it to the reader, and it was neither taken off the table nor
late nor kept for oneself. Private fields and authors never do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import facets
from facilitator.meetings.showing.texts import in_columns, public_fields
from facilitator.meetings.snapshot import Item, Snapshot
from facilitator.methods.vocabulary import Audience, Facet, FieldType, Form, Kind, MarkKind
from facilitator.reports.results import has_scales

# For now a report is the moderator's; what a phase does not show them is not in it either.
READER = Audience.MODERATOR
PLAIN = (FieldType.LINE, FieldType.TEXT)


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it came out: its first field, the other ones, the doubles that were joined to it, and the column it stood in."""

    text: str
    more: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()
    is_chosen: bool = False
    column: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The texts of one phase that was held, under the title the group saw. `texts` may be empty; `key` is the phase's."""

    kind: Kind
    title: str
    texts: tuple[Told, ...]
    key: str = ""


def sections(snapshot: Snapshot, steps: tuple[Step, ...], locale: str) -> tuple[Section, ...]:
    """The texts of these phases, phase by phase; one that was held and gave nothing has a section without texts."""
    found = []
    for step in steps:
        forms = [form for form in snapshot.phases[step.id].forms if _is_for_texts(snapshot, step, form)]
        texts = tuple(told for form in forms for told in _texts(snapshot, step, form, locale))
        if texts or (forms and step.was_held and _is_shown(snapshot, step)):
            found.append(Section(step.kind, snapshot.phases[step.id].text(locale).title, texts, step.key))
    return tuple(found)


def _is_for_texts(snapshot: Snapshot, step: Step, form: Form) -> bool:
    """Whether a form gives texts that stand for themselves, and not an action, the question or an evaluation."""
    if form.about_actions or form.makes_action or form.sets_question or form.sets_key_question:
        return False
    if form.is_anonymous and any(has_scales(other) for other in snapshot.phases[step.id].forms if other.is_anonymous):
        return False
    return any(field.type in PLAIN and not field.is_private for field in form.fields)


def _texts(snapshot: Snapshot, step: Step, form: Form, locale: str) -> tuple[Told, ...]:
    """The texts of a form in their stored order, which tells nothing about who wrote them, column by column."""
    out = [item for item in snapshot.items_of(step, form.key) if may_read(snapshot, step, item)]
    if form.is_anonymous and len(out) < rules.TEXTS_TO_REVEAL:
        return ()
    alone = (item for item in out if item.joined_to_id is None)
    by_column = in_columns(snapshot, alone, locale)
    told = ((_told(snapshot, item, out), column) for column, items in by_column.items() for item in items)
    return tuple(replace(text, column=column) for text, column in told if text is not None)


def _told(snapshot: Snapshot, item: Item, out: list[Item]) -> Told | None:
    fields = public_fields(snapshot, item)
    if not fields:
        return None
    joined = [other for other in out if other.joined_to_id == item.id]
    doubles = tuple(text for other in joined for text in public_fields(snapshot, other)[:1])
    is_chosen = any(_is_starred(snapshot, one) for one in (item, *joined))
    return Told(fields[0], fields[1:], doubles, is_chosen)


def _is_starred(snapshot: Snapshot, item: Item) -> bool:
    return any(
        mark.item_id == item.id
        and mark.kind == MarkKind.STAR
        and mark.step_id in snapshot.phases
        and Facet.CHOSEN in facets(snapshot.phases[mark.step_id], READER, True)
        for mark in snapshot.marks
    )


def may_read(snapshot: Snapshot, step: Step, item: Item) -> bool:
    """Whether a text of a step gets into the report; not what somebody told of a case that they gave away."""
    return is_out(item) and not rules.is_given_away(snapshot, item) and _is_shown(snapshot, step)


def is_out(item: Item) -> bool:
    """Whether a text was revealed and is still there for everybody."""
    return item.is_revealed and not (item.is_removed or item.is_late or item.is_kept)


def kept_cases(snapshot: Snapshot) -> tuple[Told, ...]:
    """The cases that came out and were not chosen: they come along to the next meeting."""
    taken = {found.case_id for found in snapshot.rounds}
    kept = []
    for step in snapshot.state.steps:
        out = [i for i in snapshot.items_of(step) if step.kind is Kind.PICK and may_read(snapshot, step, i)]
        for item in out:
            together = {item.id} | {other.id for other in out if other.joined_to_id == item.id}
            told = _told(snapshot, item, out) if item.joined_to_id is None and not together & taken else None
            kept += [told] if told else []
    return tuple(kept)


def _is_shown(snapshot: Snapshot, step: Step) -> bool:
    """Whether the texts of a step are shown to the reader: in its own phase, or in a later one that was met."""
    later = (one for one in snapshot.state.steps if snapshot.was_met(one) and _takes_up(snapshot, one, step))
    seen = (facets(snapshot.phases[one.id], READER, True) for one in (step, *later))
    return any(found & {Facet.ITEMS, Facet.CURRENT} for found in seen)


def _takes_up(snapshot: Snapshot, other: Step, step: Step) -> bool:
    """Whether a step puts the texts of another one on the table."""
    phase = snapshot.phases[other.id]
    key = phase.shows.of if phase.shows else phase.marks.on if phase.marks else None
    source = snapshot.step_of(key, other) if key else None
    return source is not None and source.id == step.id
