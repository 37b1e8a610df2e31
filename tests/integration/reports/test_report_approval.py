"""From a draft to a report that the group reads: only by the yes of whoever gave the case."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.db import db
from facilitator.reports import store
from tests.cast import Cast, Meeting
from tests.reports_pages import Pages, pages_of

ADVICE = "advice of Pete"


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """A meeting that is over: Gia gave the case, Pete, Ada, Bob and Cleo gave advice."""
    meeting = Cast(app).meeting()
    meeting.play()
    return meeting


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


def test_before_the_yes_only_the_moderator_and_the_case_giver_read_the_draft(
    mo: Pages, gia: Pages, pete: Pages
) -> None:
    assert ADVICE in mo.get().text
    assert ADVICE in gia.get().text
    assert ADVICE not in pete.get().text
    assert "Not there yet" in pete.get().text
    assert pete.get(".md").status_code == 404


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


def test_what_is_left_out_is_gone_once_it_is_approved(
    app: Flask, meeting: Meeting, mo: Pages, gia: Pages, pete: Pages
) -> None:
    gia.send("/approve?part=1.phase.advise", "approve", do="out")
    assert ADVICE not in gia.get().text
    assert ADVICE in mo.get("/edit").text, "it can still be put back"
    gia.approve_all()
    assert ADVICE not in mo.get().text + pete.get().text
    with app.app_context():
        row = store.report_row(db.session(), meeting.id)
        assert row is not None
        kept = [store.open_draft(row.id, version) for version in store.version_rows(db.session(), row.id)]
        assert "How can I" in str(kept) or "question of Gia" in str(kept)
        assert ADVICE not in str(kept)


def test_what_the_case_giver_changes_is_what_the_group_reads(gia: Pages, pete: Pages) -> None:
    gia.send("/edit?part=1.question", "edit", do="save", text="How do I begin?")
    gia.approve_all()
    assert "How do I begin?" in pete.get().text


def test_a_change_after_the_yes_to_a_part_asks_for_it_again(mo: Pages, gia: Pages) -> None:
    gia.send("/approve?part=1.question", "approve", do="right")
    assert "right" in gia.get("/approve?part=all").text
    mo.send("/edit?part=1.question", "edit", do="save", text="Another question")
    assert "Another question" in gia.get("/approve?part=1.question").text
    assert gia.get("/approve?part=all").text.count(">right<") == 0


def test_who_approves_what_was_changed_meanwhile_reads_it_first(mo: Pages, gia: Pages, pete: Pages) -> None:
    old = gia.get("/approve?part=all").text
    seen = old.split('name="seen"')[1].split('value="')[1].split('"')[0]
    mo.send("/edit?part=1.question", "edit", do="save", text="Another question")
    answer = gia.sent("approve", do="approve", case="1", seen=seen)
    assert answer.status_code == 409
    assert "Not there yet" in pete.get().text


def test_two_who_write_at_once_both_keep_their_words(mo: Pages, gia: Pages) -> None:
    seen = gia.get("/edit?part=1.question").text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    mo.send("/edit?part=1.question", "edit", do="save", text="Of Mo")
    answer = gia.sent("edit", do="save", part="1.question", seen=seen, text="Of Gia")
    assert answer.status_code == 409
    assert "Of Mo" in answer.text
    assert "Of Gia" in answer.text
    assert "Of Mo" in mo.get().text


def test_pressing_twice_is_pressing_once(gia: Pages) -> None:
    page = gia.get("/approve?part=all").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    for _ in range(2):
        assert gia.sent("approve", do="approve", case="1", seen=seen).status_code == 303
    assert "The report is approved" in gia.get("/approve").text


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
    assert gia.get("/versions/1").status_code == 200
    assert pete.get("/versions/1").status_code == 404
