"""Keys go before the rows they belong to: whoever is killed in between leaves nothing that can be read, and the next run finishes it.
A key without a row is found and destroyed; one that still belongs to something, or may again, is not.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from facilitator import create_app
from facilitator.archive import store
from facilitator.archive.actions import publish_due
from facilitator.archive.models import Card, Consent
from facilitator.consent import decisions
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db, now, random_id
from facilitator.core.sealing import Keyring
from facilitator.meetings.actions import setting_up
from facilitator.meetings.models import Meeting
from facilitator.operations.backups import back_up, put_back
from facilitator.reports.erasing import forget_drafts
from facilitator.reports.models import ReportRow
from facilitator.retention.erasing import erase_due, settle_after_restoring
from facilitator.retention.strays import destroy_strays
from tests import cast as people
from tests.cards import Deciding, told_meeting
from tests.cast import Cast
from tests.days import last_look, pass_days
from tests.library import Library
from tests.scenes import scene

KILLED = -signal.SIGKILL


def in_another_process(app: Flask, deed: Callable[[], object], *, dies: str) -> int:
    """Does something in a process of its own that is killed at the moment it destroys its first key: `before` or `after` that.
    Answers how the process ended.
    """
    settings = app.extensions["settings"]
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    destroy = Keyring.destroy

    def die(keyring: Keyring, owner_id: str) -> None:
        if dies == "after":
            destroy(keyring, owner_id)
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        setattr(Keyring, "destroy", die)  # noqa: B010 – of this process alone
        with create_app(settings).app_context():
            deed()
    finally:
        os._exit(1)  # it was to be killed


def played(app: Flask) -> people.Meeting:
    meeting = Cast(app).meeting()
    meeting.play()
    return meeting


def planned(app: Flask) -> tuple[str, Callable[[], object], type[Meeting]]:
    plan = Cast(app).meeting(is_open=False)
    return plan.id, lambda: setting_up.delete_plan(plan.id), Meeting


def drafted(app: Flask) -> tuple[str, Callable[[], object], type[ReportRow]]:
    meeting, report_id = scene(app, played), random_id()
    with app.app_context():
        sealing.keyring().make(report_id)
        with db.writing() as session:
            here = session.get_one(Meeting, meeting.id).organisation_id
            row = ReportRow(id=report_id, organisation_id=here, meeting_id=meeting.id, created_at=now())
            session.add(row)
    return report_id, lambda: forget_drafts(meeting.id), ReportRow


def begun(app: Flask) -> tuple[str, Callable[[], object], type[Card]]:
    card_id = Library(app).put("Not for anybody", is_published=False)
    return card_id, lambda: decisions.take_back(card_id), Card


@pytest.mark.promise("key-first")
@pytest.mark.parametrize("made", [planned, drafted, begun])
def test_killed_after_the_key_nothing_can_be_read_and_the_next_run_finishes_it(
    app_on: Flask, made: Callable[[Flask], tuple[str, Callable[[], object], type[Meeting | ReportRow | Card]]]
) -> None:
    owner_id, deed, kind = made(app_on)
    assert in_another_process(app_on, deed, dies="after") == KILLED
    with app_on.app_context():
        assert sealing.keyring().is_destroyed(owner_id)
        assert db.session.get(kind, owner_id) is not None, "the row is what tells that it is not finished"
        db.session.rollback()
        erase_due(now())
        publish_due(now())
        assert db.session.get(kind, owner_id) is None


@pytest.mark.parametrize("made", [planned, drafted])
def test_killed_before_the_key_everything_is_as_it_was(
    app_on: Flask, made: Callable[[Flask], tuple[str, Callable[[], object], type[Meeting | ReportRow]]]
) -> None:
    owner_id, deed, kind = made(app_on)
    assert in_another_process(app_on, deed, dies="before") == KILLED
    with app_on.app_context():
        assert sealing.keyring().holds(owner_id)
        assert db.session.get(kind, owner_id) is not None


def test_a_draft_of_a_card_that_was_being_taken_back_leaves_neither_row_nor_key(app_on: Flask) -> None:
    """Killed while the row already says that it is taken back, and the key is there."""
    card_id, deed, _ = begun(app_on)
    assert in_another_process(app_on, deed, dies="before") == KILLED
    with app_on.app_context():
        assert sealing.keyring().holds(card_id)
        publish_due(now())
        assert not sealing.keyring().holds(card_id)
        assert db.session.get(Card, card_id) is None


# -- Keys without a row ------------------------------------------------------------------------------------------------


def stray(app: Flask) -> str:
    """A key that somebody was killed with before its row was written."""
    owner_id = random_id()
    with app.app_context():
        sealing.keyring().make(owner_id)
    return owner_id


def holds(app: Flask, owner_id: str) -> bool:
    with app.app_context():
        return sealing.keyring().holds(owner_id)


@pytest.mark.promise("no-key-without-owner")
def test_a_key_that_belongs_to_nothing_is_destroyed_after_two_days_and_no_other(app_on: Flask) -> None:
    meeting, lost = scene(app_on, played), stray(app_on)
    assert pass_days(app_on, 1, destroy_strays) == 0
    assert holds(app_on, lost)
    assert pass_days(app_on, 3, destroy_strays) == 1
    assert not holds(app_on, lost)
    assert holds(app_on, meeting.id)
    with app_on.app_context():
        assert sealing.keyring().is_destroyed(lost), "no old copy of the keys brings it back"


def test_a_key_whose_row_comes_later_stays(app: Flask) -> None:
    """It was seen between its key and its row."""
    scene(app, played)
    card_id = random_id()
    with app.app_context():
        store.make_key(card_id)
    pass_days(app, 1, destroy_strays)
    with app.app_context(), db.writing() as session:
        here = session.scalars(select(Meeting.organisation_id)).first()
        card = Card(id=card_id, organisation_id=here, form="instruction", locale="en", made_on=now().date(), body=b"")
        session.add(card)
    assert pass_days(app, 10, destroy_strays) == 0
    assert holds(app, card_id)


@pytest.mark.promise("no-key-without-owner")
def test_after_an_old_copy_was_put_back_keys_wait_for_a_newer_one(app_on: Flask, tmp_path: Path) -> None:
    """The wrong copy was restored, and a week later somebody notices."""
    settings = app_on.extensions["settings"]
    scene(app_on, played)
    with app_on.app_context():
        destroy_strays(now())
    back_up(settings, tmp_path / "old.sqlite")
    later = Cast(app_on).meeting()
    back_up(settings, tmp_path / "new.sqlite")
    put_back(settings, tmp_path / "old.sqlite")
    with app_on.app_context():
        settle_after_restoring(last_look())
    assert pass_days(app_on, 9, destroy_strays) == 0
    put_back(settings, tmp_path / "new.sqlite")
    with app_on.app_context():
        settle_after_restoring(last_look())
        assert sealing.keyring().holds(later.id)
    assert later.snapshot.id == later.id


def test_texts_that_were_copied_into_place_by_hand_are_noticed_as_well(app: Flask) -> None:
    scene(app, played)
    with app.app_context():
        destroy_strays(now())
    lost = stray(app)
    with app.app_context(), db.writing() as session:
        session.execute(text("UPDATE looks SET at = '2026-01-01 00:00:00.000000' WHERE kind = 'key'"))
    assert pass_days(app, 9, destroy_strays) == 0
    assert pass_days(app, 63, destroy_strays) == 1
    assert not holds(app, lost)


@pytest.mark.promise("no-key-without-owner")
def test_beside_another_database_no_key_goes(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody lost the database of texts, and the server made an empty one."""
    lost = [stray(app) for _ in range(5)]
    with app.app_context():
        clock().check(now())
    assert pass_days(app, 80, destroy_strays) == 0
    assert all(holds(app, owner_id) for owner_id in lost)
    assert "5 of 5 keys belong to nothing here" in caplog.text


def test_every_key_of_a_meeting_with_all_that_comes_after_it_belongs_to_something(app: Flask) -> None:
    gia = Deciding(told_meeting(Cast(app)))
    gia.edits()
    with app.app_context():
        assert db.session.scalar(select(Consent.card_id)) is not None
    assert pass_days(app, 10, destroy_strays) == 0
