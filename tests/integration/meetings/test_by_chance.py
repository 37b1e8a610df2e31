"""Whole meetings by chance, through the real actions on both databases: whatever people do in whatever order, what was
acknowledged is stored once and nothing else is, turns form one path, steps that ended stay closed, and limits hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ParamSpec, TypeVar

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings import models, rules
from facilitator.meetings.actions import doors, outcomes, people, writing
from facilitator.meetings.actions.writing import Accepted, Sent
from facilitator.meetings.machine import State, Step
from facilitator.meetings.snapshot import Snapshot, Value
from facilitator.methods.vocabulary import FieldType, Form
from facilitator.proof.presence import ANEW, STARTING, STOPPING
from tests.cast import Cast, Meeting, Person
from tests.chance import FEW_MEETINGS, MEETINGS, PARTS, VERY_MANY_MEETINGS
from tests.scenes import staged

P = ParamSpec("P")
R = TypeVar("R")
CAPACITY = 6
OFTEN = ["next", "next", "next", "next", "reveal", "reveal", "next_speaker", "next_speaker", "next_item", "back"]
SELDOM = [
    "skip",
    "undo",
    "pause",
    "resume",
    "extend",
    "share_out",
    "stop_case",
    "end",
    "reopen",
    "open",
    "start",
    "to_lobby",
    "dance",
]
VERBS = ["done", "undone", "remove", "restore", "join", "apart", "admit", "admit", "drop", "burn"]
FORWARD_ONE, BACKWARD, FAR_AHEAD = {"start", "next", "skip"}, {"back", "undo", "to_lobby"}, {"stop_case"}
ANY = st.integers(0, 10_000)


def is_on_the_way(move: str, steps: int) -> bool:
    """Whether a move may lead so many steps ahead."""
    if move in FORWARD_ONE:
        return steps == 1
    return steps < 0 if move in BACKWARD else steps > 0 if move in FAR_AHEAD else steps == 0


@dataclass(frozen=True)
class Written:
    """A text that was acknowledged: who sent it, for which step, and what it says now."""

    by: Person
    step_id: str
    form: Form
    fields: dict[str, Value]
    is_late: bool = False
    is_taken_down: bool = False
    capability: str = ""


class MeetingByChance(RuleBasedStateMachine):
    """Plays one meeting on an application, and remembers what was acknowledged."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        self.texts: dict[str, Written] = {}
        self.ops: list[tuple[Person, Sent, Accepted]] = []
        self.moves: list[str] = []
        self.admitted: set[str] = set()
        self.restored: set[str] = set()
        self.serial = 0

    @initialize(is_named=st.booleans(), phases=st.integers(0, 9))
    def a_meeting_runs(self, is_named: bool, phases: int) -> None:
        self.meeting = staged(self.cast, four_in_the_lobby)
        if is_named:
            self.meeting.name_case_giver("Gia")
        self.moves.append("open")
        found = self.meeting.snapshot
        self.state: State = found.state
        self.phases = found.phases
        self.nameless = {form.key for phase in self.phases.values() for form in phase.forms if form.is_anonymous}
        for name in ("start", *("next",) * phases):
            self.make(name)

    # -- Steering -------------------------------------------------------------------------------------------------

    @rule(name=st.one_of(st.sampled_from(OFTEN), st.sampled_from(OFTEN), st.sampled_from(SELDOM)))
    def mo_steers(self, name: str) -> None:
        if name == "add_round":
            self.mo_adds_a_case()
        else:
            self.make(name)

    @rule(name=st.sampled_from(OFTEN), who=ANY, how=st.sampled_from(["a phone", "an old screen", "another meeting"]))
    def somebody_tries_what_is_not_theirs(self, name: str, who: int, how: str) -> None:
        turn, person, meeting = self.state.turn, self.someone(who), self.meeting
        if how == "a phone":
            assert self.refused(self.steer, person, name, turn).status == 403
        elif how == "an old screen":
            assert self.refused(self.steer, meeting.mo, name, turn - 1).code == "moved_already"
        else:
            stranger = Person("Ola", "0" * 22)
            sent = self.sent(self.phases[self.state.steps[0].id].forms[0], self.step_at_hand())
            assert self.refused(meeting.send, stranger, sent).status == 404
            assert self.refused(meeting.act, people.leave, stranger.seat_id, person.seat_id).status == 404

    @rule(who=ANY, which=ANY)
    def mo_gives_the_floor_or_takes_up_a_text(self, who: int, which: int) -> None:
        self.make("give_floor", target=self.someone(who).seat_id)
        self.make("table", target=self.some_text(which) or "")

    def mo_adds_a_case(self) -> None:
        """One case more is enough for chance."""
        if "add_round" in self.moves:
            return
        if self.result(self.meeting.steer, "add_round", turn=self.state.turn) is None:
            self.moves.append("add_round")
            found = self.meeting.snapshot
            self.state, self.phases = found.state, found.phases

    # -- Writing --------------------------------------------------------------------------------------------------

    @rule(who=ANY, which=ANY, keep=st.booleans(), twice=st.booleans())
    def somebody_writes(self, who: int, which: int, keep: bool, twice: bool) -> None:
        person, form = self.someone(who), self.some_form(which)
        if form is None:
            return
        self.send(person, self.sent(form, self.step_at_hand(), keep=keep))
        if twice and self.ops:
            self.an_answer_got_lost(len(self.ops) - 1)

    @rule(first=ANY, which=ANY)
    def three_people_write(self, first: int, which: int) -> None:
        for who in range(first, first + 3):
            self.somebody_writes(who, which, keep=False, twice=False)

    @rule(who=ANY, which=ANY, where=ANY)
    def somebody_writes_for_some_step(self, who: int, which: int, where: int) -> None:
        step = self.state.steps[where % len(self.state.steps)]
        forms = self.phases[step.id].forms
        self.send(self.someone(who), self.sent(forms[which % len(forms)], step))

    @precondition(lambda self: self.ops)
    @rule(which=ANY)
    def an_answer_got_lost(self, which: int) -> None:
        person, sent, accepted = self.ops[which % len(self.ops)]
        again = self.result(self.meeting.send, person, sent)
        if isinstance(again, Refused):
            assert again.code in ("expelled", "not_let_in")
        else:
            assert again.how == "again"
            assert again.item_id == accepted.item_id or sent.form in self.nameless

    @precondition(lambda self: self.ops)
    @rule(which=ANY)
    def an_op_is_used_for_another_text(self, which: int) -> None:
        person, sent, _ = self.ops[which % len(self.ops)]
        other = replace(sent, fields={**sent.fields, "more": "another text"})
        assert self.refused(self.meeting.send, person, other).code in ("op_reused", "expelled", "not_let_in")

    @precondition(lambda self: self.texts)
    @rule(which=ANY)
    def somebody_changes_their_text(self, which: int) -> None:
        item = self.some_text(which)
        assert item
        old = self.texts[item]
        mine = "" if old.form.is_anonymous else item  # a phone knows its anonymous text by the capability alone
        sent = self.sent(old.form, self.step_with(old.step_id), item=mine, capability=old.capability)
        self.send(old.by, sent, changed=item)

    @precondition(lambda self: self.texts)
    @rule(which=ANY, who=ANY, guess=st.sampled_from(["", "a guess"]))
    def somebody_changes_the_text_of_another(self, which: int, who: int, guess: str) -> None:
        item = self.some_text(which)
        assert item
        old, person = self.texts[item], self.someone(who)
        if person != old.by:
            sent = self.sent(old.form, self.step_with(old.step_id), item=item, capability=guess)
            self.refused(self.meeting.send, person, sent)

    @rule(who=ANY, which=ANY, twice=st.booleans())
    def mo_takes_something_down(self, who: int, which: int, twice: bool) -> None:
        person, form = self.someone(who), self.some_form(which)
        if form is None:
            return
        shared = {field.name for field in form.fields if not field.is_private}
        fields = {name: value for name, value in self.something(form).items() if name in shared}
        sent = self.meeting.sent(form.key, fields=fields, step=self.step_at_hand())
        accepted = self.result(self.take_down, person, sent)
        if isinstance(accepted, Accepted):
            self.texts[accepted.item_id] = Written(person, self.step_at_hand().id, form, fields, is_taken_down=True)
            if twice:
                assert self.take_down(person, sent) == Accepted("again", accepted.item_id)

    @rule(who=ANY, which=ANY, is_on=st.booleans())
    def somebody_taps(self, who: int, which: int, is_on: bool) -> None:
        item = self.some_text(which)
        if item:
            self.result(self.meeting.mark, self.someone(who), item, is_on, self.step_at_hand())

    @rule(who=ANY, which=ANY, what=st.sampled_from(["says", "passes", "", "shouts"]))
    def somebody_passes(self, who: int, which: int, what: str) -> None:
        form = self.some_form(which)
        if form:
            self.result(self.meeting.instead, self.someone(who), form.key, what)

    @rule(which=ANY, other=ANY, verb=st.sampled_from(VERBS))
    def mo_handles_a_text(self, which: int, other: int, verb: str) -> None:
        item, second = self.some_text(which), self.some_text(other)
        if not item or not second or self.result(self.meeting.handle, item, verb, second) is not None:
            return
        if verb == "admit":
            assert self.texts[item].is_late
            self.admitted.add(item)
        if verb == "restore":
            self.restored.add(item)

    @rule(who=ANY, which=ANY, is_on=st.booleans())
    def somebody_stands_by_or_confirms(self, who: int, which: int, is_on: bool) -> None:
        if any(text.form.makes_action for text in self.texts.values()):
            made = self.meeting.actions
            action, person = made[which % len(made)], self.someone(who)
            self.result(self.meeting.act, outcomes.be_buddy, person.seat_id, action.id, is_on)
            self.result(self.meeting.act, outcomes.confirm, person.seat_id, action.id)

    # -- Coming and going -----------------------------------------------------------------------------------------

    @rule(is_phone=st.booleans())
    def somebody_comes(self, is_phone: bool) -> None:
        self.serial += 1
        name = f"Late {self.serial}"
        self.result(self.meeting.join if is_phone else self.meeting.add_without_phone, name)

    @rule(
        who=ANY,
        what=st.sampled_from(["admit", "admit", "leave", "come_back", "come_back", "expel", "give the case to"]),
    )
    def mo_sees_to_somebody(self, who: int, what: str) -> None:
        person, meeting = self.someone(who), self.meeting
        verbs: dict[str, Callable[[], None]] = {
            "admit": lambda: meeting.admit(person),
            "leave": lambda: meeting.leave(person, by=meeting.mo),
            "come_back": lambda: meeting.come_back(person, by=meeting.mo),
            "expel": lambda: meeting.expel(person),
            "give the case to": lambda: meeting.name_case_giver(person.name),
        }
        self.result(verbs[what])

    @rule(is_locked=st.booleans())
    def mo_minds_the_door(self, is_locked: bool) -> None:
        self.meeting.lock(is_locked)

    @rule(who=ANY)
    def the_lead_goes_to_somebody_and_back(self, who: int) -> None:
        meeting, heir = self.meeting, self.someone(who)
        token = self.meeting.act(doors.offer_handover, meeting.mo.seat_id).token
        taken = self.result(self.meeting.act, doors.take_over, token, heir.name, "en", heir.seat_id)
        if isinstance(taken, Refused):
            assert taken.code == "gives_case"
            return
        assert self.refused(self.steer, meeting.mo, "pause", self.state.turn).status == 403
        assert self.refused(self.meeting.act, doors.take_over, token, "Ola", "en", None).code == "handover_over"
        assert self.cast.user
        mine = self.meeting.act(doors.take_back, self.cast.user.id, "Mo", "en")
        meeting.people["Mo"] = Person("Mo", mine.seat_id, mine.token, "console")

    # -- What must be true when it is over ------------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "state"):
            return
        with self.cast.app.app_context(), db.reading() as session:
            mine = models.Contribution.meeting_id == self.meeting.id
            rows = {row.id: row for row in session.scalars(select(models.Contribution).where(mine))}
            way = select(models.Transition).where(models.Transition.meeting_id == self.meeting.id)
            path = list(session.scalars(way.order_by(models.Transition.turn)))
        found = self.meeting.snapshot
        self.what_was_acknowledged_is_stored_once(rows, found)
        self.turns_form_one_path(path)
        self.limits_hold(found)

    def what_was_acknowledged_is_stored_once(self, rows: dict[str, models.Contribution], found: Snapshot) -> None:
        items = {item.id: item for item in found.items}
        assert rows.keys() == items.keys()
        nameless = [text for text in self.texts.values() if text.form.is_anonymous]
        named = {item_id: text for item_id, text in self.texts.items() if not text.form.is_anonymous}
        for item_id, text in named.items():
            item = items.pop(item_id)
            assert item.fields == text.fields
            assert (item.step_id, item.form) == (text.step_id, text.form.key)
            assert item.seat_id == text.by.seat_id
            assert item.is_taken_down == text.is_taken_down
            assert item.is_late == (text.is_late and item_id not in self.admitted)
        without_author = sorted((i.step_id, i.form, words_of(i.fields)) for i in items.values())
        assert without_author == sorted((t.step_id, t.form.key, words_of(t.fields)) for t in nameless)
        assert all(rows[item_id].seat_id is None for item_id in items)

    def turns_form_one_path(self, path: list[models.Transition]) -> None:
        assert [row.turn for row in path] == list(range(1, self.state.turn + 1))
        assert [row.move for row in path] == self.moves
        moments = [row.at for row in path if row.at]
        assert moments == sorted(moments)
        clock = [row.move for row in path if row.at]
        standing = STOPPING | ANEW
        assert set(clock) <= STARTING | standing
        assert all((one in standing) != (other in standing) for one, other in pairwise(clock)), (
            "it starts and stops in turn"
        )

    def limits_hold(self, found: Snapshot) -> None:
        assert len([seat for seat in found.seats if seat.kind == "participant" and seat.is_present]) <= CAPACITY
        # A text Mo took off the screen may be replaced; bringing the old one back as well is then for Mo to decide.
        gone = self.restored | {item.id for item in found.items if item.is_removed}
        texts = [text for item_id, text in self.texts.items() if item_id not in gone]
        written = Counter((text.by.seat_id, text.step_id, text.form.key, text.form.limit) for text in texts)
        assert all(count <= limit for (*_, limit), count in written.items())
        marked = Counter((mark.seat_id, mark.step_id) for mark in found.marks)
        for (_, step_id), count in marked.items():
            marks = found.phases[step_id].marks
            assert marks
            assert count <= marks.limit
        giver = rules.case_giver(found)
        assert giver is None or giver.role != "moderator"
        assert len(rules.moderators(found)) == 1

    # -- How it is done -------------------------------------------------------------------------------------------------

    def make(self, name: str, target: str = "") -> None:
        """Mo makes a move; the machine may refuse it."""
        outcome = self.result(self.steer, self.meeting.mo, name, self.state.turn, target)
        if isinstance(outcome, State):
            assert outcome.turn == self.state.turn + 1
            assert is_on_the_way(name, outcome.here - self.state.here)
            self.state = outcome
            self.moves.append(name)
            if name == "to_lobby":
                self.the_group_starts_again()

    def the_group_starts_again(self) -> None:
        """With everything that the first start left out in its plan again."""
        assert self.state.status == "lobby"
        found = self.meeting.snapshot
        self.state, self.phases = found.state, found.phases
        self.make("start")

    def steer(self, by: Person, name: str, turn: int, target: str = "") -> State:
        """Somebody makes a move they chose on the screen of a turn."""
        return self.meeting.steer(name, by=by, turn=turn, seconds=60, target=target)

    def take_down(self, person: Person, sent: Sent) -> Accepted:
        """Mo writes for somebody."""
        return self.meeting.act(writing.take_down, self.meeting.mo.seat_id, person.seat_id, sent)

    def send(self, person: Person, sent: Sent, changed: str = "") -> None:
        """Somebody sends a text; what is acknowledged is remembered."""
        accepted = self.result(self.meeting.send, person, sent)
        if isinstance(accepted, Refused):
            return
        self.ops.append((person, sent, accepted))
        at_hand = self.state.step
        assert at_hand
        assert self.state.status == "running"
        assert accepted.how == ("stored" if sent.step_id == at_hand.id else "late")
        if changed:
            self.texts[changed] = replace(self.texts[changed], fields=sent.fields)
            return
        form = self.phases[sent.step_id].form(sent.form)
        assert form
        is_late = accepted.how == "late"
        self.texts[accepted.item_id] = Written(
            person, sent.step_id, form, sent.fields, is_late=is_late, capability=accepted.capability
        )

    def sent(self, form: Form, step: Step, item: str = "", capability: str = "", keep: bool = False) -> Sent:
        """A new text that was never sent before."""
        fields = self.something(form)
        return self.meeting.sent(form.key, fields=fields, step=step, item=item, capability=capability, keep=keep)

    def something(self, form: Form) -> dict[str, Value]:
        """Words nobody wrote before, in every field that takes words."""
        self.serial += 1
        words = (FieldType.LINE, FieldType.TEXT)
        return {field.name: f"text {self.serial}" if field.type in words else None for field in form.fields}

    def someone(self, who: int) -> Person:
        """Anybody who ever came, whether they wait, left or were sent out."""
        everybody = self.meeting.participants
        return everybody[who % len(everybody)]

    def some_form(self, which: int) -> Form | None:
        """A form of the step at hand."""
        forms = self.phases[self.step_at_hand().id].forms
        return forms[which % len(forms)] if forms else None

    def some_text(self, which: int) -> str | None:
        """A text that was acknowledged."""
        return list(self.texts)[which % len(self.texts)] if self.texts else None

    def step_at_hand(self) -> Step:
        """Where the meeting is."""
        assert self.state.step
        return self.state.step

    def step_with(self, step_id: str) -> Step:
        """The step with an id."""
        return next(step for step in self.state.steps if step.id == step_id)

    def result(self, act: Callable[P, R], *args: P.args, **named: P.kwargs) -> R | Refused:
        """What came of it. Anything but a refusal in words is a failure of the product."""
        try:
            return act(*args, **named)
        except Refused as refused:
            return refused

    def refused(self, act: Callable[P, R], *args: P.args, **named: P.kwargs) -> Refused:
        """Why something was not possible; it must not have been."""
        outcome = self.result(act, *args, **named)
        assert isinstance(outcome, Refused)
        return outcome


def four_in_the_lobby(cast: Cast) -> Meeting:
    """How each of them begins."""
    return cast.meeting("Gia", "Pete", "Ada", "Bob", case_giver=None, capacity=CAPACITY)


@pytest.mark.parametrize("part", range(PARTS))
def test_any_meeting_keeps_what_it_acknowledged(app_for_all_on: Flask, part: int) -> None:
    is_sqlite = app_for_all_on.extensions["database"].engine.dialect.name == "sqlite"
    play_by_chance(app_for_all_on, MEETINGS if is_sqlite else FEW_MEETINGS)


@pytest.mark.long
def test_very_many_meetings_keep_what_they_acknowledged(app_for_all_on: Flask) -> None:
    play_by_chance(app_for_all_on, VERY_MANY_MEETINGS)


def words_of(fields: Mapping[str, Value]) -> list[tuple[str, str]]:
    """What was filled in, whatever the order of the fields."""
    return sorted((name, str(value)) for name, value in fields.items())


def play_by_chance(app: Flask, how_often: settings) -> None:
    """Plays meetings of one organisation, one after the other."""
    cast = Cast(app)
    run_state_machine_as_test(lambda: MeetingByChance(cast), settings=how_often)  # type: ignore[arg-type]  # a class or anything that makes one, says its documentation
