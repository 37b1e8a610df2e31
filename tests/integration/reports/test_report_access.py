"""Who reads a report in which state: everybody who might knock, before the yes and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.accounts import mail
from facilitator.accounts.actions import add_user
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, Organisation, User
from facilitator.accounts.once import NotTaken
from facilitator.core.db import db, now, random_id
from facilitator.groups.models import Member
from facilitator.meetings.machine import REOPEN_WITHIN
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.meetings.models import Seat
from facilitator.reports.mailing import mail_due
from tests.accounts_cast import mails
from tests.cast import NO_PASSWORD, Cast, Meeting, account
from tests.contract.everybody import signed_in
from tests.reports_pages import ADVICE, Pages, held, pages_of
from tests.scenes import scene

ADDRESSES = ("", ".md", "/edit", "/approve", "/versions/1")
NOTHING = [404, 404, 404, 404, 404]
NOT_YET = [200, 404, 404, 404, 404]
READS = [200, 200, 404, 404, 404]


@dataclass
class World:
    """A group's meeting that is over, with everybody who might knock."""

    meeting: Meeting
    knockers: dict[str, Pages]
    users: dict[str, User]


@pytest.fixture
def world(app_for_all_on: Flask) -> World:
    """Mo's group Mentors met: Gia gave the case. Mia is a member who was absent, Max was a member once."""
    app = app_for_all_on
    meeting, other, elsewhere = scene(app, three_meetings)
    mo = creator_of(meeting)
    users = {
        "creator": mo,
        "member": user_of(app, mo, MEMBER),
        "ex_member": user_of(app, mo, MEMBER),
        "other_member": user_of(app, mo, MEMBER),
        "colleague": user_of(app, mo, ADMINISTRATOR),
        "outsider": account(app, "Ola", "Nergens"),
        "gia_at_home": user_of(app, mo, MEMBER),
    }
    with app.app_context(), db.writing() as session:
        group, others = (session.get_one(MeetingRow, m.id).group_id for m in (meeting, other))
        for name, where, left_at in (
            ("member", group, None),
            ("ex_member", group, now()),
            ("other_member", others, None),
        ):
            session.add(Member(group_id=where, user_id=users[name].id, added_at=now(), left_at=left_at))
        session.get_one(Seat, meeting.gia.seat_id).user_id = users["gia_at_home"].id
    knockers = {name: Pages(signed_in(app, user), meeting.id) for name, user in users.items()}
    knockers |= {
        "moderator": pages_of(meeting, meeting.mo),
        "case_giver": pages_of(meeting, meeting.gia),
        "participant": pages_of(meeting, meeting.pete),
        "wall": pages_of(meeting, meeting.wall),
        "participant_of_other_group": Pages(other.client(other.pete), meeting.id),
        "participant_elsewhere": Pages(elsewhere.client(elsewhere.pete), meeting.id),
        "visitor": Pages(app.test_client(), meeting.id),
    }
    return World(meeting, knockers, users)


def three_meetings(app: Flask) -> tuple[Meeting, Meeting, Meeting]:
    """Of Mo's group, of another group of Mo's, and of another organisation."""
    cast = Cast(app)
    return held(cast, group="Mentors"), held(cast, group="Others"), held(Cast(app, organisation="Elders"))


def creator_of(meeting: Meeting) -> User:
    """Whose account a meeting was made with."""
    with meeting.app.app_context():
        return db.session.get_one(User, db.session.get_one(MeetingRow, meeting.id).created_by)


def user_of(app: Flask, like: User, role: str) -> User:
    """Somebody of the same organisation."""
    with app.app_context(), db.writing() as session:
        where = session.get_one(Organisation, like.organisation_id)
        return add_user(session, where, "Mia", f"{random_id(8)}@example.org", NO_PASSWORD, role)


def found_by(world: World) -> dict[str, list[int]]:
    """What everybody gets at every address."""
    return {name: [one.get(rest).status_code for rest in ADDRESSES] for name, one in world.knockers.items()}


def who_reads(world: World) -> set[str]:
    """Everybody who was sent a word of the case, at any address."""
    return {
        name
        for name, one in world.knockers.items()
        if any(ADVICE in one.client.get(f"/meetings/{world.meeting.id}/report{rest}").text for rest in ADDRESSES)
    }


@pytest.mark.promise("report-dates", "who-reads-the-report")
def test_nobody_but_those_concerned_finds_a_report_and_only_with_the_yes_the_group(world: World) -> None:
    nobody = dict.fromkeys(
        (
            "ex_member",
            "other_member",
            "colleague",
            "outsider",
            "wall",
            "participant_of_other_group",
            "participant_elsewhere",
            "visitor",
        ),
        NOTHING,
    )
    drafting = {"creator", "moderator", "case_giver", "gia_at_home"}
    draft = {"creator": [200, 200, 200, 303, 404], "moderator": [200, 200, 200, 303, 404]}
    draft |= {key: [200, 200, 200, 200, 404] for key in ("case_giver", "gia_at_home")}
    assert found_by(world) == nobody | draft | {"member": NOT_YET, "participant": NOT_YET}
    assert who_reads(world) == drafting

    world.knockers["case_giver"].approve_all()
    approved = {name: [200, 200, 303, 303 if name in ("creator", "moderator") else 200, 200] for name in drafting}
    assert found_by(world) == nobody | approved | {"member": READS, "participant": READS}
    assert who_reads(world) == drafting | {"member", "participant"}

    world.knockers["gia_at_home"].send("", "reopen")
    changed = world.knockers["creator"].send("/edit?part=1.question", "edit", do="save", text="CORRECTED question")
    assert changed.status_code == 303
    assert "CORRECTED" in world.knockers["case_giver"].get().text
    for name in ("member", "participant"):
        assert "CORRECTED" not in world.knockers[name].get().text
        assert ADVICE in world.knockers[name].get().text


@pytest.mark.promise("who-reads-the-report")
def test_nobody_else_can_do_anything_to_a_draft(world: World) -> None:
    sent: tuple[tuple[str, dict[str, str]], ...] = (
        ("edit", {"do": "out", "part": "1.question"}),
        ("approve", {"do": "approve", "case": "1"}),
        ("offer", {}),
        ("reopen", {}),
    )
    before = world.knockers["moderator"].get(".md").text
    for name in set(world.knockers) - {"creator", "moderator", "case_giver", "gia_at_home"}:
        for verb, fields in sent:
            assert world.knockers[name].sent(verb, **fields).status_code == 404, (name, verb)
    assert world.knockers["case_giver"].sent("offer").status_code == 404
    for do in ("finish", "beside", "drop"):
        assert world.knockers["case_giver"].sent("approve", do=do, case="1").status_code == 404
    assert world.knockers["moderator"].sent("approve", do="approve", case="1", seen="x").status_code == 404
    assert world.knockers["moderator"].get(".md").text == before


@pytest.mark.promise("one-mail")
def test_the_draft_is_mailed_once_and_not_before_the_hour_is_over(world: World) -> None:
    app = world.meeting.app
    gia = world.users["gia_at_home"].email
    world.knockers["moderator"].send("", "offer")
    with app.app_context():
        mail_due(now())
        assert [mail for mail in mails(app) if mail["To"] == gia] == []
        row = db.session.get(MeetingRow, world.meeting.id)
        assert row is not None
        assert row.ended_at is not None
        late = row.ended_at + REOPEN_WITHIN + timedelta(seconds=1)
        for _ in range(2):
            mail_due(late)
    found = [mail for mail in mails(app) if mail["To"] == gia]
    assert len(found) == 1
    assert ADVICE not in str(found[0])
    assert "Learn to guide" not in str(found[0])


@pytest.mark.promise("one-mail")
def test_a_draft_that_no_server_took_is_mailed_when_one_is_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app, gia = world.meeting.app, world.users["gia_at_home"].email
    world.knockers["moderator"].send("", "offer")

    def away(_self: mail.Folder, _message: object) -> None:
        raise OSError("the server is away")

    with app.app_context():
        late = now() + REOPEN_WITHIN + timedelta(minutes=1)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(mail.Folder, "deliver", away)
            with pytest.raises(NotTaken):
                mail_due(late)
        assert [mail_due(late + timedelta(hours=hours)) > 0 for hours in (1, 2)] == [True, False]
    assert len([one for one in mails(app) if one["To"] == gia]) == 1


def test_what_concerns_somebody_names_the_report_once_it_is_theirs(world: World) -> None:
    member, gia = world.knockers["member"].client, world.knockers["gia_at_home"].client
    link = f"/meetings/{world.meeting.id}/report"
    assert f'"{link}"' not in member.get("/mine").text
    assert f'"{link}/approve"' in gia.get("/mine").text
    world.knockers["case_giver"].approve_all()
    assert f'"{link}"' in member.get("/mine").text
    assert f'"{link}/approve"' not in gia.get("/mine").text


def test_the_moderators_list_says_which_reports_are_to_finish(world: World) -> None:
    mo: FlaskClient = world.knockers["creator"].client
    assert "Reports to finish" in mo.get("/meetings").text
    assert "waits for approval" not in mo.get("/meetings").text
    world.knockers["moderator"].send("", "offer")
    assert "waits for approval" in mo.get("/meetings").text
    world.knockers["case_giver"].approve_all()
    assert "waits for approval" not in mo.get("/meetings").text


def test_members_who_did_not_come_are_absent(world: World) -> None:
    assert "Absent" not in world.knockers["moderator"].get().text, "Mia joined the group after the meeting had begun"
    with world.meeting.app.app_context(), db.writing() as session:
        row = session.get_one(MeetingRow, world.meeting.id)
        mia = session.query(Member).filter_by(user_id=world.users["member"].id).one()
        mia.added_at = row.created_at
    assert "Mia" in world.knockers["moderator"].get().text
