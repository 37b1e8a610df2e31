"""A typeset document, parsed back: its text, its structure, its language, its fonts."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pypdf
import pytest

from facilitator.core import pdf
from facilitator.core.pdf import Typeset, readable, typeset
from tests.documents import embedded_fonts, pdf_text, structure

DATA: dict[str, object] = {
    "name": "Session report",
    "title": "How do I keep a starter involved?",
    "state": "This is the report so far.",
    "facts": {"rows": [["Group", "North, meeting 3"], ["Present", "Ada, Gia"]]},
    "parts": [],
    "line": None,
    "circle": None,
    "foot": "Session report",
    "legend": "",
    "stretch": "",
}


def example(**changed: object) -> Typeset:
    return typeset("report", DATA | changed, locale="nl_BE", title="Session report: a starter")


def test_it_says_what_it_is_called_and_which_language_it_speaks() -> None:
    with pikepdf.open(io.BytesIO(example().content)) as document:
        assert document.Root.Lang == "nl-BE"
        assert document.docinfo["/Title"] == "Session report: a starter"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/Author" not in document.docinfo
        with document.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")


def test_it_is_tagged_from_its_headings_on() -> None:
    made = example()
    assert made.is_standard
    kinds = structure(made.content)
    assert kinds[0] == "Document"
    assert kinds.count("H1") == 1
    assert "P" in kinds


def test_every_font_is_in_it() -> None:
    names = embedded_fonts(example(title="Ж ✅ مرحبا שלום ☐").content)
    for family in ("Atkinson", "NotoSans-", "IBMPlexSansArabic", "NotoSansHebrew", "NotoEmoji", "DejaVuSansMono"):
        assert any(family in name for name in names), family


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="a second opinion, where poppler is installed")
def test_poppler_finds_every_font_in_it_as_well(tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(example(title="Ж ✅ مرحبا שלום").content)
    listed = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert len(listed) >= 4
    assert all(re.search(r" yes yes yes +\d+ +0$", line) for line in listed), listed


@pytest.mark.parametrize(
    "text",
    [
        "Zażółć gęślą jaźń",
        "Ἑλληνικά Русский Tiếng Việt",
        "Well done ✅ 🎉 😀",
        "👩‍💻 and 🇳🇱 and 👍🏽 and ❤️",
        "→ ★ ✓ ☐ ≤ ½ €",
        "مرحبا بالعالم",
        "שלום עולם",
        "“quoted” – ‘so’ … 100 %",
    ],
)
def test_what_was_written_comes_back_readable(text: str) -> None:
    made = example(title=text)
    assert made.is_standard
    found = pdf_text(made.content)
    for word in text.split():
        assert word in found or word[::-1] in found, (word, found)


def test_a_sign_that_no_typeface_has_costs_the_standard_and_not_the_document() -> None:
    made = example(title="Before \u0378 after")
    assert not made.is_standard
    assert "Before" in pdf_text(made.content)
    assert "after" in pdf_text(made.content)
    assert structure(made.content)[0] == "Document"


@pytest.mark.parametrize(
    "text", ["a\0b", "a\x07b", "a\ufeffb", "a\ud800b", "a\ue000b", "a\r\nb", "a\u2028b", "\ufff9b"]
)
def test_signs_that_nobody_sees_do_no_harm(text: str) -> None:
    made = example(title=text)
    assert made.is_standard
    assert "b" in pdf_text(made.content)


@pytest.mark.parametrize(
    "text", ["#panic()", '"); #panic() //', "$x$ *b* _i_ `c`", "= heading", "<label> @ref", "\\u{41}"]
)
def test_what_people_write_is_never_source(text: str) -> None:
    made = example(title=text, facts={"rows": [[text, text]]})
    assert pdf_text(made.content).count(text) == 3
    assert structure(made.content).count("H1") == 1


def test_a_word_without_an_end_stays_on_the_page() -> None:
    made = example(title="w" * 300, facts={"rows": [["Word", "v" * 300]]})
    assert pdf_text(made.content).count("w") >= 300
    with pikepdf.open(io.BytesIO(made.content)) as document:
        width = float(document.pages[0].mediabox[2])
    assert max(right_edges(made.content)) < width - 40


def right_edges(content: bytes) -> list[float]:
    """Where lines begin; a line that ran over the edge would have left none below it."""
    found: list[float] = []
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    page.extract_text(visitor_text=lambda _t, _cm, tm, _f, _s: found.append(tm[4]))
    return found


def test_texts_stay_what_they_are_on_the_way_in() -> None:
    assert readable({"a": ("x\r\ny", 1, None, True, [0.5])}) == {"a": ["x\ny", 1, None, True, [0.5]]}
    assert readable("w" * 45) == "\u200b".join(["w" * 10] * 4 + ["w" * 5])


def test_an_error_in_a_template_is_said_and_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="does not contain key"):
        typeset("report", {}, locale="en", title="Nothing")


def test_templates_fetch_nothing_and_evaluate_nothing() -> None:
    for path in pdf.TEMPLATES.glob("*.typ"):
        source = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")  # a name, not an address
        assert "@preview" not in source
        assert "http" not in source
        assert "eval(" not in source
