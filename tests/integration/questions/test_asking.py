"""A question to the organisation, what colleagues answer, what helped and what worked."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.questions.models import Answer, Question
from tests.accounts_cast import mails
from tests.colleagues import Colleagues
from tests.pages import read

pytestmark = pytest.mark.either


@pytest.fixture
def colleagues(app_for_all_on: Flask) -> Colleagues:
    return Colleagues(app_for_all_on)


@pytest.mark.promise("who-was-helped")
def test_pete_asks_gia_answers_it_helps_mo_and_pete_says_that_it_worked(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who lends me a tester?", text="Ours is away until May.")
    assert "Who lends me a tester?" in colleagues.text("Gia", "/questions")
    assert "Waits for an answer" in colleagues.text("Gia", "/questions?show=unanswered")
    answer = colleagues.answer("Gia", where, "The shop at the gate <b>has</b> two.")
    assert "Who lends me a tester?" not in colleagues.text("Gia", "/questions?show=unanswered")
    later = colleagues.answer("Ada", where, "Buy one.")
    assert colleagues.post("Mo", f"{answer}/helped").status_code == 302
    page = colleagues.text("Pete", where)
    assert "It helped 1 colleague" in page
    assert "Mo" not in page, "and not whom"
    assert colleagues.post("Pete", f"{later}/worked").status_code == 302
    page = colleagues.text("Mo", where)
    assert page.index("Buy one.") < page.index("The shop at the gate <b>has</b> two."), "what worked stands first"
    assert "Pete" in page
    assert "Solved" in colleagues.text("Mo", "/questions")
    assert colleagues.post("Mo", f"{answer}/helped", {"do": "stop"}).status_code == 302
    assert "It helped" not in colleagues.text("Pete", where)


def test_what_was_typed_is_kept_where_something_is_missing(colleagues: Colleagues) -> None:
    answer = colleagues.post("Pete", "/questions/new", {"title": " ", "text": "kept words", "name": "anonymous"})
    assert answer.status_code == 422
    assert "Ask your question in one sentence." in answer.text
    assert "kept words" in answer.text
    for wrong in (
        {"title": "x" * 201, "name": "named"},
        {"title": "Why?", "name": "else"},
        {"title": "Why?", "text": "x" * 2001},
    ):
        assert colleagues.post("Pete", "/questions/new", wrong).status_code == 422
    where = colleagues.ask("Pete")
    for text in ("", " \n", "x" * 2001):
        assert colleagues.post("Gia", f"{where}/answers", {"text": text}).status_code == 422


def test_only_who_asked_changes_a_question_and_says_what_worked(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete")
    answer = colleagues.answer("Gia", where)
    for who in ("Gia", "Mo", "Ada"):
        assert colleagues.get(who, f"{where}/edit").status_code == 404
        assert colleagues.post(who, f"{where}/edit", {"title": "Put in his mouth"}).status_code == 404
        assert colleagues.post(who, f"{answer}/worked").status_code == 404
    assert colleagues.post("Gia", f"{answer}/helped").status_code == 404, "nobody praises their own"
    assert colleagues.post("Pete", f"{where}/edit", {"title": "Who has a tester?"}).status_code == 302
    assert "changed" in colleagues.text("Gia", where)
    for who in ("Pete", "Mo", "Ada"):
        assert colleagues.get(who, answer).status_code == 404
        assert colleagues.post(who, answer, {"text": "Put in her mouth"}).status_code == 404
    assert colleagues.post("Gia", answer, {"text": "Ask in the shed"}).status_code == 302
    assert "Ask in the shed" in colleagues.text("Pete", where)


def test_whoever_is_elsewhere_finds_nothing(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete")
    answer = colleagues.answer("Gia", where)
    assert "Who lends" not in colleagues.text("Ola", "/questions")
    assert colleagues.get("Ola", where).status_code == 404
    for address in (f"{where}/answers", f"{where}/remove", f"{answer}/helped", f"{answer}/remove"):
        assert colleagues.post("Ola", address, {"text": "From elsewhere"}).status_code == 404
    assert "From elsewhere" not in colleagues.text("Pete", where)


def test_an_answer_is_of_its_own_question_only(colleagues: Colleagues) -> None:
    one, other = colleagues.ask("Pete"), colleagues.ask("Gia", "Another one?")
    answer = colleagues.answer("Mo", one).rpartition("/")[2]
    assert colleagues.post("Pete", f"{other}/answers/{answer}/helped").status_code == 404


@pytest.mark.promise("questions-sealed")
def test_words_are_sealed_and_taking_a_question_back_leaves_no_key(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who knows the kwinkelier?")
    colleagues.answer("Gia", where, "Nobody knows the kwinkelier.")
    question_id = where.rpartition("/")[2]
    with colleagues.app.app_context():
        question = db.session.get_one(Question, question_id)
        answer = db.session.scalars(select(Answer).where(Answer.question_id == question_id)).one()
        assert b"kwinkelier" not in question.body + answer.body
        assert sealing.keyring().holds(question_id)
    for who in ("Gia", "Mo", "Ola"):
        assert colleagues.post(who, f"{where}/remove").status_code == 404
    assert colleagues.post("Pete", f"{where}/remove").status_code == 302
    assert colleagues.get("Gia", where).status_code == 404
    with colleagues.app.app_context():
        assert db.session.get(Question, question_id) is None
        assert db.session.scalars(select(Answer).where(Answer.question_id == question_id)).all() == []
        assert sealing.keyring().is_destroyed(question_id)


def test_whoever_asked_by_name_hears_of_answers_of_others_without_a_word_of_them(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who knows the kwinkelier?")
    colleagues.answer("Pete", where, "I found it myself")
    assert told(colleagues) == []
    colleagues.answer("Gia", where, "Nobody knows the kwinkelier.")
    assert told(colleagues) == ["Pete"]
    (mail,) = [mail for mail in mails(colleagues.app) if mail["To"] == colleagues.people["Pete"].email]
    assert where in mail.get_content()
    assert "kwinkelier" not in str(mail)
    assert "Gia" not in str(mail)


def told(colleagues: Colleagues) -> list[str]:
    """Whom mails went to, of these people."""
    names = {user.email: who for who, user in colleagues.people.items()}
    return sorted(names[mail["To"]] for mail in mails(colleagues.app) if mail["To"] in names)


def test_who_left_the_organisation_shows_as_a_former_colleague(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete")
    assert "Pete" in colleagues.text("Gia", where)
    with colleagues.app.app_context(), db.writing() as session:
        session.get_one(Question, where.rpartition("/")[2]).author_id = None
    assert "A former colleague" in colleagues.text("Gia", where)


def test_what_was_typed_is_not_lost_where_the_question_was_taken_back_meanwhile(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete")
    said = colleagues.answer("Gia", where)
    colleagues.post("Pete", f"{where}/remove")
    for path in (f"{where}/answers", said, f"{where}/edit", f"{where}/report"):
        page = colleagues.post("Gia", path, {"text": "Ask at the second gate", "why": "It names the shift"})
        assert page.status_code == 404
        assert [kept.text.strip() for kept in read(page.text).all("textarea")] == [
            "Ask at the second gate",
            "It names the shift",
        ]


def test_an_id_that_no_database_knows_is_not_there(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete")
    for odd in ("\0", "x" * 5000, "'; --", "\u202e"):
        assert colleagues.post("Gia", f"{where}/report?{urlencode({'answer': odd})}", {"why": "x"}).status_code == 404
        assert colleagues.post("Ada", f"{where}/put-back", {"answer": odd}).status_code == 404
