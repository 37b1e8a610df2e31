"""What is copied keeps the deadline of its source: what came along to later meetings, drafts of reports, drafts of cards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select, text, update

from facilitator.accounts.models import Organisation
from facilitator.archive.actions import publish_due
from facilitator.archive.models import Consent
from facilitator.core import sealing
from facilitator.core.db import Base, Sealed, db, now
from facilitator.core.sealing import Keyring
from facilitator.meetings.actions import outcomes, setting_up
from facilitator.meetings.actions.erasing import erase
from facilitator.meetings.actions.setting_up import Plan
from facilitator.meetings.models import Action, Contribution, Meeting
from facilitator.methods.loader import load_catalogue
from facilitator.operations.backups import back_up
from facilitator.operations.installation import opened
from facilitator.reports import store
from facilitator.reports.models import VersionRow
from facilitator.retention.erasing import erase_due
from tests import cast as people
from tests.accounts_cast import mails
from tests.cards import Deciding, told_meeting
from tests.cast import Cast
from tests.days import pass_days
from tests.reports_pages import Pages
from tests.scenes import scene

CASE, DEED, TOLD = "Kanarie in de nacht", "Kanarie vragen", "Kanarie zong mee"


def chain(app: Flask) -> tuple[people.Meeting, ...]:
    """A meeting with a case that nobody chose and an action; one that continues it, and one that continues that."""
    cast = Cast(app)
    first = cast.meeting(case_giver=None)
    first.advance_to("pick")
    first.write(first.gia, "case", title="A starter", urgency="now")
    first.write(first.pete, "case", title=CASE)
    first.reveal()
    first.next()
    first.advance_to("commit")
    first.write(first.gia, "action", when_if="he is silent", then=DEED, due="2031-05-01")
    first.end()
    first.act(outcomes.tell, first.actions[0].id, "owner", "partly", TOLD)
    second = cast.meeting(case_giver=None, continues=first)
    return first, second, cast.meeting(case_giver=None, continues=second)


def words(meeting: people.Meeting) -> str:
    """All that a meeting can read."""
    snapshot = meeting.snapshot
    return " ".join(
        [
            *(str(item.fields) for item in snapshot.items),
            *(f"{action.then} {action.told}" for action in snapshot.actions),
        ]
    )


def plain(app: Flask, copy: Path) -> Iterator[str]:
    """Everything in a copy of the texts that any key of this installation opens, as itself or for whatever owner."""
    with app.app_context(), opened(f"sqlite:///{copy}") as engine, engine.connect() as connection:
        keyring = sealing.keyring()
        keys = [keyring.key(owner_id) for owner_id in keyring.owners()]
        for table in Base.metadata.sorted_tables:
            names = [column.name for column in table.c if isinstance(column.type, Sealed | LargeBinary)]
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings() if names else ():
                for name in names:
                    yield from _opened(keys, keyring, row[name], str(row.get("id") or row.get("card_id") or ""))


def _opened(keys: list[bytes], keyring: Keyring, sealed: bytes | None, row_id: str) -> Iterator[str]:
    for owner_id in keyring.owners() if sealed else ():
        for place in (
            f"contribution:{row_id}",
            f"action:{row_id}",
            f"told:{row_id}",
            f"version:{row_id}",
            "draft",
            "card",
        ):
            try:
                assert sealed is not None
                yield str(sealing.unseal(owner_id, place, sealed))
            except sealing.Unreadable:
                continue


@pytest.mark.promise("copies-keep-their-deadline")
def test_what_came_along_goes_with_what_it_came_from_over_any_number_of_meetings(app_on: Flask) -> None:
    first, second, third = scene(app_on, chain)
    for later in (second, third):
        assert CASE in words(later)
        assert DEED in words(later)
        assert TOLD in words(later)
    with app_on.app_context():
        erase(first.id)
    for later in (second, third):
        assert CASE not in words(later)
        assert DEED not in words(later)
        assert TOLD not in words(later)
    with app_on.app_context():
        for kind in (Contribution, Action):
            assert db.session.scalar(select(kind.id).where(kind.key_of == first.id)) is None, "nor is a name left"
    second.start()  # the meeting itself goes on


@pytest.mark.promise("copies-keep-their-deadline")
def test_no_old_copy_of_a_later_meeting_tells_it_once_the_first_one_is_erased(app: Flask, tmp_path: Path) -> None:
    """A backup of when it was there, and every key that is left."""
    first, *_ = scene(app, chain)
    back_up(app.extensions["settings"], tmp_path / "old.sqlite")
    copies = list(plain(app, tmp_path / "old.sqlite"))
    assert all(any(text in found for found in copies) for text in (CASE, DEED, TOLD))
    with app.app_context():
        erase(first.id)
    assert not any("Kanarie" in found for found in plain(app, tmp_path / "old.sqlite"))


@pytest.mark.promise("copies-keep-their-deadline")
def test_a_term_that_is_made_shorter_later_is_that_of_every_copy_too(app: Flask) -> None:
    first, second, third = scene(app, chain)
    with app.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(raw_days_after_meeting=30))
        session.execute(update(Meeting).where(Meeting.id == first.id).values(ended_at=now() - timedelta(days=27)))
    assert pass_days(app, 9) == 1
    assert mails(app)
    assert CASE not in words(second)
    assert CASE not in words(third)
    with app.app_context():
        assert sealing.keyring().is_destroyed(first.id)
        assert sealing.keyring().holds(second.id)


def test_killed_after_the_key_the_copies_go_with_the_next_run(app_on: Flask) -> None:
    first, second, _ = scene(app_on, chain)
    with app_on.app_context():
        sealing.keyring().destroy(first.id)  # and there the power went
    assert CASE not in words(second), "nobody can read it, and the page is there"
    with app_on.app_context():
        erase_due(now())
        assert db.session.scalar(select(Contribution.id).where(Contribution.key_of == first.id)) is None


def test_a_plan_that_continues_what_is_erased_can_still_be_changed(app: Flask) -> None:
    first, *_ = scene(app, chain)
    plan = Cast(app).meeting(continues=first, is_open=False)
    with app.app_context():
        erase(first.id)
        row = db.session.get_one(Meeting, plan.id)
        method = load_catalogue()["basis"]
        minutes = tuple(phase.minutes for phase in method.phases)
        setting_up.change_plan(
            plan.id,
            Plan(row.organisation_id, row.created_by, "Another goal", method, minutes, "en", continues_id=first.id),
        )
        assert db.session.get_one(Meeting, plan.id, populate_existing=True).goal == "Another goal"


# -- Drafts ------------------------------------------------------------------------------------------------------------


def told(app: Flask) -> people.Meeting:
    return told_meeting(Cast(app), is_approved=False)


@pytest.mark.promise("copies-keep-their-deadline")
def test_the_draft_of_a_report_in_an_old_copy_goes_with_the_raw_input_also_where_the_report_stays(
    app: Flask, tmp_path: Path
) -> None:
    meeting = scene(app, told)
    pages = Pages(meeting.client(meeting.gia), meeting.id)
    pages.send("/approve?part=1.phase.diagnose", "approve", do="out")
    back_up(app.extensions["settings"], tmp_path / "draft.sqlite")
    assert any("version" in found or "draft" in found for found in plain(app, tmp_path / "draft.sqlite"))
    pages.approve_all()
    with app.app_context():
        (version,) = db.session.scalars(select(VersionRow)).all()
        assert (version.approved_at is not None, version.key_of) == (True, None)
        report_id = version.report_id
    before = set(plain(app, tmp_path / "draft.sqlite"))
    with app.app_context():
        erase(meeting.id)
        assert sealing.keyring().holds(report_id)
        assert store.approved(meeting.id) is not None
    after = set(plain(app, tmp_path / "draft.sqlite"))
    assert before - after
    assert not any("'draft':" in found for found in after)


@pytest.mark.promise("copies-keep-their-deadline")
def test_what_was_left_out_of_a_card_is_in_no_old_copy_once_the_card_is_published(app: Flask, tmp_path: Path) -> None:
    gia = Deciding(told_meeting(Cast(app)))
    gia.edits()
    back_up(app.extensions["settings"], tmp_path / "draft.sqlite")
    with app.app_context():
        draft_key = db.session.scalars(select(Consent.draft_key)).one()
        assert draft_key
        assert sealing.keyring().holds(draft_key)
    gia.edits({"text_title": "Speaking up"})
    gia.shares("organisation", "now")
    pass_days(app, 8, publish_due)
    assert gia.state == "published"
    with app.app_context():
        assert sealing.keyring().is_destroyed(draft_key)
    assert not any("'draft':" in found for found in plain(app, tmp_path / "draft.sqlite") if "original" in found)
