"""Files of a report that was asked for: which ones a page offers, and what is said about each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.core.audit import AuditEntry
from facilitator.core.db import db
from facilitator.reports.formats import FORMATS, TO_WORK_IN, Format
from tests.cast import Cast
from tests.pages import read


def test_the_page_offers_every_format_that_has_something_in_it(app: Flask) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("clarify")
    running = meeting.get(meeting.mo, "report").text
    for ending in ("pdf", "docx", "md", "xlsx", "csv", "json"):
        assert f'href="/meetings/{meeting.id}/report.{ending}"' in running
    assert "report.ics" not in running, "there are no dates yet"
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    assert f'href="/meetings/{meeting.id}/report.ics"' in meeting.get(meeting.mo, "report").text


@pytest.mark.promise("files-say-what-the-page-says")
@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8; header=present"),
        ("ics", "text/calendar; charset=utf-8; method=PUBLISH"),
    ],
)
def test_every_file_says_what_it_is_is_kept_by_nobody_and_is_noted(app: Flask, ending: str, media_type: str) -> None:
    meeting = Cast(app).meeting()
    meeting.start()
    answer = meeting.get(meeting.mo, f"report.{ending}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    assert re.fullmatch(rf'attachment; filename="report-[\d-]+\.{ending}"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.deed)).all() == ["exported"]


def test_a_format_that_joins_the_table_has_its_address_and_its_link(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = Format("Plain text", TO_WORK_IN, "text/plain; charset=utf-8", lambda report, _sheet: report.goal.encode())
    monkeypatch.setitem(FORMATS, "txt", added)
    meeting = Cast(app).meeting()
    meeting.start()
    page = read(meeting.get(meeting.mo, "report").text)
    (link,) = (one for one in page.all("a") if one.get("href") == f"/meetings/{meeting.id}/report.txt")
    assert link.text == "Plain text"
    assert meeting.get(meeting.mo, "report.txt").text == "Learn to guide a starter"


def test_every_format_has_its_row_in_the_document() -> None:
    told = (Path(__file__).parents[3] / "docs/formats.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `\.(\w+)` \|", told, re.MULTILINE)) == sorted(FORMATS)
