"""An organisation says how long things are kept, within bounds, and reads who did what."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.accounts.models import Organisation, User
from facilitator.core.audit import Deed, note
from facilitator.core.clock import clock
from facilitator.core.db import db, now
from facilitator.retention.forms import OrganisationForm
from facilitator.retention.terms import BOUNDS
from tests.accounts_cast import english, make_administrator, make_outsider, post, sign_in
from tests.promises import DOCUMENT

DEFAULTS = {name: str(bounds.default) for name, bounds in BOUNDS.items()}


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    client = english(app.test_client())
    sign_in(client, make_administrator(app))
    return client


def organisation(app: Flask) -> Organisation:
    with app.app_context():
        return db.session.query(Organisation).filter_by(name="Werkplaats").one()


def test_an_administrator_chooses_how_long(app: Flask, mo: FlaskClient) -> None:
    assert organisation(app).raw_days_after_meeting == 60
    answer = post(mo, "/organisation", **{**DEFAULTS, "name": "Werkplaats", "raw_days_after_meeting": "14"})
    assert answer.status_code == 302
    assert organisation(app).raw_days_after_meeting == 14
    assert "the settings: changed" in mo.get("/organisation/log").text


SAID = re.search(
    r"Bounds of what an organisation may choose: (.*?)\.\[", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL
)
ORDER = (
    "raw_days_after_approval",
    "raw_days_after_meeting",
    "report_days",
    "proof_years",
    "review_months",
    "cooling_off_days",
)


@pytest.mark.promise("bounds")
def test_the_bounds_are_those_that_are_promised(app: Flask, mo: FlaskClient) -> None:
    assert SAID
    figures = [int(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*", SAID[1].replace(", ", " "))]
    promised = dict(zip(ORDER, zip(figures[::2], figures[1::2], strict=True), strict=True))
    assert promised["proof_years"] == (2, 10)
    for name, (least, most) in promised.items():
        for figure, is_taken in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
            answer = post(mo, "/organisation", **{**DEFAULTS, "name": "Werkplaats", name: str(figure)})
            assert answer.status_code == (302 if is_taken else 422), (name, figure)


@pytest.mark.promise("bounds")
@pytest.mark.parametrize("wrong", ["61", "0", "-3", "many", "", "9" * 400, "14.5"])
def test_a_figure_out_of_bounds_is_refused_and_kept_on_the_page(app: Flask, mo: FlaskClient, wrong: str) -> None:
    answer = post(mo, "/organisation", **{**DEFAULTS, "name": "Elsewhere", "raw_days_after_meeting": wrong})
    assert answer.status_code == 422
    assert "Elsewhere" in answer.text
    assert "from 7 to 60" in answer.text.lower()
    assert organisation(app).raw_days_after_meeting == 60


@pytest.mark.promise("audit-log-names-things")
def test_the_log_of_another_organisation_is_not_to_be_seen(app: Flask, mo: FlaskClient) -> None:
    with app.app_context(), db.writing() as session:
        note(session, organisation(app).id, None, Deed.ERASED, "meeting", "x")
    assert "what was written in a meeting: erased" in mo.get("/organisation/log").text
    ola = english(app.test_client())
    sign_in(ola, make_outsider(app))
    assert "Nothing has been noted yet" in ola.get("/organisation/log").text


@pytest.mark.promise("clock-confirmed")
def test_an_administrator_says_what_day_it_is_and_only_then_the_clock_counts(app: Flask, mo: FlaskClient) -> None:
    assert "It goes on from where it was" in mo.get("/organisation/clock").text
    with app.app_context():
        clock().confirm(now() - timedelta(days=30))
    assert "Look at the clock" in mo.get("/organisation").text, "it is said wherever they are"
    page = mo.get("/organisation/clock").text
    assert "Is it right?" in page
    for wrong in ("", "2019-01-01", "tomorrow"):
        assert post(mo, "/organisation/clock", today=wrong).status_code == 422
        with app.app_context():
            assert clock().is_held(now())
    assert post(mo, "/organisation/clock", today=f"{now():%Y-%m-%d}").status_code == 302
    assert "Look at the clock" not in mo.get("/organisation").text
    assert "the clock: changed" in mo.get("/organisation/log").text
    with app.app_context():
        clock().check(now())


def test_a_long_log_has_pages(app: Flask, mo: FlaskClient) -> None:
    with app.app_context(), db.writing() as session:
        for _ in range(51):
            note(session, organisation(app).id, None, Deed.ERASED, "meeting", "x")
    assert "Page 1 of 2" in mo.get("/organisation/log").text
    assert mo.get("/organisation/log?page=2").text.count("erased") == 1
    assert mo.get("/organisation/log?page=3").status_code == 404


def test_whoever_is_an_administrator_no_more_changes_nothing(
    app: Flask, mo: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role goes after the page asked for it and before the change is written."""
    is_fine = OrganisationForm.is_fine

    def late(form: OrganisationForm) -> bool:
        with db.writing() as session:
            session.query(User).filter_by(name="Mo").one().roles = []
        return is_fine(form)

    monkeypatch.setattr(OrganisationForm, "is_fine", late)
    answer = post(mo, "/organisation", **{**DEFAULTS, "name": "Elsewhere"})
    assert answer.status_code == 403
    assert organisation(app).name == "Werkplaats"
