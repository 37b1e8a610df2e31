"""The example: everything in it is made by the verbs people use, and it never mixes with anybody's work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from facilitator import create_app
from facilitator.accounts.models import User
from facilitator.archive.content import State
from facilitator.archive.models import Card
from facilitator.calendar.mailing import tell_due
from facilitator.calendar.models import Appointment
from facilitator.core import languages
from facilitator.core.clock import clock
from facilitator.core.config import Settings
from facilitator.core.db import db, now
from facilitator.demo import playing
from facilitator.demo.content import example
from facilitator.demo.filling import NotEmpty, SignIn, fill
from facilitator.groups.models import Group
from facilitator.meetings import loading
from facilitator.meetings.machine import Status
from facilitator.meetings.models import Meeting, OfferedCase
from facilitator.methods.vocabulary import Kind
from facilitator.migrations import upgrade
from facilitator.proof.models import Sheet
from facilitator.questions.reading import Wish, listing
from facilitator.questions.rules import Colleague
from facilitator.reports.store import approved, standing
from facilitator.retention.deadlines import deadlines
from tests.accounts_cast import english, post
from tests.pages import read

PLAYED = select(Meeting).where(Meeting.status == "ended")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, SignIn]]:
    app = create_app(Settings.load(tmp_path_factory.mktemp("demo"), {}).kept())
    app.testing = True
    with app.app_context():
        upgrade(db.engine)
        found = fill(example("nl"), "nl")
        engine = db.engine
    yield app, found
    engine.dispose()


def test_both_languages_say_the_same_and_name_what_is_there() -> None:
    dutch, english_ = (example(language) for language in languages.complete())
    assert len(dutch.cards) == len(english_.cards) >= 40
    for found in (dutch, english_):
        titles = {card.title for card in found.cards}
        assert len(titles) == len(found.cards)
        named = {m.card for m in found.meetings} | {a.card for a in found.asked} | {t.card for t in found.tried}
        assert named <= titles
        assert {question.theme for question in found.questions} <= {
            name for card in found.cards for name in card.themes
        }
        assert all(card.question.endswith("?") and card.insights and card.advice for card in found.cards)


def test_there_are_forty_cards_and_more_whose_outcome_is_known(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    with app.app_context():
        cards = db.session.scalars(select(Card)).all()
        assert sum(card.state is State.OUTCOME_KNOWN for card in cards) >= 40
        assert all(card.published_on and card.published_on <= now().date() for card in cards)


def test_a_question_was_solved_one_has_no_name_and_one_waits(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    with app.app_context():
        ada = db.session.scalars(select(User).order_by(User.id)).first()
        assert ada is not None
        lines = listing(db.session(), Colleague(ada), Wish()).lines
    assert [(line.has_worked, line.is_anonymous, bool(line.answers)) for line in lines] == [
        (False, False, False),
        (False, True, True),
        (True, False, True),
    ]


def test_reports_are_in_every_state_and_meetings_lie_in_the_past(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    with app.app_context():
        meetings = db.session.scalars(PLAYED.order_by(Meeting.started_at)).all()
        states = [
            "approved" if approved(m.id) else "offered" if standing(m.id).offered_at else "draft" for m in meetings
        ]
        assert states == ["approved", "approved", "offered", "draft"]
        for meeting in meetings:
            assert meeting.started_at
            assert meeting.ended_at
            assert 40 <= (meeting.ended_at - meeting.started_at).total_seconds() / 60 <= 90
            assert meeting.ended_at < now()
        assert db.session.scalar(select(func.count(Sheet.id))) == 2


def test_every_group_has_a_year_ahead_to_look_at_and_nobody_is_mailed_about_it(filled: tuple[Flask, SignIn]) -> None:
    app, found = filled
    with app.app_context():
        groups = db.session.scalars(select(Group)).all()
        for group in groups:
            ahead = db.session.scalars(select(Appointment).where(Appointment.group_id == group.id)).all()
            assert len(ahead) > 5
            assert all(one.moment > now() for one in ahead)
        assert len(groups) == 3
        assert tell_due(now()) == 0
    member = english(app.test_client())
    post(member, "/login", email=found.member, password=found.password)
    with app.app_context():
        assert len(db.session.scalars(select(OfferedCase)).all()) == 3, "in each somebody offers a case"
    assert "3 come, 1 does not" in read(member.get("/calendar").text).text


def test_an_action_came_back_in_the_meeting_that_went_on(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    with app.app_context():
        second = db.session.scalars(select(Meeting).where(Meeting.continues_id.is_not(None))).one()
        (carried,) = [action for action in loading.read(second.id).actions if action.is_carried]
        assert carried.status == "done"


def test_what_is_due_by_now_is_known_to_the_retention(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    with app.app_context():
        assert any(found.goes_at < now() for found in deadlines(clock().check(now())))


def test_somebody_signs_in_with_what_was_printed(filled: tuple[Flask, SignIn]) -> None:
    app, found = filled
    for address in (found.administrator, found.moderator, found.member):
        client = english(app.test_client())
        assert post(client, "/login", email=address, password=found.password).status_code == 302
        assert client.get("/archive").status_code == 200


def test_it_never_mixes_with_anybodys_work(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    with app.app_context():
        before = db.session.scalar(select(func.count(User.id)))
        with pytest.raises(NotEmpty):
            fill(example("nl"), "nl")
        assert db.session.scalar(select(func.count(User.id))) == before


def test_a_meeting_of_the_example_goes_on_through_a_phase_it_has_no_words_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(playing.PHASES, Kind.LEARN)
    app = create_app(Settings.load(tmp_path, {}).kept())
    with app.app_context():
        upgrade(db.engine)
        told = example(languages.DEFAULT)
        fill(told.model_copy(update={"meetings": told.meetings[:1]}), languages.DEFAULT)
        found = loading.read(db.session.scalars(select(Meeting.id).where(Meeting.status == "ended")).one())
        assert found.state.status is Status.ENDED
        assert Kind.LEARN in {step.kind for step in found.state.steps}
        db.engine.dispose()


def test_the_command_says_so_in_one_line(filled: tuple[Flask, SignIn]) -> None:
    app, _ = filled
    folder: Path = app.extensions["settings"].data_dir
    command = [sys.executable, "-m", "facilitator", "demo", "--data", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "choose another folder" in answer.stderr
