"""What is like a question, what becomes a card, and what is covered because it tells who somebody is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive import store
from facilitator.archive.models import Card
from facilitator.core.db import db
from facilitator.migrations.tables import metadata
from facilitator.questions import to_card
from facilitator.questions.models import QuestionTerm
from facilitator.questions.rules import Colleague
from facilitator.questions.similar import index_all
from tests.accounts_cast import mails
from tests.colleagues import Colleagues
from tests.pages import read

pytestmark = pytest.mark.either


@pytest.fixture
def colleagues(app_for_all_on: Flask) -> Colleagues:
    return Colleagues(app_for_all_on)


def typed(colleagues: Colleagues, who: str, title: str, text: str = "") -> str:
    """What is shown beside what somebody types."""
    answer = colleagues.post(who, "/questions/new/similar", {"title": title, "text": text})
    assert answer.status_code == 200
    return " ".join(read(answer.text).text.split())


@pytest.mark.promise("typing-a-question")
def test_while_typing_questions_and_cards_that_are_alike_are_shown_and_nothing_is_stored(
    colleagues: Colleagues,
) -> None:
    colleagues.ask("Pete", "How do I bleed the pump after maintenance?")
    colleagues.ask("Pete", "Who lends me a tester?")
    colleagues.put("Bleeding a pump", question="How do you bleed a pump?")
    colleagues.put("Only for the group: a pump", only_group=True)
    with colleagues.app.app_context():
        before = {t.name: len(db.session.execute(select(t)).all()) for t in metadata.sorted_tables}
    found = typed(colleagues, "Mo", "Bleeding pumps, how?")
    assert "How do I bleed the pump after maintenance?" in found
    assert "Bleeding a pump" in found
    assert "tester" not in found
    assert "Only for the group" not in found
    assert typed(colleagues, "Ola", "Bleeding pumps, how?") == ""
    assert typed(colleagues, "Mo", " ") == typed(colleagues, "Mo", "\0🎺") == ""
    with colleagues.app.app_context():
        assert before == {t.name: len(db.session.execute(select(t)).all()) for t in metadata.sorted_tables}
    assert "How do I bleed" in colleagues.text("Mo", "/questions?q=pump")
    assert "Nothing found" in colleagues.text("Mo", "/questions?q=kwinkelier")


def test_what_is_to_come_is_not_alike_for_anybody_and_what_changed_is_found_by_its_new_words(
    colleagues: Colleagues,
) -> None:
    where = colleagues.ask("Pete", "How do I talk to a foreman?", name="anonymous")
    assert typed(colleagues, "Mo", "foreman") == ""
    colleagues.open(where)
    assert "How do I talk to a foreman?" in typed(colleagues, "Mo", "foreman")
    colleagues.post("Pete", f"{where}/edit", {"title": "How do I talk to a supervisor?"})
    assert typed(colleagues, "Mo", "foreman") == ""
    with colleagues.app.app_context():
        terms = set(db.session.scalars(select(QuestionTerm.term)))
        assert not any(b"supervisor" in term for term in terms), "no word, only hashes"
        with db.writing() as session:
            for row in session.scalars(select(QuestionTerm)):
                session.delete(row)
        assert index_all() >= 1
    assert "How do I talk to a supervisor?" in typed(colleagues, "Mo", "supervisor")


@pytest.mark.promise("question-becomes-a-card")
def test_an_answered_question_becomes_a_card_without_names_by_one_press(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who knows the pump?", text="Gia said no.", themes=[theme(colleagues, "Pumps")])
    assert colleagues.get("Pete", f"{where}/card").status_code == 404, "nobody answered yet"
    colleagues.answer("Mo", where, "Look in the book.")
    worked = colleagues.answer("Gia", where, "Mo told me: turn the valve first.")
    colleagues.post("Pete", f"{worked}/worked")
    form = read(colleagues.get("Ada", f"{where}/card").text)
    filled = {f.get("name"): f.get("value") or f.text.strip() for tag in ("input", "textarea") for f in form.all(tag)}
    filled = {name: value for name, value in filled.items() if name not in ("csrf_token", "next", "is_sure")}
    assert filled["title"] == "Who knows the pump?"
    assert "turn the valve first." in filled["summary"]
    assert "Look in the book" not in filled["summary"], "what worked, and nothing else"
    assert "Mo" not in filled["summary"]
    assert "Gia" not in filled["question"]
    made = colleagues.post("Ada", f"{where}/card", filled)
    assert made.status_code == 302, made.text
    assert made.location.startswith("/archive/")
    page = colleagues.text("Pete", made.location)
    assert "turn the valve first." in page
    assert "Pumps" in page
    assert made.location.rpartition("/")[2] in colleagues.get("Gia", where).text, "it leads to its card"
    assert where not in colleagues.get("Gia", made.location).text, "and the card not to its question"
    assert colleagues.post("Pete", f"{where}/card", filled).location == made.location, "once"
    with colleagues.app.app_context():
        row = db.session.get_one(Card, made.location.rpartition("/")[2])
        assert store.content_of(row).summary == filled["summary"]


def test_of_two_who_make_a_card_at_once_one_card_is_left(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who knows the pump?")
    question_id = where.rpartition("/")[2]

    def press(who: str) -> str:
        with colleagues.app.app_context():
            user = db.session.get_one(User, colleagues.people[who].id)
            return to_card.publish(Colleague(user), question_id, to_card.Draft("The pump", "", "Turn the valve."))

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(press, ("Gia", "Mo")))) == 1
    assert colleagues.titles("Mo") == ["The pump"]


@pytest.mark.promise("question-becomes-a-card")
def test_a_name_that_is_typed_all_the_same_is_asked_about_first(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who knows the pump?")
    colleagues.answer("Gia", where, "Turn the valve first.")
    send = {"title": "The pump", "summary": "Ask Gia about the valve."}
    refused = colleagues.post("Pete", f"{where}/card", send)
    assert refused.status_code == 422
    assert "These words may tell who or where it was:" in refused.text
    assert "Ask Gia about the valve." in refused.text, "what was typed is kept"
    assert colleagues.titles("Mo") == []
    assert colleagues.post("Pete", f"{where}/card", {**send, "is_sure": "y"}).status_code == 302
    assert colleagues.titles("Mo") == ["The pump"]


@pytest.mark.promise("reporting")
def test_what_tells_who_somebody_is_is_covered_at_once_and_an_administrator_looks(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who knows the kwinkelier of hall 3?")
    other = colleagues.ask("Gia", "Which grease is it?")
    answer = colleagues.answer("Mo", other, "Ask the kwinkelier.")
    assert "kwinkelier" in colleagues.text("Gia", "/questions")
    assert colleagues.post("Gia", f"{where}/report", {"why": "There is only one"}).status_code == 302
    assert colleagues.post("Gia", f"{other}/report?answer={answer.rpartition('/')[2]}", {}).status_code == 302
    for who in ("Gia", "Mo"):
        assert colleagues.get(who, where).status_code == 404
        assert "kwinkelier" not in colleagues.text(who, "/questions") + typed(colleagues, who, "kwinkelier hall")
    assert "kwinkelier" not in colleagues.text("Pete", other)
    assert "kwinkelier" in colleagues.text("Mo", other), "his own words"
    assert "kwinkelier" in colleagues.text("Pete", where)
    for who in ("Gia", "Mo", "Pete"):
        assert colleagues.get(who, "/questions/reported").status_code == 403
        assert colleagues.post(who, f"{where}/put-back").status_code == 403
    assert "kwinkelier" not in colleagues.text("Ola", "/questions/reported")
    listed = colleagues.text("Ada", "/questions/reported")
    assert "There is only one" in listed
    assert "Gia" not in listed, "who reported it is not kept"
    told = [mail for mail in mails(colleagues.app) if mail["To"] == colleagues.people["Ada"].email]
    assert told
    assert not [mail for mail in told if "kwinkelier" in str(mail)]
    assert colleagues.post("Ada", f"{where}/put-back").status_code == 302
    assert "kwinkelier" in colleagues.text("Gia", where)
    colleagues.post("Gia", f"{where}/report", {})
    assert "kwinkelier" in colleagues.text("Mo", where), "an administrator has looked already"
    assert colleagues.post("Ada", f"{where}/remove").status_code == 302
    assert colleagues.post("Ada", f"{answer}/remove").status_code == 302
    assert "Nothing was reported" in colleagues.text("Ada", "/questions/reported")
    assert "question: erased" in colleagues.text("Ada", "/organisation/log")


def theme(colleagues: Colleagues, name: str) -> str:
    """A theme of the list, made where it is not there."""
    if not colleagues.theme_id(name):
        assert colleagues.post("Mo", "/archive/themes", {"name": name}).status_code == 302
    return colleagues.theme_id(name)
