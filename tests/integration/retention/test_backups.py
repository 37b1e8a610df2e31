"""Backups: of one moment, also while meetings run; and no copy, however old, brings back what was erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from facilitator import create_app
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import changing, db, engine_for, now
from facilitator.meetings import loading
from facilitator.meetings.models import Contribution, Meeting, Step
from facilitator.operations.backups import back_up, keys_of, put_back
from facilitator.retention.erasing import erase_due
from tests import cast as people
from tests.cast import Cast
from tests.days import pass_days

CANARY = "Kanarievogel"


def settings_of(app: Flask) -> Settings:
    settings = app.extensions["settings"]
    assert isinstance(settings, Settings)
    return settings


def in_clarify(app: Flask) -> people.Meeting:
    meeting = Cast(app).meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question=CANARY)
    return meeting


def texts_of(app: Flask, meeting_id: str) -> list[str]:
    with app.app_context():
        return [item.text("question") for item in loading.read(meeting_id).items]


def test_a_backup_brings_a_running_meeting_back(app_on: Flask, tmp_path: Path) -> None:
    meeting = in_clarify(app_on)
    copy = tmp_path / "copy.sqlite"
    back_up(settings_of(app_on), copy)
    meeting.write(meeting.ada, "question", question="Later")
    assert sorted(texts_of(app_on, meeting.id)) == [CANARY, "Later"]
    assert put_back(settings_of(app_on), copy).keys
    assert texts_of(app_on, meeting.id) == [CANARY]
    meeting.write(meeting.ada, "question", question="And on it goes")
    assert sorted(texts_of(app_on, meeting.id)) == ["And on it goes", CANARY]


@pytest.mark.promise("keys-apart")
def test_the_texts_of_a_backup_are_sealed_and_its_keys_lie_apart(app_on: Flask, tmp_path: Path) -> None:
    in_clarify(app_on)
    copy = tmp_path / "copy.sqlite"
    back_up(settings_of(app_on), copy)
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.sqlite", "copy.sqlite.keys"]
    for path in (copy, keys_of(copy)):
        assert CANARY.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.promise("key-first")
def test_an_old_backup_does_not_bring_back_what_was_erased(app_on: Flask, tmp_path: Path) -> None:
    meeting = in_clarify(app_on)
    copy = tmp_path / "old.sqlite"
    back_up(settings_of(app_on), copy)
    assert pass_days(app_on, 61) == 1
    assert put_back(settings_of(app_on), copy).keys, "with its own old keys"
    with app_on.app_context():
        with pytest.raises(sealing.KeyIsGone):
            sealing.keyring().key(meeting.id)
        assert db.session.scalar(select(func.count(Contribution.id))) == 1, (
            "the ciphertext is back, and nobody can read it"
        )
        assert erase_due(now() + timedelta(days=62)) == 1, "what is due is erased again, ciphertext and all"
        assert db.session.scalar(select(func.count(Contribution.id))) == 0


def test_a_backup_leads_to_another_database(app: Flask, app_on: Flask, tmp_path: Path) -> None:
    meeting = in_clarify(app)
    copy = tmp_path / "copy.sqlite"
    back_up(settings_of(app), copy)
    there = settings_of(app_on)
    put_back(there, copy)
    there = Settings.load(there.data_dir, {**environ_of(there), "FACILITATOR_MASTER_KEY": master_of(settings_of(app))})
    moved = create_app(there)
    assert texts_of(moved, meeting.id) == [CANARY]
    with app.app_context():
        steps = db.session.scalar(select(func.count(Step.id)))
    with moved.app_context():
        assert db.session.scalar(select(func.count(Step.id))) == steps
        db.engine.dispose()
        sealing.keyring().engine.dispose()


def environ_of(settings: Settings) -> dict[str, str]:
    return {"FACILITATOR_DATABASE_URL": settings.database_url, "FACILITATOR_KEYS_URL": settings.keys_url}


def master_of(settings: Settings) -> str:
    return (settings.data_dir / "secrets" / "master_key").read_text().strip()


def test_a_copy_taken_while_everybody_writes_is_of_one_moment(app_on: Flask, tmp_path: Path) -> None:
    """Every change writes the meeting's revision and one text: a copy in which they differ would be of two moments."""
    meeting = Cast(app_on).meeting()
    meeting.advance_to("diagnose")
    first = revision_and_texts(app_on, meeting.id)
    done = Event()
    writer = Thread(target=write_until, args=(app_on, meeting, done))
    writer.start()
    try:
        for number in range(3):
            copy = tmp_path / f"copy{number}.sqlite"
            back_up(settings_of(app_on), copy)
            revision, texts = revision_and_texts_of_copy(copy, meeting.id)
            assert revision - first[0] == texts - first[1]
    finally:
        done.set()
        writer.join()


def write_until(app: Flask, meeting: people.Meeting, done: Event) -> None:
    """One text after the other, as fast as the database takes them."""
    with app.app_context():
        while not done.is_set():
            add_text(meeting.id)


def add_text(meeting_id: str) -> None:
    with changing(meeting_id) as session:
        step = session.scalars(select(Step.id).where(Step.meeting_id == meeting_id)).first()
        session.add(Contribution(meeting_id=meeting_id, step_id=step, form="x", body=b"x", rank=1))


def revision_and_texts(app: Flask, meeting_id: str) -> tuple[int, int]:
    with app.app_context():
        revision = db.session.scalar(select(Meeting.revision).where(Meeting.id == meeting_id)) or 0
        return revision, db.session.scalar(select(func.count(Contribution.id))) or 0


def revision_and_texts_of_copy(copy: Path, meeting_id: str) -> tuple[int, int]:
    engine = engine_for(f"sqlite:///{copy}")
    with engine.connect() as connection:
        revision = connection.scalar(select(Meeting.revision).where(Meeting.id == meeting_id)) or 0
        texts = connection.scalar(select(func.count(Contribution.id))) or 0
    engine.dispose()
    return revision, texts
