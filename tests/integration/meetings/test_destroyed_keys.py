"""A key that one process destroyed opens nothing in another, however often it was used there before."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import event

from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import db, engine_for
from facilitator.core.sealing import Keyring
from facilitator.meetings import loading
from facilitator.operations.backups import add_keys, back_up, keys_of
from facilitator.operations.installation import opened
from tests.cast import Cast, Meeting

TEXT = "What happened just before he walked away?"


def written(app: Flask) -> Meeting:
    """A meeting with a text, which this process has opened."""
    meeting = Cast(app).meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question=TEXT)
    with app.app_context():
        assert [item.text("question") for item in loading.read(meeting.id).items] == [TEXT]
    return meeting


def elsewhere(app: Flask) -> Keyring:
    """The keys as another process holds them: of the same database, with a memory of its own."""
    with app.app_context():
        here = sealing.keyring()
        return Keyring(engine_for(here.engine.url.render_as_string(hide_password=False)), here.master)


@pytest.mark.promise("key-first")
def test_what_another_process_erased_cannot_be_read_here(app_on: Flask) -> None:
    meeting, other = written(app_on), elsewhere(app_on)
    with app_on.app_context():
        other.destroy(meeting.id)
        with pytest.raises(sealing.KeyIsGone):
            loading.read(meeting.id)
    other.engine.dispose()


def test_a_transaction_that_begins_after_the_key_went_does_not_open_its_texts(app_on: Flask) -> None:
    """In one request too, and where the process never let go of its context: a job, a command."""
    meeting, other = written(app_on), elsewhere(app_on)
    with app_on.app_context():
        with db.writing():
            closed = sealing.seal(meeting.id, "here", {"text": TEXT})
        other.destroy(meeting.id)
        with db.writing(), pytest.raises(sealing.KeyIsGone):
            sealing.unseal(meeting.id, "here", closed)
        with db.writing(), pytest.raises(sealing.KeyIsGone):
            sealing.seal(meeting.id, "here", {"text": TEXT})
    other.engine.dispose()


def test_the_keys_of_others_go_on_opening(app_on: Flask) -> None:
    gone, stays, other = written(app_on), written(app_on), elsewhere(app_on)
    with app_on.app_context():
        other.destroy(gone.id)
        assert [item.text("question") for item in loading.read(stays.id).items] == [TEXT]
        other.destroy("never-there")
        assert [item.text("question") for item in loading.read(stays.id).items] == [TEXT]
    other.engine.dispose()


def test_a_restored_copy_that_knows_of_a_destroyed_key_reaches_running_processes(app_on: Flask, tmp_path: Path) -> None:
    """The copy was taken after the key went, on a machine that erased; this one still has the key in memory."""
    meeting = written(app_on)
    settings = app_on.extensions["settings"]
    assert isinstance(settings, Settings)
    copy = tmp_path / "copy.sqlite"
    back_up(settings, copy)
    with opened(f"sqlite:///{keys_of(copy)}") as there, app_on.app_context():
        Keyring(there, sealing.keyring().master).destroy(meeting.id)
    with app_on.app_context():
        assert loading.read(meeting.id).items
        with opened(f"sqlite:///{keys_of(copy)}") as source, opened(settings.keys_url) as target:
            add_keys(source, target)
        with pytest.raises(sealing.KeyIsGone):
            loading.read(meeting.id)


def test_many_texts_of_one_moment_ask_the_keys_once(app_on: Flask) -> None:
    meeting, asked = written(app_on), list[str]()
    with app_on.app_context():
        engine = sealing.keyring().engine
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
        with db.writing():
            for number in range(20):
                sealing.seal(meeting.id, f"place {number}", {"text": TEXT})
    assert len(asked) == 1


def test_emptying_the_log_leaves_a_connection_as_it_was(app: Flask) -> None:
    """We say BEGIN ourselves: one that Python says would be a deferred one, which fails at once where others write."""
    with app.app_context():
        engine = sealing.keyring().engine
        sealing.let_go_of_deleted(engine)
        with engine.connect() as connection:
            raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
            assert raw.isolation_level is None
