"""What goes with the raw input, what stays, and what no old copy brings back: reports, cards, proof."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from facilitator.accounts.models import Organisation
from facilitator.archive import actions, search, store
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, Consent
from facilitator.archive.rules import readable
from facilitator.archive.search.reindexing import reindex
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import db, now, random_id
from facilitator.groups.models import Group
from facilitator.meetings.models import Meeting, Seat
from facilitator.operations.backups import back_up, put_back
from facilitator.proof.models import Annex, Sheet
from facilitator.reports import store as reports
from facilitator.reports.models import ReportRow, VersionRow
from facilitator.retention.erasing import settle_after_restoring
from tests import cast as people
from tests.accounts_cast import make_member
from tests.cast import Cast
from tests.contract.everybody import signed_in
from tests.days import last_look, pass_days
from tests.proof import confirm, send
from tests.scenes import scene

CANARY = "Kanarievogel"


def played(app: Flask, group: str = "") -> people.Meeting:
    meeting = Cast(app).meeting(group=group)
    meeting.play()
    return meeting


def ended(app: Flask, group: str = "") -> people.Meeting:
    """A meeting that is over, and nothing else."""
    return scene(app, played, group)


def with_report(app: Flask, meeting: people.Meeting, *, is_approved: bool) -> str:
    """A report in its first version, as its case giver and the moderator left it."""
    report_id, version_id = random_id(), random_id()
    with app.app_context():
        sealing.keyring().make(report_id)
        draft = reports.standing(meeting.id).draft
        assert draft is not None
        with db.writing() as session:
            row = session.get_one(Meeting, meeting.id)
            session.add(
                ReportRow(
                    id=report_id,
                    organisation_id=row.organisation_id,
                    meeting_id=row.id,
                    group_id=row.group_id,
                    created_at=now(),
                )
            )
            session.flush()
            session.add(
                VersionRow(
                    id=version_id,
                    report_id=report_id,
                    number=1,
                    body=reports.sealed(report_id, version_id, draft),
                    approved_at=now() if is_approved else None,
                )
            )
    return report_id


@pytest.mark.promise("raw-input")
def test_a_draft_nobody_approved_goes_with_the_raw_input(app_on: Flask) -> None:
    meeting = ended(app_on)
    report_id = with_report(app_on, meeting, is_approved=False)
    pass_days(app_on, 61)
    with app_on.app_context():
        assert db.session.get(ReportRow, report_id) is None
        assert sealing.keyring().is_destroyed(report_id)


@pytest.mark.promise("raw-input")
def test_an_approved_report_outlives_the_raw_input_which_goes_30_days_after(app_on: Flask) -> None:
    meeting = ended(app_on)
    with_report(app_on, meeting, is_approved=True)
    assert pass_days(app_on, 29) == 0
    assert pass_days(app_on, 31) == 1
    with app_on.app_context():
        found = reports.approved(meeting.id)
        assert found is not None
        assert found.report.cases[0].question


@pytest.mark.promise("report-goes")
def test_a_report_without_a_group_goes_a_year_after_its_meeting(app_on: Flask) -> None:
    meeting = ended(app_on)
    report_id = with_report(app_on, meeting, is_approved=True)
    pass_days(app_on, 364)
    with app_on.app_context():
        assert reports.approved(meeting.id) is not None
    pass_days(app_on, 366)
    with app_on.app_context():
        assert reports.approved(meeting.id) is None
        assert sealing.keyring().is_destroyed(report_id)


@pytest.mark.promise("report-goes")
def test_a_group_keeps_its_reports_until_a_year_after_it_ended(app_on: Flask) -> None:
    meeting = ended(app_on, group="Mentors")
    with_report(app_on, meeting, is_approved=True)
    pass_days(app_on, 800)
    with app_on.app_context():
        assert reports.approved(meeting.id) is not None
        with db.writing() as session:
            group = session.scalars(select(Group)).one()
            group.ended_at = last_look()
    pass_days(app_on, 800 + 366)
    with app_on.app_context():
        assert reports.approved(meeting.id) is None


@pytest.mark.promise("names-go")
def test_who_was_there_is_forgotten_after_six_years(app_on: Flask) -> None:
    meeting = ended(app_on)
    pass_days(app_on, 61)
    pass_days(app_on, 6 * 365)
    with app_on.app_context():
        assert db.session.get(Meeting, meeting.id) is not None
    pass_days(app_on, 6 * 365 + 3)
    with app_on.app_context():
        assert db.session.get(Meeting, meeting.id) is None


@pytest.mark.promise("proof-goes", "names-go")
def test_proof_goes_after_the_years_an_organisation_chose_and_its_key_with_it(app_on: Flask) -> None:
    meeting = ended(app_on)
    assert confirm(meeting).status_code == 302
    with app_on.app_context(), db.writing() as session:
        session.execute(update(Organisation).values(proof_years=2))
        (sheet_id,) = session.scalars(select(Sheet.id)).all()
    pass_days(app_on, 2 * 365 - 2)
    with app_on.app_context():
        assert db.session.get(Sheet, sheet_id) is not None
        assert db.session.get(Meeting, meeting.id) is not None, "who was there"
    pass_days(app_on, 2 * 365 + 3)
    with app_on.app_context():
        assert db.session.get(Sheet, sheet_id) is None
        assert sealing.keyring().is_destroyed(sheet_id)
        assert db.session.get(Meeting, meeting.id) is None


@pytest.mark.promise("annex")
def test_an_annex_of_an_account_goes_when_nothing_is_left_that_opens_it(app_on: Flask) -> None:
    meeting = ended(app_on)
    pete = make_member(app_on)
    with app_on.app_context(), db.writing() as session:
        session.get_one(Seat, meeting.pete.seat_id).user_id = pete.id
    browser, phone = signed_in(app_on, pete), meeting.client(meeting.ada)
    assert send(browser, f"/meetings/{meeting.id}/annex", goal=CANARY).status_code == 302
    assert send(phone, f"/meetings/{meeting.id}/annex", goal="Of Ada").status_code == 302
    with app_on.app_context():
        mine = db.session.scalars(select(Annex.id).where(Annex.user_id == pete.id)).one()
        assert db.session.scalar(select(func.count(Annex.id))) == 2
    pass_days(app_on, 6 * 365)
    assert CANARY in browser.get(f"/meetings/{meeting.id}/annex").text
    with app_on.app_context():
        assert db.session.scalars(select(Annex.id)).all() == [mine], "Ada's went with the raw input"
    pass_days(app_on, 6 * 365 + 3)
    assert browser.get(f"/meetings/{meeting.id}/annex").status_code == 404
    with app_on.app_context():
        assert db.session.scalars(select(Annex.id)).all() == []
        assert sealing.keyring().is_destroyed(mine)


def a_card(app: Flask, meeting: people.Meeting, *, is_agreed: bool) -> str:
    card_id = random_id()
    with app.app_context():
        store.make_key(card_id)
        row = db.session.get_one(Meeting, meeting.id)
        card = Card(
            id=card_id, organisation_id=row.organisation_id, form="consultation", locale="en", made_on=now().date()
        )
        store.put(card, CardContent(title=CANARY))
        with db.writing() as session:
            session.add(card)
            session.flush()
            session.add(Consent(card_id=card_id, meeting_id=meeting.id, seat_id=meeting.gia.seat_id))
            if is_agreed:
                card.approved_at = now()
                actions.publish(session, card)
    return card_id


@pytest.mark.promise("consent-rows", "draft-of-a-card-goes")
def test_a_card_nobody_agreed_to_goes_and_one_that_was_agreed_to_forgets_its_meeting(app_on: Flask) -> None:
    meeting = ended(app_on)
    draft, published = a_card(app_on, meeting, is_agreed=False), a_card(app_on, meeting, is_agreed=True)
    pass_days(app_on, 61)
    with app_on.app_context():
        assert db.session.get(Card, draft) is None
        assert sealing.keyring().is_destroyed(draft)
        consent = db.session.get_one(Consent, published)
        assert (consent.meeting_id, consent.round_id, consent.seat_id) == (None, None, None)
        assert store.content_of(db.session.get_one(Card, published)).title == CANARY


@pytest.mark.promise("taking-back")
def test_an_old_backup_does_not_bring_back_a_card_that_was_taken_back(app_on: Flask, tmp_path: Path) -> None:
    meeting = ended(app_on)
    pete = make_member(app_on)
    card_id = a_card(app_on, meeting, is_agreed=True)
    assert hits(app_on, pete.email) == [card_id]
    settings = app_on.extensions["settings"]
    assert isinstance(settings, Settings)
    back_up(settings, tmp_path / "old.sqlite")
    with app_on.app_context():
        with db.writing() as session:
            actions.withdraw(session, session.get_one(Card, card_id))
        store.destroy_key(card_id)
    put_back(settings, tmp_path / "old.sqlite")
    with app_on.app_context():
        settle_after_restoring(now())
        reindex()
        assert db.session.scalar(select(func.count(Card.id)).where(Card.is_withdrawn.is_(False))) == 0
    assert hits(app_on, pete.email) == []


def hits(app: Flask, email: str) -> list[str]:
    """What a member finds."""
    from facilitator.accounts.models import User

    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        found = search.find(db.session(), readable(user), search.Query(CANARY))
        return [hit.card_id for hit in found.hits]
