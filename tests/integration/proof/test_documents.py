"""The papers, parsed back: what is required is on them, they are tagged, hold their fonts, and say no word of the meeting."""

from __future__ import annotations

import csv
import io
import re

import pikepdf
import pytest

from tests.accounts_cast import english
from tests.cast import Cast, Meeting, Person
from tests.codes import codes_in, printed
from tests.contract.everybody import signed_in
from tests.documents import alternatives, embedded_fonts, pdf_text, structure
from tests.proof import confirm, describe, held, send

NUMBER = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Confirmed, with everything filled in that can be."""
    meeting = held(cast)
    describe(meeting, meeting.gia, name="Gia de Vries", function="Technician", registration="R 12", is_listed="y")
    describe(meeting, meeting.ada, name="Ada Łukasiewicz 😀", is_listed="y")
    describe(meeting, meeting.pete, name="Pete Mulder", registration="SECRET 1")
    confirm(
        meeting,
        theme="cooperation",
        group_number="G-7",
        moderator_name="Mo Visser",
        moderator_function="Supervisor",
        moderator_registration="M 9",
    )
    return meeting


def paper(meeting: Meeting, person: Person, ending: str, language: str = "en") -> bytes:
    answer = meeting.client(person, language).get(f"/meetings/{meeting.id}/{ending}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    content: bytes = answer.data
    return content


def words_of(pdf: bytes) -> str:
    return " ".join(pdf_text(pdf).split())


def test_a_camera_reads_the_code_of_a_certificate_from_paper(meeting: Meeting) -> None:
    made = paper(meeting, meeting.pete, "proof.pdf")
    number = NUMBER.search(words_of(made))
    assert number
    (address,) = set().union(*map(codes_in, printed(made)))
    assert address.endswith(f"/proof/{number[0]}")


@pytest.mark.promise("papers")
def test_a_certificate_has_everything_that_is_required(meeting: Meeting) -> None:
    text = words_of(paper(meeting, meeting.gia, "proof.pdf"))
    for required in (
        "Proof of participation",
        "Gia de Vries",
        "Technician",
        "R 12",
        "North (G-7), meeting",
        "Monday, November 23, 2026",
        "12:00 to 13:00",
        "Net time, without pauses 50 minutes",
        "Place Room 3",
        "Method Basic consultation",
        "Theme cooperation",
        "Role case giver",
        "Promised confidentiality yes",
        "Moderator Mo Visser, Supervisor, registration number M 9",
        "7 people took part.",
        "Ada Łukasiewicz",
        "Signature of the participant",
        "Signature of the moderator",
        "Issued on",
        "Document number",
    ):
        assert required in text, required
    assert NUMBER.search(text)
    assert "/proof/" in text


def test_it_says_live_video_and_speaks_the_readers_language(cast: Cast) -> None:
    meeting = held(cast, place="")
    confirm(meeting, is_online="y")
    assert "Place live video" in words_of(paper(meeting, meeting.ada, "proof.pdf"))
    dutch = words_of(paper(meeting, meeting.ada, "proof.pdf", "nl"))
    for required in ("Bewijs van deelname", "maandag 23 november 2026", "40 minuten", "Basismethode", "deelnemer"):
        assert required in dutch, required


@pytest.mark.promise("named-only-on-wish")
def test_nobody_is_named_who_did_not_ask_to_be(meeting: Meeting) -> None:
    text = words_of(paper(meeting, meeting.gia, "proof.pdf"))
    for hidden in ("Pete", "SECRET", "Cleo", "Bob", "Zoe"):
        assert hidden not in text, hidden
    assert "Named are those who want to be." in text


@pytest.mark.promise("papers")
def test_the_attendance_list_says_who_was_there_and_not_whose_case_it_was(meeting: Meeting) -> None:
    text = words_of(paper(meeting, meeting.mo, "attendance.pdf"))
    for required in (
        "Attendance list",
        "Gia de Vries, Technician",
        "R 12",
        "Ada Łukasiewicz",
        "12:10 13:00 40 minutes",
        "Pete 12:00 13:00 50 minutes",
        "Bob 12:00 12:40 30 minutes",
        "Signature",
        "Signature of the moderator",
        "Confirmed by the moderator on",
    ):
        assert required in text, required
    for hidden in ("Eva", "Mulder", "SECRET", "case giver"):
        assert hidden not in text, hidden


def test_every_paper_is_tagged_and_holds_its_fonts(cast: Cast, meeting: Meeting) -> None:
    assert cast.user is not None
    send(meeting.client(meeting.gia), f"/meetings/{meeting.id}/annex", goal="To listen")
    papers = {
        "proof": paper(meeting, meeting.gia, "proof.pdf"),
        "attendance": paper(meeting, meeting.mo, "attendance.pdf"),
        "annex": paper(meeting, meeting.gia, "annex.pdf"),
        "overview": english(signed_in(cast.app, cast.user)).get("/proof.pdf").data,
    }
    for name, pdf in papers.items():
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert document.Root.MarkInfo.Marked, name
            assert str(document.Root.Lang) == "en", name
            assert str(document.docinfo["/Title"]), name
        assert b"pdfuaid" in pdf, name
        assert "H1" in structure(pdf), name
        assert embedded_fonts(pdf), name
    assert {"Table", "TH", "TD"} <= set(structure(papers["attendance"]))
    assert alternatives(papers["proof"]) == ["QR code of the address where this number can be checked"]
    assert alternatives(papers["overview"]) == ["2026: 50 minutes"]


def test_a_table_of_hours_runs_nothing(cast: Cast) -> None:
    assert cast.user is not None
    meeting = held(cast, group="=1+1")
    confirm(meeting, theme="@SUM(A1)")
    client = english(signed_in(cast.app, cast.user))
    text = client.get("/proof.csv").text
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert "'@SUM(A1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]
