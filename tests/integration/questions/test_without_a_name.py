"""A question without a name leads nobody to whoever asked: not by a page, a mail, the log, the order, a time, or a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import DateTime, select

from facilitator.core.db import db
from facilitator.migrations.tables import metadata
from facilitator.questions.actions import AT_LEAST, opening_day
from facilitator.questions.models import Question
from tests.accounts_cast import mails
from tests.colleagues import Colleagues
from tests.pages import without_tokens

pytestmark = pytest.mark.either
PAGES = (
    *("/questions", "/questions?show=unanswered", "/questions?show=mine", "{question}", "/mine", "/groups", "/archive"),
    *("/organisation/log", "/organisation"),
)


@pytest.fixture
def colleagues(app_for_all_on: Flask) -> Colleagues:
    return Colleagues(app_for_all_on)


def rows(app: Flask) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Everything in the database of texts."""
    with app.app_context():
        for table in metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                yield table.name, tuple(row)


@pytest.mark.promise("question-without-a-name")
def test_asking_writes_no_row_that_leads_to_somebody_and_no_time(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete")
    pete = colleagues.people["Pete"].id
    with colleagues.app.app_context():
        assert db.session.get_one(Question, where.rpartition("/")[2]).author_id == pete, "with a name it does"
    before = set(rows(colleagues.app))
    colleagues.ask("Pete", "How do I say no to a foreman?", name="anonymous")
    fresh = set(rows(colleagues.app)) - before
    assert {name for name, _ in fresh} == {"questions", "question_terms"}
    assert not [row for _, row in fresh if pete in row]
    assert not [value for _, row in fresh for value in row if isinstance(value, datetime)], "days, and no times"
    assert not [column for column in metadata.tables["questions"].columns if isinstance(column.type, DateTime)]


@pytest.mark.promise("question-without-a-name")
def test_nobody_is_told_anything_that_differs_by_who_asked(colleagues: Colleagues) -> None:
    """The same question of Pete, of Gia, of the moderator and of the administrator looks the same to everybody else."""
    seen: dict[str, dict[str, dict[str, str]]] = {}
    for asker in ("Pete", "Gia", "Mo", "Ada"):
        where = colleagues.ask_without_a_name(asker, "How do I say no to a foreman?")
        assert "How do I say no" in colleagues.text(asker, "/questions?show=mine"), "on their own device"
        seen[asker] = {who: dict(looks(colleagues, who, where)) for who in ("Pete", "Gia", "Mo", "Ada") if who != asker}
        assert "How do I say no" in seen[asker]["Mo" if asker != "Mo" else "Pete"]["/questions"]
        assert not [mail for mail in mails(colleagues.app) if "foreman" in str(mail)]
        assert colleagues.post(asker, f"{where}/remove").status_code == 302
        assert "The question and its answers are gone." in colleagues.text(asker, "/questions"), "told to who did it"
    for who in ("Pete", "Gia", "Mo", "Ada"):
        theirs = [pages[who] for asker, pages in seen.items() if asker != who]
        assert len(theirs) == 3
        for page in theirs[0]:
            assert len({one[page] for one in theirs}) == 1, f"{who} at {page}"


def looks(colleagues: Colleagues, who: str, where: str) -> Iterator[tuple[str, str]]:
    """What somebody finds on each page, ids of questions left out."""
    for page in PAGES:
        answer = colleagues.get(who, page.format(question=where))
        yield page, f"{answer.status_code} {without_tokens(answer.text).replace(where.rpartition('/')[2], '…')}"


@pytest.mark.promise("question-without-a-name")
def test_it_opens_on_another_day_and_until_then_stands_on_its_device_only(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "How do I say no to a foreman?", name="anonymous")
    assert "How do I say no" in colleagues.text("Pete", where)
    for who in ("Gia", "Mo", "Ada"):
        assert colleagues.get(who, where).status_code == 404
        assert "How do I say no" not in colleagues.text(who, "/questions") + colleagues.text(
            who, "/questions?show=unanswered"
        )
        assert colleagues.post(who, f"{where}/answers", {"text": "Too early"}).status_code == 404
    assert "How do I say no" not in colleagues.text("Pete", "/questions"), "a list that somebody may be looking at, too"
    colleagues.open(where)
    assert "How do I say no" in colleagues.text("Gia", "/questions")
    for hour in range(48):
        asked = datetime(2027, 3, 1, hour % 24, 59, tzinfo=UTC)
        opens = datetime.combine(opening_day(asked, is_anonymous=True), datetime.min.time(), UTC)
        assert AT_LEAST <= opens - asked < AT_LEAST + timedelta(days=1)


@pytest.mark.promise("question-without-a-name")
def test_only_the_device_and_the_account_together_know_that_it_is_theirs(colleagues: Colleagues) -> None:
    where = colleagues.ask_without_a_name("Pete")
    answer = colleagues.answer("Gia", where)
    assert [mail["To"] for mail in mails(colleagues.app) if mail["To"] == colleagues.people["Pete"].email] == []
    assert colleagues.post("Pete", f"{answer}/worked").status_code == 302
    assert colleagues.post("Pete", f"{where}/edit", {"title": "How do I say no?"}).status_code == 302
    cookie = colleagues.client("Pete").get_cookie("asked")
    assert cookie is not None
    assert re.fullmatch(r"[\w-]{32}", cookie.value), "chance, and nothing else"
    with colleagues.app.app_context():
        assert cookie.value not in str(db.session.get_one(Question, where.rpartition("/")[2]).asker_hash)
    colleagues.client("Mo").set_cookie("asked", cookie.value)
    assert colleagues.get("Mo", f"{where}/edit").status_code == 404, "another account with the same browser"
    colleagues.client("Pete").delete_cookie("asked")
    assert colleagues.get("Pete", f"{where}/edit").status_code == 404, "the account without the device"
    assert colleagues.text("Pete", "/questions?show=mine").count("How do I say no?") == 0


@pytest.mark.promise("question-without-a-name", "own-data")
def test_the_file_about_oneself_has_what_one_asked_by_name_and_nothing_else(colleagues: Colleagues) -> None:
    colleagues.ask("Pete", "Who lends me a tester?")
    colleagues.ask_without_a_name("Pete", "How do I say no to a foreman?")
    where = colleagues.ask("Gia", "Which grease is it?")
    colleagues.post("Mo", f"{colleagues.answer('Pete', where, 'The blue one')}/helped")
    told = colleagues.get("Pete", "/account/data.json").get_json()
    assert [one["title"] for one in told["asked_colleagues"]] == ["Who lends me a tester?"]
    assert [one["text"] for one in told["answered_colleagues"]] == ["The blue one"]
    assert "foreman" not in str(told)
    assert "grease" not in str(told), "the words of somebody else"
    assert len(colleagues.get("Mo", "/account/data.json").get_json()["account"]["helped_by_answers"]) == 1


def test_within_a_day_the_order_of_a_list_is_chance(colleagues: Colleagues) -> None:
    asked = [colleagues.ask_without_a_name("Pete", f"Question {number}?").rpartition("/")[2] for number in range(12)]
    listed = re.findall(r'class="card-link"\s+href="/questions/(\w+)"', colleagues.get("Gia", "/questions").text)
    assert set(asked) <= set(listed)
    assert [one for one in listed if one in asked] == sorted(asked), "by ids of chance"


@pytest.mark.promise("question-without-a-name")
def test_nobody_answers_before_it_opens_because_only_whoever_asked_could(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", name="anonymous")
    assert colleagues.post("Pete", f"{where}/answers", {"text": "I mean the one at the gate"}).status_code == 404
    colleagues.open(where)
    assert "at the gate" not in colleagues.text("Gia", where)
    assert colleagues.post("Pete", f"{where}/answers", {"text": "I mean the one at the gate"}).status_code == 302
