"""From a draft to a report that the group reads: only by the yes of whoever gave the case."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from flask import Flask
from sqlalchemy import select, text

from facilitator.core.audit import AuditEntry
from facilitator.core.db import db, now
from facilitator.reports import store
from facilitator.reports.drafts import words_asked
from tests.cast import Cast, Meeting
from tests.pages import read
from tests.reports_pages import (
    ADVICE,
    LEARNED,
    QUESTION,
    Pages,
    everybody_speaks,
    held,
    pages_of,
    seen_in,
    tell_case,
)
from tests.scenes import scene, with_cast

pytestmark = pytest.mark.either


@pytest.fixture
def cast(app_for_all_on: Flask) -> Cast:
    """Everybody, on either database."""
    return Cast(app_for_all_on)


@pytest.fixture
def meeting(app_for_all_on: Flask) -> Meeting:
    """A meeting that is over: Gia gave the case, Bob and Cleo gave advice, Ada said what she learned."""
    return scene(app_for_all_on, with_cast, held)


@pytest.fixture
def gia(meeting: Meeting) -> Pages:
    """Gia's phone."""
    return pages_of(meeting, meeting.gia)


@pytest.fixture
def mo(meeting: Meeting) -> Pages:
    """Mo's console."""
    return pages_of(meeting, meeting.mo)


@pytest.fixture
def pete(meeting: Meeting) -> Pages:
    """The phone of somebody who was there."""
    return pages_of(meeting, meeting.pete)


@pytest.mark.promise("case-giver-s-yes")
def test_before_the_yes_only_the_moderator_and_the_case_giver_read_the_draft(
    mo: Pages, gia: Pages, pete: Pages
) -> None:
    assert ADVICE in mo.get().text
    assert ADVICE in gia.get().text
    assert ADVICE not in pete.get().text
    assert "Not there yet" in pete.get().text
    assert pete.get(".md").status_code == 404
    assert "It waits for Gia" in mo.get().text
    for told in (pete.get().text, gia.get().text):
        assert "waits for" not in told, "nobody else is told whose yes is awaited"
    assert "Gia" not in read(pete.get().text).one("main").text


@pytest.mark.promise("case-giver-s-yes")
def test_with_the_yes_of_the_case_giver_everybody_who_was_there_reads_it(mo: Pages, gia: Pages, pete: Pages) -> None:
    assert gia.approve_all().status_code == 303
    for reader in (pete, gia, mo):
        assert ADVICE in reader.get().text
        assert ADVICE in reader.get(".md").text
    assert "version 1" in pete.get().text
    assert "The report is approved" in gia.get("/approve").text


def test_part_by_part_ends_with_all_parts_looked_at(gia: Pages) -> None:
    first = gia.get("/approve").text
    assert "Part 1 of" in first
    for _ in range(30):
        page = gia.get("/approve").text
        if "You have looked at all parts." in page:
            break
        gia.send("/approve", "approve", do="right")
    assert "You have looked at all parts." in gia.get("/approve").text


@pytest.mark.promise("left-out")
def test_what_is_left_out_is_gone_once_it_is_approved(meeting: Meeting, mo: Pages, gia: Pages, pete: Pages) -> None:
    gia.send("/approve?part=1.phase.advise", "approve", do="out")
    assert ADVICE not in gia.get().text
    assert ADVICE in mo.get("/edit").text, "it can still be put back"
    gia.approve_all()
    assert ADVICE not in mo.get().text + pete.get().text
    with meeting.app.app_context():
        row = store.report_row(db.session(), meeting.id)
        assert row is not None
        kept = [store.open_draft(row.id, version) for version in store.version_rows(db.session(), row.id)]
        assert QUESTION in str(kept)
        assert ADVICE not in str(kept)


def test_what_the_case_giver_changes_is_what_the_group_reads(gia: Pages, pete: Pages) -> None:
    gia.send("/edit?part=1.question", "edit", do="save", text="How do I begin?")
    gia.approve_all()
    assert "How do I begin?" in pete.get().text


@pytest.mark.promise("report-dates")
def test_when_it_was_offered_and_in_which_versions_is_for_those_who_complete_it(
    mo: Pages, gia: Pages, pete: Pages
) -> None:
    assert mo.send("", "offer").status_code == 303
    assert "Offered on" in mo.get().text
    gia.approve_all()
    assert gia.send("", "reopen").status_code == 303
    for reader in (mo, gia):
        assert read(reader.get().text).has("summary"), "earlier versions, with their days"
        assert reader.get("/versions/1").status_code == 200
    shown = pete.get().text
    today = now().astimezone(ZoneInfo("Europe/Amsterdam"))
    assert f"{format_date(today, 'long', locale='en')}, version 1" in read(shown).text, "the day, and nothing else"
    assert "Offered on" not in shown
    assert not read(shown).one("main").has("summary")
    assert pete.get("/versions/1").status_code == 404


@pytest.mark.promise("yes-is-for-words")
def test_a_change_after_the_yes_to_a_part_asks_for_it_again(mo: Pages, gia: Pages) -> None:
    gia.send("/approve?part=1.question", "approve", do="right")
    assert "right" in gia.get("/approve?part=all").text
    mo.send("/edit?part=1.question", "edit", do="save", text="Another question")
    assert "Another question" in gia.get("/approve?part=1.question").text
    assert gia.get("/approve?part=all").text.count(">right<") == 0


@pytest.mark.promise("yes-is-for-words")
def test_who_approves_what_was_changed_meanwhile_reads_it_first(mo: Pages, gia: Pages, pete: Pages) -> None:
    seen = seen_in(gia.get("/approve?part=all").text)
    mo.send("/edit?part=1.question", "edit", do="save", text="Another question")
    answer = gia.sent("approve", do="approve", case="1", seen=seen)
    assert answer.status_code == 409
    assert "Not there yet" in pete.get().text


def test_two_who_write_at_once_both_keep_their_words(mo: Pages, gia: Pages) -> None:
    seen = seen_in(gia.get("/edit?part=1.question").text)
    mo.send("/edit?part=1.question", "edit", do="save", text="Of Mo")
    answer = gia.sent("edit", do="save", part="1.question", seen=seen, text="Of Gia")
    assert answer.status_code == 409
    assert "Of Mo" in answer.text
    assert "Of Gia" in answer.text
    assert "Of Mo" in mo.get().text


def test_pressing_twice_is_pressing_once(gia: Pages) -> None:
    seen = seen_in(gia.get("/approve?part=all").text)
    for _ in range(2):
        assert gia.sent("approve", do="approve", case="1", seen=seen).status_code == 303
    assert "The report is approved" in gia.get("/approve").text


@pytest.mark.promise("reopening")
def test_a_report_is_opened_for_correction_and_the_group_keeps_the_old_one(mo: Pages, gia: Pages, pete: Pages) -> None:
    gia.approve_all()
    assert gia.send("", "reopen").status_code == 303
    mo.send("/edit?part=1.question", "edit", do="save", text="Corrected question")
    assert "Corrected question" not in pete.get().text
    assert "version 1" in pete.get().text
    gia.approve_all()
    assert "Corrected question" in pete.get().text
    assert "version 2" in pete.get().text
    assert "Corrected question" not in gia.get("/versions/1").text
    assert "This is version 1, as it was approved." in gia.get("/versions/1").text
    assert pete.get("/versions/1").status_code == 404


# -- Cases ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(cast: Cast) -> Meeting:
    """A meeting with two cases: of Gia, and then of Pete."""
    meeting = cast.meeting()
    tell_case(meeting, "Gia", " one")
    meeting.steer("add_round")
    while meeting.snapshot.round_of(meeting.step) == meeting.snapshot.rounds[0] or meeting.step.key != "story":
        meeting.next()
    meeting.name_case_giver("Pete")
    meeting.write(meeting.pete, "question", question="SECOND question")
    meeting.advance_to("learn")
    meeting.write(meeting.ada, "learning", learning=LEARNED)
    everybody_speaks(meeting)
    meeting.end()
    return meeting


@pytest.mark.promise("two-cases")
def test_each_case_giver_decides_about_their_own_case(two: Meeting) -> None:
    gia, pete, ada = (pages_of(two, person) for person in (two.gia, two.pete, two.ada))
    assert QUESTION in gia.get().text
    assert "SECOND" not in gia.get().text
    assert "SECOND" in pete.get().text
    assert QUESTION not in pete.get().text
    assert gia.get("/edit?part=2.question").status_code == 404
    assert gia.sent("edit", do="save", part="2.question", seen="", text="Of Gia").status_code == 404
    gia.approve_all(1)
    page = ada.get().text
    assert QUESTION in page, "what is approved is there already"
    assert "SECOND" not in page
    assert LEARNED not in page, "what belongs to everybody waits for all"
    assert "It is left out." in page
    pete.approve_all(2)
    page = ada.get().text
    assert QUESTION in page
    assert "SECOND" in page
    assert LEARNED in page


@pytest.mark.promise("beside-the-moderator")
def test_for_somebody_without_a_phone_who_was_given_no_code_nobody_approves(cast: Cast) -> None:
    meeting = held(cast, case_giver="Zoe")
    mo, pete = pages_of(meeting, meeting.mo), pages_of(meeting, meeting.pete)
    assert "Zoe has no device that proves who they are and was given no personal code" in mo.get().text
    with meeting.app.app_context():
        draft = store.standing(meeting.id).draft
    assert draft is not None
    for said in ({}, {"code": ""}, {"beside": "yes"}):
        mo.sent("approve", do="beside", case="1", seen=words_asked(draft, 1), **said)
        assert "Not there yet" in pete.get().text


@pytest.mark.promise("beside-the-moderator")
def test_whoever_has_a_phone_is_not_approved_for(mo: Pages, meeting: Meeting, pete: Pages) -> None:
    with meeting.app.app_context():
        draft = store.standing(meeting.id).draft
    assert draft is not None
    mo.sent("approve", do="beside", case="1", code="0000-0000-0000", seen=words_asked(draft, 1))
    assert "Not there yet" in pete.get().text


@pytest.mark.promise("stopped-case")
def test_a_stopped_case_is_left_out_by_the_moderator_and_the_rest_approved(cast: Cast) -> None:
    meeting = cast.meeting()
    tell_case(meeting, "Gia")
    meeting.steer("stop_case")
    meeting.end()
    mo, pete = pages_of(meeting, meeting.mo), pages_of(meeting, meeting.pete)
    assert ADVICE in mo.get().text
    mo.send("", "approve", do="drop", case="1")
    assert ADVICE not in mo.get().text
    mo.send("", "approve", do="finish")
    page = pete.get().text
    assert "The group stopped this case" in page
    assert "The moderator approved this report" in page
    assert ADVICE not in page
    assert QUESTION not in page
    assert "Case giver" not in page


@pytest.mark.promise("no-case")
def test_a_meeting_without_a_case_is_approved_by_its_moderator(cast: Cast) -> None:
    meeting = cast.meeting(case_giver=None)
    meeting.advance_to("learn")
    meeting.write(meeting.ada, "learning", learning=LEARNED)
    everybody_speaks(meeting)
    meeting.end()
    mo, pete = pages_of(meeting, meeting.mo), pages_of(meeting, meeting.pete)
    assert "Not there yet" in pete.get().text
    mo.send("", "approve", do="finish")
    assert "The moderator approved this report" in pete.get().text
    assert LEARNED in pete.get().text


# -- The meeting goes on -------------------------------------------------------------------------------------------------


def test_what_is_taken_off_after_somebody_wrote_leaves_the_draft(meeting: Meeting, gia: Pages) -> None:
    gia.send("/edit?part=1.phase.advise&back=approve&case=1", "edit", do="save", new="ADDED by Gia")
    items = [item for item in meeting.snapshot.items if ADVICE in item.text("advice")]
    meeting.steer("reopen")
    meeting.handle(items[0].id, "remove")
    assert "ADDED" not in gia.get().text, "while the meeting runs there is no draft for the case giver"
    meeting.end()
    page = gia.get("/approve?part=1.phase.advise").text
    assert "ADDED by Gia" in page
    assert page.count(ADVICE) == 1


@pytest.mark.promise("reopening")
def test_what_was_approved_before_the_meeting_went_on_no_longer_counts(
    meeting: Meeting, gia: Pages, pete: Pages
) -> None:
    gia.approve_all()
    assert ADVICE in pete.get().text
    meeting.steer("reopen")
    assert "Not there yet" in pete.get().text
    meeting.end()
    assert "Not there yet" in pete.get().text
    gia.approve_all()
    assert ADVICE in pete.get().text
    assert "version 2" in pete.get().text


def test_nothing_is_approved_while_the_meeting_runs(meeting: Meeting, gia: Pages, mo: Pages) -> None:
    seen = seen_in(gia.get("/approve?part=all").text)
    meeting.steer("reopen")
    assert gia.sent("approve", do="approve", case="1", seen=seen).status_code == 303
    meeting.end()
    assert "Draft of version 1" in mo.get().text


# -- What is noted -------------------------------------------------------------------------------------------------------


@pytest.mark.promise("audit-log-names-things", "report-log")
def test_who_opened_took_along_approved_and_reopened_is_noted_without_a_word_of_it(
    meeting: Meeting, gia: Pages, pete: Pages
) -> None:
    gia.approve_all()
    pete.get()
    pete.get(".md")
    gia.send("", "reopen")
    with meeting.app.app_context():
        row = store.report_row(db.session(), meeting.id)
        assert row is not None
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.thing_id == row.id)).all()
    assert {"approved", "opened", "exported", "reopened"} <= {entry.deed for entry in noted}
    assert {entry.by_id for entry in noted} == {None}, "a seat is nobody's business"


@pytest.mark.promise("report-sealed")
def test_nothing_of_a_report_lies_in_clear_in_the_database(meeting: Meeting, gia: Pages, mo: Pages) -> None:
    mo.send("/edit?part=1.context", "edit", do="save", lines="CONTEXT by Mo")
    gia.approve_all()
    assert "CONTEXT by Mo" in mo.get().text
    with meeting.app.app_context(), db.engine.connect() as connection:
        for table in ("reports", "report_versions", "report_approvals", "audit_entries"):
            stored = repr([tuple(map(bytes_too, row)) for row in connection.execute(text(f"SELECT * FROM {table}"))])
            for word in (ADVICE, QUESTION, "CONTEXT", LEARNED):
                assert word not in stored, table


def bytes_too(value: object) -> object:
    """What a column holds, as something that can be searched."""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value
