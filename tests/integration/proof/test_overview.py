"""Sessions and hours over time, for whoever is signed in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from facilitator.accounts.models import User
from facilitator.core.db import db, now
from facilitator.core.spreadsheets import KINDS
from facilitator.groups.models import Member
from facilitator.meetings import models
from facilitator.proof.models import Attendance
from tests.accounts_cast import post
from tests.cast import Cast, Meeting, account
from tests.contract.everybody import signed_in
from tests.documents import cells_of
from tests.houses import empty_house, settings_in
from tests.pages import read
from tests.proof import confirm, held


def earlier(meeting: Meeting, days: int) -> Meeting:
    """The same meeting, so many days earlier."""
    by = timedelta(days=days)
    with meeting.app.app_context(), db.writing() as session:
        seats = list(session.scalars(select(models.Seat).where(models.Seat.meeting_id == meeting.id)))
        for seat in seats:
            seat.joined_at -= by
        of_seats = models.Presence.seat_id.in_([seat.id for seat in seats])
        for stay in session.scalars(select(models.Presence).where(of_seats)):
            stay.came_at, stay.went_at = stay.came_at - by, stay.went_at and stay.went_at - by
        for move in session.scalars(select(models.Transition).where(models.Transition.meeting_id == meeting.id)):
            move.at = move.at and move.at - by
    return meeting


def connect(meeting: Meeting, name: str, user: User) -> None:
    with meeting.app.app_context(), db.writing() as session:
        session.execute(update(models.Seat).where(models.Seat.id == meeting[name].seat_id).values(user_id=user.id))


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cast, User]]:
    """Ada's account: she came ten minutes late three times, in two years, and was absent once. In a house of their own,
    where nobody changes it.
    """
    with empty_house(settings_in(tmp_path_factory.mktemp("years"))) as house:
        yield years_of_ada(Cast(house, organisation="Ada's"))


def years_of_ada(cast: Cast) -> tuple[Cast, User]:
    user = account(cast.app, "Ada", cast.organisation)
    for days in (0, 40, 400):
        meeting = earlier(held(cast), days)
        connect(meeting, "Ada", user)
        confirm(meeting)
    absent = held(cast)
    connect(absent, "Ada", user)
    confirm(absent, **{f"there_{absent.ada.seat_id}": None})
    unconfirmed = held(cast)
    connect(unconfirmed, "Ada", user)
    return cast, user


@pytest.fixture
def client(years: tuple[Cast, User]) -> FlaskClient:
    cast, ada = years
    return signed_in(cast.app, ada)


def test_sessions_and_hours_are_added_up_by_year(client: FlaskClient) -> None:
    page = read(client.get("/proof").text).one("main")
    assert "2 hours net in 3 sessions" in page.text
    assert "2026 1 hour 20 minutes, 2 sessions" in page.text
    assert "2025 40 minutes, 1 session" in page.text
    widths = [bar["width"] for bar in page.all("rect") if bar.get("class") == "bar-fill"]
    assert widths == ["400.0", "200.0"]


def test_a_period_narrows_it(client: FlaskClient) -> None:
    totals = {
        "?first=2026-01-01": "1 hour 20 minutes net in 2 sessions",
        "?last=2025-12-31": "40 minutes net in 1 session",
        "?first=2026-11-23&last=2026-11-23": "40 minutes net in 1 session",
        "?first=2030-01-01": "No sessions in this period",
        "?first=&last=": "2 hours net in 3 sessions",
    }
    for query, total in totals.items():
        assert total in read(client.get(f"/proof{query}").text).one("main").text, query


def test_what_is_no_date_is_said_and_breaks_nothing(client: FlaskClient) -> None:
    answer = client.get("/proof?first=yesterday")
    assert answer.status_code == 422
    assert 'value="yesterday"' in answer.text
    for ending in ("csv", "pdf"):
        assert client.get(f"/proof.{ending}?first=yesterday&last=%00").status_code == 200


def test_the_table_has_the_same_figures(client: FlaskClient) -> None:
    answer = client.get("/proof.csv?first=2026-01-01")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), strict=True))
    heads, *sessions, total = rows
    minutes = heads.index("Net minutes")
    assert [row[minutes] for row in sessions] == ["40", "40"]
    assert (total[minutes], total[minutes + 1]) == ("80", "1.33")
    client.set_cookie("lang", "nl")
    dutch = client.get("/proof.csv?first=2026-01-01").text
    *_, total = csv.reader(io.StringIO(dutch.removeprefix("\ufeff")), delimiter=";", strict=True)
    assert (total[minutes], total[minutes + 1]) == ("80", "1,33"), "numbers and cells as a Dutch spreadsheet reads them"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_xlsx_has_the_table_of_the_csv_with_numbers_whatever_the_language(
    client: FlaskClient, language: str
) -> None:
    client.set_cookie("lang", language)
    offered = {link["href"] for link in read(client.get("/proof?first=2026-01-01").text).all("a")}
    assert {f"/proof.{ending}?first=2026-01-01" for ending in KINDS} <= offered
    answer = client.get("/proof.xlsx?first=2026-01-01")
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    text = client.get("/proof.csv?first=2026-01-01").text.removeprefix("\ufeff")
    of_csv = list(csv.reader(io.StringIO(text), delimiter={"en": ",", "nl": ";"}[language], strict=True))
    of_xlsx = cells_of(answer.data)
    assert of_xlsx[-1][-3:] == ["80", "1.33", ""], "numbers are numbers: each spreadsheet writes them its own way"
    hours = len(of_csv[0]) - 2
    assert [row[:hours] for row in of_xlsx] == [row[:hours] for row in of_csv]


def test_it_is_nobody_else_s(years: tuple[Cast, User]) -> None:
    cast, ada = years
    assert "in 3 sessions" in read(signed_in(cast.app, ada).get("/proof").text).text
    bob = account(cast.app, "Bob", cast.organisation)
    outsider = account(cast.app, "Ola", f"Elders {cast.organisation}")
    for other in (bob, outsider):
        assert "No sessions yet" in signed_in(cast.app, other).get("/proof").text
    assert "Type the number of a proof" in cast.app.test_client().get("/proof", headers={"Accept-Language": "en"}).text


def test_hours_leave_the_account_when_the_seat_is_somebody_else_s(cast: Cast) -> None:
    user = account(cast.app, "Ada", cast.organisation)
    meeting = held(cast)
    connect(meeting, "Ada", user)
    confirm(meeting)
    assert "in 1 session" in read(signed_in(cast.app, user).get("/proof").text).text
    phone = meeting.client(meeting.ada)
    token = read(phone.get(f"/meetings/{meeting.id}/mine").text).all("input", name="csrf_token")[0]["value"]
    phone.post(f"/meetings/{meeting.id}/mine/account", data={"csrf_token": token, "do": "no"})
    assert "No sessions yet" in signed_in(cast.app, user).get("/proof").text


def test_hours_of_a_seat_that_was_connected_later_are_there_and_stay(cast: Cast) -> None:
    user = account(cast.app, "Ada", cast.organisation)
    meeting = held(cast)
    confirm(meeting)
    connect(meeting, "Ada", user)
    assert "in 1 session" in read(signed_in(cast.app, user).get("/proof").text).text
    with cast.app.app_context():
        owners = db.session.scalars(select(Attendance.user_id).where(Attendance.user_id == user.id)).all()
    assert owners == [user.id]


def test_what_waits_is_told(years: tuple[Cast, User]) -> None:
    cast, ada = years
    assert cast.user is not None
    hers = read(signed_in(cast.app, ada).get("/mine").text).text
    assert hers.count("Your certificate of") == 3
    assert "3 sessions, 2 hours" in hers
    his = signed_in(cast.app, cast.user).get("/mine").text
    assert his.count("Confirm attendance") == 1


def test_somebody_s_own_page_of_a_meeting_leads_to_certificate_and_annex(meeting: Meeting) -> None:
    before = meeting.get(meeting.pete, "mine").text
    assert "has not confirmed the attendance yet" in before
    confirm(meeting)
    after = meeting.get(meeting.pete, "mine").text
    assert f'href="/meetings/{meeting.id}/proof"' in after
    assert f'href="/meetings/{meeting.id}/annex"' in after


def test_somebody_with_two_seats_was_there_once(cast: Cast) -> None:
    meeting, user = held(cast), account(cast.app, "Gia", cast.organisation)
    connect(meeting, "Gia", user)
    connect(meeting, "Ada", user)
    confirm(meeting)
    page = read(signed_in(cast.app, user).get("/proof").text).one("main")
    assert "50 minutes net in 1 session" in page.text, "the longer of the two, and not both"


def test_hours_by_the_moderator_s_word_go_with_it(cast: Cast) -> None:
    meeting, zoe, another = (
        held(cast),
        account(cast.app, "Zoe", cast.organisation),
        account(cast.app, "Zelda", cast.organisation),
    )
    with cast.app.app_context(), db.writing() as session:
        group_id = session.scalars(select(models.Meeting.group_id).where(models.Meeting.id == meeting.id)).one()
        session.add_all(Member(group_id=group_id, user_id=user.id, added_at=now()) for user in (zoe, another))
    assert cast.user is not None
    mo = signed_in(cast.app, cast.user)

    def says(user: User) -> None:
        post(mo, f"/meetings/{meeting.id}/members", **{f"seat_{meeting['Zoe'].seat_id}": user.id})

    def hours(user: User) -> bool:
        return "50 minutes net in 1 session" in read(signed_in(cast.app, user).get("/proof").text).one("main").text

    says(zoe)
    confirm(meeting)
    assert hours(zoe)
    says(another)
    assert (hours(zoe), hours(another)) == (False, True), "a word that was put right leaves nothing behind"
