"""What gives people away is found, and what is proposed instead gives nobody away."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from facilitator.consent.redaction import Kind, applied, find, holds_name, in_new_words, segments

NAMES = ("Gia de Vries", "Pete", "Anne-Marie", "José", "Mo", "Ada")


def found(text: str, locale: str = "nl") -> list[tuple[str, Kind]]:
    return [(one.of(text), one.kind) for one in find(text, NAMES, locale)]


@pytest.mark.promise("consent", "names-on-cards")
@pytest.mark.parametrize(
    ("locale", "text", "instead"),
    [
        ("nl", "Gia's plan hielp Pete.", "Een collega's plan hielp een collega."),
        ("nl", "Toen zei PETE niets tegen jose of anne marie.", "Toen zei een collega niets tegen een collega of een collega."),
        ("nl", "Dat was de Vries, en Vries alleen.", "Dat was de een collega, en een collega alleen."),
        ("nl", "Adaatje lacht, Petes auto ook.", "Een collega lacht, een collega auto ook."),
        ("nl", "Op maandag 3 maart 2026 liep hij weg.", "In het eerste kwartaal van 2026 liep hij weg."),
        ("nl", "Hij begon 12-03-2026.", "Hij begon in het eerste kwartaal van 2026."),
        ("nl", "Sinds mei 2026 gaat het beter.", "In het tweede kwartaal van 2026 gaat het beter."),
        ("nl", "De leverancier Siemens BV kwam niet.", "De leverancier kwam niet."),
        ("nl", "Hij werkt bij Bosch in Den Haag.", "Hij werkt bij een bedrijf op een locatie."),
        ("nl", "Toen zei dhr. Jansen nee.", "Toen zei een collega nee."),
        ("nl", "Bel 06-12345678 of mail pete@bosch.nl.", "Bel een telefoonnummer of mail een e-mailadres."),
        ("nl", "De bus 12-ABC-3 stond er.", "De bus een nummer stond er."),
        ("nl", "Zijn nummer is 123456782.", "Zijn nummer is een nummer."),
        ("nl", "Hij woont Dorpsstraat 12, 1234 AB Delft.", "Hij woont een locatie, een locatie."),
        ("en", "On 12 March 2026 Pete's boss at Acme Ltd said no.", "In the first quarter of 2026 a colleague's boss at a company said no."),
        ("en", "Since May I call her.", "In the second quarter I call her."),
        ("en", "See https://acme.com/x?y for more.", "See a website for more."),
        ("en", "We met 2026-11-02T10:00 in Leeds.", "We met in the fourth quarter of 2026 at a location."),
        ("de", "Am 12. März prüfte Herr Müller die Firma Kranbau GmbH.", "Im ersten Quartal prüfte eine Person aus dem Team die Firma."),
        ("de", "Er wohnt in Köln.", "Er wohnt an einem Standort."),
        ("fr", "Le 3 mars, Pete a vu Renault.", "Au premier trimestre, une personne du groupe a vu une entreprise."),
        ("fr", "Appelez le 06 12 34 56 78.", "Appelez le un numéro de téléphone."),
    ],
)  # fmt: skip
def test_what_gives_people_away_is_said_in_other_words(locale: str, text: str, instead: str) -> None:
    assert in_new_words(text, NAMES, locale) == instead


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("nl", "De starter zegt niets. Hij knikt, en loopt weg na 15-20 minuten."),
        ("nl", "Ik denk dat HR dit weet. Dat duurt 12 weken, in 3 van de 4 ploegen, bij 3.5 bar."),
        ("nl", "Mijn vraag: Hoe houd ik hem erbij? “Nooit meer” zei hij."),
        ("nl", "Adaptief leren is mooi, een complete memo ook."),  # Ada, Pete and Mo are inside of other words
        ("en", "I may march on. Then I'll see, in English."),
        ("de", "Der Lehrling sagt in der Werkstatt nichts über die Maschine und das Team."),
        ("fr", "Il faut du temps ; les mains, la tête et le cœur."),
    ],
)
def test_ordinary_sentences_are_left_alone(locale: str, text: str) -> None:
    assert found(text, locale) == []


def test_a_name_is_found_however_its_accents_are_written() -> None:
    for written in ("José", "Jose", "JOSÉ", "Jose\u0301", "ｊｏｓé"):
        assert in_new_words(f"Dat zei {written}.", NAMES, "nl") == "Dat zei een collega.", written


def test_german_nouns_are_not_names_but_firms_and_shouted_words_are() -> None:
    text = "Die Werkstatt kauft Schrauben bei Würth GmbH, SAP und McDonald."
    assert [words for words, _ in found(text, "de")] == ["Würth GmbH", "SAP", "McDonald"]


def test_a_proposal_never_holds_a_name_of_somebody_who_was_there() -> None:
    """Somebody may be called what we would have proposed."""
    assert in_new_words("Dat zei Jan.", ("Jan", "Collega"), "nl") == "Dat zei iemand."
    assert in_new_words("Dat zei Jan.", ("Jan", "Collega", "Iemand"), "nl") == "Dat zei …."


NAME = st.text(st.characters(categories=["L", "N"], include_characters=" -'’"), min_size=1, max_size=24)
PIECES = st.sampled_from(
    ["Gia", " de ", "3 maart", "@", ".nl", "06-12345678", "\n", "BV", "’s", "\u0301", "-", "2026", "Firma "]
)


@pytest.mark.promise("names-on-cards")
@settings(max_examples=100)
@given(
    st.lists(st.one_of(st.text(max_size=20), PIECES, NAME)),
    st.lists(NAME, max_size=6),
    st.sampled_from(["nl", "en", "de", "fr", "pl"]),
)
@example(["ß", "İstanbul"], ["İ", "SS"], "nl")
@example(["", "", "", "\u0300"], ["E"], "nl")
@example(["", "", "", ":E\x1f"], ["E"], "nl")
def test_in_no_text_whatsoever_a_name_is_left(pieces: list[str], names: list[str], locale: str) -> None:
    text = "".join(piece + (names[0] if names and i % 3 == 0 else "") for i, piece in enumerate(pieces))
    marks = find(text, names, locale)
    assert all(0 <= one.start < one.end <= len(text) for one in marks)
    assert all(first.end <= second.start for first, second in pairwise(marks))
    assert "".join(piece.text for piece in segments(text, marks)) == text
    assert not holds_name(applied(text, marks), names)


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(["Gia", "pete", "ANNE-MARIE", "José", "Ada's", "en", "met", "\n", "!", "gisteren"]), max_size=12
    )
)
def test_a_plain_search_finds_no_name_either(pieces: list[str]) -> None:
    rest = in_new_words(" ".join(pieces), NAMES, "nl")
    for name in ("gia", "vries", "pete", "anne", "marie", "jos", "ada"):
        assert not re.search(rf"(?<!\w){name}", rest, re.IGNORECASE), rest


@settings(max_examples=60)
@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(in_new_words(text, ("Gia",), "nl"), str)
