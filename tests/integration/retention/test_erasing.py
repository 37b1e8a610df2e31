"""Erasing: what was said is gone from everywhere, when its time is over and not before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.audit import AuditEntry
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings import loading
from facilitator.meetings.actions.erasing import erase
from facilitator.meetings.models import Contribution, Mark, Meeting, Presence, Seat, SeatToken, Step, Tally, UsedOp
from facilitator.meetings.snapshot import Value
from facilitator.methods.vocabulary import FieldType, Form, InputField
from facilitator.retention import erasing
from facilitator.retention.announcing import warn_due
from facilitator.retention.erasing import sweep
from facilitator.retention.models import Announcement
from tests import cast as people
from tests.accounts_cast import mails
from tests.cast import Cast
from tests.commands import facilitator
from tests.days import pass_days
from tests.houses import empty_house, settings_in
from tests.scenes import scene

CANARY = "Kanarievogel"


def played(app: Flask) -> people.Meeting:
    meeting = Cast(app).meeting()
    meeting.play(canary)
    return meeting


def a_meeting_that_is_over(app: Flask) -> people.Meeting:
    """That meeting, and nothing else."""
    return scene(app, played)


def canary(person: people.Person, form: Form, field: InputField) -> Value:
    return CANARY if field.type in (FieldType.TEXT, FieldType.LINE) else people.plausible(person, form, field)


@pytest.mark.promise("raw-input")
def test_raw_input_goes_when_its_time_is_over_and_not_before(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    assert any(item.text(name) == CANARY for item in meeting.snapshot.items for name in item.fields)
    assert pass_days(app_on, 59) == 0
    assert meeting.snapshot.items
    with app_on.app_context():
        assert all(db.session.scalar(select(func.count()).select_from(table)) for table in (Mark, Tally, SeatToken))
    assert pass_days(app_on, 61) == 1
    with app_on.app_context():
        with pytest.raises(sealing.KeyIsGone):
            loading.read(meeting.id)
        assert db.session.scalar(select(Contribution.id)) is None
        assert db.session.get_one(Meeting, meeting.id).goal == ""
        for table in (Mark, Tally, SeatToken):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0, table.__tablename__
    assert pass_days(app_on, 61) == 0, "once is enough"


@pytest.mark.promise("raw-input")
def test_who_spoke_and_what_was_sent_without_a_name_is_forgotten_with_it(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    spoke = select(Step.id).where(Step.meeting_id == meeting.id, Step.speaker.is_not(None))
    with app_on.app_context():
        assert db.session.scalar(spoke)
        assert db.session.scalar(select(UsedOp.op_hash))
    pass_days(app_on, 61)
    with app_on.app_context():
        assert db.session.scalar(spoke) is None
        assert all(step.speakers == [] for step in db.session.scalars(select(Step)))
        assert db.session.scalar(select(UsedOp.op_hash)) is None


def test_who_was_there_stays_for_proof(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    pass_days(app_on, 61)
    with app_on.app_context():
        names = set(db.session.scalars(select(Seat.name).where(Seat.meeting_id == meeting.id)))
        assert {"Gia", "Pete", "Ada"} <= names
        assert db.session.scalar(select(Presence.id)) is not None


def test_every_page_of_it_says_that_it_is_over(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    assert meeting.get(meeting.mo).status_code == 200
    pass_days(app_on, 61)
    for person in (meeting.mo, meeting.gia, meeting.wall):
        assert meeting.get(person).status_code in (302, 404, 410)
    with pytest.raises(Refused) as refused:
        Cast(app_on).meeting(continues=meeting)
    assert refused.value.status == 404


@pytest.mark.promise("nothing-left")
def test_nothing_is_left_in_any_file_of_the_database(app: Flask) -> None:
    """Sealed texts are not to be found even before; the goal is plain, and gone from every page and log as well."""
    meeting = played(app)
    with app.app_context(), db.writing() as session:
        session.get_one(Meeting, meeting.id).goal = CANARY
        folder = Path(str(db.engine.url.database)).parent
    assert any(CANARY.encode() in file.read_bytes() for file in files(folder)), "there is something to find"
    sealed = sealed_bytes(app)
    assert all(any(body in file.read_bytes() for file in files(folder)) for body in sealed)
    pass_days(app, 61)
    for file in files(folder):
        content = file.read_bytes()
        assert CANARY.encode() not in content, file.name
        assert not any(body in content for body in sealed), file.name


def sealed_bytes(app: Flask) -> list[bytes]:
    """A piece of every sealed text, as it stands in the file."""
    with app.app_context():
        return [body[12:44] for body in db.session.scalars(select(Contribution.body))]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.promise("key-first")
def test_an_erasing_that_was_interrupted_is_finished_by_the_next(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    with app_on.app_context():
        sealing.keyring().destroy(meeting.id)  # and there the power went
    assert pass_days(app_on, 2) == 1
    with app_on.app_context():
        assert db.session.scalar(select(Contribution.id)) is None


@pytest.mark.promise("week-before")
def test_the_moderator_is_told_once_a_week_before(app: Flask) -> None:
    meeting = a_meeting_that_is_over(app)
    with app.app_context():
        assert pass_days(app, 51, warn_due) == 0
        assert pass_days(app, 54, warn_due) == 1
        assert pass_days(app, 57, warn_due) == 0
        mo = db.session.get_one(User, db.session.get_one(Meeting, meeting.id).created_by)
    (message,) = mails(app)
    assert message["To"] == mo.email
    assert CANARY not in message.as_string()
    assert "Learn to guide" not in message.as_string(), "subjects and texts of mails are neutral"


@pytest.mark.promise("audit-log-names-things", "audit-log-stays")
def test_the_audit_log_tells_what_was_erased_and_only_grows(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    pass_days(app_on, 61)
    with app_on.app_context():
        (entry,) = db.session.scalars(select(AuditEntry)).all()
        assert (entry.deed, entry.thing, entry.thing_id, entry.by_id) == ("erased", "meeting", meeting.id, None)
        db.session.rollback()  # whoever has read it does not keep the others waiting
        attempts = ["DELETE FROM audit_entries", "UPDATE audit_entries SET deed = 'opened'"]
        if db.engine.dialect.name == "postgresql":
            attempts.append("TRUNCATE audit_entries")
        for attempt in attempts:
            with db.engine.connect() as connection, pytest.raises(Exception, match="only ever added"):
                connection.execute(text(attempt))


@pytest.mark.promise("raw-input")
def test_an_organisation_may_want_it_sooner(app_on: Flask) -> None:
    meeting = a_meeting_that_is_over(app_on)
    with app_on.app_context(), db.writing() as session:
        row = session.get_one(Meeting, meeting.id)
        session.execute(
            text("UPDATE organisations SET raw_days_after_meeting = 7 WHERE id = :id"), {"id": row.organisation_id}
        )
    assert pass_days(app_on, 6) == 0
    assert pass_days(app_on, 8) == 1


def test_sweeping_a_large_database_takes_as_long_as_it_takes(app_on: Flask) -> None:
    with app_on.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("SET statement_timeout = 1")  # the pool hands this very connection out again
        sweep()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as connection:
                assert connection.scalar(text("SHOW statement_timeout")) == "10s", "for all others it holds"


def test_a_meeting_that_cannot_be_erased_keeps_no_other_past_its_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    meetings = {played(app).id, played(app).id}
    broken: list[str] = []

    def break_down(meeting_id: str) -> bool:
        broken.append(meeting_id)
        if meeting_id == broken[0]:
            raise RuntimeError("broken")
        return erase(meeting_id)

    monkeypatch.setattr(erasing, "erase", break_down)
    with pytest.raises(RuntimeError):
        pass_days(app, 61)
    with app.app_context():
        assert {row.id for row in db.session.scalars(select(Meeting)) if row.erased_at} == meetings - {broken[0]}
    monkeypatch.undo()
    assert pass_days(app, 61) == 1, "the next run finishes it"


@pytest.mark.promise("erasing-by-itself")
def test_the_command_erases_what_a_server_would(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    with empty_house(settings_in(folder)) as app:
        meeting, young = a_meeting_that_is_over(app), Cast(app).meeting()
        young.advance_to("clarify")
        young.write(young.pete, "question", question=CANARY)
        with app.app_context(), db.writing() as session:
            row = session.get_one(Meeting, meeting.id)
            row.started_at = row.ended_at = now() - timedelta(days=61)
            told_at, goes_at = now() - timedelta(days=8), now() - timedelta(days=1)
            session.add(
                Announcement(kind="meeting", thing_id=row.id, goes_at=goes_at, claimed_at=told_at, told_at=told_at)
            )
        answer = facilitator("erase", "--due", "--data", folder)
        assert (answer.returncode, answer.stdout) == (0, "Erased: 1. Mails about what goes in a week: 0.\n"), (
            answer.stderr
        )
        with app.app_context(), pytest.raises(sealing.KeyIsGone):
            loading.read(meeting.id)
        assert young.snapshot.items
