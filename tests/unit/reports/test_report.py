"""A report holds what came out, and nothing else: shown on snapshots made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from facilitator.meetings.machine import State, Status, Step
from facilitator.meetings.snapshot import Action, Item, Mark, Round, Seat, Snapshot, Value
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Audience, Facet, Part, Phase, Reveal
from facilitator.reports.report import Case, session_report
from facilitator.reports.texts import Told

START = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
BASIS = load_catalogue()["basis"]
NAMES = ("gia", "pete", "ada", "bob", "cleo")


def seat(name: str, kind: str = "participant", role: str = "") -> Seat:
    return Seat(name, kind, name.title(), "en", role=role)


def step(key: str, minutes: float = 5, round_id: str = "r1") -> Step:
    phase = BASIS.phase(key)
    assert phase is not None
    around = round_id if phase.part is Part.ROUND else None
    name = key if round_id == "r1" else f"{key}-{round_id}"
    return Step(name, key, phase.kind, phase.part, phase.pace, around, 300, spent=minutes * 60, has_begun=True)


def item(step_id: str, form: str, text: str = "", by: str | None = "pete", **fields: Value) -> Item:
    given: dict[str, Value] = {form: text, **fields} if text else dict(fields)
    name = f"{step_id}:{text or fields}"
    return Item(name, step_id, by, form, given, is_revealed=True)


def meeting(*items: Item, steps: tuple[Step, ...] | None = None, **changes: object) -> Snapshot:
    steps = steps or tuple(step(phase.key) for phase in BASIS.phases)
    phases = {one.id: phase for one in steps if (phase := BASIS.phase(one.key)) is not None}
    ended = START + timedelta(minutes=60)
    state = State(Status.ENDED, 20, steps, len(steps) - 1, START, START, ended)
    whole = Snapshot(
        id="m1",
        organisation_id="o1",
        code="K7QM2P9X",
        goal="Learn to guide a starter",
        method_key="basis",
        method=load_catalogue()["basis"],
        locale="en",
        place="Room 2.14",
        created_at=START,
        group_name="North",
        number=3,
        taken_at=ended + timedelta(days=1),
        last_move="end",
        state=state,
        phases=phases,
        seats=(*(seat(name) for name in NAMES), seat("mo", "moderator"), seat("wall", "wall")),
        rounds=(
            Round("r1", 1, "gia", None, "A quiet starter", "How do I keep him?", "", False, False, method_key="basis"),
        ),
        items=items,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def the_case(snapshot: Snapshot) -> Case:
    return session_report(snapshot, "en").cases[0]


def texts_of(snapshot: Snapshot, kind: str) -> list[str]:
    report = session_report(snapshot, "en")
    found = [section for case in report.cases for section in case.sections]
    return [told.text for section in (*found, *report.sections) if section.kind == kind for told in section.texts]


ADVICE = item("advise", "advice", "Ask him")


def test_what_was_revealed_is_in_it() -> None:
    assert texts_of(meeting(ADVICE), "advise") == ["Ask him"]


@pytest.mark.promise("draft")
@pytest.mark.parametrize(
    "fate",
    [{"is_revealed": False}, {"is_removed": True}, {"is_late": True}, {"is_kept": True}, {"joined_to_id": "gone"}],
)
def test_what_is_hidden_taken_off_late_or_kept_is_not(fate: dict[str, bool]) -> None:
    assert texts_of(meeting(ADVICE), "advise")
    assert "Ask him" not in repr(session_report(meeting(replace(ADVICE, **fate)), "en"))  # type: ignore[arg-type]


@pytest.mark.promise("draft")
def test_no_text_carries_its_author() -> None:
    learned = item("learn", "learning", "To ask", by="cleo")
    report = session_report(meeting(ADVICE, learned), "en")
    assert "Cleo" in report.people.present
    apart = replace(report, people=replace(report.people, present=()))
    assert "Cleo" not in repr(apart)
    assert "Pete" not in repr(apart)


@pytest.mark.promise("draft")
def test_private_fields_stay_out_even_when_their_text_is_shown() -> None:
    learning = item("learn", "learning", by="gia", learning="SHOWN")
    assert "SHOWN" in repr(session_report(meeting(learning), "en"))
    phase = BASIS.phase("learn")
    assert phase is not None
    private = (phase.forms[0].fields[0].model_copy(update={"is_private": True}),)
    hers = phase.model_copy(update={"forms": (phase.forms[0].model_copy(update={"fields": private}),)})
    snapshot = meeting(learning)
    whole = replace(snapshot, phases={**snapshot.phases, "learn": hers})
    assert "SHOWN" not in repr(session_report(whole, "en"))


def only_the_question(key: str) -> Phase:
    """A phase that shows the moderator the case, and no texts."""
    phase = BASIS.phase(key)
    assert phase is not None
    seen = Reveal(before=frozenset({Facet.QUESTION}), after=frozenset({Facet.QUESTION}))
    return phase.model_copy(update={"reveals": {Audience.MODERATOR: seen}})


def test_texts_that_a_phase_does_not_show_the_moderator_stay_out() -> None:
    snapshot = meeting(ADVICE, steps=(step("advise"),))
    assert texts_of(snapshot, "advise") == ["Ask him"]
    blind = replace(snapshot, phases={"advise": only_the_question("advise")})
    assert the_case(blind).title == "A quiet starter"
    assert "Ask him" not in repr(session_report(blind, "en"))


def test_a_text_that_a_later_phase_puts_on_the_table_is_told_from_then_on() -> None:
    snapshot = meeting(ADVICE, steps=(step("advise"), step("choose")))
    later = replace(snapshot, phases={**snapshot.phases, "advise": only_the_question("advise")})
    assert texts_of(later, "advise") == ["Ask him"]
    not_yet = replace(snapshot.state, steps=(step("advise"), replace(step("choose"), has_begun=False)))
    assert texts_of(replace(later, state=not_yet), "advise") == []


def test_doubles_stand_under_the_one_they_were_joined_to() -> None:
    double = replace(item("advise", "advice", "Just ask him"), joined_to_id=ADVICE.id)
    (section,) = (s for s in the_case(meeting(ADVICE, double)).sections if s.kind == "advise")
    assert section.texts == (Told("Ask him", doubles=("Just ask him",)),)


def test_a_double_goes_off_the_table_with_the_one_it_was_joined_to() -> None:
    double = replace(item("advise", "advice", "Just ask him"), joined_to_id=ADVICE.id)
    assert texts_of(meeting(replace(ADVICE, is_removed=True), double), "advise") == []


def test_a_star_marks_what_was_chosen() -> None:
    other = item("advise", "advice", "Wait")
    star = Mark("choose", "gia", ADVICE.id, "star")
    (section,) = (s for s in the_case(meeting(ADVICE, other, marks=(star,))).sections if s.kind == "advise")
    assert [(told.text, told.is_chosen) for told in section.texts] == [("Ask him", True), ("Wait", False)]


def test_the_key_question_stands_beside_the_first_one() -> None:
    found = meeting().rounds[0]
    assert (the_case(meeting()).question, the_case(meeting()).key_question) == ("How do I keep him?", "")
    sharper = replace(found, key_question="What part can he play?")
    assert the_case(meeting(rounds=(sharper,))).key_question == "What part can he play?"
    same = replace(found, key_question="How do I keep him?")
    assert the_case(meeting(rounds=(same,))).key_question == ""


def test_a_case_nobody_has_heard_yet_is_not_told() -> None:
    coming = (step("pick"), replace(step("story"), has_begun=False))
    assert session_report(meeting(), "en").cases
    assert session_report(meeting(steps=coming), "en").cases == ()


def test_a_second_round_has_its_own_texts() -> None:
    second = Round("r2", 2, "pete", None, "Night shifts", "How do I rest?", "", False, False)
    later = item("advise-r2", "advice", "Sleep more")
    snapshot = meeting(ADVICE, later, steps=(step("advise"), step("advise", round_id="r2"), step("learn")))
    report = session_report(replace(snapshot, rounds=(*snapshot.rounds, second)), "en")
    assert [case.title for case in report.cases] == ["A quiet starter", "Night shifts"]
    assert [[told.text for told in case.sections[0].texts] for case in report.cases] == [["Ask him"], ["Sleep more"]]
    assert [row.round for row in report.times] == [1, 2, 0]


def answers(count: int, **fate: bool) -> tuple[Item, ...]:
    given = (item("evaluate", "evaluation", by=None, safe=n % 2 + 4, line=f"line {n}") for n in range(count))
    return tuple(replace(one, **fate) for one in given)  # type: ignore[arg-type]


@pytest.mark.promise("from-four-answers", "draft")
def test_results_begin_at_four_answers() -> None:
    (results,) = session_report(meeting(*answers(4)), "en").results
    assert (results.scales[0].mean, results.scales[0].first, results.scales[0].counts) == (4.5, 1, (0, 0, 0, 2, 2))
    assert len(results.lines) == 4
    (few,) = session_report(meeting(*answers(3)), "en").results
    assert (few.scales, few.lines) == ((), ())


def test_results_wait_for_the_reveal() -> None:
    (results,) = session_report(meeting(*answers(5, is_revealed=False)), "en").results
    assert (results.scales, results.lines) == ((), ())


def test_the_case_givers_own_scales_are_theirs_alone() -> None:
    growth = item("evaluate", "growth", by="gia", clarity=9, next_step=9)
    (results,) = session_report(meeting(*answers(4), growth), "en").results
    assert {scale.label for scale in results.scales} == {"I felt safe."}


TAKEN_ON = Action(
    "a1", "commit:x", "gia", "Gia", "pete", "he is silent", "I ask him", date(2026, 12, 1), False, True, "open"
)


@pytest.mark.promise("confirmed-actions")
def test_an_action_counts_once_its_owner_said_that_it_is_right() -> None:
    written = replace(item("commit", "action", by="gia", then="I ask him"), id="commit:x")
    (deed,) = the_case(meeting(written, actions=(TAKEN_ON,))).actions
    assert (deed.owner, deed.buddy, deed.then) == ("Gia", "Pete", "I ask him")
    draft = replace(TAKEN_ON, is_confirmed=False)
    assert the_case(meeting(written, actions=(draft,))).actions == ()
    assert the_case(meeting(replace(written, is_removed=True), actions=(TAKEN_ON,))).actions == ()


def test_how_an_earlier_action_went_is_told_after_the_reveal() -> None:
    earlier = replace(TAKEN_ON, item_id=None, is_carried=True, status="partly")
    answer = replace(item("follow_up", "effect", by="gia", status="partly", effect="He spoke"), about_id="a1")
    (deed,) = session_report(meeting(answer, actions=(earlier,)), "en").follow_up
    assert (deed.status, deed.effect) == ("Partly done", "He spoke")
    (hidden,) = session_report(meeting(replace(answer, is_revealed=False), actions=(earlier,)), "en").follow_up
    assert (hidden.then, hidden.status, hidden.effect) == ("I ask him", "", "")


def test_an_absent_owners_action_has_the_status_the_moderator_noted() -> None:
    earlier = replace(TAKEN_ON, item_id=None, owner_id=None, owner_name="Dirk", is_carried=True, status="dropped")
    (deed,) = session_report(meeting(actions=(earlier,)), "nl").follow_up
    assert (deed.owner, deed.status) == ("Dirk", "Niet meer nodig")


def test_cases_that_were_not_chosen_are_kept() -> None:
    chosen = item("pick", "case", title="A quiet starter")
    other = item("pick", "case", title="Night shifts", question="How do I rest?")
    hidden = replace(item("pick", "case", title="SECRET"), is_revealed=False)
    snapshot = meeting(chosen, other, hidden)
    taken = replace(snapshot, rounds=(replace(snapshot.rounds[0], case_id=chosen.id),))
    assert session_report(taken, "en").kept_cases == (Told("Night shifts", ("How do I rest?",)),)


def test_whoever_waited_outside_or_was_sent_away_is_not_named() -> None:
    waits = replace(seat("eve"), is_admitted=False)
    away = replace(seat("mallory"), is_expelled=True)
    early = replace(seat("dirk"), has_left=True)
    named = seat("Élise")
    snapshot = meeting()
    report = session_report(replace(snapshot, seats=(*snapshot.seats, waits, away, early, named)), "en")
    assert report.people.present == ("Ada", "Bob", "Cleo", "Dirk", "Élise", "Gia", "Pete")
    assert report.people.moderators == ("Mo",)


def test_time_is_counted_without_pauses() -> None:
    skipped = replace(step("learn", minutes=1), is_skipped=True)
    never = replace(step("evaluate", minutes=0), has_begun=False)
    report = session_report(meeting(steps=(step("story", 7), step("advise", 12), skipped, never)), "en")
    assert report.net == 20 * 60
    assert [row.course for row in report.times] == ["done", "done", "skipped", "not_held"]


def test_it_speaks_the_readers_language() -> None:
    assert session_report(meeting(), "nl").method == "Basismethode"
    assert session_report(meeting(), "en").method == "Basic consultation"


def test_a_meeting_that_has_not_begun_has_an_empty_report() -> None:
    steps = tuple(replace(step(phase.key), has_begun=False, spent=0.0) for phase in BASIS.phases)
    lobby = State(Status.LOBBY, 1, steps)
    report = session_report(replace(meeting(steps=steps), state=lobby), "en")
    assert (report.cases, report.sections, report.results, report.follow_up) == ((), (), (), ())
