"""Finding cards, the same on both databases."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.archive.content import CardContent
from facilitator.archive.models import Card
from facilitator.core.db import db
from tests.shelf import Shelf


@pytest.fixture
def shelf(app_for_all_on: Flask) -> Shelf:
    """An organisation of this test's own."""
    return Shelf(app_for_all_on)


def test_a_card_is_found_by_its_words_and_no_more_once_it_is_out(shelf: Shelf) -> None:
    card = shelf.put("Storingen in de nachtploeg overdragen")
    other = shelf.put("Een ouder die boos opbelt")
    assert shelf.ids("storing") == [card]
    shelf.take_out(card)
    assert shelf.ids("storing") == []
    assert shelf.ids("ouder") == [other]


@pytest.mark.parametrize(
    ("locale", "title", "query"),
    [
        ("nl", "Moeilijke gesprekken met huizenkopers", "moeilijk gesprek"),
        ("nl", "De huizen van onze cliënten", "huis client"),
        ("en", "Delegating tasks to apprentices", "delegate task apprentice"),
        ("de", "Schwierige Gespräche mit Azubis", "schwierig gesprach"),
        ("fr", "Les réunions d'équipe s'éternisent", "reunion equipe"),
        ("nl", "Werkoverleg met monteurs", "werkov"),
        ("nl", "Nieuwe storingsmonteurs inwerken", "monteur"),
        ("nl", "Nieuwe storingsmonteurs inwerken", "storing monteur inwerken"),
        ("nl", "De storing waar de monteur niet uitkwam", "storingsmonteur"),
        ("de", "Der neue Schichtleiter", "leiter"),
        ("nl", "Burn-out na een drukke zomer", "burnout"),
        ("nl", "Burn-out na een drukke zomer", "burn out"),
        ("nl", "Een burnout na een drukke zomer", "burn-out"),
        ("nl", "Wat is er met de pomp?", "hoe is de pomp"),
        ("pl", "Trudna rozmowa", "trudna"),
    ],
)
def test_however_it_is_written(shelf: Shelf, locale: str, title: str, query: str) -> None:
    shelf.put("Iets heel anders", locale="nl")
    card = shelf.put(title, locale=locale)
    assert shelf.ids(query) == [card]
    assert shelf.find(query).is_complete


def test_a_word_in_the_title_counts_for_more_than_one_far_below(shelf: Shelf) -> None:
    below = shelf.put("", content=CardContent("Planning", context="Er was een conflict."))
    theme = shelf.put("Rooster", themes=["conflict"])
    question = shelf.put("", content=CardContent("Rooster", question="Hoe bespreek ik een conflict?"))
    title = shelf.put("Conflict op de werkvloer")
    found = shelf.ids("conflict")
    assert found[0] == title
    assert set(found[1:3]) == {theme, question}
    assert found[3] == below


def test_a_rare_word_counts_for_more_than_a_common_one(shelf: Shelf) -> None:
    for number in range(8):
        shelf.put(f"Gesprek nummer {number}")
    rare = shelf.put("Een klepel gevonden")
    found = shelf.find("gesprek klepel")
    assert not found.is_complete
    assert found.hits[0].card_id == rare
    assert found.total == 9


def test_a_phrase_is_found_in_its_order(shelf: Shelf) -> None:
    card = shelf.put("Nee zeggen tegen de chef")
    other = shelf.put("De chef tegen wie niemand nee durft te zeggen")
    assert set(shelf.ids("nee zeggen chef")) == {card, other}
    assert shelf.ids('"nee zeggen"') == [card]
    assert shelf.ids("„tegen de chef“") == [card]
    assert shelf.ids('"zeggen nee"') == []


def test_counts_say_what_a_filter_would_give(shelf: Shelf) -> None:
    shelf.put("Pomp één", themes=["techniek"], outcome="worked")
    shelf.put("Pomp twee", themes=["techniek", "veiligheid"], outcome="not")
    shelf.put("Pomp drie", themes=["veiligheid"])
    shelf.put("Klep", themes=["techniek"])
    found = shelf.find("pomp", theme=("techniek",))
    assert found.total == 2
    assert found.counts["theme"] == {"techniek": 2, "veiligheid": 2}
    assert found.counts["outcome"] == {"not": 1, "worked": 1}
    assert shelf.find("pomp", outcome=("unknown",)).total == 1
    assert shelf.find(theme=("techniek",), outcome=("worked", "not")).total == 2


def test_without_a_text_the_newest_come_first_in_pages(shelf: Shelf) -> None:
    cards = [shelf.put(f"Kaart {number}") for number in range(5)]
    pages = [shelf.find(page=page, per_page=2) for page in (1, 2, 3, 4)]
    assert [hit.card_id for page in pages for hit in page.hits] == cards[::-1]
    assert pages[0].pages == 3


def test_a_slip_of_the_finger_is_met_with_a_proposal(shelf: Shelf) -> None:
    shelf.put("Werkdruk verlagen")
    assert shelf.find("werkdurk verlagen").suggestion == "werkdruk verlagen"
    assert shelf.find("werkdruk verlagen").suggestion == ""


def test_what_a_group_keeps_leaves_no_trace_for_others(shelf: Shelf) -> None:
    shelf.put("Pomp voor iedereen", themes=["techniek"])
    before = shelf.find("pomp"), shelf.find("geheim"), shelf.find()
    secret = shelf.put("Geheime pomp", themes=["techniek", "verborgen"], only_group=True)
    assert secret in shelf.ids("pomp", shelf.member)
    assert "verborgen" in shelf.find(who=shelf.member).counts["theme"]
    assert (shelf.find("pomp"), shelf.find("geheim"), shelf.find()) == before
    assert shelf.find("gehiem").suggestion == ""
    assert shelf.find("gehieme", shelf.member).suggestion == "geheime"


def test_another_organisation_finds_nothing(shelf: Shelf) -> None:
    card = shelf.put("Pomp")
    other = Shelf(shelf.app)
    assert shelf.ids("pomp") == [card]
    assert other.find("pomp").total == 0
    other.put("Klep")
    assert other.find("pomp").total == 0
    assert other.related(card) == []


def test_what_was_withdrawn_without_a_word_to_the_index_is_not_shown_either(shelf: Shelf) -> None:
    cards = [shelf.put(f"Pomp {number}") for number in range(4)]
    assert shelf.find("pomp").total == 4
    with shelf.app.app_context(), db.writing() as session:
        card = session.get(Card, cards[1])
        assert card is not None
        card.is_withdrawn = True
    found = shelf.find("pomp")
    assert found.total == 3
    assert cards[1] not in [hit.card_id for hit in found.hits]


def test_only_published_cards_go_in(shelf: Shelf) -> None:
    with pytest.raises(ValueError, match="published"):
        shelf.put("Nog niet", is_published=False)


def test_related_cards_share_rare_words_or_themes(shelf: Shelf) -> None:
    for number in range(6):
        shelf.put(f"Iets anders {number}", themes=["rest"])
    card = shelf.put("Pomp lekt bij hoge druk", themes=["techniek"])
    near = shelf.put("Weer een pomp die lekt", themes=["techniek"])
    theme = shelf.put("Klep vervangen", themes=["techniek"])
    hidden = shelf.put("Pomp lekt bij hoge druk", themes=["techniek"], only_group=True)
    assert hidden in shelf.related(card, who=shelf.member)
    assert shelf.related(card) == [near, theme]


def test_put_again_replaces_what_was_there(shelf: Shelf) -> None:
    card_id = shelf.put("Pomp")
    with shelf.app.app_context(), db.writing() as session:
        from facilitator.archive import search

        card = session.get(Card, card_id)
        assert card is not None
        card.outcome = "worked"
        search.put(session, card, CardContent("Klep"), ["techniek"])
    assert shelf.ids("pomp") == []
    assert shelf.ids("klep") == [card_id]
    assert shelf.find().counts["outcome"] == {"worked": 1}
