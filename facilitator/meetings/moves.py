"""Every move of a meeting, each in one place: what it is called, who may make it, what it does, what follows, and where and when
it is offered. The verb that makes moves, the console, the room screen, its keys and *Undo* read `MOVES`; a template names only those to which
it gives a place of their own.

Pure: a move gives a function of `machine`, and tells a `Table` what follows. The order of the list is that of buttons beside each
other, and of what a clicker tries first.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

from flask_babel import LazyString, lazy_gettext

from facilitator.core.refusals import Refused
from facilitator.core.times import lasting_later
from facilitator.meetings import machine, rules, table_ids
from facilitator.meetings.machine import Reason, Refusal, State, Status, Step
from facilitator.meetings.snapshot import Item, Round, Snapshot, taken_up
from facilitator.methods import timing
from facilitator.methods.vocabulary import Kind, Needs, Pace, Part

_ = lazy_gettext
EXTENSION = 120
# What whoever leads does at a table from the console of the whole meeting, in the order of its buttons.
FROM_AFAR = ("next", "back", "pause", "resume", "extend", "shorten")


class Table(Protocol):
    """What a move may do beside the course of the meeting."""

    def reveal(self, items: Iterable[Item]) -> None:
        """Shows texts."""

    def mix(self, step: Step) -> None:
        """Makes it impossible to tell who wrote what without a name in a step."""

    def tick_off(self, item_id: str) -> None:
        """Notes that a text was talked about."""

    def choose_case(self, step: Step) -> None:
        """Takes the case that was chosen in a step."""

    def settle(self, rounds: Iterable[Round]) -> None:
        """Makes cases those of whoever gives them."""

    def stop(self, around: Round | None, is_stopped: bool = True) -> None:
        """Notes whether a case was stopped."""

    def take(self, held: Step, key: str, by_most: bool = False) -> None:
        """Puts a phase of the same choice in the place of one: the moderator took it, or it was chosen `by_most`."""

    def add_round(self) -> None:
        """Puts the steps of one more case before the closing, by the method that was asked for or else that of the first."""

    def give_turn(self, step: Step) -> None:
        """Where everybody is client in turn, makes the case of a step that of whoever comes next, if it is nobody's."""

    def offer_again(self, step: Step) -> None:
        """Lays the cases that were not chosen before the group once more, in the step in which it chooses the next one."""

    def bring_along(self) -> None:
        """Lays what comes from the meeting before in front of the group."""

    def hold_all(self) -> None:
        """Takes the phases that the start left out into the plan again, with their minutes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A move somebody asks for: how the meeting is, and what belongs to some moves, a time or the id of a seat or a text."""

    before: Snapshot
    seconds: float = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked first; the move's own label is the yes."""

    title: LazyString
    text: LazyString
    no: LazyString


def _never(_meeting: Snapshot) -> bool:
    return False


def _always(_meeting: Snapshot) -> bool:
    return True


def _nothing(_before: Snapshot, _after: State, _table: Table) -> None:
    pass


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Move:
    """One move. A moderator may make each of them, a room screen only those that are `for_screens`; at a table of a divided meeting
    nobody makes those that are not `for_tables`: they follow from what the meeting does.

    `asks_on_console`: there it always asks, because it cannot be taken back; a clicker makes one move a press.
    `place`: among the controls (`bar`), in the menu beside them, or a place of its own that a template gives it. `label_in` has
    another label for a kind of phase. `asks_method`: its question has a choice of methods. `is_offered` but not `is_ready`: the button is there and grey. `comes_next`: the clicker
    makes it now, if no move before it in the list does; `twice` is what it says where it wants a second press. `keys` as a
    browser calls them in small letters. `seconds` go along with it. `clock`: how it stands after the
    move, where that is settled; `anew` as if it had never run.
    """

    name: str
    label: LazyString
    does: Callable[[Asked], machine.Move]
    is_offered: Callable[[Snapshot], bool]
    follows: Callable[[Snapshot, State, Table], None] = _nothing
    comes_next: Callable[[Snapshot], bool] = _never
    is_ready: Callable[[Snapshot], bool] = _always
    asks: Callable[[Snapshot], bool] = _never
    asks_on_console: bool = False
    question: Question | None = None
    asks_method: bool = False
    twice: LazyString | None = None
    for_screens: bool = False
    for_tables: bool = True
    can_be_undone: bool = False
    clock: Literal["runs", "stands", "anew", ""] = ""
    place: Literal["bar", "menu", "own"] = "own"
    icon: str = ""
    keys: tuple[str, ...] = ()
    seconds: int = 0
    label_in: Mapping[str, LazyString] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as a screen offers it now."""

    name: str
    place: str
    is_ready: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """What a screen offers now, in the order of the list."""

    every: tuple[Offer, ...]

    def named(self, name: str) -> Offer | None:
        """The offer of a move, or None."""
        return next((offer for offer in self.every if offer.name == name), None)

    def at(self, place: str) -> tuple[Offer, ...]:
        """What stands in a place."""
        return tuple(offer for offer in self.every if offer.place == place)


def offers(meeting: Snapshot, on_room_screen: bool = False) -> Offers:
    """What the console or a room screen offers now."""
    return Offers(
        tuple(
            Offer(move.name, move.place, _is_ready(move, meeting, on_room_screen), _asks(move, meeting, on_room_screen))
            for move in MOVES.values()
            if move.is_offered(meeting) and (move.for_screens or not on_room_screen) and _is_for(meeting, move)
        )
    )


def _is_for(meeting: Snapshot, move: Move) -> bool:
    return move.for_tables or not table_ids.number_of(meeting.id)


def _is_ready(move: Move, meeting: Snapshot, on_room_screen: bool) -> bool:
    """On a room screen a round does not tell whether somebody still has a text."""
    return move.is_ready(meeting) or (on_room_screen and _is_pace(meeting, Pace.ROUND))


def _asks(move: Move, meeting: Snapshot, on_room_screen: bool) -> bool:
    return move.asks(meeting) or (move.asks_on_console and not on_room_screen)


def next_move(meeting: Snapshot) -> str:
    """What the presenter's clicker does next: the move that carries the meeting on without skipping anything; or nothing."""
    return next((move.name for move in MOVES.values() if move.comes_next(meeting)), "")


def _plainly(move: machine.Move) -> Callable[[Asked], machine.Move]:
    return lambda _asked: move


# -- When ------------------------------------------------------------------------------------------------------------


def _in(*statuses: Status) -> Callable[[Snapshot], bool]:
    return lambda meeting: meeting.state.status in statuses


_is_running = _in(Status.RUNNING)


def _may_go_on(meeting: Snapshot) -> bool:
    return _is_running(meeting) and not meeting.state.is_last


def _may_go_back(meeting: Snapshot) -> bool:
    return _is_running(meeting) and meeting.state.here > 0


def _may_undo(meeting: Snapshot) -> bool:
    last = MOVES.get(meeting.last_move)
    return last is not None and last.can_be_undone and _may_go_back(meeting)


def _may_take_start_back(meeting: Snapshot) -> bool:
    return meeting.last_move == "start" and isinstance(machine.to_lobby(meeting.state, meeting.taken_at), State)


def _is_in_case(meeting: Snapshot) -> bool:
    return meeting.now.is_running and meeting.now.phase.part is Part.ROUND


def _has_cases_ahead(meeting: Snapshot) -> bool:
    state, here = meeting.state, meeting.now.step
    ahead = state.steps[state.here + 1 :]
    is_choosing = here.kind is Kind.PICK and here.round_id is not None
    is_other = is_choosing or any(step.round_id not in (None, here.round_id) for step in ahead)
    is_in_cases = meeting.now.is_running and here.round_id is not None
    return is_in_cases and is_other and any(step.part is Part.CLOSING for step in ahead)


def _is_pace(meeting: Snapshot, pace: Pace) -> bool:
    return meeting.now.is_running and meeting.now.step.pace is pace


def _reveals_next(meeting: Snapshot) -> bool:
    return _is_running(meeting) and not _is_pace(meeting, Pace.ROUND) and rules.may_reveal(meeting)


def _has_next_item(meeting: Snapshot) -> bool:
    waits = _is_pace(meeting, Pace.ITEMS) and bool(rules.items_waiting(meeting))
    return waits and not rules.may_reveal(meeting)


# -- What it does ----------------------------------------------------------------------------------------------------


def _start(asked: Asked) -> machine.Move:
    """Without the phases there is nothing for; their minutes go where the method says."""
    before, met = asked.before, set()
    if rules.actions_to_answer(before):
        met.add(Needs.OPEN_ACTIONS)
    around = before.now.round
    if around is None or around.case_giver_id is None or _has_cases(before):
        met.add(Needs.CASE_TO_CHOOSE)
    held = {step.id: step for steps in _by_method(before) for step in _held(before, steps, met)}
    spare = _spare_rounds(before)
    steps = tuple(held[step.id] for step in before.state.steps if step.id in held and step.round_id not in spare)
    return lambda state, moment: machine.start(replace(state, steps=steps), moment)


def _has_cases(before: Snapshot) -> bool:
    """Whether somebody offered a case already, in a start that was taken back; it must not lie in a phase that is not held."""
    picking = {step.id for step in before.state.steps if step.kind is Kind.PICK}
    return any(item.step_id in picking and not item.brought_by and not item.is_removed for item in before.items)


def _spare_rounds(before: Snapshot) -> frozenset[str]:
    """Rounds in turn for which nobody came."""
    in_turn = [around.id for around in before.rounds if around.is_in_turn]
    return frozenset(in_turn[max(1, len(rules.next_clients(before))) :])


def _by_method(before: Snapshot) -> Iterable[tuple[Step, ...]]:
    """The steps that come from one method each: the first case with all that is around it, then every further case."""
    further = [around.id for around in before.rounds[1:]]
    yield tuple(step for step in before.state.steps if step.round_id not in further)
    yield from (tuple(step for step in before.state.steps if step.round_id == one) for one in further)


def _held(before: Snapshot, steps: tuple[Step, ...], met: set[Needs]) -> Iterable[Step]:
    phases = [before.phases[step.id].model_copy(update={"minutes": step.planned / 60}) for step in steps]
    minutes = {phase.key: phase.minutes for phase in timing.left_out(phases, met)}
    return (replace(step, planned=minutes[step.key] * 60) for step in steps if step.key in minutes)


def _reveal(asked: Asked) -> machine.Move:
    return machine.reveal(len(rules.hidden_items(asked.before)), rules.may_reveal(asked.before))


def _back(asked: Asked) -> machine.Move:
    meeting = asked.before
    step, around = meeting.now.step, meeting.now.round
    is_of_case = around is not None and around.id == step.round_id and not around.is_told
    return machine.back(is_untold=is_of_case and not meeting.items_of(step))


def _speakers(before: Snapshot) -> tuple[str, ...]:
    """Table order; a round that has not begun starts at a random seat."""
    order = rules.speakers(before)
    if before.now.step.speakers or not order:
        return order
    start = secrets.randbelow(len(order))
    return order[start:] + order[:start]


def _next_speaker(asked: Asked) -> machine.Move:
    before = asked.before
    return machine.next_speaker(_speakers(before), rules.speak_again(before), rules.next_texts(before))


def _next_item(asked: Asked) -> machine.Move:
    waiting = rules.items_waiting(asked.before)

    def move(state: State, moment: datetime) -> State | Refusal:
        if state.status is Status.RUNNING and not waiting:
            return Refusal(Reason.NO_NEXT_ITEM)
        return machine.put_on_table(waiting[0].id if waiting else None)(state, moment)

    return move


def _put_on_table(asked: Asked) -> machine.Move:
    before, target = asked.before, asked.target
    item = before.item(target)
    is_text = item in rules.gone_through(before)
    if target and not is_text and not any(action.id == target for action in rules.actions_to_answer(before)):
        raise Refused("no_such_item", 404)
    return machine.put_on_table(target or None)


def _take(asked: Asked) -> machine.Move:
    found = rules.choosing(asked.before)
    if found is not None and asked.target not in found.field.choices:
        raise Refused("no_choice", 422)
    return machine.take(found.held.id if found else None, asked.target)


def _add_round(asked: Asked) -> machine.Move:
    rounds = asked.before.rounds
    return machine.add_round(rounds[0].id if rounds else "")


# -- What follows ----------------------------------------------------------------------------------------------------


def _show_hidden(before: Snapshot, _after: State, table: Table) -> None:
    table.reveal(rules.hidden_items(before))
    table.mix(before.now.step)


def _give_turn(before: Snapshot, after: State, table: Table) -> None:
    """What the speaker wrote comes out; where there are several laps, one text a turn."""
    step = after.step
    if step is None or step.pace is not Pace.ROUND:
        return
    hidden = rules.hidden_items(before)
    if step.laps == 1:
        table.reveal(item for item in hidden if item.seat_id == step.speaker)
        return
    table.reveal(item for item in hidden if item.id == step.item)
    if step.item != before.now.step.item:
        _tick_off_the_last(before, after, table)


def _tick_off_the_last(before: Snapshot, _after: State, table: Table) -> None:
    if before.now.step.item:
        table.tick_off(before.now.step.item)


def _leave_step(before: Snapshot, after: State, table: Table) -> None:
    """Going on from choosing is the choice; going on from a phase of a case makes it the case of whoever gives it."""
    step = before.now.step
    if step.kind is Kind.PICK:
        table.choose_case(step)
    found, most = rules.choosing(before), rules.most_chosen(before)
    if found and most and found.chooser == step and not found.held.is_taken:
        table.take(found.held, most, by_most=True)
    if step.part is not Part.OPENING:
        table.settle(_case_left(before))
    _arrive(after, table)


def _take_up(before: Snapshot, after: State, table: Table) -> None:
    for old, new in zip(before.state.steps, after.steps, strict=True):
        if old.is_taken != new.is_taken or old.key != new.key:
            table.take(old, new.key)


def _leave_case(before: Snapshot, after: State, table: Table) -> None:
    table.stop(before.now.round)
    table.settle(_case_left(before))
    _arrive(after, table)


def _leave_cases(before: Snapshot, _after: State, table: Table) -> None:
    if before.now.step.part is Part.ROUND:
        table.settle(_case_left(before))


def _arrive(after: State, table: Table) -> None:
    """What a group finds at the beginning of a further case: those to choose from, or whose turn it is."""
    if after.step is None or after.step.round_id is None:
        return
    if after.step.kind is Kind.PICK:
        table.offer_again(after.step)
    elif after.step.part is Part.ROUND:
        table.give_turn(after.step)


def _begin(_before: Snapshot, after: State, table: Table) -> None:
    _arrive(after, table)


def _case_left(before: Snapshot) -> Iterable[Round]:
    return (around for around in before.rounds if around.id == before.now.step.round_id)


def _taken_up(before: Snapshot) -> Iterable[Round]:
    return (around for around in before.rounds if around.id in taken_up(before))


def _return_to_case(before: Snapshot, after: State, table: Table) -> None:
    if after.step is not None and after.step.part is not Part.CLOSING:
        table.stop(before.round_of(after.step), is_stopped=False)


LIST = (
    Move(
        name="open",
        for_tables=False,
        label=_("Open the lobby"),
        does=_plainly(machine.open_lobby),
        follows=lambda _before, _after, table: table.bring_along(),
        is_offered=_in(Status.PLANNED),
        asks_on_console=True,
        question=Question(
            _("Can people come in now?"),
            _("Whoever has the code can join. The plan cannot be changed after that."),
            _("Not yet"),
        ),
        comes_next=_in(Status.PLANNED),
    ),
    Move(
        name="start",
        for_tables=False,
        label=_("Start"),
        does=_start,
        follows=_begin,
        is_offered=_in(Status.LOBBY),
        clock="runs",
        comes_next=_in(Status.LOBBY),
        for_screens=True,
    ),
    Move(
        name="back",
        label=_("Previous phase"),
        does=_back,
        follows=_return_to_case,
        is_offered=_may_go_back,
        clock="runs",
        for_screens=True,
        place="bar",
        icon="chevron-left",
        keys=("arrowleft", "arrowup", "pageup"),
    ),
    Move(
        name="undo",
        label=_("Undo"),
        does=_back,
        follows=_return_to_case,
        is_offered=_may_undo,
        clock="runs",
        icon="undo-2",
    ),
    Move(
        name="to_lobby",
        for_tables=False,
        label=_("Back to the lobby"),
        does=_plainly(machine.to_lobby),
        follows=lambda _before, _after, table: table.hold_all(),
        is_offered=_may_take_start_back,
        clock="anew",
        place="menu",
        icon="undo-2",
    ),
    Move(
        name="pause",
        label=_("Pause"),
        does=_plainly(machine.pause),
        is_offered=lambda meeting: _is_running(meeting) and meeting.state.paused_at is None,
        for_screens=True,
        clock="stands",
        place="bar",
        icon="pause",
        keys=("space",),
    ),
    Move(
        name="resume",
        label=_("Resume"),
        does=_plainly(machine.resume),
        is_offered=lambda meeting: _is_running(meeting) and meeting.state.paused_at is not None,
        clock="runs",
        for_screens=True,
        place="bar",
        icon="play",
        keys=("space",),
    ),
    Move(
        name="extend",
        label=_("Extend"),
        does=lambda asked: machine.extend(asked.seconds),
        is_offered=_is_running,
        for_screens=True,
        place="bar",
        icon="plus",
        keys=("+",),
        seconds=EXTENSION,
    ),
    Move(
        name="shorten",
        label=_("Take the time off again"),
        does=lambda asked: machine.shorten(asked.seconds),
        is_offered=lambda meeting: _is_running(meeting) and meeting.now.step.added >= EXTENSION,
        place="menu",
        seconds=EXTENSION,
    ),
    Move(
        name="share_out",
        label=_("Share out what is left"),
        does=_plainly(machine.share_out),
        is_offered=_is_running,
        asks_on_console=True,
        question=Question(
            _("Share out what is left?"),
            _("All phases ahead become longer or shorter alike, so that you end on time. This cannot be undone."),
            _("Leave it"),
        ),
    ),
    Move(
        name="next_speaker",
        label=_("Next speaker"),
        does=_next_speaker,
        follows=_give_turn,
        is_offered=rules.has_next_speaker,
        comes_next=rules.has_next_speaker,
        for_screens=True,
        icon="skip-forward",
    ),
    Move(
        name="give_floor",
        label=_("Give the floor"),
        does=lambda asked: machine.give_floor(asked.target, _speakers(asked.before), rules.next_texts(asked.before)),
        follows=_give_turn,
        is_offered=rules.gives_floor,
    ),
    Move(
        name="reveal",
        label=_("Reveal"),
        does=_reveal,
        follows=_show_hidden,
        is_offered=_is_running,
        is_ready=lambda meeting: bool(rules.hidden_items(meeting)),
        comes_next=_reveals_next,
        asks=lambda meeting: rules.needed_to_reveal(meeting) > 1,
        asks_on_console=True,
        question=Question(
            _("Reveal what was sent?"),
            _("This cannot be undone. The group sees it. Of what was sent without a name nobody sees who sent it."),
            _("Not yet"),
        ),
        twice=_("Press once more to reveal what was sent without a name."),
        for_screens=True,
        place="bar",
        icon="eye",
        keys=("r",),
    ),
    Move(
        name="next_item",
        label=_("Next one"),
        label_in={Kind.CLARIFY: _("Next question")},
        does=_next_item,
        follows=_tick_off_the_last,
        is_offered=_has_next_item,
        comes_next=_has_next_item,
        for_screens=True,
        icon="skip-forward",
    ),
    Move(name="table", label=_("Now"), does=_put_on_table, is_offered=_is_running),
    Move(
        name="take",
        label=_("Take this one"),
        does=_take,
        follows=_take_up,
        is_offered=lambda meeting: rules.choosing(meeting) is not None,
    ),
    Move(
        name="next",
        label=_("Next phase"),
        does=_plainly(machine.advance),
        follows=_leave_step,
        is_offered=_may_go_on,
        clock="runs",
        comes_next=_may_go_on,
        twice=_("Press once more for: %(phase)s"),
        for_screens=True,
        can_be_undone=True,
        icon="skip-forward",
    ),
    Move(
        name="skip",
        label=_("Skip this phase"),
        does=_plainly(machine.skip),
        follows=_leave_step,
        is_offered=_may_go_on,
        clock="runs",
        can_be_undone=True,
        place="menu",
    ),
    Move(
        name="add_round",
        label=_("Add another case"),
        does=_add_round,
        follows=lambda _before, _after, table: table.add_round(),
        is_offered=_is_in_case,
        asks_method=True,
        asks_on_console=True,
        question=Question(
            _("Add another case?"),
            _(
                "The cases that were not chosen are offered again. What this one adds comes before the closing. It can be passed over, not taken out."
            ),
            _("No"),
        ),
        place="menu",
    ),
    Move(
        name="stop_case",
        label=_("Stop this case"),
        does=_plainly(machine.stop_case),
        follows=_leave_case,
        is_offered=lambda m: _is_in_case(m) and any(s.part is Part.CLOSING for s in m.state.steps[m.state.here + 1 :]),
        clock="runs",
        asks=_always,
        question=Question(
            _("Stop this case and take care of somebody?"),
            _("The meeting goes on with the closing. Nothing is lost, and you can go back."),
            _("Go on with the case"),
        ),
        can_be_undone=True,
        place="menu",
    ),
    Move(
        name="to_closing",
        label=_("On to the closing"),
        does=_plainly(machine.to_closing),
        follows=_leave_cases,
        is_offered=_has_cases_ahead,
        clock="runs",
        can_be_undone=True,
        place="menu",
    ),
    Move(
        name="end",
        for_tables=False,
        label=_("End meeting"),
        does=_plainly(machine.end),
        follows=lambda before, _after, table: table.settle(_taken_up(before)),
        is_offered=_is_running,
        comes_next=_is_running,
        asks=_always,
        question=Question(
            _("Is the meeting over?"),
            _(
                "The report is ready after that. You can open the meeting again for %(time)s.",
                time=lasting_later(machine.REOPEN_WITHIN),
            ),
            _("Not yet"),
        ),
        for_screens=True,
        clock="stands",
    ),
    Move(
        name="reopen",
        for_tables=False,
        label=_("Open the meeting again"),
        does=_plainly(machine.reopen),
        is_offered=lambda meeting: meeting.state.status is Status.ENDED and rules.may_reopen(meeting),
        clock="runs",
        icon="undo-2",
    ),
)
MOVES: dict[str, Move] = {move.name: move for move in LIST}
