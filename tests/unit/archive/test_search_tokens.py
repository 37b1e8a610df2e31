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
    return bool(set(terms_of([Field.of(1, one)], language)) & whole(words_of(other)[0].word))


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
    "kept",
    [
        "inter\xadvi\xadsie",
        "inter\u200bvisie",
        "inter\u2060visie\ufeff",
        "\u202eintervisie\u202c",
        "inter\x00visie",
        "inter\x1fvisie",
        "Inter\u200dvisie",
        "intervi\u034fsie",
        "\u3164intervisie",
        "inter\u0302visie",
        "INTERVISIE",
        "\uff49ntervisie",
    ],
    ids=ascii,
)
def test_a_plain_word_finds_a_text_from_before_texts_were_cleaned(kept: str) -> None:
    assert words(f"de {kept} gaat") == ["de", words(kept)[0], "gaat"]
    assert meet("nl", kept, "intervisie")
    assert meet("nl", "intervisie", kept)


@pytest.mark.parametrize("hyphen", "-\u2010\u2011\ufe63\uff0d", ids=ascii)
def test_every_hyphen_within_a_word_is_one(hyphen: str) -> None:
    for plain in ("burn-out", "burnout", "burn"):
        assert meet("nl", f"burn{hyphen}out", plain)


@pytest.mark.parametrize("space", "\xa0\u202f\u2009\x0b\x0c\x85\u2028", ids=ascii)
def test_every_space_and_break_parts_words(space: str) -> None:
    assert words(f"goed{space}gesprek") == ["goed", "gesprek"]


@pytest.mark.parametrize(("kept", "plain"), [("\ufb01etsen", "fietsen"), ("co\ufb03ceren", "cofficeren")])
def test_a_ligature_is_its_letters(kept: str, plain: str) -> None:
    assert meet("nl", kept, plain)
    assert meet("nl", plain, kept)


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
