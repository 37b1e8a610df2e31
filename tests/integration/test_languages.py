"""Adding a language is one line: Esperanto, of which nothing else is known, is put into the table, and everything speaks it – in
English, as far as nobody has translated it yet.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from facilitator import create_app
from facilitator.accounts.models import User
from facilitator.cli import commands
from facilitator.core import languages
from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.demo.content import example
from facilitator.methods.loader import load_catalogue
from scripts import texts
from tests import pages
from tests.accounts_cast import english, make_moderator, post, sign_in
from tests.cast import Cast
from tests.documents import docx_text, pdf_text
from tests.reports_builder import a_report, made

BASIS = load_catalogue()["basis"]
SPOKEN = list(languages.spoken())
OTHERS = [code for code in SPOKEN if code != "en"]  # a page in English offers the others


@pytest.fixture
def esperanto(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setitem(languages.TABLE, "eo", languages.Language("Esperanto", "eo", speaks=True))


def offered(client: FlaskClient, path: str, field: str) -> list[str]:
    """The values a field of a page can be given; those of the buttons, where it is not a list."""
    page = pages.read(client.get(path).text)
    return [one["value"] for one in page.all("button", name=field)] or [
        option["value"] for option in page.one("select", name=field).all("option")
    ]


def language_of(client: FlaskClient, path: str = "/login", asked: str = "") -> str:
    """The language that a page says it is in."""
    found = re.search(r'<html lang="(\w+)"', client.get(path, headers={"Accept-Language": asked}).text)
    return found.group(1) if found else ""


def test_without_the_line_nobody_is_offered_esperanto(app: Flask) -> None:
    mo = make_moderator(app)
    client = english(app.test_client())
    sign_in(client, mo)
    assert offered(client, "/account", "language") == OTHERS
    assert offered(client, "/account", "locale") == offered(client, "/meetings/new", "locale") == SPOKEN
    assert language_of(app.test_client(), asked="eo") == "nl"
    assert post(client, "/language", language="eo").status_code == 400


@pytest.mark.usefixtures("esperanto")
def test_a_phone_that_asks_for_it_gets_it_with_what_is_not_translated_in_english(app: Flask) -> None:
    client = app.test_client()
    assert language_of(client, asked="eo;q=0.9,nl;q=0.2") == "eo"
    assert "<h1>Sign in</h1>" in client.get("/login", headers={"Accept-Language": "eo"}).text
    assert language_of(client, asked="fi") == "nl"


@pytest.mark.usefixtures("esperanto")
def test_it_can_be_chosen_for_a_device_an_account_and_a_meeting(app: Flask) -> None:
    mo = make_moderator(app)
    client = english(app.test_client())
    sign_in(client, mo)
    assert offered(client, "/account", "language") == [*OTHERS, "eo"]
    assert offered(client, "/account", "locale") == offered(client, "/meetings/new", "locale") == [*SPOKEN, "eo"]
    assert "Esperanto" in client.get("/account").text
    assert post(client, "/language", language="eo").status_code == 302
    assert language_of(client, "/meetings/new") == "eo"
    with app.app_context():
        assert db.session.scalar(select(User.locale).where(User.id == mo.id)) == "eo"


@pytest.mark.usefixtures("esperanto")
def test_a_meeting_in_it_is_played_to_its_end_and_shown_to_everybody(app: Flask) -> None:
    meeting = Cast(app).meeting(locale="eo")
    assert BASIS.phases[0].text("en").title != BASIS.phases[0].text("nl").title
    meeting.play()
    screens = meeting.screens()
    assert set(screens) >= {"Mo", "Gia", "Wall"}
    assert all(screens.values())
    assert meeting.snapshot.locale == "eo"
    assert [phase.text("eo") for phase in BASIS.phases] == [phase.text("en") for phase in BASIS.phases]


@pytest.mark.usefixtures("esperanto")
def test_the_methods_are_read_anew_without_a_word_of_it() -> None:
    assert "eo" not in BASIS.texts
    assert load_catalogue.__wrapped__() == load_catalogue()


@pytest.mark.usefixtures("esperanto")
def test_the_files_of_a_report_say_that_they_are_in_it(app: Flask) -> None:
    word, pdf = (made(app, ending, a_report(), "eo") for ending in ("docx", "pdf"))
    assert docx.Document(io.BytesIO(word)).core_properties.language == "eo"
    assert re.search(rb"/Lang\s*\(eo\)", pdf)
    assert "Questions" in docx_text(word)
    assert "Questions" in pdf_text(pdf)


@pytest.mark.usefixtures("esperanto")
def test_the_commands_take_it(tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(commands, words)
        return answer.exit_code, answer.output

    make = ("user", "create", "--email", "mo@example.org", "--organisation", "Werkplaats", "--data", str(tmp_path))
    mo = ("--name", "Mo", "--password", "vier woorden zijn genoeg", "--language")
    assert run(*make, *mo, "fr")[0] == 2
    assert run(*make, *mo, "eo") == (0, "Mo can sign in now.\n")
    with create_app(Settings.load(tmp_path, {})).app_context():
        assert db.session.scalars(select(User.locale)).all() == ["eo"]
        db.engine.dispose()
    assert f"[{'|'.join([*SPOKEN, 'eo'])}]" in run("demo", "--help")[1]
    assert example("eo") == example("en") != example("nl")


@pytest.mark.usefixtures("esperanto")
def test_its_texts_are_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert texts.translated() == [*OTHERS, "eo"]
    template = tmp_path / "messages.pot"
    template.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Sign in"\nmsgstr ""\n'
    )
    monkeypatch.setattr(texts, "TRANSLATIONS", tmp_path)
    texts.update(template, "eo")
    with texts.catalogue("eo").open("rb") as written:
        assert read_po(written).get("Sign in") is not None


def test_the_same_commands_refuse_it_without_the_line() -> None:
    assert f"[{'|'.join(SPOKEN)}]" in CliRunner().invoke(commands, ["demo", "--help"]).output
