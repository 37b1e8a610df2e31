"""Several cases in one meeting, each with a method of its own: planned on the page or added while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask import Flask

from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from facilitator.meetings.actions.setting_up import PlannedCase
from facilitator.meetings.kept_methods import kept_methods
from facilitator.meetings.snapshot import Round, Snapshot
from facilitator.meetings.titles import of_further_cases
from facilitator.methods import rounds
from facilitator.methods.loader import load_catalogue
from facilitator.methods.shortening import document_of
from facilitator.methods.vocabulary import Kind, Method, Part, Role
from facilitator.proof.counting import count
from facilitator.proof.labels import method as method_on_proof
from facilitator.repertoire import actions as repertoire
from facilitator.reports.languages import in_language
from facilitator.reports.report import session_report
from facilitator.reports.results import Results
from facilitator.reports.texts import Section
from tests import pages
from tests.cast import Cast, Meeting, account, plausible

pytestmark = pytest.mark.either

BASIS, CONSULTANCY = (load_catalogue()[key] for key in ("basis", "consultancy"))
FURTHER = PlannedCase(CONSULTANCY, rounds.in_minutes(rounds.further_case(BASIS, CONSULTANCY), 40))


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A basic consultation with a second case by the consultancy protocol; Gia, Pete and Ada offered cases and Gia's was chosen."""
    return with_cases(cast)


def with_cases(cast: Cast) -> Meeting:
    meeting = cast.meeting(case_giver=None, cases=(FURTHER,))
    meeting.advance_to("pick")
    for name in ("Gia", "Pete", "Ada"):
        meeting.write(meeting[name], "case", title=f"Case of {name}", question=f"How would {name} do it?")
    meeting.reveal()
    for voter, name in (("Bob", "Gia"), ("Cleo", "Gia"), ("Pete", "Ada")):
        meeting.mark(meeting[voter], item_of(meeting, name))
    meeting.next()
    return meeting


def item_of(meeting: Meeting, name: str) -> str:
    """The case that somebody offered."""
    return next(item.id for item in meeting.snapshot.items if item.text("title") == f"Case of {name}")


def to_second_case(meeting: Meeting) -> Round:
    """Goes on until the group chooses its second case."""
    second = meeting.snapshot.rounds[1]
    while meeting.step.round_id != second.id:
        meeting.next()
    return second


def kinds(snapshot: Snapshot, around: Round) -> list[Kind]:
    """What kinds of phases a case takes."""
    return [step.kind for step in snapshot.state.steps if step.round_id == around.id]


def test_a_second_case_has_the_phases_of_its_method_and_opening_and_closing_happen_once(meeting: Meeting) -> None:
    found = meeting.snapshot
    assert [one.method_key for one in found.rounds] == ["basis", "consultancy"]
    assert kinds(found, found.rounds[1]) == [Kind.PICK, *(phase.kind for phase in rounds.of_a_case(CONSULTANCY))]
    around = [step.key for step in found.state.steps if step.round_id is None]
    assert around == [phase.key for phase in BASIS.phases if phase.part != "round" and phase.key != "follow_up"]
    closing = [step.part for step in found.state.steps].index(Part.CLOSING)
    assert all(step.part == "closing" for step in found.state.steps[closing:])
    seconds = sum(step.planned for step in found.state.steps if step.round_id == found.rounds[1].id)
    assert seconds == 40 * 60


def test_cases_that_were_not_chosen_are_offered_again_and_kept_for_next_time(cast: Cast, meeting: Meeting) -> None:
    second = to_second_case(meeting)
    assert meeting.step.kind is Kind.PICK
    wall = meeting.screen(meeting.wall)
    assert "Case of Pete" in wall
    assert "Case of Ada" in wall
    assert "Case of Gia" not in wall
    meeting.mark(meeting.bob, item_of(meeting, "Pete"))
    meeting.next()
    chosen = meeting.snapshot.rounds[1]
    assert (chosen.id, meeting.snapshot.name(chosen.case_giver_id), chosen.title) == (second.id, "Pete", "Case of Pete")
    meeting.end()
    later = cast.meeting(case_giver=None, continues=meeting)
    later.advance_to("pick")
    assert [item.text("title") for item in later.items("case")] == ["Case of Ada"]


def test_of_a_case_that_is_offered_again_only_the_new_dots_count(meeting: Meeting) -> None:
    to_second_case(meeting)
    for voter in (meeting.bob, meeting.cleo):
        meeting.mark(voter, item_of(meeting, "Pete"))
    meeting.mark(meeting.gia, item_of(meeting, "Ada"))
    meeting.next()
    assert meeting.snapshot.rounds[1].title == "Case of Pete", "Ada's had one from before"


def test_somebody_else_may_offer_a_case_for_the_second_round(meeting: Meeting) -> None:
    to_second_case(meeting)
    meeting.write(meeting.cleo, "case", title="Case of Cleo", question="How?")
    meeting.reveal()
    for voter in (meeting.bob, meeting.pete):
        meeting.mark(voter, item_of(meeting, "Cleo"))
    meeting.next()
    assert meeting.snapshot.rounds[1].title == "Case of Cleo"


def test_going_back_and_on_again_leaves_the_choice_as_it_was(meeting: Meeting) -> None:
    to_second_case(meeting)
    meeting.mark(meeting.bob, item_of(meeting, "Pete"))
    meeting.steer("undo")
    assert meeting.step.round_id == meeting.snapshot.rounds[0].id
    meeting.next()
    meeting.next()
    assert meeting.snapshot.rounds[1].title == "Case of Pete"


def test_whoever_gave_a_case_may_give_it_away_and_only_that_goes_off_the_screen(meeting: Meeting) -> None:
    to_second_case(meeting)
    meeting.mark(meeting.bob, item_of(meeting, "Pete"))
    meeting.next()
    assert meeting.post(meeting.pete, "decline").status_code == 200
    second = meeting.snapshot.rounds[1]
    assert meeting.snapshot.name(second.case_giver_id) == "Ada"
    assert not meeting.item(item_of(meeting, "Pete")).is_removed


def test_a_case_never_reaches_into_another_one(meeting: Meeting) -> None:
    meeting.play_to("advise", plausible)
    meeting.play_step(plausible)
    first = meeting.step
    to_second_case(meeting)
    near = meeting.step
    found = meeting.snapshot
    assert found.step_of("advise", first) == found.step_with(first.id)
    assert found.step_of("advise", near) is None, "the other method has no phase of this name"
    assert found.step_of("pick", near) == near


def test_the_closing_looks_back_on_the_last_case_that_somebody_gave(meeting: Meeting) -> None:
    meeting.advance_to("commit")
    meeting.steer("to_closing")
    assert meeting.step.part == "closing"
    closing = meeting.snapshot
    assert closing.now.round == closing.rounds[0]
    assert all(step.is_skipped for step in closing.state.steps if step.round_id == closing.rounds[1].id)
    assert not meeting.step_with("commit").is_skipped
    meeting.steer("undo")
    assert meeting.step.key == "commit"


def test_a_case_by_another_method_is_added_while_the_meeting_runs(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    before = len(meeting.state.steps)
    asked = pages.read(meeting.screen(meeting.mo)).all("select", name="target")
    assert {"basis", "consultancy"} <= {option["value"] for option in asked[0].all("option")}
    answer = meeting.post(meeting.mo, "steer", move="add_round", turn=str(meeting.state.turn), target="consultancy")
    assert answer.status_code == 200
    found = meeting.snapshot
    assert kinds(found, found.rounds[1])[0] is Kind.PICK, (
        "as in the opening that was left out, for Gia's case was known"
    )
    assert kinds(found, found.rounds[1])[1:] == [phase.kind for phase in rounds.of_a_case(CONSULTANCY)]
    assert len(found.state.steps) == before + len(kinds(found, found.rounds[1]))


@pytest.mark.parametrize("key", ["no_such", "Basis", "../basis"])
def test_a_method_nobody_knows_is_refused_and_nothing_is_added(cast: Cast, key: str) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    steps = len(meeting.state.steps)
    with pytest.raises(Refused) as refused:
        meeting.steer("add_round", target=key)
    assert (refused.value.code, refused.value.status) == ("no_such_method", 422)
    assert (len(meeting.state.steps), len(meeting.snapshot.rounds)) == (steps, 1)


def test_a_meeting_keeps_the_phases_and_the_name_of_a_method_it_had(cast: Cast, meeting: Meeting) -> None:
    """What the catalogue says later changes neither."""
    with meeting.app.app_context(), db.writing() as session:
        row = session.get_one(models.Round, meeting.snapshot.rounds[1].id)
        row.method_key, row.method_titles = "gone", {"en": "As it was", "nl": "Zoals het was"}
    meeting.steer("add_round", target="gone")
    found = meeting.snapshot
    assert kinds(found, found.rounds[2]) == kinds(found, found.rounds[1])
    to_second_case(meeting)
    assert "Case 2 of 3: As it was" in meeting.screen(meeting.mo)


def test_every_screen_but_a_phone_says_which_case_it_is_and_how_it_is_worked_on(meeting: Meeting) -> None:
    told = f"Case 1 of 2: {BASIS.text('en').title}"
    assert told in meeting.screen(meeting.mo)
    assert told in meeting.screen(meeting.wall)
    to_second_case(meeting)
    assert f"Case 2 of 2: {CONSULTANCY.text('en').title}" in meeting.screen(meeting.wall)
    outside = meeting.join("Late")
    assert CONSULTANCY.text("en").title not in meeting.screen(outside)


def test_the_lobby_the_list_the_report_the_proof_and_the_card_know_both_methods(cast: Cast, meeting: Meeting) -> None:
    both = f"{BASIS.text('en').title}, {CONSULTANCY.text('en').title}"
    to_second_case(meeting)
    assert counted_method(meeting) == BASIS.text("en").title, "the second case has not been taken up"
    meeting.mark(meeting.bob, item_of(meeting, "Pete"))
    meeting.next()
    meeting.play_step(plausible)
    meeting.end()
    report = session_report(meeting.snapshot, "en")
    assert report.method == both
    assert [(case.method_key, case.title) for case in report.cases] == [
        ("basis", "Case of Gia"),
        ("consultancy", "Case of Pete"),
    ]
    assert not any(section.kind is Kind.PICK for case in report.cases for section in case.sections)
    assert [told.text for told in report.kept_cases] == ["Case of Ada"]
    dutch = in_language(report, "nl", kept(meeting))
    assert dutch.method == f"{BASIS.text('nl').title}, {CONSULTANCY.text('nl').title}"
    own = CONSULTANCY.phases[0].text("nl").title
    assert own in [row.title for row in dutch.times if row.round == 2]
    assert counted_method(meeting) == both


def renamed(method: Method, *languages: str) -> Method:
    """The same as a method of an organisation, which calls everything otherwise in these languages."""
    ours = [
        phase.model_copy(
            update={
                "texts": {
                    language: phase.text(language).model_copy(
                        update={"title": f"Our {phase.key} ({language})", "short": "Our"}
                    )
                    for language in languages
                }
            }
        )
        for phase in method.phases
    ]
    named = {
        language: method.text(language).model_copy(
            update={"title": f"Our way ({language})", "roles": {Role.CASE_GIVER: f"owner-{language}"}}
        )
        for language in languages
    }
    return method.model_copy(update={"key": f"own_{method.key}_abcdef", "texts": named, "phases": tuple(ours)})


def kept(meeting: Meeting) -> dict[str, Method]:
    """The methods as the meeting has them."""
    with meeting.app.app_context():
        return kept_methods(db.session.get_one(models.Meeting, meeting.id))


@pytest.mark.parametrize("languages", [("en", "nl"), ("en",)], ids=["two languages", "one language"])
@pytest.mark.parametrize("own", ["first", "second", "both"])
def test_a_report_in_another_language_has_the_words_of_the_copies_that_a_meeting_keeps(
    cast: Cast, own: str, languages: tuple[str, ...]
) -> None:
    first = BASIS if own == "second" else renamed(BASIS, *languages)
    second = CONSULTANCY if own == "first" else renamed(CONSULTANCY, *languages)
    case = PlannedCase(second, rounds.in_minutes(rounds.further_case(first, second), 40))
    meeting = cast.meeting(method=first, case_giver=None, cases=(case,))
    meeting.advance_to("pick")
    for name in ("Gia", "Pete"):
        meeting.write(meeting[name], "case", title=f"Case of {name}", question=f"How would {name} do it?")
    meeting.reveal()
    meeting.mark(meeting.bob, item_of(meeting, "Gia"))
    to_second_case(meeting)
    meeting.mark(meeting.bob, item_of(meeting, "Pete"))
    meeting.next()
    while meeting.state.step != meeting.state.steps[-1]:
        meeting.play_step(plausible)
        meeting.next()
    meeting.play_step(plausible)
    meeting.end()
    report = session_report(meeting.snapshot, "en")
    dutch = in_language(report, "nl", kept(meeting))
    assert dutch == session_report(meeting.snapshot, "nl")
    assert [case.method_key for case in report.cases] == [first.key, second.key]
    assert dutch.method == ", ".join(dict.fromkeys(method.text("nl").title for method in (first, second)))
    by = {1: first, 2: second}
    for before, after in zip(report.cases, dutch.cases, strict=True):
        assert after.method == by[before.number].text("nl").title
        roles = by[before.number].text("nl").roles
        assert after.giver_is_called == roles.get(Role.CASE_GIVER, "casusinbrenger")
        assert [section.title for section in after.sections] == titles_in(by[before.number], before.sections)
    assert report.cases[1].sections
    assert report.results
    assert [found.title for found in dutch.results] == titles_in(first, report.results)
    for row, told in zip(report.times, dutch.times, strict=True):
        phase = by[row.round or 1].phase(row.key) or first.phase(row.key)  # a further case is chosen like the first
        assert phase is not None
        assert told.title == phase.text("nl").title
    without = replace(report, cases=())
    assert in_language(without, "nl", {}).method == without.method


def titles_in(method: Method, found: Sequence[Section | Results]) -> list[str]:
    """What phases are called in Dutch or, of a method that has none, as it calls them."""
    phases = [method.phase(one.key) for one in found]
    return [phase.text("nl").title for phase in phases if phase]


def counted_method(meeting: Meeting) -> str:
    """What the proof says of the method so far."""
    with meeting.app.test_request_context(), db.reading() as session:
        held = count(session, session.get_one(models.Meeting, meeting.id), now()).held
        assert held is not None
        return method_on_proof(held, "en")


def test_a_method_of_the_organisation_is_added_as_a_case_while_the_meeting_runs(cast: Cast) -> None:
    meeting = cast.meeting(locale="nl")
    meeting.advance_to("story")
    ours, elsewhere, away = (brought(cast.app, name) for name in ("Mo", "Ola", "Mo"))
    with cast.app.app_context():
        repertoire.put_away(account(cast.app, "Mo"), away, True)
    offered = dict(of_further_cases(meeting.snapshot, "nl"))
    assert offered[ours] == "Our way (nl)"
    assert "Our way (nl)" in meeting.screen(meeting.mo)
    for other in (elsewhere, away):
        assert other not in offered
        with pytest.raises(Refused, match="no_such_method"):
            meeting.steer("add_round", target=other)
    meeting.steer("add_round", target=ours)
    added = meeting.snapshot.rounds[1]
    assert (added.method_key, added.method_titles["nl"]) == (ours, "Our way (nl)")
    assert added.method_roles["nl"] == {"case_giver": "owner-nl"}
    titles = [
        meeting.snapshot.phases[step.id].text("nl").title for step in meeting.state.steps if step.round_id == added.id
    ]
    assert titles[1:] == [f"Our {phase.key} (nl)" for phase in rounds.of_a_case(CONSULTANCY)]


def brought(app: Flask, name: str) -> str:
    """A method of somebody's organisation, in use."""
    with app.app_context():
        by = account(app, name, "Werkplaats" if name == "Mo" else "Elders")
        key = repertoire.bring(by, document_of(renamed(CONSULTANCY, "en", "nl").model_copy(update={"key": "own"})))
        repertoire.take_into_use(by, key)
        return key
