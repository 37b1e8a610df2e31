"""Hours by the year of a register: set by an organisation or a person, and read by everybody for themselves alone."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from facilitator.accounts.models import ADMINISTRATOR, Role, User
from facilitator.core.db import db
from facilitator.core.spreadsheets import KINDS
from facilitator.retention.own_data import of_account
from tests.cast import Cast, account
from tests.contract.everybody import signed_in
from tests.documents import cells_of, pdf_text
from tests.integration.proof.test_overview import connect, earlier
from tests.pages import read
from tests.proof import confirm, held, send

NEW = "/proof/registers/new"


@pytest.fixture
def ada(cast: Cast) -> User:
    """Ada was there for forty minutes in three meetings of seven people: twice this year and once in the last."""
    user = account(cast.app, "Ada", cast.organisation)
    for days in (0, 40, 400):
        meeting = earlier(held(cast), days)
        connect(meeting, "Ada", user)
        confirm(meeting)
    return user


@pytest.fixture
def client(cast: Cast, ada: User) -> FlaskClient:
    return signed_in(cast.app, ada)


def administrator(cast: Cast) -> FlaskClient:
    user = account(cast.app, "Ann", cast.organisation)
    with cast.app.app_context(), db.writing() as session:
        session.get_one(User, user.id).roles = [session.get_one(Role, ADMINISTRATOR)]
    return signed_in(cast.app, user)


def add(client: FlaskClient, name: str = "Guild", **changed: str) -> str:
    """Adds a register; gives its address."""
    answer = send(client, NEW, name=name, **changed)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_year_says_what_is_reached_taken_along_and_to_go(client: FlaskClient) -> None:
    here = add(client, hours="1", along="2", smallest="2")
    this_year, last_year = read(client.get(here).text).one("main").all("dl")
    assert this_year.text == (
        "Asked for 1 hour Reached in this year 1 hour 20 minutes Still to go 0 minutes Goes along to the next year 20 minutes"
    )
    assert last_year.text == "Asked for 1 hour Reached in this year 40 minutes Short 20 minutes"
    assert "All hours of this year are there." in client.get(here).text


def test_what_does_not_count_is_there_with_the_reason(client: FlaskClient) -> None:
    page = read(client.get(add(client, hours="1", smallest="9")).text).one("main").text
    assert "What does not count: 2 sessions" in page
    assert "The group was too small: 7 people took part." in page
    assert "Reached in this year 0 minutes" in page


def test_every_file_has_the_same_figures(client: FlaskClient) -> None:
    here = add(client, hours="2", month="9", day="1", along="1")
    page = read(client.get(here).text).one("main")
    assert "September 1, 2026 to August 31, 2027" in page.text
    offered = {link["href"] for link in page.all("a")}
    assert {f"{here}.pdf", *(f"{here}.{ending}" for ending in KINDS)} <= offered
    rows = list(csv.reader(io.StringIO(client.get(f"{here}.csv").text.removeprefix("\ufeff")), strict=True))
    minutes = rows[0].index("Net minutes")
    told = [(row[1], row[minutes]) for row in rows if row[0].startswith("September 1, 2026")]
    assert told[:3] == [("Asked for", "120"), ("Reached in this year", "80"), ("Still to go", "40")]
    assert sum(int(row[minutes]) for row in rows if row[minutes + 2] == "yes") == 120
    assert [row[: minutes + 1] for row in cells_of(client.get(f"{here}.xlsx").data)] == [
        row[: minutes + 1] for row in rows
    ]
    paper = pdf_text(client.get(f"{here}.pdf").data)
    for words in ("Ada", "Guild", "2 hours a year", "1 hour 20 minutes", "Still to go"):
        assert words in paper
    assert "recogni" not in paper.lower(), "nothing says what this is worth to a register"


def test_a_new_one_is_empty_and_says_what_to_do(cast: Cast) -> None:
    bob = signed_in(cast.app, account(cast.app, "Bob", cast.organisation))
    assert "No register yet" in bob.get("/proof/registers").text
    page = read(bob.get(add(bob, hours="40")).text).one("main").text
    assert "Still to go 40 hours" in page
    assert "Nothing counts in this year yet." in page


@pytest.mark.promise("hours-for-registers")
def test_an_organisation_s_register_is_everybody_s_to_read_and_its_administrators_to_change(
    cast: Cast, client: FlaskClient
) -> None:
    ann = administrator(cast)
    here = add(ann, "Guild of welders", hours="10", is_for_all="y")
    assert "Reached in this year 1 hour 20 minutes" in read(client.get(here).text).one("main").text
    assert "Reached in this year 0 minutes" in read(ann.get(here).text).one("main").text, "her own, and not Ada's"
    assert client.get(f"{here}/edit").status_code == 404
    token = sent_token(client)
    assert client.post(f"{here}/remove", data={"csrf_token": token}).status_code == 404
    assert client.post(NEW, data={"csrf_token": token, **FILLED, "is_for_all": "y"}).status_code == 403
    assert send(ann, f"{here}/edit", hours="12").status_code == 302
    assert "12 hours a year" in client.get("/proof/registers").text
    stranger = signed_in(cast.app, account(cast.app, "Ola", f"Elders {cast.organisation}"))
    for path in (here, f"{here}.pdf", f"{here}.csv", f"{here}/edit"):
        assert stranger.get(path).status_code == 404
    assert ann.post(f"{here}/remove", data={"csrf_token": sent_token(ann)}).status_code == 302
    assert client.get(here).status_code == 404


@pytest.mark.promise("hours-for-registers")
def test_one_s_own_register_is_nobody_else_s_and_in_her_own_data(cast: Cast, ada: User, client: FlaskClient) -> None:
    here = add(client, "Only Ada's", hours="10")
    for other in (administrator(cast), signed_in(cast.app, account(cast.app, "Bob", cast.organisation))):
        assert "Only Ada's" not in other.get("/proof/registers").text
        assert other.get(here).status_code == 404
        assert other.post(f"{here}/remove", data={"csrf_token": sent_token(other)}).status_code == 404
    with cast.app.app_context():
        told = of_account(db.session.get_one(User, ada.id))["account"]
        assert isinstance(told, dict)
        assert told["registers"] == [
            {
                "name": "Only Ada's",
                "hours": 10,
                "begins": [1, 1],
                "along": 0,
                "smallest_group": 1,
                "everybody_confirms": False,
            }
        ]


FILLED = {"name": "Guild", "hours": "10", "month": "1", "day": "1", "along": "0", "smallest": "1"}


def sent_token(client: FlaskClient) -> str:
    return read(client.get(NEW).text).all("input", name="csrf_token")[-1]["value"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Fill in what the register is called."),
        ("hours", "0", "Fill in a whole number from 1 to 999."),
        ("hours", "ten", "Fill in a whole number from 1 to 999."),
        ("hours", "9" * 400, "Fill in a whole number."),
        ("along", "-1", "Fill in a whole number from 0 to 999."),
        ("smallest", "", "Fill in a whole number from 1 to 99."),
        ("month", "13", "Choose one of the answers."),
        ("day", "31", "This month has no such day."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast: Cast, field: str, value: str, sentence: str) -> None:
    bob = signed_in(cast.app, account(cast.app, "Bob", cast.organisation))
    sent = {"name": "Guild of weldérs", "hours": "17", "month": "4"} | {field: value}
    answer = send(bob, NEW, **sent)
    assert answer.status_code == 422
    assert sentence in read(answer.text).text
    if field != "name":
        assert 'value="Guild of weldérs"' in answer.text
    assert "No register yet" in bob.get("/proof/registers").text
