"""Showing why a card was found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.archive.search import marked, snippet


def hits(text: str, query: str, locale: str = "nl") -> list[str]:
    return [segment.text for segment in marked(text, query, locale) if segment.is_hit]


@pytest.mark.parametrize(
    ("locale", "text", "query", "expected"),
    [
        ("nl", "Moeilijke gesprekken voeren", "moeilijk gesprek", ["Moeilijke", "gesprekken"]),
        ("fr", "À l'école, les élèves", "ecole eleve", ["école", "élèves"]),
        ("de", "Die Häuser am Fluss", "haus", ["Häuser"]),
        ("en", "She delegates everything", "delegate", ["delegates"]),
        ("nl", "Nieuwe storingsmonteurs", "monteur", ["storingsmonteurs"]),
        ("nl", "Werkoverleg over werkdruk", "werkd", ["werkdruk"]),
        ("nl", "Burn-out of burnout", "burnout", ["Burn-out", "burnout"]),
        (
            "nl",
            "Over inter\xadvi\xadsie en inter\u200bvisie.",
            "intervisie",
            ["inter\xadvi\xadsie", "inter\u200bvisie"],
        ),
        ("nl", "Burn\u2010out en Burn\u2011out", "burn-out", ["Burn\u2010out", "Burn\u2011out"]),
        ("nl", "Nee\xa0zeggen", "\u201fnee zeggen\uff02", ["Nee\xa0zeggen"]),
        ("nl", "Nee zeggen; nee durven zeggen", '"nee zeggen"', ["Nee zeggen"]),
        ("nl", "Hoe is de pomp", "hoe is de pomp", ["pomp"]),
        ("nl", "Niets hiervan", "pomp", []),
    ],
)
def test_a_hit_is_marked_as_it_was_found(locale: str, text: str, query: str, expected: list[str]) -> None:
    assert hits(text, query, locale) == expected


def test_a_snippet_shows_the_piece_with_most_of_the_query() -> None:
    text = "Eerst veel woorden over niets. " * 20 + "Dan lekt de pomp onder druk. " + "En weer niets bijzonders. " * 20
    pieces = snippet(text, "pomp druk", "nl", 120)
    shown = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.is_hit] == ["pomp", "druk"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 122


def test_a_short_text_is_its_own_snippet() -> None:
    assert "".join(piece.text for piece in snippet("Kort.", "pomp", "nl")) == "Kort."


@given(st.text(max_size=400), st.text(max_size=60), st.sampled_from(["nl", "en", "de", "fr", "ar"]))
def test_the_pieces_are_the_text(text: str, query: str, locale: str) -> None:
    assert "".join(piece.text for piece in marked(text, query, locale)) == unicodedata.normalize("NFC", text)
    assert sum(len(piece.text) for piece in snippet(text, query, locale, 100)) <= 102
