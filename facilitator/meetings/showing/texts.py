"""The texts that a screen may show: in columns, chosen from, and from earlier phases; never of whom where names are not revealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from facilitator.meetings import rules, seen
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import Seen, is_on_table
from facilitator.meetings.snapshot import Item, Snapshot
from facilitator.methods.vocabulary import (
    BY_FORM,
    Facet,
    FieldType,
    Form,
    MarkKind,
    OnTable,
    Order,
    Warmth,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may be shown. `marks` is None where counts are not revealed; `author` is empty where names are not.
    `is_by_you`: the moderator who looks took it down. That somebody else did goes out to nobody: few have no phone, so
    it would tell whose it is.
    """

    id: str
    title: str
    detail: str = ""
    author: str = ""
    form: str = ""
    marks: int | None = None
    is_mine: bool = False
    is_now: bool = False
    is_done: bool = False
    is_starred: bool = False
    is_marked: bool = False
    is_brought: bool = False
    is_by_you: bool = False
    warmth: str = ""
    column: str = ""
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Texts that belong together, under their label."""

    title: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class EarlierTexts:
    """What lies on the table from one earlier phase, under the title of that phase."""

    title: str
    texts: tuple[str, ...]


def text(me: Seen, item: Item) -> Text:
    """A text as a seat may see it; the caller has asked whether it may. Private fields are for their writer only."""
    step = next(step for step in me.meeting.state.steps if step.id == item.step_id)
    now = me.meeting.now.step
    fields = public_fields(me.meeting, item)
    shown = me.shown
    phase = me.meeting.now.phase
    has_dots = phase.marks is not None and phase.marks.kind is MarkKind.DOT
    counts = Facet.MARKS in shown and has_dots and seen.is_everybody_voted(me.meeting)
    by_you = me.seat.kind == "moderator" and item.taken_down_by == me.seat.id
    names = by_you or me.sees_author(item)
    stars = item.id in rules.starred(me.meeting)
    ranks = is_ranked(me.meeting) and (phase.marks is None or Facet.MARKS in shown or me.marks is not None)
    return Text(
        id=item.id,
        title=fields[0] if fields else _choices_of(me.meeting, item, me.seat.locale),
        detail=" ".join(fields[1:2]),
        author=(me.meeting.name(item.seat_id) or item.brought_by or "") if names else "",
        form=item.form,
        marks=rules.dots_on(me.meeting, item) if counts else None,
        is_mine=item.seat_id is not None and item.seat_id == me.seat.id,
        is_now=is_on_table(now, item) if now.id == step.id else item.id == now.item,
        is_done=rules.was_talked_about(me.meeting, item),
        is_starred=stars and Facet.CHOSEN in shown and now.key != step.key,
        is_marked=item.id in me.marked,
        is_brought=item.brought_by is not None,
        is_by_you=by_you,
        warmth=rules.warmth(me.meeting, item) if ranks else "",
        column=column_of(me.meeting, item, me.seat.locale)[1],
        joined=tuple(
            " ".join(public_fields(me.meeting, other)[:1])
            for other in me.meeting.items_of(step)
            if other.joined_to_id == item.id and other.is_revealed and not other.is_removed
        ),
    )


def _choices_of(snapshot: Snapshot, item: Item, locale: str) -> str:
    """What was chosen in a text that holds no more than that."""
    phase = snapshot.phases[item.step_id]
    form = phase.form(item.form)
    chosen = (
        [field.name for field in form.fields if field.type is FieldType.CHOICE and not field.is_private] if form else ()
    )
    words = (phase.text(locale).choices.get(f"{item.form}.{name}.{item.text(name)}", "") for name in chosen)
    return ", ".join(filter(None, words))


def column_of(snapshot: Snapshot, item: Item, locale: str) -> tuple[int, str]:
    """Which of the columns of its phase a text stands in, and what that is called; nothing where there are none."""
    phase = snapshot.phases[item.step_id]
    form = phase.form(item.form)
    if phase.columns is None or form is None:
        return (0, "")
    texts = phase.text(locale)
    if phase.columns == BY_FORM:
        named = next((field.name for field in form.fields if not field.is_private), "")
        return (phase.forms.index(form), texts.fields.get(f"{form.key}.{named}", ""))
    field, value = next((f for f in form.fields if f.name == phase.columns), None), item.text(phase.columns)
    place = field.choices.index(value) if field and value in field.choices else -1
    return (place, texts.choices.get(f"{form.key}.{phase.columns}.{value}", ""))


def in_columns(snapshot: Snapshot, items: Iterable[Item], locale: str) -> dict[str, list[Item]]:
    """Texts by the column they stand in, in the order of the columns."""
    placed = sorted(((column_of(snapshot, item, locale), item) for item in items), key=lambda found: found[0][0])
    found: dict[str, list[Item]] = {}
    for (_place, title), item in placed:
        found.setdefault(title, []).append(item)
    return found


def columns_of(texts: tuple[Text, ...]) -> tuple[Column, ...]:
    """Texts that stand in columns, which are in their order already."""
    titles = dict.fromkeys(text.column for text in texts)
    return tuple(Column(title, tuple(t for t in texts if t.column == title)) for title in titles if title)


def is_ranked(snapshot: Snapshot) -> bool:
    """Whether the texts of the step at hand are told apart by how warm they are: while that is said, or where they come in that order."""
    phase = snapshot.now.phase
    is_asked = phase.marks is not None and phase.marks.kind is MarkKind.WARMTH
    return is_asked or (phase.shows is not None and phase.shows.order is Order.WARMTH)


def by_warmth(texts: tuple[Text, ...]) -> tuple[Text, ...]:
    """Warm before neutral before cold; what was not ranked comes last."""
    order = (*Warmth, "")
    return tuple(sorted(texts, key=lambda text: order.index(text.warmth)))


def public_fields(snapshot: Snapshot, item: Item) -> tuple[str, ...]:
    """The texts of an item that are not private, in the order of its form; choices and scales are left out. Of one that is
    damaged, a sentence that says so.
    """
    phase = snapshot.phases.get(item.step_id)
    form = phase.form(item.form) if phase else None
    if form is None:
        return ()
    kinds = (FieldType.LINE, FieldType.TEXT)
    public = [field.name for field in form.fields if field.type in kinds and not field.is_private]
    if item.is_damaged:
        return (snapshot.unreadable,) if public else ()
    return tuple(item.text(name) for name in public if item.text(name))


def shown_texts(me: Seen, step: Step | None = None) -> tuple[Text, ...]:
    """The revealed texts of a step that a seat may see, in their stored order; texts about actions have their own place."""
    step = step or me.meeting.now.step
    forms = me.meeting.phases[step.id].forms if step.id else ()
    plain = {f.key for f in forms if not f.about_actions and not f.makes_action and has_public_text(f)}
    order = sorted(me.meeting.items_of(step), key=lambda item: item.brought_by is None)  # prepared ones on top
    by_column = in_columns(me.meeting, order, me.seat.locale)
    return tuple(
        text(me, item)
        for items in by_column.values()
        for item in items
        if item.is_shown and item.form in plain and me.sees(item)
    )


def source_texts(me: Seen) -> tuple[Text, ...]:
    """The texts of an earlier phase that the step at hand works on (choosing among advice), where it reveals items."""
    source, shown = me.meeting.now.source, me.shown
    if source is None or Facet.ITEMS not in shown:
        return ()
    names = Facet.NAMES in shown
    found = tuple(text(me, item) for item in rules.source_items(me.meeting) if public_fields(me.meeting, item))
    return tuple(_without_author(t) if not names else _with_author(me.meeting, t) for t in found)


def earlier_texts(me: Seen, locale: str) -> tuple[EarlierTexts, ...]:
    """What lies on the table from earlier phases of this round, where that is shown: what was revealed there, without names."""
    if Facet.EARLIER not in me.shown:
        return ()
    found = (one for lies in me.meeting.now.phase.on_table for one in _lying(me.meeting, lies, locale))
    return tuple(one for one in found if one.texts)


def _lying(meeting: Snapshot, lies: OnTable, locale: str) -> Iterator[EarlierTexts]:
    step = meeting.step_of(lies.of, meeting.now.step)
    if step is None:
        return
    title = meeting.phases[step.id].text(locale).title
    for column, items in in_columns(meeting, rules.lying(meeting, lies), locale).items():
        texts = (" ".join(public_fields(meeting, item)) for item in items)
        yield EarlierTexts(f"{title}: {column}" if column else title, tuple(filter(None, texts)))


def has_public_text(form: Form) -> bool:
    """Whether anything of a form can ever be shown as a text."""
    return not form.is_anonymous and form.has_text


def _without_author(found: Text) -> Text:
    return replace(found, author="")


def _with_author(snapshot: Snapshot, found: Text) -> Text:
    item = snapshot.item(found.id)
    return replace(found, author=snapshot.name(item.seat_id) if item else "")
