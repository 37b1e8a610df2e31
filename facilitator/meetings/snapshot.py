"""The frozen read model of one meeting: everything the rules and the screens need, read at one moment.

This is the only place where sealed texts are opened. A snapshot never leaves the process: what may be shown of it is
decided by `audience` and `screens`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache, update_wrapper
from operator import attrgetter
from typing import Generic, TypeVar, cast

from facilitator.meetings.machine import NO_STEP, State, Status, Step
from facilitator.methods.vocabulary import NO_PHASE, Method, MethodHead, Part, Phase

Value = str | int | bool | None
PSEUDONYMS = "pseudonyms"
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place: kind `participant`, `moderator` or `wall`. `is_admitted`: was let in once, so they were there;
    `waits_again`: left since, came back, and waits at the door. `declines`: would rather not give a case in this meeting.
    `offers`: the roles that they would take. `table`: at which table they work, where the meeting was divided.
    `has_accepted`: the version of the group's agreement under which they meet.
    `hand_id`: looked at from a device of a seat that was joined to this one.
    """

    id: str
    kind: str
    name: str
    locale: str
    position: int = 0
    role: str = ""
    has_phone: bool = True
    user_id: str | None = None
    is_admitted: bool = True
    has_left: bool = False
    is_expelled: bool = False
    waits_again: bool = False
    declines: bool = False
    offers: tuple[str, ...] = ()
    table: int = 0
    has_accepted: bool = False
    hand_id: str | None = field(default=None, compare=False)

    @property
    def is_let_in(self) -> bool:
        """Whether nobody has to open the door for them now."""
        return self.is_admitted and not self.waits_again

    @property
    def is_present(self) -> bool:
        """Takes part now: let in, not gone, not expelled. A sleeping phone is present."""
        return self.is_let_in and not self.has_left and not self.is_expelled

    @property
    def is_inside(self) -> bool:
        """In the room: somebody who waits to be let in, left or was expelled is shown nothing of it."""
        return self.kind != "participant" or self.is_present

    @property
    def is_waiting(self) -> bool:
        """Stands at the door until the moderator lets them in."""
        return not (self.is_let_in or self.has_left or self.is_expelled)


@dataclass(frozen=True, slots=True)
class Item:
    """A text somebody wrote. `seat_id` is None where the form is anonymous, or where it was brought along from an earlier
    meeting and nobody here is known to be its writer; `from_seat_id` is their seat there.
    `taken_down_by` is the seat that wrote it for them: a moderator's, or a note-taker's. `hand_id`: the joined seat from whose
    device it came. `is_damaged`: what was written does not open, and there are no fields. For who holds the
    seat by the moderator's word there are those that are out (`visible.by_hand`).
    """

    id: str
    step_id: str
    seat_id: str | None
    form: str
    fields: Mapping[str, Value]
    rank: int = 0
    about_id: str | None = None
    joined_to_id: str | None = None
    brought_by: str | None = None
    is_revealed: bool = False
    is_done: bool = False
    is_removed: bool = False
    is_late: bool = False
    is_kept: bool = False
    taken_down_by: str | None = None
    from_seat_id: str | None = None
    key_of: str | None = None
    hand_id: str | None = None
    is_damaged: bool = False

    def is_by(self, seat: Seat) -> bool:
        """Whether it was written from this very seat, on a device that the seat is looked at from."""
        return self.seat_id is not None and (self.seat_id, self.hand_id) == (seat.id, seat.hand_id)

    @property
    def is_hidden(self) -> bool:
        """Waits for the moderator to reveal it."""
        return not (self.is_revealed or self.is_removed or self.is_late or self.is_kept)

    @property
    def is_taken_down(self) -> bool:
        """Was said by its author, and written by somebody else."""
        return self.taken_down_by is not None

    @property
    def is_shown(self) -> bool:
        """Out on the table: revealed, and neither taken off nor joined to another."""
        return self.is_revealed and not self.is_removed and self.joined_to_id is None

    def text(self, name: str) -> str:
        """A field as text, empty where nothing was filled in."""
        value = self.fields.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Round:
    """A case in this meeting. `is_told`: its case giver wrote of it, or the group went on from their story; from then on it
    is theirs. `method_titles` and `method_roles`: what its method was called, and called the roles, when it was planned, by language. `is_in_turn`: one of the
    rounds in which each person is client once.
    """

    id: str
    number: int
    case_giver_id: str | None
    case_id: str | None
    title: str
    question: str
    key_question: str
    is_set: bool
    is_stopped: bool
    is_told: bool = False
    method_key: str = ""
    method_titles: Mapping[str, str] = field(default_factory=dict)
    method_roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_in_turn: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A tap of a seat beside a text; of a warmth, which."""

    step_id: str
    seat_id: str
    item_id: str
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many texts a seat wrote with a form, and `says` or `passes` where it chose that instead."""

    step_id: str
    seat_id: str
    form: str
    count: int
    instead: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """A version of what a group agreed on: its number, since which day it is there, and its sentences."""

    id: str
    number: int
    day: date
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What those said who were invited, by name: whether they come, and who of those that do has not accepted what the group agreed on.
    `turns`: roles, and whose turn they are.
    """

    yes: tuple[str, ...]
    no: tuple[str, ...]
    unsaid: tuple[str, ...]
    not_accepted: tuple[str, ...]
    turns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldCase:
    """What whoever leads was told of a case that somebody offers: by whom, and its title and question where they wanted that."""

    name: str
    title: str
    question: str


@dataclass(frozen=True, slots=True)
class Told:
    """How an action went, as it was said outside of a meeting. A buddy's word stands until its owner's."""

    status: str
    line: str
    is_by_buddy: bool


@dataclass(frozen=True, slots=True)
class Action:
    """An if-then action; `is_carried`: taken on in an earlier meeting and looked back on in this one, by whoever held
    `from_seat_id` there.
    """

    id: str
    item_id: str | None
    owner_id: str | None
    owner_name: str
    buddy_id: str | None
    when_if: str
    then: str
    due: date | None
    is_carried: bool
    is_confirmed: bool
    status: str
    from_seat_id: str | None = None
    key_of: str | None = None
    told: Told | None = None


class Sign(StrEnum):
    """What a phone can tell the moderator beside the meeting, the most pressing first."""

    UNSAFE = "unsafe"
    BREAK = "break"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign that stands; None of one that does not open. The moderator is told whose it is only where whoever sent it wants that;
    `hand_id` as of an `Item`.
    """

    id: str
    sign: Sign | None
    seat_id: str
    is_named: bool = False
    hand_id: str | None = None

    def is_by(self, seat: Seat) -> bool:
        """Whether it was sent from this very seat, on a device that the seat is looked at from."""
        return (self.seat_id, self.hand_id) == (seat.id, seat.hand_id)


@dataclass(frozen=True, slots=True)
class Now:
    """Where the group is. A meeting that has not begun is in a step of nothing: no form, no mark, nothing revealed, so nobody has
    to ask whether there is one. A meeting that has ended stays where it was, and does not run. `source`: the earlier step whose
    texts this one puts on the table.
    """

    step: Step
    phase: Phase
    round: Round | None
    source: Step | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One meeting at one moment. `revision` counts every change and orders snapshots; it never leaves the server.
    `unreadable` is the sentence that stands in place of a damaged text, in the language of whoever had the meeting read. `frames` is
    what screens of one audience have in common; `facts` were worked out from more than is in it. `hands`: the seats that were
    joined to another, and to which, in the order they came in; `hand_names`: under which names. `tables_step`: where the meeting was
    divided into `table_count` tables, the step in which people are there; `tables`: how they are, for the screens of whoever leads.
    `agreed`: the version of their group's agreement under which they meet. `next_at`: when its group meets next, as planned when it was read.
    `expected` and `told`, for whoever leads before the start: who said that they come, and which cases they told of.
    `own_methods`: what its organisation calls the methods of its own by which one more case can be added, by language. Defaults are
    those of a meeting in which nobody did anything yet.
    """

    id: str
    organisation_id: str
    code: str
    goal: str
    method_key: str
    method: MethodHead
    locale: str
    created_at: datetime
    taken_at: datetime
    last_move: str
    state: State
    phases: Mapping[str, Phase]
    seats: tuple[Seat, ...]
    rounds: tuple[Round, ...]
    names: str = "names"
    place: str = ""
    capacity: int = 14
    planned_for: datetime | None = None
    group_name: str = ""
    agreed: Agreed | None = None
    number: int = 0
    continues_id: str | None = None
    wifi: Mapping[str, Value] = field(default_factory=dict)
    join_host: str | None = None
    is_locked: bool = False
    is_blanked: bool = False
    is_code_shown: bool = False
    is_screen_chosen: bool = True
    wall_page: int = 1
    wall_pages: int = 1
    revision: int = 1
    items: tuple[Item, ...] = ()
    marks: tuple[Mark, ...] = ()
    tallies: tuple[Tally, ...] = ()
    actions: tuple[Action, ...] = ()
    signals: tuple[Signal, ...] = ()
    tables_step: str = ""
    table_count: int = 0
    tables: tuple[Snapshot, ...] = field(default=(), compare=False, repr=False)
    next_at: datetime | None = field(default=None, compare=False)
    hands: Mapping[str, str] = field(default_factory=dict)
    hand_names: Mapping[str, str] = field(default_factory=dict)
    own_methods: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unreadable: str = ""
    expected: Expected | None = field(default=None, compare=False)
    told: tuple[ToldCase, ...] = field(default=(), compare=False)
    connected: frozenset[str] = field(default=frozenset())
    worked_out: dict[Hashable, object] = field(init=False, default_factory=dict, repr=False, compare=False)
    frames: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)
    facts: Mapping[Hashable, object] = field(default_factory=dict, repr=False)

    @property
    def uses_pseudonyms(self) -> bool:
        """Whether people are here under names they made up."""
        return self.names == PSEUDONYMS

    @property
    def is_damaged(self) -> bool:
        """Whether any of its texts does not open."""
        return holds_damage(self)

    @property
    def is_divided(self) -> bool:
        """Whether people work, or will work, at tables of their own."""
        return self.table_count > 0

    @property
    def is_apart(self) -> bool:
        """Whether people are at their tables now."""
        return self.is_divided and self.now.is_running and self.now.step.id == self.tables_step

    @property
    def whole_method(self) -> Method:
        """Its method with the phases that this meeting has of it, further cases aside."""
        first = (None, self.rounds[0].id if self.rounds else None)
        phases = tuple(self.phases[step.id] for step in self.state.steps if step.round_id in first)
        return Method.model_construct(**{**dict(self.method), "phases": phases})

    @property
    def now(self) -> Now:
        """The step at hand with its phase and its case."""
        return at_hand(self)

    def seat(self, seat_id: str | None) -> Seat | None:
        """The seat with this id, or None."""
        return seats_by_id(self).get(seat_id) if seat_id else None

    def item(self, item_id: str | None) -> Item | None:
        """The text with this id, or None."""
        return items_by_id(self).get(item_id) if item_id else None

    def name(self, seat_id: str | None) -> str:
        """The first name or pseudonym of a seat, empty where there is none."""
        seat = self.seat(seat_id)
        return seat.name if seat else ""

    def items_of(self, step: Step, form: str | None = None) -> tuple[Item, ...]:
        """The texts of a step in their stored order, late ones included."""
        found = items_by_step(self).get(step.id, ())
        return found if form is None else tuple(item for item in found if item.form == form)

    def round_of(self, step: Step | None) -> Round | None:
        """The case a step belongs to; the closing looks back on the last one that was taken up, the opening chooses the first."""
        if not self.rounds:
            return None
        if step is not None and step.round_id is not None:
            return next((found for found in self.rounds if found.id == step.round_id), None)
        if step is None or step.part != "closing":
            return self.rounds[0]
        given = (found for found in reversed(self.rounds) if found.case_giver_id and found.id in taken_up(self))
        return next(given, self.rounds[0])

    def was_met(self, step: Step) -> bool:
        """Whether a step was held; of a case that was stopped it is enough that it began."""
        around = next((found for found in self.rounds if found.id == step.round_id), None)
        return step.was_held or (step.has_begun and around is not None and around.is_stopped)

    def step_with(self, step_id: str) -> Step | None:
        """The step with this id, or None."""
        return next((step for step in self.state.steps if step.id == step_id), None)

    def step_of(self, key: str, near: Step) -> Step | None:
        """The step with a phase key in the round of `near`, or around the rounds; from around them, also in the first that has one.
        A case never reaches into another one, whatever phases their methods have.
        """
        named = [
            s
            for s in self.state.steps
            if s.key == key and (near.round_id is None or s.round_id in (near.round_id, None))
        ]
        return next((s for s in named if s.round_id == near.round_id), named[0] if named else None)


class Once(Generic[R]):
    """Something about a whole meeting that is worked out once a snapshot, however many screens ask for it."""

    def __init__(self, work: Callable[[Snapshot], R]) -> None:
        self.work = work
        update_wrapper(self, work)

    def __call__(self, snapshot: Snapshot) -> R:
        """The answer, worked out or known."""
        if self in snapshot.facts:
            return cast("R", snapshot.facts[self])
        if self not in snapshot.worked_out:
            snapshot.worked_out[self] = self.work(snapshot)
        return cast("R", snapshot.worked_out[self])

    def forget(self, snapshot: Snapshot) -> None:
        """Has it worked out anew."""
        snapshot.worked_out.pop(self, None)


def once(work: Callable[[Snapshot], R]) -> Once[R]:
    """Makes a function of a snapshot work once."""
    return Once(work)


@once
def taken_up(snapshot: Snapshot) -> frozenset[str]:
    """The cases that a phase was held of, choosing them aside; of one that was stopped it is enough that a phase began."""
    steps = [step for step in snapshot.state.steps if step.part is Part.ROUND and snapshot.was_met(step)]
    return frozenset(step.round_id for step in steps if step.round_id is not None)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Texts as they stand in a meeting: by chance, so that the order does not tell who wrote first."""
    return tuple(sorted(items, key=attrgetter("rank", "id")))


@once
def holds_damage(snapshot: Snapshot) -> bool:
    """Whether any of its texts does not open."""
    told = [text for found in snapshot.rounds for text in (found.title, found.question, found.key_question)]
    told += [action.then for action in snapshot.actions]
    return any(item.is_damaged for item in snapshot.items) or snapshot.unreadable in told


def said_as(snapshot: Snapshot, unreadable: str) -> Snapshot:
    """The same meeting with another sentence in place of what is damaged: for somebody who reads another language."""
    if unreadable == snapshot.unreadable or not snapshot.is_damaged:
        return snapshot
    said = snapshot.worked_out.get((said_as, unreadable))
    if not isinstance(said, Snapshot):
        said = snapshot.worked_out[said_as, unreadable] = _said_as(snapshot, unreadable)
    return said if said.connected == snapshot.connected else replace(said, connected=snapshot.connected)


def _said_as(snapshot: Snapshot, unreadable: str) -> Snapshot:
    def said(text: str) -> str:
        return unreadable if text == snapshot.unreadable else text

    rounds = tuple(
        replace(one, title=said(one.title), question=said(one.question), key_question=said(one.key_question))
        for one in snapshot.rounds
    )
    actions = tuple(replace(one, then=said(one.then)) for one in snapshot.actions)
    return replace(snapshot, unreadable=unreadable, rounds=rounds, actions=actions, frames={})


@once
def at_hand(snapshot: Snapshot) -> Now:
    """The step at hand with its phase and its case."""
    step = snapshot.state.step
    if step is None:
        return Now(NO_STEP, NO_PHASE, snapshot.round_of(None), None, is_running=False)
    phase = snapshot.phases[step.id]
    key = phase.shows.of if phase.shows else phase.marks.on if phase.marks else None
    source = snapshot.step_of(key, step) if key else None
    return Now(step, phase, snapshot.round_of(step), source, snapshot.state.status is Status.RUNNING)


@once
def seats_by_id(snapshot: Snapshot) -> dict[str, Seat]:
    """Every seat; one that was joined to another is that other one, held from its own device."""
    found = {seat.id: seat for seat in snapshot.seats}
    return {**found, **{hand: replace(found[whose], hand_id=hand) for hand, whose in snapshot.hands.items()}}


def hands_of(snapshot: Snapshot, seat_id: str) -> tuple[tuple[str, str], ...]:
    """The seats that were joined to one, and under which names they came in."""
    whose = snapshot.hands.items()
    return tuple((hand, snapshot.hand_names.get(hand, "")) for hand, first in whose if first == seat_id)


@once
def items_by_id(snapshot: Snapshot) -> dict[str, Item]:
    """Every text."""
    return {item.id: item for item in snapshot.items}


@once
def items_by_step(snapshot: Snapshot) -> dict[str, tuple[Item, ...]]:
    """The texts of each step in their stored order."""
    found: dict[str, list[Item]] = {}
    for item in snapshot.items:
        found.setdefault(item.step_id, []).append(item)
    return {step_id: tuple(items) for step_id, items in found.items()}


@lru_cache(maxsize=512)
def method_from(document: str) -> MethodHead:
    """What a method said of itself, as it is stored with a meeting; equal documents are checked once."""
    return MethodHead.model_validate_json(document)


@lru_cache(maxsize=4096)
def phase_from(document: str) -> Phase:
    """The phase stored with a step; equal documents are checked once."""
    return Phase.model_validate_json(document)
