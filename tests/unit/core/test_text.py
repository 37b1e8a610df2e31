"""One way to clean words, and one way to tell names apart."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.core.text import cleaned, is_filled, is_same_name, name_key, one_line, straight, tidy

# The scripts of pages are asked the same (`tests/js/small.test.mjs`).
CASES = json.loads((Path(__file__).parents[2] / "js" / "filled.json").read_text())
ANYTHING = st.text(st.characters(codec=None), max_size=60)
# What meets in real texts and in attacks, close together.
NEAR = st.text(
    st.sampled_from(
        "aA1# \t\n\r\x00\x0b\x0c\x85\u00ad\u034f\u0301\u115f\u1160\u1161\u1820\u180b\u200b\u200c\u200d\u200e\u2028\u2029"
    )
    | st.sampled_from(
        "\u202e\u2060\u2066\u2800\u3164\ufe00\ufe0e\ufe0f\ufeff\ufffc\ufffe\u20e3\ud800\udc00क्षمیع辻👨👩❤🏴🔥"
    )
    | st.sampled_from("\U000e0067\U000e0062\U000e007f\U000e0100\U0001d173\U0001fffe"),
    max_size=12,
)


@pytest.mark.parametrize("typed", CASES["empty"])
def test_what_nobody_sees_fills_in_nothing(typed: str) -> None:
    assert not is_filled(typed)
    assert not is_filled(f" {typed} {typed}")
    assert is_filled(f"{typed}a")


@pytest.mark.parametrize("typed", CASES["filled"])
def test_whatever_can_be_seen_is_something(typed: str) -> None:
    assert is_filled(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "An\u200bna",
        "An\xadna",
        "\u2060Anna\ufeff",
        "An\u034fna",
        "A\ufe0fnna",
        "An\U000e0041na",
        "An\x00na",
        "\u202eAnna\u202c",
        "An\u200dna",
        "An\u200cna",
        "Anna\u3164",
        "An\u180ena",
        "\u200fAnna",
        "An\u2063na",
        "Anna\U000e0100",
        "An\U000e0100na",
    ],
)
def test_a_name_with_something_unseen_in_it_is_kept_without(typed: str) -> None:
    assert one_line(typed) == "Anna"


@pytest.mark.parametrize(
    "typed",
    [
        "👨‍👩‍👧",
        "❤️‍🔥",
        "👍🏽",
        "🧑🏽‍🚀",
        "🏳️‍🌈",
        "1️⃣",
        "☎️",
        "↔️",
        "◼️",
        "〽️",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "🇳🇱",
        "می\u200cخواهم",
        "क्\u200dष",
        "क्\u200cष",
        "ශ්\u200dරී",
        "辻\U000e0100",
        "ᠠ\u180b",
        "“‘’” – … «»",
        "l’été",
        "don’t",
        "½ ² ™",
        "x̂",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(typed: str) -> None:
    assert tidy(typed) == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize(
    "end", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c", "\x1d", "\x1e"]
)
def test_every_kind_of_line_break_is_one(end: str) -> None:
    assert tidy(f"one{end}two{end}") == "one\ntwo"
    assert one_line(f"one{end}two{end}") == "one two"


def test_a_letter_and_its_accent_are_one_however_they_were_typed() -> None:
    assert tidy("e\u0301") == tidy("e\u034f\u0301") == tidy("é") == "é"


def test_half_a_character_shows_that_something_was_there() -> None:
    assert tidy("a\ud83d") == "a\ufffd"


@given(ANYTHING | NEAR)
def test_cleaning_what_was_cleaned_changes_nothing_and_goes_into_a_database(text: str) -> None:
    for clean in (tidy, one_line, cleaned):
        once = clean(text)
        assert clean(once) == once
        assert "\x00" not in once
        once.encode()
        assert is_filled(once) == is_filled(text)
    assert one_line(tidy(text)) == one_line(text)
    assert len(one_line(text).splitlines()) <= 1


@given(ANYTHING | NEAR)
def test_a_name_is_its_own_and_that_of_its_cleaned_form(name: str) -> None:
    assert name_key(name) == name_key(cleaned(name)) == name_key(name_key(name))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "anna"),
        ("Anna", "An\u200bna"),
        ("Zoë", "Zoe"),
        ("Zoë", "Zoe\u0308"),
        ("O'Brien", "O’Brien"),
        ("O'Brien", "Oʼbrien"),
        ("Anne-Marie", "Anne\u2011Marie"),
        ("Anne-Marie", "Anne–Marie"),
        ("Anna", "Ａｎｎａ"),
        ("Anna", "Аnnа"),
        ("Ella", "Εlla"),
        ("Straße", "STRASSE"),
        ("İpek", "ipek"),
        ("Işıl", "isil"),
        ("Jan  Jansen", "Jan\u00a0Jansen"),
        ("می\u200cنا", "مینا"),
        ("ﬁen", "fien"),
        ("Anna", "Anna."),
        ("Anna", "“Anna”!"),
        ("Anna", "ᴀɴɴᴀ"),
        ("Yara", "Үаrа"),
        ("Lars", "Ӏars"),
        ("Anna", "Αnnα"),
        ("Noor", "Nօօr"),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soren"),
    ],
)
def test_names_that_people_take_for_one(one: str, other: str) -> None:
    assert is_same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Anne"),
        ("Anna", "Anna 2"),
        ("J.P.", "J.A."),
        ("C", "C#"),
        ("C", "C++"),
        ("?", "!"),
        ("Ravi", "Rava"),
        ("कि", "कु"),
        ("กา", "กี"),
        ("か", "が"),
        ("علی", "علا"),
        ("🙂", "🙃"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert not is_same_name(one, other)


def test_apostrophes_become_straight_one_by_one() -> None:
    assert straight("l’eau d‘or ʼs `a´") == "l'eau d'or 's 'a'"
