"""What a session report holds: a snapshot goes in, what may be read of it comes out. Pure.

Promises: only what was revealed to the moderator's audience and is still on the table gets in – nothing hidden, taken
off, late, kept for oneself or private – and no text carries its author. Results of scales begin at four answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic.json_schema import SkipJsonSchema

from facilitator.meetings import titles
from facilitator.meetings.machine import Status, Step
from facilitator.meetings.seen import facets
from facilitator.meetings.snapshot import Round, Snapshot
from facilitator.methods.roles import RoleNames
from facilitator.methods.vocabulary import Facet, Kind
from facilitator.reports.deeds import Deed, deeds, follow_up, looks_back, makes_action
from facilitator.reports.people import People, people
from facilitator.reports.results import Results, results_of
from facilitator.reports.texts import READER, Section, Told, is_out, kept_cases, may_read, sections
from facilitator.reports.times import PhaseTime, net_seconds, times


@dataclass(frozen=True, slots=True)
class Case:
    """One round: the question as it was asked, the question it became, and what came out of it. `context` is written
    afterwards, in some five lines. `method` is empty in reports from before a case had its own; `giver_is_called`: by the
    role words of that method.
    """

    number: int
    title: str
    case_giver: str
    question: str
    key_question: str
    is_stopped: bool
    sections: tuple[Section, ...]
    has_actions: bool
    actions: tuple[Deed, ...]
    context: tuple[str, ...] = ()
    method: str = ""
    method_key: str = ""
    giver_is_called: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action on its `day`, or the next meeting `at` its moment. `since` is the version it is like this from, `changed_on` the
    day of that; None while nobody has approved it.
    """

    key: str
    day: date | None = None
    at: datetime | None = None
    since: int = 0
    changed_on: date | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a session report says, in every format. Moments are in UTC, lengths in seconds.

    `agreement` is the method's, `agreement_version` tells which version of the group's own held in this meeting (0: none), `agreements` are what this group agreed in this meeting; these, `next_at` and `rota` (who
    does what then, a line each) are written afterwards. `roles` are what the method calls these, and `locale` is the language its words
    stand in, see `languages.in_language`. `version` is 0 while nobody has touched the draft; `approved_at` is None for a draft;
    `is_whole` is false where a case waits for its approval and is left out; `is_without_case`: approved by the moderator,
    because there was no case to approve.
    """

    meeting_id: str
    status: Status
    goal: str
    group: str
    number: int
    place: str
    method: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    net: float
    people: People
    looks_back: bool
    follow_up: tuple[Deed, ...]
    cases: tuple[Case, ...]
    sections: tuple[Section, ...]
    results: tuple[Results, ...]
    kept_cases: tuple[Told, ...]
    agreement: tuple[str, ...]
    times: tuple[PhaseTime, ...]
    here: int
    method_key: str = ""
    roles: RoleNames | None = None
    locale: str = ""
    agreement_version: int = 0
    agreements: tuple[str, ...] = ()
    next_at: datetime | None = None
    rota: tuple[str, ...] = ()
    version: int = 0
    approved_at: datetime | None = None
    is_whole: bool = True
    is_without_case: bool = False
    # What the versions before put into calendars; no other file has it.
    diary: SkipJsonSchema[tuple[Entry, ...]] = field(default=(), compare=False)


def session_report(snapshot: Snapshot, locale: str) -> Report:
    """The report of a meeting as it stands, in a reader's language; of one that runs: so far."""
    state = snapshot.state
    method = snapshot.method.text(locale)
    around = tuple(step for step in state.steps if step.round_id is None and step.kind is not Kind.PICK)
    return Report(
        meeting_id=snapshot.id,
        status=state.status,
        goal=snapshot.goal,
        group=snapshot.group_name,
        number=snapshot.number,
        place=snapshot.place,
        method=_methods(snapshot, locale),
        created_at=snapshot.created_at,
        started_at=state.started_at,
        ended_at=state.ended_at,
        net=net_seconds(snapshot),
        people=people(snapshot),
        looks_back=any(looks_back(snapshot, step) for step in state.steps),
        follow_up=follow_up(snapshot, locale),
        cases=tuple(_case(snapshot, found, locale) for found in snapshot.rounds if _is_part(snapshot, found)),
        sections=sections(snapshot, around, locale),
        results=results_of(snapshot, READER, locale),
        kept_cases=kept_cases(snapshot),
        agreement=method.agreement,
        agreement_version=snapshot.agreed.number if snapshot.agreed else 0,
        times=times(snapshot, locale),
        here=len(state.steps) if state.status is Status.ENDED and state.is_last else state.here,
        method_key=snapshot.method_key,
        roles=titles.roles(snapshot, None, locale),
        locale=locale,
    )


def _methods(snapshot: Snapshot, locale: str) -> str:
    """The method of the meeting, and those of further cases that were taken up."""
    taken_up = (found for found in snapshot.rounds if found.number == 1 or _is_part(snapshot, found))
    return titles.of_meeting(taken_up, snapshot.method, locale)


def _case(snapshot: Snapshot, found: Round, locale: str) -> Case:
    is_told = _is_told(snapshot, found)
    held = (step for step in snapshot.state.steps if step.round_id == found.id)
    steps = tuple(step for step in held if step.kind is not Kind.PICK)
    question, key_question = _questions(snapshot, found, steps) if is_told else ("", "")
    return Case(
        number=found.number,
        title=found.title if is_told else "",
        case_giver=snapshot.name(found.case_giver_id) if is_told else "",
        question=question,
        key_question=key_question,
        is_stopped=found.is_stopped,
        sections=sections(snapshot, steps, locale),
        has_actions=any(step.was_held and makes_action(snapshot, step) for step in steps),
        actions=tuple(deed for step in steps for deed in deeds(snapshot, step)),
        method=titles.title(found.method_key, found.method_titles, locale),
        method_key=found.method_key,
        giver_is_called=titles.roles(snapshot, found, locale).case_giver,
    )


def _is_part(snapshot: Snapshot, found: Round) -> bool:
    return found.is_stopped or _is_told(snapshot, found)


def _is_told(snapshot: Snapshot, found: Round) -> bool:
    """Whether the group has met this case: a phase that shows its question was met, or it was chosen from the table."""
    met = (step for step in snapshot.state.steps if step.round_id == found.id and snapshot.was_met(step))
    if any(Facet.QUESTION in facets(snapshot.phases[step.id], READER, step.is_revealed) for step in met):
        return True
    item = snapshot.item(found.case_id)
    step = next((s for s in snapshot.state.steps if item is not None and s.id == item.step_id), None)
    return item is not None and step is not None and may_read(snapshot, step, item)


def _questions(snapshot: Snapshot, found: Round, steps: tuple[Step, ...]) -> tuple[str, str]:
    """The question at the start and the key question after. A later phase may have asked for the question anew."""
    asked = [
        item.text("question")
        for step in steps
        for form in snapshot.phases[step.id].forms
        for item in snapshot.items_of(step, form.key)
        if form.sets_question and is_out(item) and item.text("question") and item.seat_id == found.case_giver_id
    ]
    start, after = (asked[0], found.question) if len(asked) > 1 else (found.question, "")
    after = found.key_question or after
    return start, after if after != start else ""
