"""Coaching on the job and shadowing end in a talk of two, on two phones, with a method of its own."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.arrangements.models import Talk
from facilitator.core.db import db
from facilitator.meetings import loading, models
from facilitator.meetings.actions import setting_up, steering
from facilitator.methods.loader import load_catalogue
from tests.pairs import Pairs, in_days

pytestmark = pytest.mark.either


@pytest.fixture
def pairs(app_for_all_on: Flask) -> Pairs:
    return Pairs(app_for_all_on)


def agreed(pairs: Pairs, form: str) -> str:
    """Pete watches Gia, or goes along with her."""
    send = {
        "email": pairs.people["Gia"].email,
        "goal": "How I explain a job",
        "until": in_days(60).isoformat(),
        "weeks": "0",
    }
    where = str(pairs.post("Pete", f"/together/new?form={form}", send).location)
    assert pairs.post("Gia", f"{where}/accept").status_code == 302
    return where


@pytest.mark.promise("between-two-talk")
@pytest.mark.parametrize(("form", "method"), [("coaching", "coaching_on_the_job"), ("shadowing", "shadowing_debrief")])
def test_whoever_watched_starts_the_talk_and_it_is_played_by_two_without_a_wall(
    pairs: Pairs, form: str, method: str
) -> None:
    where = agreed(pairs, form)
    answer = pairs.post("Pete", f"{where}/talk")
    assert str(answer.location).endswith("/console")
    meeting_id = str(answer.location).split("/")[2]
    assert pairs.get("Pete", f"/meetings/{meeting_id}/console").status_code == 200
    assert pairs.get("Pete", f"/meetings/{meeting_id}/phone").status_code == 200
    assert "A talk is open." in pairs.text("Gia", where)
    assert pairs.post("Gia", f"{where}/talk").status_code == 302
    with pairs.app.app_context():
        theirs = select(Talk.meeting_id).where(Talk.arrangement_id == where.rpartition("/")[2])
        assert db.session.scalars(theirs).all() == [meeting_id], "one at a time"
    assert str(pairs.post("Gia", f"{where}/talk/seat").location) == f"/meetings/{meeting_id}/phone"
    assert pairs.get("Gia", f"/meetings/{meeting_id}/phone").status_code == 200
    for who in ("Mo", "Ada", "Ola"):
        assert pairs.post(who, f"{where}/talk").status_code == 404
        assert pairs.post(who, f"{where}/talk/seat").status_code == 404
        assert pairs.get(who, f"/meetings/{meeting_id}/console").status_code == 404
        assert pairs.get(who, f"/meetings/{meeting_id}/mine").status_code == 404
        phone = pairs.get(who, f"/meetings/{meeting_id}/phone")
        assert (phone.status_code, phone.location) == (302, "/j?without=seat"), "to where a code is asked for"
    with pairs.app.app_context():
        row = db.session.get_one(models.Meeting, meeting_id)
        assert (row.method_key, row.goal, row.group_id) == (method, row.goal, None)
        assert "explain" not in row.goal, "a goal is not sealed, so it says the form and no more"
        phases = load_catalogue()[method].phases
        for move in ("start", *["next"] * (len(phases) - 1), "end"):
            snapshot = loading.read(meeting_id)
            (lead,) = [seat for seat in snapshot.seats if seat.kind == "moderator"]
            assert snapshot.name(snapshot.rounds[0].case_giver_id) == "Gia", "it is about whoever was watched"
            steering.steer(meeting_id, lead.id, move, snapshot.state.turn)
        assert loading.read(meeting_id).state.status == "ended"
    for who in ("Pete", "Gia"):
        assert "What came of the talk" in pairs.text(who, where)
        assert pairs.get(who, f"/meetings/{meeting_id}/mine").status_code == 200


def test_buddies_have_no_talk_and_what_is_over_starts_none(pairs: Pairs) -> None:
    buddies = pairs.agree("Gia", "Pete")
    assert "The talk" not in pairs.text("Gia", buddies)
    assert pairs.post("Gia", f"{buddies}/talk").status_code == 404
    where = agreed(pairs, "coaching")
    assert pairs.post("Pete", f"{where}/talk/seat").status_code == 404, "none is open"
    pairs.post("Gia", f"{where}/end")
    pairs.post("Pete", f"{where}/talk")
    with pairs.app.app_context():
        assert db.session.scalar(select(Talk).where(Talk.arrangement_id == where.rpartition("/")[2])) is None


def test_what_ends_while_a_talk_is_begun_has_none(pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    where = agreed(pairs, "coaching")
    create = setting_up.create

    def ended_first(plan: setting_up.Plan, also: setting_up.Also) -> str:
        pairs.post("Gia", f"{where}/end")
        return create(plan, also=also)

    monkeypatch.setattr(setting_up, "create", ended_first)
    assert str(pairs.post("Pete", f"{where}/talk").location) == where
    assert "This has ended, or not everybody has said yes yet." in pairs.text("Pete", where)
    with pairs.app.app_context():
        assert db.session.scalar(select(Talk).where(Talk.arrangement_id == where.rpartition("/")[2])) is None


def test_whoever_comes_into_a_talk_that_is_being_opened_is_told_so(pairs: Pairs) -> None:
    where = agreed(pairs, "coaching")
    meeting_id = str(pairs.post("Pete", f"{where}/talk").location).split("/")[2]
    with pairs.app.app_context(), db.writing() as session:
        session.get_one(models.Meeting, meeting_id).status = "planned"
    assert str(pairs.post("Gia", f"{where}/talk/seat").location) == where
    assert "The talk is being opened at this moment." in pairs.text("Gia", where)
