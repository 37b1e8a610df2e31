"""The one table of languages: what it promises, that their words are where it looks, and that nothing else names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import facilitator
from facilitator.archive.search.tokens import fold, is_stop_word
from facilitator.consent.redaction.wordlists import words
from facilitator.core import languages
from facilitator.demo.content import example
from facilitator.methods.hints import spoken

PRODUCT = Path(facilitator.__file__).parent
TABLE = Path(languages.__file__)
CODES = "|".join(languages.TABLE)
# Comments may speak of English: it is the language they are in.
NAMES = "|".join(language.name for code, language in languages.TABLE.items() if code != languages.FALLBACK)
NAMED = re.compile(rf"""["'](?:{CODES})(?:[-_][A-Z]{{2}})?["']|\b(?:{NAMES})\b""")


def test_the_default_and_the_fallback_are_spoken_and_lack_nothing() -> None:
    assert languages.spoken()[0] == languages.DEFAULT
    assert {languages.DEFAULT, languages.FALLBACK} <= set(languages.complete()) <= set(languages.spoken())


def test_a_locale_of_whatever_form_finds_its_language() -> None:
    assert languages.of("nl") == languages.of("nl_BE") == languages.of("NL-be") == languages.TABLE["nl"]
    assert (languages.of("xx"), languages.name_of("xx"), languages.name_of("de-AT")) == (None, "xx", "Deutsch")
    assert [languages.spoken_or(locale, "en") for locale in ("nl-BE", "fr", "")] == ["nl", "en", "en"]
    assert [languages.tag_of(locale) for locale in ("nl", "nl_BE", "pl")] == ["nl-NL", "nl-BE", "pl"]


def test_every_folder_of_words_is_that_of_a_language_in_the_table() -> None:
    folders = {path.name for path in languages.FOLDER.iterdir() if path.is_dir() and any(path.rglob("*.*"))}
    assert languages.DEFAULT in folders
    assert folders <= languages.TABLE.keys()


@pytest.mark.parametrize("language", languages.stemmed())
def test_a_language_whose_cards_are_found_by_stems_has_its_words(language: str) -> None:
    stop_words = languages.lines_of(languages.data("stop_words.txt")[language])
    assert len(stop_words) == len(set(stop_words)) > 50
    assert all(is_stop_word(word, language) and word == fold(word) for word in stop_words)
    assert language in words().languages


@pytest.mark.parametrize("language", languages.complete())
def test_a_complete_language_has_hints_and_an_example(language: str) -> None:
    assert language in spoken()
    assert example(language).language == language


def test_only_the_table_names_a_language() -> None:
    written = [
        path
        for ending in ("py", "html", "txt", "js")
        for path in PRODUCT.rglob(f"*.{ending}")
        if not path.is_relative_to(languages.FOLDER) and "dist" not in path.parts and path != TABLE
    ]
    assert NAMED.search(TABLE.read_text(encoding="utf-8")), "this is how one is named"
    assert len(written) > 300
    found = [
        f"{path.relative_to(PRODUCT)}: {line.strip()}"
        for path in written
        for line in path.read_text(encoding="utf-8").splitlines()
        if NAMED.search(line)
    ]
    assert found == []
