"""What of a meeting can reach a phone at all: what is out for everybody, and the rows of the one seat it shows.

Promises: `everybody` is made without knowing of any seat, and `Own` from the rows of one seat; phones are drawn from these two
alone. What others have not shown yet is in neither, so nothing further on can show it by mistake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from facilitator.meetings import rules, seen
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import (
    Action,
    Item,
    Mark,
    Seat,
    Signal,
    Snapshot,
    Tally,
    holds_damage,
    in_order,
    items_by_id,
    items_by_step,
    once,
)
from facilitator.methods.vocabulary import Audience, Facet, Kind, MarkKind, Phase, Reveal


@dataclass(frozen=True, slots=True)
class Own:
    """What one seat wrote, marked, counted, took on and told the moderator, as far as the step at hand may show it."""

    items: tuple[Item, ...] = ()
    marks: tuple[Mark, ...] = ()
    tallies: tuple[Tally, ...] = ()
    actions: tuple[Action, ...] = ()
    signals: tuple[Signal, ...] = ()


NONE = Own()
NO_DEVICE = "none"  # random ids are longer
Row = TypeVar("Row")
OUT_AT_ONCE = (MarkKind.STAR, MarkKind.WARMTH)
# What is worked out from the rows that `everybody` has fewer of than a seat.
OF_TEXTS_AND_TAPS = (
    holds_damage,
    seen.readiness,
    items_by_id,
    items_by_step,
    rules.hidden_items,
    rules.texts_written,
    rules.said_by,
    rules.marked_by,
    rules.source_items,
    rules.warmths,
    rules.starred,
    rules.markable,
)


@once
def everybody(snapshot: Snapshot) -> Snapshot:
    """A meeting without what is not out: no text that waits, was kept or taken off, no vote before all have voted, no count of
    what somebody wrote, no action that is not agreed on, no sign to the moderator, nothing that
    whoever leads knows from before. What the rules count of those is worked out beforehand.
    """
    is_voted = seen.is_everybody_voted(snapshot)
    return replace(
        snapshot,
        items=tuple(item for item in snapshot.items if _is_out(item)),
        marks=tuple(mark for mark in snapshot.marks if is_voted or mark.kind in OUT_AT_ONCE),
        tallies=(),
        actions=tuple(action for action in snapshot.actions if _is_agreed(action)),
        signals=(),
        expected=None,
        told=(),
        frames={},
        facts={seen.is_everybody_voted: is_voted, **_offers(snapshot)},
    )


@once
def own_rows(snapshot: Snapshot) -> dict[str, Own]:
    """What is whose. Seats of which nothing counts in the step at hand are not in it."""
    steps = _steps_that_count(snapshot)
    on_table = snapshot.now.step.item
    texts = ((item.seat_id, item) for item in snapshot.items if item.step_id in steps or item.id == on_table)
    taps = ((mark.seat_id, mark) for mark in snapshot.marks if mark.step_id in steps)
    counts = ((tally.seat_id, tally) for tally in snapshot.tallies if tally.step_id in steps)
    plans = ((whose, action) for action in snapshot.actions for whose in {action.owner_id, action.buddy_id})
    told = ((signal.seat_id, signal) for signal in snapshot.signals)
    items, marks, tallies, actions = _by_seat(texts), _by_seat(taps), _by_seat(counts), _by_seat(plans)
    signals = _by_seat(told)
    return {
        whose: Own(
            items.get(whose, ()),
            marks.get(whose, ()),
            tallies.get(whose, ()),
            actions.get(whose, ()),
            signals.get(whose, ()),
        )
        for whose in items.keys() | marks.keys() | tallies.keys() | actions.keys() | signals.keys()
    }


def _by_seat(rows: Iterable[tuple[str | None, Row]]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for whose, row in rows:
        if whose is not None:
            found[whose].append(row)
    return {whose: tuple(own) for whose, own in found.items()}


def is_same(one: Snapshot, other: Snapshot) -> bool:
    """Whether what is out for everybody is the same at two moments of one day: then phones differ by their own rows only."""
    is_readable = not (one.is_damaged or other.is_damaged)  # then the sentence for what is not stands nowhere
    moved = replace(
        one,
        revision=other.revision,
        taken_at=other.taken_at,
        unreadable=other.unreadable if is_readable else one.unreadable,
    )
    is_same_day = (one.taken_at.date(), one.next_at) == (other.taken_at.date(), other.next_at)
    return is_same_day and moved == other


def by_hand(snapshot: Snapshot, seat: Seat) -> Snapshot:
    """A meeting as a device sees it that holds a seat beside others, by the moderator's word: what was written on another one counts,
    and holds nothing but what is out.
    """
    if seat.id not in snapshot.hands.values():
        return snapshot
    shut = {i.id: _shut(snapshot, i) for i in snapshot.items if i.seat_id == seat.id and not i.is_by(seat)}
    return replace(snapshot, items=tuple(shut.get(item.id, item) for item in snapshot.items), frames={})


def without_own(snapshot: Snapshot, seat: Seat) -> tuple[Snapshot, Seat]:
    """A meeting and a seat in it from which nothing was written, tapped or told: what is out for everybody, at most as much of it as whoever
    leads sees, and of the rows of this very seat neither what is private nor how many there are.
    """
    whoever = replace(seat, hand_id=NO_DEVICE, offers=(), declines=False)
    out, now = everybody(snapshot), snapshot.now
    chooses = now.phase.marks is not None and seen_by(snapshot, seat).marks is not None
    chosen: dict[Hashable, object] = {rules.starred: frozenset(), rules.warmths: {}} if chooses else {}
    nothing: dict[Hashable, object] = {rules.texts_written: Counter(), rules.said_by: {}, rules.marked_by: {}}
    found = replace(
        out,
        phases={step_id: _as_led(phase) for step_id, phase in out.phases.items()},
        items=tuple(_shut(out, item) if item.seat_id == seat.id else item for item in out.items),
        hands={},
        hand_names={},
        frames={},
        facts={**out.facts, **nothing, **chosen},
    )
    return found, whoever


def _as_led(phase: Phase) -> Phase:
    """A phase that shows nobody more than whoever leads, and nobody what is their own."""
    lead = phase.reveals.get(Audience.MODERATOR, Reveal())
    most = (lead.before - {Facet.OWN}, (lead.before | lead.after) - {Facet.OWN})
    reveals = {
        who: Reveal(before=one.before & most[0], after=one.after & most[1]) for who, one in phase.reveals.items()
    }
    return phase.model_copy(update={"reveals": reveals})


def _shut(snapshot: Snapshot, item: Item) -> Item:
    phase = snapshot.phases.get(item.step_id)  # none of a step that is not held
    form = phase.form(item.form) if phase else None
    public = {field.name for field in form.fields if not field.is_private} if form and _is_out(item) else ()
    return replace(item, fields={name: value for name, value in item.fields.items() if name in public})


def with_own(everybody: Snapshot, own: Own) -> Snapshot:
    """What is out, and the rows of one seat, each where it stands in the meeting."""
    hidden = [item for item in own.items if not _is_out(item)]
    drafts = [action for action in own.actions if not _is_agreed(action)]
    votes = [mark for mark in own.marks if mark not in everybody.marks]
    found = replace(
        everybody,
        items=in_order((*everybody.items, *hidden)) if hidden else everybody.items,
        marks=(*everybody.marks, *votes),
        tallies=own.tallies,
        actions=tuple(sorted((*everybody.actions, *drafts), key=_by_id)) if drafts else everybody.actions,
        signals=own.signals,
    )
    found.worked_out.update(everybody.worked_out)
    for work in OF_TEXTS_AND_TAPS:
        work.forget(found)
    return found


@once
def in_person(snapshot: Snapshot) -> frozenset[str]:
    """The seats that the meeting itself speaks of – who gives a case, has the floor, has a task or leads, is held by the moderator's
    word – and which therefore see something else than those who have written nothing.
    """
    named = {found.case_giver_id for found in snapshot.rounds}
    named |= {step.speaker for step in snapshot.state.steps}
    named |= {seat.id for seat in snapshot.seats if seat.role or seen_by(snapshot, seat).leads}
    named |= set(snapshot.hands.values())
    return frozenset(seat_id for seat_id in named if seat_id)


def _offers(snapshot: Snapshot) -> dict[Hashable, object]:
    now = snapshot.now
    return {rules.offer_of(now.step, form): rules.is_offered(snapshot, now.step, form) for form in now.phase.forms}


def _is_out(item: Item) -> bool:
    return item.is_revealed and not item.is_removed


def _is_agreed(action: Action) -> bool:
    return action.is_confirmed or action.is_carried


def _by_id(action: Action) -> str:
    return action.id


def _steps_that_count(snapshot: Snapshot) -> frozenset[str]:
    """The step at hand, the one whose texts it puts on the table, and where somebody looks back on their own case, all."""
    now = snapshot.now
    if now.phase.kind is Kind.EVALUATE:
        return frozenset(step.id for step in snapshot.state.steps)
    return frozenset((now.step.id, now.source.id) if now.source else (now.step.id,))
