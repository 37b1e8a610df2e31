"""A meeting with made-up people that is in one phase of a method: for looking at, never stored. Pure.

Promises: it is what the rules and the screens of real meetings take, so what is seen of it is what will be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from facilitator.meetings.machine import State, Status, Step
from facilitator.meetings.snapshot import Action, Item, Mark, Round, Seat, Snapshot, Value, in_order
from facilitator.meetings.titles import named
from facilitator.methods.roles import roles_of
from facilitator.methods.vocabulary import FieldType, Form, InputField, MarkKind, Method, Pace, Part, Phase, Who

GIVER, SPEAKER = "gia", "pete"
PEERS = (SPEAKER, "ada", "bob")
NAMES = {GIVER: "Gia", SPEAKER: "Pete", "ada": "Ada", "bob": "Bob", "mo": "Mo"}
WRITERS: Mapping[Who, tuple[str, ...]] = {
    Who.EVERYONE: (GIVER, *PEERS),
    Who.PEERS: PEERS,
    Who.CASE_GIVER: (GIVER,),
    Who.OWNER: (SPEAKER,),
    Who.NOBODY: (),
}
CASE, BROUGHT = "case", "brought"
NOTHING_IS = "–"  # nothing is damaged here, and no text is this one


@dataclass(frozen=True, slots=True)
class Words:
    """What the made-up people write, in the language of the preview: the case, its question, an action, and a text for a person and a field."""

    title: str
    question: str
    when_if: str
    then: str
    texts: Mapping[str, str]


def meeting(method: Method, key: str, words: Words, locale: str, now: datetime, *, is_revealed: bool) -> Snapshot:
    """The meeting in the phase with this key, before or after what is hidden in it was revealed."""
    here = next(index for index, phase in enumerate(method.phases) if phase.key == key)
    items = tuple(
        item
        for index, phase in enumerate(method.phases[: here + 1])
        for item in _items(phase, words, is_out=index < here or is_revealed)
    )
    steps = tuple(_step(phase, index, here, items, now, is_revealed) for index, phase in enumerate(method.phases))
    table = tuple(Seat(name, "participant", NAMES[name], locale, place) for place, name in enumerate((GIVER, *PEERS)))
    return Snapshot(
        id="preview",
        organisation_id="",
        code="K7QM2P9X",
        goal=words.title,
        method_key=method.key,
        locale=locale,
        created_at=now,
        taken_at=now,
        last_move="next",
        state=State(Status.RUNNING, here + 2, steps, here, now, now),
        phases={phase.key: phase for phase in method.phases},
        seats=(*table, Seat("mo", "moderator", NAMES["mo"], locale, 10_000), Seat("wall", "wall", "", locale)),
        rounds=(_case(method, words),),
        items=in_order(items),
        marks=tuple(_marks(method, here, items)),
        actions=tuple(_actions(method, here, items, words, now.date())),
        method=method,
        unreadable=NOTHING_IS,
    )


def _case(method: Method, words: Words) -> Round:
    return Round(
        id=CASE,
        number=1,
        case_giver_id=GIVER,
        case_id=None,
        title=words.title,
        question=words.question,
        key_question="",
        is_set=True,
        is_stopped=False,
        is_told=True,
        method_key=method.key,
        method_titles=named(method).method_titles,
        method_roles=roles_of(method),
    )


def _step(phase: Phase, index: int, here: int, items: tuple[Item, ...], now: datetime, is_revealed: bool) -> Step:
    is_here = index == here
    source = phase.shows.of if phase.shows else (phase.marks.on if phase.marks and phase.marks.on else phase.key)
    own = [item for item in items if item.step_id == source and item.is_revealed]
    is_round = phase.pace is Pace.ROUND
    speakers = (
        PEERS
        if phase.speaks in (Who.PEERS, Who.OWNER)
        else (GIVER,)
        if phase.speaks is Who.CASE_GIVER
        else (GIVER, *PEERS)
    )
    by_speaker = [item for item in own if not is_round or item.seat_id == speakers[0]]
    return Step(
        id=phase.key,
        key=phase.key,
        kind=phase.kind,
        part=phase.part,
        pace=phase.pace,
        round_id=CASE if phase.part is Part.ROUND else None,
        planned=phase.minutes * 60,
        running_since=now if is_here else None,
        has_begun=index <= here,
        is_revealed=index < here or (is_here and is_revealed),
        speakers=speakers if is_here and is_round else (),
        speaker=speakers[0] if is_here and is_round else None,
        item=by_speaker[0].id if is_here and by_speaker and phase.pace is not Pace.TOGETHER else None,
        laps=phase.laps,
    )


def _items(phase: Phase, words: Words, *, is_out: bool) -> Iterator[Item]:
    for form in phase.forms:
        for rank, writer in enumerate(WRITERS[form.who]):
            yield Item(
                id=f"{phase.key}-{form.key}-{writer}",
                step_id=phase.key,
                seat_id=None if form.is_anonymous else writer,
                form=form.key,
                fields={field.name: _filled(form, field, writer, words) for field in form.fields},
                rank=rank,
                about_id=BROUGHT if form.about_actions else None,
                is_revealed=form.is_open or is_out,
            )


def _filled(form: Form, field: InputField, writer: str, words: Words) -> Value:
    match field.type:
        case FieldType.SCALE:
            return (field.low + field.high + 1) // 2
        case FieldType.CHOICE:
            return field.choices[0] if field.choices else ""
        case FieldType.DATE:
            return "2031-05-01"
    known = {"title": words.title, "question": words.question, "when_if": words.when_if, "then": words.then}
    is_known = form.sets_question or form.sets_key_question or form.makes_action or field.name == "title"
    text = known.get(field.name) if is_known else None
    return (text or words.texts[writer])[: field.max_length]


def _marks(method: Method, here: int, items: tuple[Item, ...]) -> Iterator[Mark]:
    for phase in method.phases[: here + 1]:
        if phase.marks is None or phase.marks.kind is MarkKind.BUDDY:
            continue
        on = [item for item in items if item.step_id == (phase.marks.on or phase.key)]
        for seat in WRITERS[phase.marks.who]:
            others = (item for item in on if item.seat_id != seat)
            if item := next(others, None):
                yield Mark(phase.key, seat, item.id, phase.marks.kind.value)


def _actions(method: Method, here: int, items: tuple[Item, ...], words: Words, today: date) -> Iterator[Action]:
    if any(form.about_actions for phase in method.phases for form in phase.forms):
        yield _action(BROUGHT, None, SPEAKER, words, today, is_carried=True)
    making = {(phase.key, form.key) for phase in method.phases[: here + 1] for form in phase.forms if form.makes_action}
    for item in items:
        if (item.step_id, item.form) in making:
            yield _action(item.id, item.id, item.seat_id or GIVER, words, today, is_carried=False)


def _action(name: str, item: str | None, owner: str, words: Words, today: date, *, is_carried: bool) -> Action:
    due = today + timedelta(days=7)
    return Action(name, item, owner, NAMES[owner], None, words.when_if, words.then, due, is_carried, True, "open")
