"""Reading the archive: who finds what, by words and filters, and what a page of it says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from facilitator.archive import actions, store
from facilitator.archive.models import Card
from facilitator.core.db import db, now
from tests.library import Library
from tests.pages import read

pytestmark = pytest.mark.either

CANARY = "kwinkelier"


@pytest.fixture
def library(app_for_all_on: Flask) -> Library:
    return Library(app_for_all_on)


def withdraw(library: Library, card_id: str) -> None:
    with library.app.app_context():
        with db.writing() as session:
            actions.withdraw(session, session.get_one(Card, card_id))
        store.destroy_key(card_id)


def test_an_empty_archive_says_how_it_fills(library: Library) -> None:
    page = library.get("Pete", "/archive").text
    assert "No cards yet" in page
    assert "New meeting" not in page, "a member cannot start one"
    assert "New meeting" in library.get("Mo", "/archive").text


def test_a_card_for_everybody_is_for_everybody_of_the_organisation(library: Library) -> None:
    card = library.put("How to open a shift", question=f"What does a {CANARY} do?")
    for who in ("Mo", "Ada", "Pete", "Gia"):
        assert library.titles(who) == ["How to open a shift"]
        assert CANARY in library.get(who, f"/archive/{card}").text
    assert library.titles("Ola") == []
    assert library.get("Ola", f"/archive/{card}").status_code == 404


@pytest.mark.promise("card-rows")
def test_a_card_for_a_group_is_for_its_members_and_nobody_else(library: Library) -> None:
    card = library.put("Only for us", only_group=True, themes=["Trust"], action=f"A {CANARY}.", period="2026-Q3")
    everywhere = ("/archive", f"/archive?q={CANARY}", "/archive?theme=Trust", "/archive?sort=tried")
    assert all(library.titles("Gia", path) == ["Only for us"] for path in everywhere)
    assert "Themes over time" in library.get("Gia", "/archive").text
    for who in ("Mo", "Ada", "Pete", "Ola"):
        assert all(library.titles(who, path) == [] for path in everywhere)
        assert library.get(who, f"/archive/{card}").status_code == 404
        assert "Trust 1" not in read(library.get(who, "/archive").text).text
        for path in ("questions", "tried", "follow", "themes"):
            assert library.post(who, f"/archive/{card}/{path}", {"text": "a", "verdict": "worked"}).status_code == 404


def test_what_is_not_published_is_nowhere(library: Library) -> None:
    card = library.put("Not yet", is_published=False, owner="Gia", question=CANARY)
    shown = library.put("Already")
    for who in ("Gia", "Mo", "Ada"):
        assert library.titles(who) == ["Already"]
        assert library.get(who, f"/archive/{card}").status_code == 404
    assert library.get("Gia", f"/archive/{shown}").status_code == 200


@pytest.mark.promise("taking-back")
def test_what_was_taken_back_is_gone_at_once_with_all_that_was_said(library: Library) -> None:
    card = library.put("Soon gone", themes=["Trust"], owner="Gia", question=CANARY)
    library.put("Stays", themes=["Trust"], question=f"Another {CANARY}")
    library.post("Pete", f"/archive/{card}/questions", {"text": "Did it last?"})
    other = library.titles("Pete", f"/archive/{card}")
    assert other == ["Stays"], "related"
    withdraw(library, card)
    assert library.titles("Pete") == library.titles("Pete", f"/archive?q={CANARY}") == ["Stays"]
    assert library.get("Pete", f"/archive/{card}").status_code == 404
    assert library.post("Pete", f"/archive/{card}/questions", {"text": "Gone?"}).status_code == 404


def test_filters_find_with_counts_and_are_taken_away_one_by_one(library: Library) -> None:
    library.put("A", themes=["Trust", "Work"], outcome="worked", method_key="basis", period="2026-Q1")
    library.put("B", themes=["Trust"], outcome="not", form="shadowing", period="2026-Q2")
    library.put("C", themes=["Work"], locale="nl", period="2025-Q4")
    page = read(library.get("Pete", "/archive").text)
    labels = [label.text for label in page.all("label")]
    assert {"Trust 2", "Work 2", "It worked 1", "Not known yet 1", "Shadowing 1", "Nederlands 1"} <= set(labels)
    assert library.titles("Pete", "/archive?theme=Trust") == ["B", "A"]
    assert library.titles("Pete", "/archive?theme=Trust&outcome=worked") == ["A"]
    assert library.titles("Pete", "/archive?theme=Trust&theme=Work") == ["C", "B", "A"], "either of them"
    assert library.titles("Pete", "/archive?language=nl") == ["C"]
    assert library.titles("Pete", "/archive?form=shadowing") == ["B"]
    assert library.titles("Pete", "/archive?period=2025-Q4") == ["C"]
    assert library.titles("Pete", "/archive?method=basis") == ["A"]
    chips = [link["href"] for link in read(library.get("Pete", "/archive?theme=Trust&outcome=worked").text).all("a")]
    assert "/archive?outcome=worked" in chips
    assert "/archive?theme=Trust" in chips


def test_words_are_marked_where_they_stand_and_carry_no_markup(library: Library) -> None:
    library.put("Opening <b>shifts</b>", question="How do I open a shift?")
    page = read(library.get("Pete", "/archive?q=shift").text)
    assert {mark.text for mark in page.all("mark")} >= {"shift", "shifts"}
    assert not [b for b in page.all("b") if "shifts" in b.text]


def test_nothing_found_says_what_to_do_next(library: Library) -> None:
    library.put("Something")
    page = library.get("Pete", "/archive?q=zzzz").text
    assert "Nothing found" in page
    assert "Show all cards" in page


def test_pages_follow_each_other_and_keep_what_was_asked(library: Library) -> None:
    for number in range(23):
        library.put(f"Card {number}", themes=["Trust"])
    first, second = library.titles("Pete"), library.titles("Pete", "/archive?page=2")
    assert len(first) == 20
    assert len({*first, *second}) == 23
    links = [link["href"] for link in read(library.get("Pete", "/archive?theme=Trust").text).all("a")]
    assert "/archive?theme=Trust&page=2" in links
    assert library.titles("Pete", "/archive?page=99") == first, "there is no such page: the first"
    assert library.titles("Pete", "/archive?sort=tried&page=2&q=card")


def test_the_order_may_be_another(library: Library) -> None:
    old = library.put("Shift and shift", question="Shift")
    library.put("Something", context="Among many other words a shift.")
    with library.app.app_context(), db.writing() as session:
        session.get_one(Card, old).published_on = now().date() - timedelta(days=1)
    assert library.titles("Pete", "/archive?q=shift")[0] == "Shift and shift"
    assert library.titles("Pete", "/archive?q=shift&sort=newest")[0] != "Shift and shift"
    library.post("Gia", f"/archive/{old}/tried", {"verdict": "worked", "why": ""})
    assert library.titles("Pete", "/archive?sort=tried")[0] == "Shift and shift"


@pytest.mark.parametrize(
    "address",
    [
        "?q=" + "x" * 5000,
        "?q=%00%ff",
        "?page=-1",
        "?page=999999999999999999999",
        "?page=٣",
        "?sort=%27;--",
        "?theme=%00",
        "?theme=" + "&theme=".join(["a"] * 500),
        "?outcome=nonsense",
        "?period=2026-Q9&q=%22",
        "?q=%22open&q=again",
    ],
)
def test_every_address_is_a_list(library: Library, address: str) -> None:
    library.put("Something")
    assert library.get("Pete", f"/archive{address}").status_code == 200


def test_charts_have_their_figures_behind_them(library: Library) -> None:
    library.put("A", themes=["Trust"], outcome="worked", period="2026-Q1")
    library.put("B", themes=["Trust"], period="2026-Q3")
    page = read(library.get("Pete", "/archive").text)
    tables = [" ".join(table.text.split()) for table in page.all("table")]
    assert any("1st quarter 2026 1 2nd quarter 2026 0 3rd quarter 2026 1" in table for table in tables)
    assert any("It worked 1" in table and "Not known yet 1" in table for table in tables)


@pytest.mark.promise("review")
def test_cards_come_up_for_review_for_those_who_may_read_them(library: Library) -> None:
    due = library.put("Old wisdom", review_on=date(2020, 1, 1))
    library.put("Old secret", review_on=date(2020, 1, 1), only_group=True)
    library.put("Fresh", review_on=date(2090, 1, 1))
    assert library.titles("Mo", "/archive/review") == ["Old wisdom"]
    assert library.get("Pete", "/archive/review").status_code == 403
    assert library.post("Mo", f"/archive/{due}/review", {"review_on": "2020-01-01"}).status_code == 422
    assert library.post("Mo", f"/archive/{due}/review", {"review_on": "soon"}).status_code == 422
    assert library.post("Mo", f"/archive/{due}/review", {"review_on": "2030-01-01"}).status_code == 302
    assert library.titles("Mo", "/archive/review") == []


def test_only_whoever_it_comes_from_sees_that_a_card_is_theirs(library: Library) -> None:
    card = library.put("Mine", owner="Gia")
    assert f"/archive/{card}/withdraw" in library.get("Gia", f"/archive/{card}").text
    for who in ("Mo", "Ada", "Pete"):
        page = library.get(who, f"/archive/{card}").text
        assert f"/archive/{card}/withdraw" not in page
        assert "Gia" not in page
        assert library.people["Gia"].id not in page
