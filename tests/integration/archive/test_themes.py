"""The organisation's themes, and what a card is about."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.archive.actions import withdraw
from facilitator.archive.models import Card, IndexedCard
from facilitator.archive.themes import put_again
from facilitator.core.audit import AuditEntry
from facilitator.core.db import db
from tests.library import Library
from tests.pages import read

pytestmark = pytest.mark.either


@pytest.fixture
def library(app_for_all_on: Flask) -> Library:
    return Library(app_for_all_on)


def listed(library: Library) -> list[str]:
    page = read(library.get("Mo", "/archive/themes").text)
    return [link.text for link in page.all("a") if "strong" in link.get("class")]


def test_the_list_is_sorted_as_a_dictionary_and_knows_no_doubles(library: Library) -> None:
    for name in ("Zwijgen", "éigen regie", "Angst", "begeleiden"):
        assert library.post("Mo", "/archive/themes", {"name": name}).status_code == 302
    assert listed(library) == ["Angst", "begeleiden", "éigen regie", "Zwijgen"]
    for name in ("BEGELEIDEN", "Eigen regie", "", " ", "x", "x" * 61):
        assert library.post("Mo", "/archive/themes", {"name": name}).status_code == 422
    assert library.post("Pete", "/archive/themes", {"name": "Mine"}).status_code == 403
    assert len(listed(library)) == 4


def test_a_new_name_is_found_at_once_on_all_cards(library: Library) -> None:
    card = library.put("A card", themes=["Mentoring"])
    where = f"/archive/themes/{library.theme_id('Mentoring')}"
    assert library.post("Mo", where, {"do": "rename", "name": "Coaching"}).status_code == 302
    assert (
        library.titles("Pete", "/archive?theme=Coaching") == library.titles("Pete", "/archive?q=coaching") == ["A card"]
    )
    assert library.titles("Pete", "/archive?q=mentoring") == []
    assert "Coaching" in library.get("Pete", f"/archive/{card}").text


def test_two_themes_become_one(library: Library) -> None:
    library.put("A", themes=["Mentoring"])
    library.put("B", themes=["Mentoring", "Coaching"])
    mentoring, coaching = library.theme_id("Mentoring"), library.theme_id("Coaching")
    where = f"/archive/themes/{mentoring}"
    assert library.post("Mo", where, {"do": "merge", "into": mentoring}).status_code == 422
    assert library.post("Mo", where, {"do": "merge", "into": "guessed"}).status_code == 422
    assert library.post("Mo", where, {"do": "merge", "into": coaching}).status_code == 302
    assert listed(library) == ["Coaching"]
    assert sorted(library.titles("Pete", "/archive?theme=Coaching")) == ["A", "B"]


def test_a_theme_that_goes_leaves_its_cards(library: Library) -> None:
    library.put("A", themes=["Mentoring"])
    assert library.post("Mo", f"/archive/themes/{library.theme_id('Mentoring')}", {"do": "remove"}).status_code == 302
    assert listed(library) == []
    assert library.titles("Pete") == ["A"]
    assert library.titles("Pete", "/archive?theme=Mentoring") == []


def test_themes_of_another_organisation_do_not_exist(library: Library) -> None:
    library.put("A", themes=["Mentoring"])
    where = f"/archive/themes/{library.theme_id('Mentoring')}"
    assert library.get("Mo", where).status_code == 200
    assert library.get("Ola", where).status_code == 404
    for do in ("rename", "remove", "merge"):
        assert library.post("Ola", where, {"do": do, "name": "Theirs"}).status_code == 404
    assert listed(library) == ["Mentoring"]


def test_moderators_and_whoever_it_comes_from_choose_the_themes_of_a_card(library: Library) -> None:
    library.put("Other", themes=["Trust", "Work"])
    card = library.put("A card", owner="Gia")
    trust, work = library.theme_id("Trust"), library.theme_id("Work")
    where = f"/archive/{card}/themes"
    assert library.post("Pete", where, {"themes": trust}).status_code == 404
    assert library.post("Ola", where, {"themes": trust}).status_code == 404
    assert library.post("Mo", where, {"themes": [trust, work]}).status_code == 302
    assert sorted(library.titles("Pete", "/archive?theme=Trust")) == ["A card", "Other"]
    assert library.post("Gia", where, {"themes": [work]}).status_code == 302
    assert library.titles("Pete", "/archive?theme=Trust") == ["Other"]
    assert library.post("Mo", where, {"themes": ["guessed"]}).status_code == 422


def test_the_log_names_whose_task_it_is_and_never_whoever_a_card_comes_from(library: Library) -> None:
    library.put("Other", themes=["Trust"])
    card = library.put("A card", owner="Gia")
    for who in ("Mo", "Gia"):
        library.post(who, f"/archive/{card}/themes", {"themes": library.theme_id("Trust")})
    with library.app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.thing_id == card)).all()
    assert {entry.by_id for entry in entries} == {library.people["Mo"].id, None}


def test_themes_that_fit_the_text_are_proposed(library: Library) -> None:
    library.put("Other", themes=["Handing over", "Safety"])
    card = library.put("Handing over between shifts", context="The torque wrench lay there. A torque wrench falls.")
    page = " ".join(read(library.get("Mo", f"/archive/{card}").text).text.split())
    assert "Handing over fits the text" in page
    assert "Safety fits the text" not in page
    assert "torque, wrench" in page


def test_a_card_that_is_taken_back_while_its_theme_gets_another_name_stays_out_of_the_index(library: Library) -> None:
    card = library.put("A card", themes=["Mentoring"])
    with library.app.app_context(), Session(db.engine, expire_on_commit=False) as early:
        seen = early.get_one(Card, card)
        assert early.get(IndexedCard, card) is not None
        early.expunge(early.get_one(IndexedCard, card))
        early.commit()
        with db.writing() as session:
            withdraw(session, session.get_one(Card, card))
        put_again(early, [seen])
        early.commit()
        assert db.session.get(IndexedCard, card) is None
