"""Plays a meeting of the example through the verbs that phones and the console use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from facilitator.accounts.models import User
from facilitator.core.db import now
from facilitator.demo.content import ExampleCard, ExampleMeeting
from facilitator.meetings import loading, moves, rules
from facilitator.meetings.actions import outcomes, people, setting_up, steering, table, writing
from facilitator.meetings.actions.writing import Sent
from facilitator.meetings.snapshot import Snapshot, Value
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Kind

METHOD = "basis"
TURNS_AT_MOST = 60
SCALES = (
    (5, 4, 5, 4, 4, 5),
    (4, 4, 4, 5, 5, 4),
    (5, 5, 3, 4, 4, 4),
    (4, 5, 4, 3, 5, 5),
    (5, 4, 4, 4, 4, 5),
    (5, 5, 5, 4, 3, 4),
)


@dataclass(frozen=True)
class Played:
    """A meeting that was played: its id, who led it, and who gave the case."""

    meeting_id: str
    lead_id: str
    giver_id: str


@dataclass(frozen=True)
class Table:
    """A meeting while it is played. The first of `seats` gives the case."""

    meeting_id: str
    lead: str
    seats: dict[str, str]
    script: ExampleMeeting
    card: ExampleCard

    @property
    def meeting(self) -> Snapshot:
        return loading.read(self.meeting_id)

    @property
    def giver(self) -> str:
        return next(iter(self.seats.values()))

    def steer(self, move: str) -> None:
        """The moderator makes a move."""
        steering.steer(self.meeting_id, self.lead, move, self.meeting.state.turn)

    def write(self, seat_id: str, form: str, about: str = "", **fields: Value) -> str:
        """Somebody sends a text for the step at hand; gives its id."""
        step = self.meeting.now.step
        sent = Sent(op=secrets.token_hex(16), step_id=step.id, form=form, fields=fields, about_id=about)
        return writing.contribute(self.meeting_id, seat_id, sent).item_id


def play(
    user: User, script: ExampleMeeting, card: ExampleCard, group: str, members: list[User], earlier: str | None
) -> Played:
    """A whole meeting, from setting it up to its end."""
    locale, method = user.locale, load_catalogue()[METHOD]
    plan = setting_up.Plan(
        organisation_id=user.organisation_id,
        user_id=user.id,
        goal=script.goal,
        method=method,
        minutes=tuple(phase.minutes for phase in method.phases),
        locale=locale,
        group_name=group,
        continues_id=earlier,
    )
    meeting_id = setting_up.create(plan)
    lead = people.moderator_seat(meeting_id, user.name, locale, user.id).seat_id
    steering.steer(meeting_id, lead, "open", 0)
    seats = {
        member.name: people.join(meeting_id, member.name.split()[0], locale, has_agreed=True, user=member).seat_id
        for member in members
    }
    at_table = Table(meeting_id, lead, seats, script, card)
    at_table.steer("start")
    while True:
        step = at_table.meeting.now.step
        if step.kind in PHASES:  # in a phase of another kind the example says nothing
            PHASES[step.kind](at_table)
        _show_all(at_table)
        if step.id == at_table.meeting.state.steps[-1].id:
            break
        at_table.steer("next")
    at_table.steer("end")
    return Played(meeting_id, lead, at_table.giver)


def _show_all(at_table: Table) -> None:
    """Reveals what is hidden and gives everybody their turn, as the moderator would."""
    for _ in range(TURNS_AT_MOST):
        move = moves.next_move(at_table.meeting)
        if move not in ("reveal", "next_speaker", "next_item"):
            return
        at_table.steer(move)


def _follow_up(at_table: Table) -> None:
    seat_of = {seat.name: seat.id for seat in at_table.meeting.seats if seat.kind == "participant"}
    for action in rules.actions_to_answer(at_table.meeting):
        owner = action.owner_id or seat_of.get(action.owner_name)
        if owner is None:
            outcomes.set_status(at_table.meeting_id, at_table.lead, action.id, at_table.script.status)
        else:
            at_table.write(
                owner, "effect", about=action.id, status=at_table.script.status, effect=at_table.script.effect
            )


def _pick(at_table: Table) -> None:
    cases = [(at_table.card.title, at_table.card.question), *at_table.script.others]
    seats = list(at_table.seats.values())
    written = [
        at_table.write(seat, "case", title=title, question=question, urgency="soon")
        for seat, (title, question) in zip(seats, cases, strict=False)
    ]
    for seat in seats[len(cases) :]:
        writing.say_instead(at_table.meeting_id, seat, _step(at_table), "case", "passes")
    at_table.steer("reveal")
    for seat in seats[1:]:
        writing.mark(at_table.meeting_id, seat, _step(at_table), written[0], True)


def _story(at_table: Table) -> None:
    if at_table.meeting.rounds[0].case_giver_id != at_table.giver:
        table.name_case_giver(at_table.meeting_id, at_table.lead, at_table.giver)
    table.tell_case(at_table.meeting_id, at_table.lead, at_table.card.title, at_table.card.question, None)
    at_table.write(at_table.giver, "question", question=at_table.card.question, clarity=4, next_step=3)


def _clarify(at_table: Table) -> None:
    for seat, text in zip(_peers(at_table), at_table.script.questions, strict=False):
        at_table.write(seat, "question", question=text)


def _diagnose(at_table: Table) -> None:
    for seat, text in zip(_peers(at_table), at_table.card.insights, strict=False):
        at_table.write(seat, "hypothesis", hypothesis=text)


def _advise(at_table: Table) -> None:
    for seat, text in zip(_peers(at_table), at_table.card.advice, strict=False):
        at_table.write(seat, "advice", advice=text)


def _choose(at_table: Table) -> None:
    chosen = at_table.card.advice[at_table.script.chosen]
    for item in [item for item in rules.markable(at_table.meeting) if item.text("advice") == chosen]:
        writing.mark(at_table.meeting_id, at_table.giver, _step(at_table), item.id, True)
    at_table.write(at_table.giver, "why", why=at_table.script.why)


def _commit(at_table: Table) -> None:
    due = (now() + timedelta(days=21)).date().isoformat()
    at_table.write(at_table.giver, "action", when_if=at_table.script.when_if, then=at_table.script.then, due=due)
    for action in [action for action in at_table.meeting.actions if not action.is_carried]:
        outcomes.be_buddy(at_table.meeting_id, _peers(at_table)[0], action.id, True)
        outcomes.confirm(at_table.meeting_id, at_table.giver, action.id)


def _learn(at_table: Table) -> None:
    for seat, text in zip(at_table.seats.values(), at_table.script.learning, strict=False):
        at_table.write(seat, "learning", learning=text)


def _evaluate(at_table: Table) -> None:
    names = ("safe", "listened", "open_questions", "turns", "guarded", "useful")
    for number, seat in enumerate(at_table.seats.values()):
        line = at_table.script.lines[number] if number < len(at_table.script.lines) else ""
        scales: dict[str, Value] = dict(zip(names, SCALES[number % len(SCALES)], strict=True))
        at_table.write(seat, "evaluation", "", **{**scales, "line": line})
    at_table.write(at_table.giver, "growth", clarity=8, next_step=8)


def _peers(at_table: Table) -> list[str]:
    return list(at_table.seats.values())[1:]


def _step(at_table: Table) -> str:
    return at_table.meeting.now.step.id


PHASES = {
    Kind.FOLLOW_UP: _follow_up,
    Kind.PICK: _pick,
    Kind.STORY: _story,
    Kind.CLARIFY: _clarify,
    Kind.DIAGNOSE: _diagnose,
    Kind.ADVISE: _advise,
    Kind.CHOOSE: _choose,
    Kind.COMMIT: _commit,
    Kind.LEARN: _learn,
    Kind.EVALUATE: _evaluate,
}
