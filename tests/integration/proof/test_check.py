"""Checking a number: genuine, replaced or not known – and nothing else, however one asks."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from facilitator.core.codes import in_groups
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.proof import store
from facilitator.proof.models import Attendance, Certificate
from facilitator.proof.numbers import new_number
from tests.cast import Cast, Meeting
from tests.pages import read
from tests.proof import confirm, describe, held

NAMES = ("Pete", "Mulder", "Gia", "Mo", "North", "Room 3", "50", "peer")


@pytest.fixture
def numbers(cast: Cast) -> dict[str, str]:
    """One of each kind."""
    meeting = held(cast)
    confirm(meeting)
    replaced = fetch(meeting)
    describe(meeting, meeting.pete, name="Pete Mulder")
    return {"genuine": fetch(meeting), "replaced": replaced, "unknown": new_number()}


def fetch(meeting: Meeting) -> str:
    """Pete's number."""
    assert meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/proof.pdf").status_code == 200
    with meeting.app.app_context():
        pete = Attendance.seat_mark == store.mark("seat", meeting.pete.seat_id)
        holds = select(Certificate.number).join(Attendance, Attendance.id == Certificate.attendance_id)
        number = db.session.scalar(holds.where(pete, Certificate.is_replaced.is_(False)))
    assert number
    return number


def page_of(cast: Cast, number: str) -> str:
    client = cast.app.test_client()
    client.set_cookie("lang", "en")
    answer = client.get(f"/proof/{number}")
    assert answer.status_code == 200
    return answer.text


def sentence(page: str) -> str:
    return read(page).one("p", id="answer").text


@pytest.mark.promise("checking-a-number")
def test_each_answer_is_one_sentence(cast: Cast, numbers: dict[str, str]) -> None:
    assert re.fullmatch(r"Genuine\. Issued on \w+ \d+, \d{4}\.", sentence(page_of(cast, numbers["genuine"])))
    assert sentence(page_of(cast, numbers["replaced"])) == "Replaced. There is a newer document."
    assert sentence(page_of(cast, numbers["unknown"])) == "Not known. Look whether you typed it right."


def test_the_answers_differ_in_nothing_else(cast: Cast, numbers: dict[str, str]) -> None:
    shapes = set()
    for number in numbers.values():
        page = page_of(cast, number)
        plain = page.replace(sentence(page), "SENTENCE").replace(in_groups(number), "NUMBER")
        plain = re.sub(r'value="[^"]*"|notice is-\w+|<svg.*?</svg>', "", plain, flags=re.DOTALL)
        shapes.add(" ".join(plain.split()).replace(number, "NUMBER"))
    assert len(shapes) == 1


@pytest.mark.promise("checking-a-number")
def test_it_says_nothing_of_anybody(cast: Cast, numbers: dict[str, str]) -> None:
    text = read(page_of(cast, numbers["genuine"])).one("main").text.replace(in_groups(numbers["genuine"]), "")
    for name in NAMES:
        assert not re.search(rf"\b{name}\b", text), name


@pytest.mark.parametrize("number", ["%20", "a", "0000-0000-0000", "x" * 200, "%E2%9C%93", "K7QM-2P9X-4T6W;drop"])
def test_anything_else_is_not_known(cast: Cast, number: str) -> None:
    assert sentence(page_of(cast, number)).startswith("Not known")


def test_a_number_is_found_as_people_type_it(cast: Cast, numbers: dict[str, str]) -> None:
    typed = f" {in_groups(numbers['genuine']).lower().replace('-', ' ')} "
    client = cast.app.test_client()
    client.set_cookie("lang", "en")
    form = read(client.get("/proof").text).one("main").one("form")
    token = form.one("input", name="csrf_token")["value"]
    answer = client.post("/proof", data={"csrf_token": token, "number": typed})
    assert answer.location == f"/proof/{in_groups(numbers['genuine'])}"
    empty = client.post("/proof", data={"csrf_token": token, "number": ""})
    assert empty.status_code == 422
    assert "Type the number that is on the paper." in empty.text


@pytest.mark.promise("checking-a-number")
def test_guessing_is_slow(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    client = cast.app.test_client()
    statuses = [client.get(f"/proof/{new_number()}").status_code for _ in range(31)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
