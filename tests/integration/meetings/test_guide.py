"""A method on paper, read back with another library than made it: every phase is in it, on one side or two."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from flask import Flask

from facilitator.core import languages
from facilitator.meetings.guide import guide
from facilitator.methods.loader import load_catalogue, load_file
from facilitator.methods.usual import ROLES
from facilitator.methods.vocabulary import Method, Role
from tests.accounts_cast import english
from tests.documents import alternatives, embedded_fonts, pdf_text, structure
from tests.own_methods import written

CATALOGUE = load_catalogue()
BOTH = [(key, language) for key in CATALOGUE for language in languages.complete()]
SKETCHES = Path(__file__).parents[2] / "unit/methods/sketches"


def letters(text: str) -> str:
    """A text without spaces and hyphens: how its lines are broken does not matter."""
    return re.sub(r"[\s\u00ad-]", "", text)


def made(app: Flask, method: Method, language: str) -> bytes:
    """The guide of a method, as whoever reads this language gets it."""
    with app.test_request_context():
        return guide(method, language)


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_everything_that_is_needed_without_a_network_is_on_it(app: Flask, key: str, language: str) -> None:
    method = CATALOGUE[key]
    content = made(app, method, language)
    read = letters(pdf_text(content))
    texts = method.text(language)
    for said in (texts.title, texts.summary, *texts.agreement):
        assert letters(said) in read, said
    for phase in method.phases:
        words = phase.text(language)
        for said in (
            words.title,
            words.say,
            words.rule,
            words.instruction,
            words.trap,
            words.help,
            words.case_giver or "",
        ):
            assert letters(said) in read, said
    [line] = alternatives(content)
    assert all(phase.text(language).title in line for phase in method.phases)


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_the_roles_on_it_are_called_what_the_method_calls_them(app: Flask, key: str, language: str) -> None:
    read = letters(pdf_text(made(app, CATALOGUE[key], language)))
    own, usual = CATALOGUE[key].text(language).roles, ROLES[language]
    for role in (Role.CASE_GIVER, Role.TIMEKEEPER):
        word = own.get(role, usual[role])
        assert letters(f"{word}:").lower() in read.lower()
        assert word == usual[role] or letters(f"{usual[role]}:").lower() not in read.lower()


def test_a_method_with_words_of_its_own_for_every_role_has_them_on_it(app: Flask, tmp_path: Path) -> None:
    head = '\n[texts.en.roles]\ncase_giver = "presenter"\ntimekeeper = "clock"\n'
    own = written(tmp_path, 'kind = "story"\nminutes = 5', head=head)
    read = pdf_text(made(app, own, "en"))
    assert "Presenter:" in read
    assert "Clock:" in read
    assert not re.search("case giver|timekeeper", read, re.IGNORECASE)


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_it_has_one_side_or_two_in_our_typefaces_and_can_be_read_aloud(app: Flask, key: str, language: str) -> None:
    method = CATALOGUE[key]
    content = made(app, method, language)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1 or (len(pages) == 2 and len(method.phases) > 10)
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages} == {(595, 842)}
    assert all("Atkinson" in name for name in embedded_fonts(content))
    kinds = structure(content)
    assert kinds.count("H1") == 1
    assert kinds.count("TR") == len(method.phases) + 1


def test_the_wordiest_method_there_could_be_has_two_sides_and_loses_nothing(app: Flask) -> None:
    whole = load_file(SKETCHES / "whole.toml")
    wordy = tuple(
        phase.model_copy(
            update={
                "key": f"{phase.key}_{lap}",
                "texts": {
                    "nl": phase.text("nl").model_copy(update={"help": f"{phase.text('nl').help} " * 2 + f"Slot {lap}."})
                },
            }
        )
        for lap in range(2)
        for phase in whole.phases[:7]
    )
    content = made(app, whole.model_copy(update={"phases": wordy}), "nl")
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 2
    assert letters(pdf_text(content)).count("Slot1.") == 7


def test_nothing_on_it_is_in_colours_that_a_printer_loses(app: Flask) -> None:
    content = made(app, CATALOGUE["basis"], "nl")
    drawn = b"".join(page.get_contents().get_data() for page in pypdf.PdfReader(io.BytesIO(content)).pages)  # type: ignore[union-attr]
    filled = {tuple(float(part) for part in found.split()) for found in re.findall(rb"([\d. ]+) rg\b", drawn)}
    assert all(max(colour) < 0.62 or min(colour) > 0.94 for colour in filled), "dark words, or white"


def test_its_address_gives_it_in_the_language_that_is_asked_for_or_the_reader_s(app: Flask) -> None:
    client = english(app.test_client())
    english_one, dutch = client.get("/methods/basis.pdf"), client.get("/methods/basis.pdf?language=nl")
    assert english_one.content_type == dutch.content_type == "application/pdf"
    assert "Basic consultation" in pdf_text(english_one.data)
    assert "Basismethode" in pdf_text(dutch.data)
    assert 'filename="basis-nl.pdf"' in dutch.headers["Content-Disposition"]
    assert "Basic consultation" in pdf_text(client.get("/methods/basis.pdf?language=../xx").data)
    assert client.get("/methods/none.pdf").status_code == 404
    for page in ("/methods/basis", "/methods/basis?x=1"):
        assert "/methods/basis.pdf?language=en" in client.get(page).text


def test_whoever_reads_a_language_that_the_method_lacks_gets_a_guide_that_is_one_language_throughout(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(languages.TABLE, "de", replace(languages.TABLE["de"], speaks=True))
    content = made(app, CATALOGUE["gossip"], "de")
    assert str(pypdf.PdfReader(io.BytesIO(content)).root_object["/Lang"]) in ("en", "en-GB")
    assert content == made(app, CATALOGUE["gossip"], "en")
    answer = app.test_client().get("/methods/gossip.pdf?language=de", headers={"Accept-Language": "de"})
    assert 'filename="gossip-en.pdf"' in answer.headers["Content-Disposition"]
