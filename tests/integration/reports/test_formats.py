"""Every format of a report, parsed back by somebody else's reader: usual reports, and one in which people wrote everything."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import docx
import icalendar
import jsonschema
import pytest
from flask import Flask

from facilitator import create_app
from facilitator.core.config import Settings
from facilitator.core.spreadsheets import safe, workbook
from facilitator.meetings.machine import Status
from facilitator.reports.formats import FORMATS
from facilitator.reports.formats.data import from_json, schema
from facilitator.reports.report import Report
from facilitator.reports.texts import Told
from tests.documents import alternatives, cells_of, docx_text, embedded_fonts, pdf_text, structure, words_of
from tests.reports_builder import EVERYTHING, a_report, made, wild_report

ENDINGS = tuple(FORMATS)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all of these: they read nothing from a database."""
    return create_app(Settings.load(tmp_path_factory.mktemp("formats") / "instance", {}).kept())


@pytest.fixture(scope="module")
def wild(app: Flask) -> dict[str, bytes]:
    """The wild report in every format, made once."""
    return {ending: made(app, ending, wild_report()) for ending in ENDINGS}


def text_of(ending: str, content: bytes) -> str:
    """The words of a file, as its reader shows them."""
    match ending:
        case "pdf":
            return pdf_text(content)
        case "docx":
            return docx_text(content)
        case "xlsx":
            return "\n".join(cell for row in cells_of(content) for cell in row)
        case "json":
            return json.dumps(json.loads(content), ensure_ascii=False)
    return content.decode("utf-8-sig")


# -- All of them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e != "ics"])
def test_everything_people_write_comes_out_readable(wild: dict[str, bytes], ending: str) -> None:
    found = words_of(text_of(ending, wild[ending]))
    for text in EVERYTHING:
        for word in words_of(text):
            assert word in found or word[::-1] in found, word


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e != "ics"])
def test_150_contributions_are_all_there(wild: dict[str, bytes], ending: str) -> None:
    numbers = set(re.findall(r"Bijdrage\s+(\d+)", text_of(ending, wild[ending])))
    assert {str(number) for number in range(1, 151)} <= numbers


@pytest.mark.parametrize("ending", ["pdf", "docx", "md", "json"])
@pytest.mark.parametrize("goal", ["W" * 300, "Een lange titel over samenwerken in de zorg " * 7, ""])
def test_a_title_of_300_characters_and_none_at_all(app: Flask, ending: str, goal: str) -> None:
    found = text_of(ending, made(app, ending, a_report(goal, contributions=3)))
    assert "".join(goal.split()) in "".join(found.split())
    assert "Intervisieverslag" in found or ending == "json"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_meeting_that_has_not_begun_gives_a_file_in_every_format(app: Flask, ending: str) -> None:
    empty = replace(
        a_report("", contributions=0),
        status=Status.LOBBY,
        started_at=None,
        ended_at=None,
        cases=(),
        sections=(),
        results=(),
        times=(),
        kept_cases=(),
        follow_up=(),
        looks_back=False,
        next_at=None,
        here=-1,
    )
    assert text_of(ending, made(app, ending, empty))


@pytest.mark.parametrize(("locale", "ours"), [("nl", ("Vragen", "Gekozen")), ("en", ("Questions", "Chosen"))])
@pytest.mark.parametrize("ending", ["pdf", "docx", "md", "xlsx", "csv"])
def test_our_words_are_in_the_readers_language(app: Flask, ending: str, locale: str, ours: tuple[str, str]) -> None:
    found = text_of(ending, made(app, ending, a_report(), locale))
    assert all(word in found for word in ours)


# -- PDF ---------------------------------------------------------------------------------------------------------------


def test_the_pdf_has_headings_lists_tables_and_pictures_with_words(wild: dict[str, bytes]) -> None:
    kinds = structure(wild["pdf"])
    assert kinds.count("H1") == 1
    assert kinds.count("H2") >= 7
    assert kinds.count("H3") >= 5
    assert kinds.count("LI") >= 150
    assert kinds.count("Table") == 2
    assert kinds.count("TH") == 3 + 4
    assert kinds.count("Figure") == 2 + 6 + 10, "the line and the circle, statements, and phases"
    read_out = alternatives(wild["pdf"])
    assert "Alle 10 fasen zijn klaar" in read_out
    assert "Aan tafel: Ada, Bob, Cleo, Gia, Pete" in read_out
    assert "1 × 3, 2 × 4, 2 × 5" in read_out
    assert "12 minuten gepland, 13 gebruikt" in read_out
    assert "5 minuten gepland, 0 gebruikt" in read_out


def test_nobody_is_drawn_around_a_table_where_one_was_there_or_a_crowd(app: Flask) -> None:
    for present in (("Gia",), tuple(f"Peer {number}" for number in range(15))):
        report = a_report()
        alone = replace(report, people=replace(report.people, present=present))
        assert "Aan tafel" not in alternatives(made(app, "pdf", alone))


def test_the_pdf_holds_its_fonts_and_keeps_to_the_standards(wild: dict[str, bytes]) -> None:
    assert len(embedded_fonts(wild["pdf"])) >= 6
    assert b"pdfuaid:part" in wild["pdf"]


def test_the_state_stands_on_every_page(app: Flask) -> None:
    running = replace(a_report(contributions=60), status=Status.RUNNING, ended_at=None, here=4)
    found = pdf_text(made(app, "pdf", running))
    pages = int(re.findall(r"1 / (\d+)", found)[0])
    assert pages > 1
    assert found.count("Dit is het verslag tot nu toe.") == pages + 1


# -- DOCX --------------------------------------------------------------------------------------------------------------


def test_the_docx_has_real_headings_lists_and_tables(app: Flask) -> None:
    document = docx.Document(io.BytesIO(made(app, "docx", a_report())))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") >= 7
    assert styles.count("Heading 3") >= 5
    assert styles.count("List Bullet") >= 24
    assert len(document.tables) == 2
    for table in document.tables:
        header = table.rows[0]._tr
        assert header.trPr is not None
        assert "tblHeader" in header.trPr.xml
    assert [cell.text for cell in document.tables[1].rows[0].cells] == ["Fase", "Geplande minuten", "Gebruikte minuten"]


def test_the_docx_says_its_title_and_language_and_nothing_of_its_maker(app: Flask) -> None:
    content = made(app, "docx", a_report(), "en")
    about = docx.Document(io.BytesIO(content)).core_properties
    assert about.title == "Session report: Een starter begeleiden"
    assert about.language == "en-GB"
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        everything = b"".join(file.read(name) for name in file.namelist())
        assert {"docProps/core.xml", "word/document.xml"} <= set(file.namelist())
        assert not [name for name in file.namelist() if "thumbnail" in name or "customXml" in name]
        assert b'w:lang w:val="en-GB"' in file.read("word/styles.xml")
    for leftover in (b"python-docx", b"Macintosh", b"2013", b"APA", b"rsid"):
        assert leftover not in everything


def test_words_from_the_right_are_marked_so_in_the_docx(app: Flask) -> None:
    document = docx.Document(io.BytesIO(made(app, "docx", with_texts(Told("كيف أشرك زميلا؟"), Told("Hoe?")))))
    arabic, dutch = (next(p for p in document.paragraphs if p.text.startswith(start)) for start in ("كيف", "Hoe?"))
    assert "<w:bidi/>" in arabic._p.xml
    assert "<w:rtl/>" in arabic._p.xml
    assert "<w:bidi/>" not in dutch._p.xml


# -- JSON --------------------------------------------------------------------------------------------------------------


def test_the_json_keeps_to_its_schema_and_reads_back_the_same(wild: dict[str, bytes]) -> None:
    jsonschema.Draft202012Validator(json.loads(schema())).validate(json.loads(wild["json"]))
    assert from_json(wild["json"]) == wild_report()


def test_the_schema_refuses_what_is_no_report(wild: dict[str, bytes]) -> None:
    other = json.loads(wild["json"])
    del other["report"]["goal"]
    assert not jsonschema.Draft202012Validator(json.loads(schema())).is_valid(other)


def test_the_schema_is_in_the_documents_and_at_its_address(app: Flask) -> None:
    committed = Path(__file__).parents[3] / "docs" / "report.schema.json"
    assert committed.read_text(encoding="utf-8") == schema(), "run scripts/report_schema.py"
    answer = app.test_client().get("/report.schema.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert answer.text == schema()


def test_every_name_in_the_json_was_let_out_on_purpose() -> None:
    """Whoever adds a field to a report decides here that it may leave."""
    described = json.loads(schema())
    names = {name for one in [described, *described["$defs"].values()] for name in one.get("properties", {})}
    assert names == LET_OUT
    assert not [name for name in names if "seat" in name or "author" in name or "user" in name]


LET_OUT = {
    *("format", "report", "column"),
    *("meeting_id", "status", "goal", "group", "number", "place", "method", "method_key", "locale"),
    *(
        "created_at",
        "started_at",
        "ended_at",
        "net",
        "people",
        "looks_back",
        "follow_up",
        "cases",
        "sections",
        "results",
    ),
    *("kept_cases", "agreement", "agreement_version", "agreements", "times", "here", "next_at", "rota"),
    *("version", "approved_at", "is_whole", "is_without_case"),
    *("roles", "timekeeper", "note_taker", "observer", "giver_is_called"),
    *("present", "moderators", "timekeepers", "note_takers", "observers", "absent"),
    *("owner", "buddy", "when_if", "then", "due", "status", "effect", "status_key"),
    *("title", "case_giver", "question", "key_question", "is_stopped", "has_actions", "actions", "context"),
    *("kind", "texts", "key", "text", "more", "doubles", "is_chosen"),
    *("scales", "lines", "label", "first", "mean", "counts", "low", "high", "name"),
    *("short", "round", "planned", "used", "course"),
}


# -- CSV ---------------------------------------------------------------------------------------------------------------


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read strictly: any stray quote is an error."""
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(content[3:].decode(), newline=""), strict=True))


@pytest.mark.promise("files-say-what-the-page-says")
def test_the_csv_has_a_row_for_every_text_and_no_column_for_authors(app: Flask) -> None:
    rows = rows_of(made(app, "csv", a_report(), "en"))
    assert list(rows[0]) == ["Case", "Phase", "Kind", "Text", "Chosen", "Together with"]
    assert len(rows) == 24 + 3
    chosen = [row for row in rows if row["Chosen"]]
    assert [row["Kind"] for row in chosen] == ["advise", "advise"]
    assert rows[-1] == {
        "Case": "",
        "Phase": "Cases kept for next time",
        "Kind": "pick",
        "Text": "Een klant die niet betaalt",
        "Chosen": "",
        "Together with": "",
    }


def test_a_double_has_a_row_of_its_own(app: Flask) -> None:
    told = Told("Wat zei hij?", ("en toen?",), ("Hoe zei hij het?",), is_chosen=True)
    report = with_texts(told)
    rows = rows_of(made(app, "csv", report, "en"))
    assert [(r["Text"], r["Chosen"], r["Together with"]) for r in rows[:2]] == [
        ("Wat zei hij?\nen toen?", "yes", ""),
        ("Hoe zei hij het?", "yes", "Wat zei hij?"),
    ]


def with_texts(*told: Told) -> Report:
    report = a_report(contributions=0)
    section = replace(report.cases[0].sections[0], texts=told)
    return replace(report, cases=(replace(report.cases[0], sections=(section,)),))


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1"),
        *("＝1", "＋1", "－1", "＠SUM", " ＝1", "﹢1", "﹦1"),
        *("a\n=1", "a;=1", "a; =1", "a,=1", "a, @SUM", "a\t=1", 'a"=1', 'x;"=1', "'\n+1"),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_text_begins_a_formula_whatever_the_spreadsheet_parts_cells_by(app: Flask, text: str, language: str) -> None:
    content = made(app, "csv", with_texts(Told(text)), language).decode("utf-8-sig")
    for separator in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            for cell in row:
                assert not re.match(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠﹢﹦]", cell), (separator, cell)


@pytest.mark.promise("files-say-what-the-page-says")
def test_the_xlsx_has_the_table_of_the_csv_in_columns_whatever_its_texts_begin_with(app: Flask) -> None:
    texts = (
        "=1+1",
        "@SUM(A1)",
        "-1",
        "a;b,c\td",
        'He said: "<b>why</b>" & left',
        "Two\nlines",
        "\u2066=1",
        "007",
        "1/2",
    )
    report = with_texts(*map(Told, texts))
    rows = cells_of(made(app, "xlsx", report, "en"))
    assert rows[0] == ["Case", "Phase", "Kind", "Text", "Chosen", "Together with"]
    assert [row[3] for row in rows[1 : len(texts) + 1]] == [
        "=1+1",
        "@SUM(A1)",
        "-1",
        "a;b,c d",
        *texts[4:6],
        "=1",
        *texts[7:],
    ]
    plain = [list(row.values()) for row in rows_of(made(app, "csv", a_report(), "en"))]
    assert cells_of(made(app, "xlsx", a_report(), "en"))[1:] == plain


def test_nothing_in_an_xlsx_tells_who_made_it_or_when() -> None:
    first = workbook(["Text", "Number"], [["one", 1]])
    assert first == workbook(["Text", "Number"], [["one", 1]])
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert not [name for name in file.namelist() if "docProps" in name]
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_usual_texts_are_left_as_they_are() -> None:
    for text in ("Vraag het hem – nu", "mail a@b.example", "1 + 1 = 2", "half-om-half", "Ja, - maar", "'s avonds"):
        assert safe(text) == text


# -- ICS ---------------------------------------------------------------------------------------------------------------


def test_the_ics_has_actions_as_whole_days_and_the_next_meeting(app: Flask) -> None:
    calendar = icalendar.Calendar.from_ical(made(app, "ics", a_report(), "nl"))
    action, meeting = calendar.walk("VEVENT")
    assert str(action["summary"]) == "Facilitator: een actie"
    assert action.decoded("dtstart") == date(2031, 5, 1)
    assert action.decoded("dtend") == date(2031, 5, 2)
    assert action["transp"] == "TRANSPARENT"
    assert str(meeting["summary"]) == "Facilitator: de volgende bijeenkomst"
    assert meeting.decoded("dtstart") == datetime(2031, 4, 15, 13, tzinfo=UTC)
    assert meeting.decoded("dtend") - meeting.decoded("dtstart") == timedelta(minutes=62)
    for event in (action, meeting):
        assert event.decoded("dtstamp").utcoffset() == timedelta(0)
        assert str(event["url"]).endswith("/meetings/m1/report")


@pytest.mark.promise("files-say-what-the-page-says")
def test_an_entry_tells_nothing_of_what_it_is_about(app: Flask) -> None:
    content = made(app, "ics", wild_report(), "nl").decode()
    for text in ("Gia", "Pete", "starter", "Noord", "ogen", "Kamer"):
        assert text not in content
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))


def test_an_entry_keeps_its_id_and_the_id_tells_nothing(app: Flask, tmp_path: Path) -> None:
    ids = ids_of(made(app, "ics", a_report()))
    assert ids == ids_of(made(app, "ics", a_report("Another goal", contributions=3)))
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in ids)
    elsewhere = create_app(Settings.load(tmp_path / "instance", {}).kept())
    assert not set(ids) & set(ids_of(made(elsewhere, "ics", a_report())))


def ids_of(content: bytes) -> list[str]:
    return [str(event["uid"]) for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]


def test_a_report_without_dates_gives_a_calendar_without_entries(app: Flask) -> None:
    report = replace(a_report(), next_at=None, cases=())
    calendar = icalendar.Calendar.from_ical(made(app, "ics", report))
    assert not calendar.walk("VEVENT")
    assert calendar.subcomponents
