"""What is kept of a report: its words in every language, and nothing of them in clear."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.methods.loader import load_catalogue
from facilitator.reports import drafts, passages
from facilitator.reports.languages import in_language
from facilitator.reports.report import session_report
from tests.cast import Cast, Meeting
from tests.scenes import scene


@pytest.fixture
def played(app: Flask) -> Meeting:
    """A meeting that went through every phase, and looked back on an earlier action."""
    return scene(app, two_in_a_row)


def two_in_a_row(app: Flask) -> Meeting:
    cast = Cast(app)
    first = cast.meeting()
    first.play()
    meeting = cast.meeting(continues=first)
    meeting.play()
    return meeting


def test_a_draft_comes_back_from_storage_as_it_was(played: Meeting) -> None:
    report = session_report(played.snapshot, "en")
    draft = drafts.begun(report, (drafts.Giver(1, played.gia.seat_id, False),), 7)
    assert drafts.DRAFT.validate_json(drafts.DRAFT.dump_json(draft)) == draft


def test_a_stored_report_is_read_in_the_language_of_its_reader(played: Meeting) -> None:
    stored = session_report(played.snapshot, "en")
    methods = load_catalogue()
    assert in_language(stored, "nl", methods) == session_report(played.snapshot, "nl")
    assert in_language(in_language(stored, "nl", methods), "en", methods) == stored


def test_every_passage_is_put_back_where_it_was(played: Meeting) -> None:
    report = session_report(played.snapshot, "en")
    keys = [found.key for found in passages.passages(report)]
    assert {"0.follow_up", "1.title", "1.question", "1.phase.advise", "1.actions", "0.phase.learn"} <= set(keys)
    for key in keys:
        assert passages.with_value(report, key, passages.value_of(report, key)) == report


def test_what_is_left_out_leaves_nothing_behind(played: Meeting) -> None:
    report = session_report(played.snapshot, "en")
    for found in passages.passages(report):
        less = passages.without(report, (found.key,))
        assert passages.is_empty(passages.value_of(less, found.key)), found.key
        others = [p.key for p in passages.passages(report) if p.key != found.key]
        assert [passages.value_of(less, key) for key in others] == [passages.value_of(report, key) for key in others]
