"""A method played in memory, with nobody there: what its file says and a meeting by it would not keep.

Promises: pure, and quick enough to be asked after every change in an editor. Moves, rules and pictures are those of real
meetings, so whatever would happen there happens here; what is wrong has the path of what to change, as shapes have. A method
whose pieces do not fit together is not played: only that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import cycle, repeat
from pathlib import Path
from typing import BinaryIO

from facilitator.core.sandboxed import work
from facilitator.meetings import machine, moves, rules
from facilitator.meetings.machine import Refusal, State, Status, Step
from facilitator.meetings.seen import seen_by
from facilitator.meetings.showing.frame import frame_of
from facilitator.meetings.showing.phone import PhoneScreen, phone_screen
from facilitator.meetings.showing.planned import planned_actions
from facilitator.meetings.showing.results import scales_and_lines
from facilitator.meetings.showing.texts import earlier_texts, shown_texts, source_texts
from facilitator.meetings.showing.wall import wall_screen
from facilitator.meetings.snapshot import Action, Item, Mark, Round, Seat, Snapshot, Tally, Value, in_order
from facilitator.methods import checks
from facilitator.methods.loader import read, sentence
from facilitator.methods.problem import Problem, _
from facilitator.methods.vocabulary import (
    CaseGiverState,
    FieldType,
    Form,
    InputField,
    Kind,
    MarkKind,
    Method,
    Part,
    Phase,
    Warmth,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# One gives the case; four others, so that what is anonymous is offered and means are shown.
TABLE = ("gia", "pete", "ada", "bob", "cleo")
GIVER = TABLE[0]
CASE = "case"
BROUGHT = "brought"
STEERED = ("reveal", "next_speaker", "next_item")
MOST_MOVES = 200
WORD = re.compile(r"qzx[0-9]+x")
WRITES = re.compile(r"\b(write|type|schrijf|schrijven|noteer|typ)\b", re.IGNORECASE)


def problems_of_play(method: Method) -> list[Problem]:
    """Everything that is wrong with a method: what does not fit together, and where all does, what came of playing it."""
    return checks.problems_of(method) or _once(_Play(method).problems())


def moments(method: Method) -> Iterator[Snapshot]:
    """A meeting by a method, moment by moment: each phase as it begins, when everybody wrote, and after every press in it."""
    return _Play(method).moments()


def _once(found: Iterable[Problem]) -> list[Problem]:
    return list({(one.path, one.reason): one for one in found}.values())


@work()
def problems(source: BinaryIO, _target: BinaryIO, name: str) -> list[str]:
    """The same of what is in a file of this name, as sentences."""
    _document, method, found = read(source.read())
    problems = problems_of_play(method) if method is not None and not found else found
    return [sentence(Path(name), one.path, one.reason) for one in problems]


@dataclass
class _Written:
    """One field of one text, with a word in it that stands nowhere else."""

    path: str
    writer: str | None
    is_private: bool
    item_id: str
    of_action: bool


@dataclass
class _Play:
    """A meeting by a method while it is played. As what follows from a move, it is its own table."""

    method: Method
    meeting: Snapshot = field(init=False)
    written: dict[str, _Written] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.meeting = _begun(self.method)

    def problems(self) -> Iterator[Problem]:
        """From the first phase to the last."""
        for index, phase in enumerate(self.method.phases):
            place = f"phases[{index}]"
            yield from _words_problems(place, phase)
            for _moment in self._held(place):
                yield from self._look(place)
            if rules.hidden_items(self.meeting):
                yield Problem(f"{place}.pace", _("what is written here does not come out at this pace"))
            yield from self._marks_problems(f"{place}.marks")
            if index + 1 < len(self.method.phases):
                self._steer("next")
        shown = {self.written[word].path for word in self.reached}
        for path, of_action in {one.path: one.of_action for one in self.written.values() if not one.is_private}.items():
            if path not in shown and of_action:
                yield Problem(path, _("of an action only when_if, then and due are shown: ask this with another form"))
            elif path not in shown:
                yield Problem(
                    path, _("nobody but its writer is ever shown what is written here; make it private, or show it")
                )

    def moments(self) -> Iterator[Snapshot]:
        """The meeting as it is while each phase is held."""
        for index, phase in enumerate(self.method.phases):
            for _moment in self._held(f"phases[{index}]"):
                yield self.meeting
            if phase is not self.method.phases[-1]:
                self._steer("next")

    def _held(self, place: str) -> Iterator[None]:
        """Stops when a phase has begun, when everybody wrote, and after every press until only the next phase is left."""
        yield
        self._write(place)
        yield
        for _press in range(MOST_MOVES):
            if (move := moves.next_move(self.meeting)) not in STEERED or not self._steer(move):
                break
            yield

    # -- What is seen ------------------------------------------------------------------------------------------------

    def _look(self, place: str) -> Iterator[Problem]:
        """Everybody's screen now: what of it is others' and not out yet."""
        for seat in self.meeting.seats:
            for word in set(WORD.findall(_shown_to(self.meeting, seat))):
                one = self.written.get(word)
                if one is None or one.writer == seat.id:
                    continue
                item = self.meeting.item(one.item_id)
                if one.is_private or item is None or not (item.is_revealed or self._tells(item)):
                    who = seen_by(self.meeting, seat).audience()
                    yield Problem(
                        f"{place}.reveals.{who}",
                        _("shows what is written in %(path)s before it is revealed"),
                        {"path": one.path},
                    )
                self.reached.add(word)

    def _tells(self, item: Item) -> bool:
        """Whether a text is the question of the case, or an action: told as soon as it is there."""
        form = self.meeting.phases[item.step_id].form(item.form)
        return form is not None and (form.sets_question or form.sets_key_question or form.makes_action)

    def _marks_problems(self, place: str) -> Iterator[Problem]:
        """Sets every mark that can be set, and looks whether anybody sees it."""
        marks = self.meeting.now.phase.marks
        if marks is None:
            return
        if not any(self._finds_something(seat, marks.kind) for seat in self.meeting.seats):
            yield Problem(place, _("nobody who may set one has a text before them to set it on"))
            return
        if marks.kind is MarkKind.BUDDY:
            return
        before = self._told_of_marks()
        step = self.meeting.now.step
        for seat in self.meeting.seats:
            me = seen_by(self.meeting, seat)
            chosen = rules.markable(self.meeting)[: me.marks_left] if me.marks else ()
            values = cycle(Warmth) if marks.kind is MarkKind.WARMTH else repeat("")
            given = (
                Mark(step.id, seat.id, i.id, marks.kind.value, value) for i, value in zip(chosen, values, strict=False)
            )
            self._becomes(marks=(*self.meeting.marks, *given))
        is_used = marks.kind is MarkKind.STAR or self.meeting.now.phase.kind is Kind.PICK
        if not is_used and self._told_of_marks() == before:
            yield Problem(
                place,
                _(
                    "what was marked is shown to nobody: name marks in reveals, in before where nothing is left to reveal"
                ),
            )

    def _finds_something(self, seat: Seat, kind: MarkKind) -> bool:
        me = seen_by(self.meeting, seat)
        if me.marks is None:
            return False
        screen = phone_screen(self.meeting, seat, seat.locale, ())
        if kind is MarkKind.BUDDY:
            return any(action.may_be_buddy for action in screen.actions)
        there = {text.id for text in screen.texts}
        return any(item.id in there for item in rules.markable(self.meeting))

    def _told_of_marks(self) -> list[str]:
        return [_shown_to(self.meeting, seat) for seat in self.meeting.seats if seat.kind != "participant"]

    # -- What is done ------------------------------------------------------------------------------------------------

    def _write(self, place: str) -> None:
        """Everybody fills in whatever is theirs, as often as they may."""
        for name in TABLE:
            for number, form in enumerate(self.meeting.now.phase.forms):
                for _time in range(form.limit):
                    seat = self.meeting.seat(name)
                    assert seat is not None
                    me = seen_by(self.meeting, seat)
                    if form in me.forms and me.left(self.meeting.now.step, form) > 0:
                        self._send(f"{place}.forms[{number}]", seat, form)

    def _send(self, place: str, seat: Seat, form: Form) -> None:
        step = self.meeting.now.step
        item_id = f"text{len(self.meeting.items)}"
        writer = None if form.is_anonymous else seat.id
        fields = {
            one.name: self._filled(f"{place}.fields[{index}]", one, form, item_id, seat.id)
            for index, one in enumerate(form.fields)
        }
        about = BROUGHT if form.about_actions else None
        sent = Item(item_id, step.id, writer, form.key, fields, about_id=about, is_revealed=form.is_open)
        self._becomes(
            items=in_order((*self.meeting.items, sent)),
            tallies=_counted(self.meeting.tallies, step, seat, form) if form.is_anonymous else self.meeting.tallies,
        )
        if form.sets_question:
            self._change_case(question=str(fields["question"]))
        if form.sets_key_question:
            self._change_case(key_question=str(fields["question"]))
        if form.makes_action:
            made = _action(item_id, item_id, seat.id, str(fields.get("when_if", "")), str(fields["then"]))
            self._becomes(actions=(*self.meeting.actions, made))

    def _filled(self, path: str, one: InputField, form: Form, item_id: str, writer: str) -> Value:
        if one.type is FieldType.SCALE:
            return one.high
        if one.type is FieldType.CHOICE:
            return one.choices[0] if one.choices else ""
        if one.type is FieldType.DATE:
            return "2031-05-01"
        word = f"qzx{len(self.written)}x"
        self.written[word] = _Written(path, writer, one.is_private, item_id, form.makes_action)
        return word

    def _steer(self, name: str) -> bool:
        """Makes a move, and answers whether it could be made."""
        before, move = self.meeting, moves.MOVES[name]
        state = machine.apply(move.does(moves.Asked(before)), before.state, before.state.turn, before.taken_at)
        if isinstance(state, Refusal):
            return False
        self._becomes(state=state, last_move=name)
        move.follows(before, state, self)
        return True

    def _becomes(self, **changed: object) -> None:
        self.meeting = replace(self.meeting, frames={}, **changed)  # type: ignore[arg-type]

    def _change_case(self, **changed: object) -> None:
        self._becomes(rounds=tuple(replace(one, **changed) for one in self.meeting.rounds))  # type: ignore[arg-type]

    def _change_texts(self, ids: Iterable[str], **changed: object) -> None:
        wanted = set(ids)
        items = (replace(i, **changed) if i.id in wanted else i for i in self.meeting.items)  # type: ignore[arg-type]
        self._becomes(items=tuple(items))

    # -- What follows from a move ------------------------------------------------------------------------------------

    def reveal(self, items: Iterable[Item]) -> None:
        """Shows texts."""
        self._change_texts((item.id for item in items), is_revealed=True)

    def tick_off(self, item_id: str) -> None:
        """Notes that a text was talked about."""
        self._change_texts([item_id], is_done=True)

    def choose_case(self, step: Step) -> None:
        """Takes the case that was chosen."""
        chosen = rules.winning_case(self.meeting, step)
        if chosen is None:
            return
        self.reveal([chosen])
        asked = {"title": chosen.text("title"), "question": chosen.text("question")}
        self._change_case(case_giver_id=chosen.seat_id, case_id=chosen.id, **asked)

    def mix(self, step: Step) -> None:
        """Nobody is there who could be told apart."""

    def settle(self, rounds: Iterable[Round]) -> None:
        """The one case stays its giver's."""

    def stop(self, around: Round | None, is_stopped: bool = True) -> None:
        """No case is stopped."""

    def add_round(self) -> None:
        """There is one case."""

    def take(self, held: Step, key: str, by_most: bool = False) -> None:
        """Every phase of a choice is played."""

    def give_turn(self, step: Step) -> None:
        """There is one case, and somebody gives it."""

    def offer_again(self, step: Step) -> None:
        """There is one case."""

    def bring_along(self) -> None:
        """Nothing was before."""

    def hold_all(self) -> None:
        """Nothing was left out."""


def _words_problems(place: str, phase: Phase) -> Iterator[Problem]:
    """Instructions to write where there is nothing to write in; in silence everybody has their own notes, and the case giver where
    they only listen.
    """
    writes = any(field.type in (FieldType.LINE, FieldType.TEXT) for form in phase.forms for field in form.fields)
    if writes or phase.kind is Kind.SILENCE:
        return
    takes_notes = phase.notebook and phase.case_giver is not CaseGiverState.SPEAKS
    for language, texts in phase.texts.items():
        for name in ("instruction", "say") if takes_notes else ("instruction", "case_giver", "say"):
            if WRITES.search(getattr(texts, name) or ""):
                yield Problem(
                    f"{place}.texts.{language}.{name}", _("asks to write something, and there is nothing to write in")
                )


def _shown_to(meeting: Snapshot, seat: Seat) -> str:
    """Everything on a seat's screen."""
    if seat.kind == "participant":
        return repr(_of_others(phone_screen(meeting, seat, seat.locale, ())))
    if seat.kind == "wall":
        return repr(wall_screen(meeting, seat, seat.locale, ()))
    me = seen_by(meeting, seat)
    texts = source_texts(me) + shown_texts(me)
    frame = frame_of(meeting, seat, seat.locale)
    return repr((frame, texts, earlier_texts(me, seat.locale), planned_actions(me), scales_and_lines(me, seat.locale)))


def _of_others(screen: PhoneScreen) -> PhoneScreen:
    return replace(screen, own=(), composer=None, anonymous_composers=())


def _begun(method: Method) -> Snapshot:
    """A meeting in the first phase, none of which is left out; somebody looks back on an action."""
    steps = tuple(
        Step(
            id=phase.key,
            key=phase.key,
            kind=phase.kind,
            part=phase.part,
            pace=phase.pace,
            laps=phase.laps,
            round_id=CASE if phase.part is Part.ROUND else None,
            planned=phase.minutes * 60,
        )
        for phase in method.phases
    )
    state = machine.start(State(Status.LOBBY, 1, steps, -1, NOON), NOON)
    assert isinstance(state, State)
    locale = next(iter(method.texts))
    giver = None if any(phase.kind is Kind.PICK for phase in method.phases) else GIVER
    table = tuple(Seat(name, "participant", name.title(), locale, place) for place, name in enumerate(TABLE))
    return Snapshot(
        id="played",
        organisation_id="",
        code="",
        goal="",
        method_key="",  # of no method in the catalogue: where files of people are judged, none can be opened
        method=method,
        locale=locale,
        capacity=method.people_max,
        created_at=NOON,
        taken_at=NOON,
        last_move="start",
        state=state,
        phases={phase.key: phase for phase in method.phases},
        seats=(*table, Seat("mo", "moderator", "Mo", locale), Seat("wall", "wall", "", locale)),
        rounds=(Round(CASE, 1, giver, None, "", "", "", is_set=False, is_stopped=False),),
        actions=(_action(BROUGHT, None, TABLE[1], "", "", is_carried=True),),
    )


def _action(
    action_id: str, item_id: str | None, owner: str, when_if: str, then: str, is_carried: bool = False
) -> Action:
    return Action(action_id, item_id, owner, owner, None, when_if, then, None, is_carried, True, "open")


def _counted(tallies: tuple[Tally, ...], step: Step, seat: Seat, form: Form) -> tuple[Tally, ...]:
    """One more text of a seat with a form without names."""
    same = [one for one in tallies if (one.step_id, one.seat_id, one.form) == (step.id, seat.id, form.key)]
    count = sum(one.count for one in same) + 1
    return (*(one for one in tallies if one not in same), Tally(step.id, seat.id, form.key, count, ""))
