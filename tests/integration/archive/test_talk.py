"""Under a card: questions, answers, how it went, and who hears of it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive import talk
from facilitator.archive.actions import withdraw
from facilitator.archive.models import Card, Follow, Remark, Trial
from facilitator.archive.remarks import reason_of
from facilitator.core.db import db
from tests.accounts_cast import mails
from tests.library import Library
from tests.pages import read, without_tokens

pytestmark = pytest.mark.either


@pytest.fixture
def library(app_for_all_on: Flask) -> Library:
    return Library(app_for_all_on)


def told(library: Library) -> list[str]:
    """Whom a mail went to, of this library."""
    names = {user.email: who for who, user in library.people.items()}
    return sorted(names[mail["To"]] for mail in mails(library.app) if mail["To"] in names)


def ask(library: Library, who: str, card: str, text: str = "Did it last?") -> str:
    answer = library.post(who, f"/archive/{card}/questions", {"text": text})
    assert answer.status_code == 302
    return str(answer.location).partition("#said-")[2]


@pytest.mark.promise("follows")
def test_who_hears_of_a_card_is_nobody_else_s_business(library: Library) -> None:
    card = library.put("A card", owner="Gia")
    before = without_tokens(library.get("Mo", f"/archive/{card}").text)
    own = without_tokens(library.get("Pete", f"/archive/{card}").text)
    assert library.post("Pete", f"/archive/{card}/follow").status_code == 302
    assert without_tokens(library.get("Pete", f"/archive/{card}").text) != own, "Pete sees that he does"
    assert without_tokens(library.get("Mo", f"/archive/{card}").text) == before


@pytest.mark.promise("talk")
def test_questions_and_answers_stand_with_names(library: Library) -> None:
    card = library.put("A card")
    question = ask(library, "Pete", card, "Did it last?\n\nReally?")
    assert library.post("Mo", f"/archive/{card}/questions/{question}", {"text": "Yes, <b>long</b>."}).status_code == 302
    page = read(library.get("Gia", f"/archive/{card}").text)
    said = [" ".join(one.text.split()) for one in page.all("article") if "remark" in one.get("class")]
    assert said[0].startswith("Pete")
    assert said[1].startswith("Mo")
    assert "Yes, <b>long</b>." in said[1], "as it was typed"
    assert library.post("Mo", f"/archive/{card}/questions/guessed", {"text": "To nothing"}).status_code == 404


def test_an_empty_question_keeps_the_page_and_says_so(library: Library) -> None:
    card = library.put("A card")
    for text in ("", "   \n ", "\0", "x" * 2001):
        answer = library.post("Pete", f"/archive/{card}/questions", {"text": text})
        assert answer.status_code == 422
    assert "x" * 2001 in answer.text, "what was typed is kept"
    assert "Keep it within 2000 characters." in answer.text


def test_one_s_own_words_may_change_and_go_and_nobody_else_s(library: Library) -> None:
    card = library.put("A card")
    question = ask(library, "Pete", card)
    where = f"/archive/{card}/said/{question}"
    for who in ("Gia", "Mo", "Ada"):
        assert library.get(who, where).status_code == 404
        assert library.post(who, where, {"text": "Put in his mouth"}).status_code == 404
    for who in ("Gia", "Mo", "Ola"):
        assert library.post(who, f"{where}/remove").status_code == 404
    assert library.post("Pete", where, {"text": "Did it last long?"}).status_code == 302
    assert "Did it last long?" in library.get("Gia", f"/archive/{card}").text
    assert library.post("Pete", f"{where}/remove").status_code == 302
    assert "Did it last" not in library.get("Gia", f"/archive/{card}").text


def test_a_question_with_answers_leaves_them_behind_and_goes_with_the_last(library: Library) -> None:
    card = library.put("A card")
    question = ask(library, "Pete", card, "Something I regret")
    answered = library.post("Mo", f"/archive/{card}/questions/{question}", {"text": "An answer"})
    answer = answered.location.partition("#said-")[2]
    library.post("Ada", f"/archive/{card}/said/{question}/remove")
    page = library.get("Gia", f"/archive/{card}").text
    assert "Something I regret" not in page
    assert "An answer" in page
    assert "This question was taken back." in page
    library.post("Mo", f"/archive/{card}/said/{answer}/remove")
    assert "This question was taken back." not in library.get("Gia", f"/archive/{card}").text


@pytest.mark.promise("talk")
def test_the_words_are_sealed_with_the_card_s_key(library: Library) -> None:
    card = library.put("A card")
    question = ask(library, "Pete", card, "kwinkelier")
    with library.app.app_context():
        body = db.session.get_one(Remark, question).body
    assert body
    assert b"kwinkelier" not in body


@pytest.mark.promise("talk")
def test_everybody_tries_once_and_may_change_their_mind(library: Library) -> None:
    card = library.put("A card")
    where = f"/archive/{card}/tried"
    assert library.post("Pete", where, {"verdict": "worked", "why": "Because we took time."}).status_code == 302
    assert library.post("Pete", where, {"verdict": "not", "why": "It did not last."}).status_code == 302
    assert library.post("Mo", where, {"verdict": "worked", "why": ""}).status_code == 302
    page = library.get("Gia", f"/archive/{card}").text
    assert "2 people tried this; it worked for 1." in " ".join(read(page).text.split())
    assert "It did not last." in page
    assert "Because we took time." not in page
    assert "Pete" not in page, "nobody's name stands with it"
    assert library.post("Pete", where, {"do": "forget"}).status_code == 302
    assert "It did not last." not in library.get("Gia", f"/archive/{card}").text
    for wrong in ({"verdict": "maybe"}, {}, {"verdict": "worked", "why": "x" * 2001}):
        assert library.post("Pete", where, wrong).status_code == 422


def test_whoever_it_comes_from_hears_of_a_question_by_the_same_mail_as_a_follower(library: Library) -> None:
    card = library.put("A card about silence", owner="Gia")
    assert library.post("Mo", f"/archive/{card}/follow").status_code == 302
    ask(library, "Pete", card, "kwinkelier")
    assert told(library) == ["Gia", "Mo"]
    texts = {}
    for mail in mails(library.app):
        for who in ("Gia", "Mo"):
            if mail["To"] == library.people[who].email:
                text = str(mail.get_payload()).replace(f"Hello {who}", "Hello")
                texts[who] = re.sub(r"quiet/\S+", "quiet/…", text)
                assert "silence" not in str(mail)
                assert "kwinkelier" not in str(mail)
    assert texts["Gia"] == texts["Mo"]
    page = library.get("Pete", f"/archive/{card}").text
    assert "Gia" not in page


def test_an_author_hears_and_whoever_asked_hears_of_the_answer_but_nobody_of_themselves(library: Library) -> None:
    card = library.put("A card", author="Ada")
    question = ask(library, "Pete", card)
    assert told(library) == ["Ada"]
    library.post("Ada", f"/archive/{card}/questions/{question}", {"text": "Yes."})
    assert told(library) == ["Ada", "Pete"]


def test_nobody_hears_of_a_card_they_may_not_read_any_more(library: Library) -> None:
    card = library.put("Ours", only_group=True, owner="Pete")
    ask(library, "Gia", card)
    assert told(library) == [], "Pete is not in the group"


@pytest.mark.promise("follows")
def test_stopping_works_by_a_link_that_names_nobody(library: Library) -> None:
    card = library.put("A card", owner="Gia")
    with library.app.app_context():
        token = talk.token_to_stop(card, library.people["Gia"].id)
    assert library.people["Gia"].id not in token
    assert card not in token
    visitor = library.app.test_client()
    assert visitor.get(f"/archive/quiet/{token}").status_code == 200
    ask(library, "Pete", card)
    assert told(library) == ["Gia"], "opening it alone stops nothing: mail programs do that"
    page = visitor.get(f"/archive/quiet/{token}").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    assert visitor.post(f"/archive/quiet/{token}", data={"csrf_token": found.group(1)}).status_code == 200
    ask(library, "Pete", card)
    assert told(library) == ["Gia"], "no second one"
    other = "A" if token[9] != "A" else "B"
    assert visitor.get(f"/archive/quiet/{token[:9]}{other}{token[10:]}").status_code == 404
    assert visitor.get("/archive/quiet/%00%ff").status_code == 404


def test_whoever_stopped_stays_stopped_until_they_ask_for_it(library: Library) -> None:
    card = library.put("A card")
    ask(library, "Pete", card)
    library.post("Pete", f"/archive/{card}/follow", {"do": "stop"})
    ask(library, "Pete", card, "And another")
    ask(library, "Mo", card)
    assert told(library) == []
    library.post("Pete", f"/archive/{card}/follow", {"do": "start"})
    ask(library, "Mo", card)
    assert told(library) == ["Pete"]


def test_who_left_the_organisation_shows_as_a_former_colleague(library: Library) -> None:
    card = library.put("A card")
    ask(library, "Gia", card)
    assert "Gia" in library.get("Pete", f"/archive/{card}").text
    with library.app.app_context(), db.writing() as session:
        gia = session.get_one(User, library.people["Gia"].id)
        remark = session.scalars(select(Remark).where(Remark.author_id == gia.id)).one()
        remark.author_id = None
    page = library.get("Pete", f"/archive/{card}").text
    assert "A former colleague" in page
    assert "Gia" not in page


def test_of_many_presses_at_once_one_trial_stands_and_none_fails(library: Library) -> None:
    card, pete = library.put("A card"), library.people["Pete"]

    def press(number: int) -> None:
        with library.app.app_context():
            talk.tell_how_it_went(pete, card, "worked", f"Reason {number}")
            talk.ask(pete, card, f"Question {number}")

    with ThreadPoolExecutor(6) as many:
        list(many.map(press, range(12)))
    with library.app.app_context():
        trials = db.session.scalars(select(Trial).where(Trial.card_id == card)).all()
        assert [reason_of(trial)[:6] for trial in trials] == ["Reason"]
        assert len(db.session.scalars(select(Remark).where(Remark.card_id == card)).all()) == 12


def test_whoever_stops_hearing_of_a_card_that_was_taken_back_leaves_no_trace_there(library: Library) -> None:
    card, pete = library.put("A card"), library.people["Pete"]
    ask(library, "Pete", card)
    with library.app.app_context():
        assert db.session.get(Follow, (card, pete.id)) is not None
        with db.writing() as session:
            withdraw(session, session.get_one(Card, card))
        talk.stop_following(pete.id, card)
        assert db.session.get(Follow, (card, pete.id)) is None
