"""Words: the same text gives the same words everywhere, and what people leave out does not part them from what they look for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.archive.search.terms import Field, terms_of, whole
from facilitator.archive.search.tokens import fold, words_of


def words(text: str) -> list[str]:
    return [token.word for token in words_of(text)]


def meet(language: str, one: str, other: str) -> bool:
    """Does a card with the one get found by the other?"""
    return bool(set(terms_of([Field(1, one)], language)) & whole(words_of(other)[0].word))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De storing, om 8.30 uur.", ["de", "storing", "om", "8", "30", "uur"]),
        ("l'équipe d’accueil", ["équipe", "accueil"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("collega's en foto's", ["collega", "en", "foto"]),
        ("the team’s don't", ["the", "team", "don"]),
        ("Straße", ["strasse"]),
        ("🙂 ja 👍🏽!", ["ja"]),
        ("e\u0301cole", ["école"]),
        ("\x00\x01", []),
        ("a_b", ["a", "b"]),
    ],
)
def test_a_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_hyphen_joins_and_parts() -> None:
    (token,) = words_of("Burn-out")
    assert (token.word, token.parts) == ("burnout", ("burn", "out"))


@pytest.mark.parametrize(
    ("word", "bare"), [("Œuvre", "oeuvre"), ("groß", "gross"), ("Ĳssel", "ijssel"), ("Crème", "creme")]
)
def test_folding_takes_off_what_people_leave_out(word: str, bare: str) -> None:
    assert fold(word) == bare


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("nl", "huis", "huizen"),
        ("nl", "moeilijk", "moeilijke"),
        ("nl", "goed", "goede"),
        ("nl", "collega", "collega's"),
        ("nl", "storing", "storingen"),
        ("en", "meeting", "meetings"),
        ("en", "delegate", "delegating"),
        ("de", "Häuser", "haus"),
        ("de", "Gespräche", "gesprach"),
        ("fr", "écoles", "ecole"),
        ("fr", "réunion", "REUNIONS"),
    ],
)
def test_inflections_and_accents_meet(language: str, one: str, other: str) -> None:
    assert meet(language, one, other)
    assert meet(language, other, one)


def test_a_dutch_stem_finds_no_english_word_by_accident() -> None:
    # The Dutch "storing" is cut like the English verb only in English.
    assert meet("en", "store", "storing")
    assert not meet("nl", "store", "storing")


def test_apostrophes_alone_are_no_word() -> None:
    assert words_of("ʼ ʼʼ ' ’") == []
    assert [token.word for token in words_of("ʼt werkʼ")] == ["t", "werk"]


@given(st.text(max_size=300))
def test_any_text_has_words_that_stand_where_they_say(text: str) -> None:
    for token in words_of(text):
        assert token.word
        assert token.start < token.end
        whole(token.word)
