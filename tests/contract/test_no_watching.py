"""No means to watch people with: no page about a person, nothing that records, nothing from or for a third party."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.core.db import db, now
from facilitator.groups.models import Member
from facilitator.meetings import models
from tests.accounts_cast import make_administrator, make_member, post
from tests.cards import ended_ago
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in
from tests.pages import read
from tests.proof import confirm
from tests.reports_pages import Pages

ROOT = Path(__file__).parents[2]
NAME, GIVER = "Quirijn", "Xandra"
# What an address may be about. A person is not among it: `member_id` only takes somebody out of a group.
THINGS = {
    *("meeting_id", "card_id", "group_id", "theme_id", "file_id", "remark_id", "question_id", "invitation_id"),
    "register_id",  # what is asked for; whoever looks sees their own hours by it
    *("arrangement_id", "moment_id", "check_in_id", "offer_id"),
    *("answer_id", "code", "ending", "filename", "number", "token"),
    "action_id",  # opens for whoever took it on and their buddy
    *("key", "phase_key"),  # of a method and of a phase of it
}
RECORDS = re.compile(
    r"getUserMedia|getDisplayMedia|MediaRecorder|ImageCapture|SpeechRecognition|AudioContext|sendBeacon|geolocation",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"""(?:src|srcset|action|formaction|data|poster)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//|@import"""
)


@dataclass
class Told:
    """A meeting of a group to which Quirijn came with his account, and Xandra, whose case it was, with hers."""

    meeting: Meeting
    browsers: dict[str, FlaskClient]

    @property
    def administrator(self) -> FlaskClient:
        """Somebody who manages the organisation and was not there."""
        return signed_in(self.meeting.app, make_administrator(self.meeting.app, "Ann"))


@pytest.fixture
def told(app: Flask) -> Told:
    """Xandra approved the report, part by part, at home; Quirijn read it; Mo confirmed who was there."""
    meeting = Cast(app).meeting("Gia", "Pete", case_giver=None, group="Noord")
    users = {name: make_member(app, name) for name in (NAME, GIVER)}
    browsers = {name: signed_in(app, user) for name, user in users.items()}
    for name, browser in browsers.items():
        assert post(browser, f"/j/{meeting.snapshot.code}", name=name, agrees="y").status_code in (302, 303)
        seat = next(seat for seat in meeting.snapshot.seats if seat.name == name)
        meeting.people[name] = Person(name, seat.id)
    with app.app_context(), db.writing() as session:
        group_id = session.get_one(models.Meeting, meeting.id).group_id
        session.add_all(Member(group_id=group_id, user_id=user.id, added_at=now()) for user in users.values())
    meeting.name_case_giver(GIVER)
    meeting.advance_to("story")
    meeting.tell_case(meeting[GIVER], "A starter", "How do I help him speak?")
    meeting.advance_to("advise")
    meeting.write(meeting[NAME], "advice", advice="Ask him")
    meeting.end()
    ended_ago(meeting, timedelta(hours=2))
    assert Pages(browsers[GIVER], meeting.id).approve_all().status_code == 303
    for name in (GIVER, NAME):
        assert browsers[name].get(f"/meetings/{meeting.id}/report").status_code == 200
    assert confirm(meeting).status_code == 302
    return Told(meeting, browsers)


@pytest.mark.promise("no-page-about-a-person")
def test_an_administrator_finds_people_in_groups_and_in_the_log_and_nowhere_else(told: Told) -> None:
    for seen in ("presence", "report"):
        page = told.meeting.get(told.meeting.mo, seen).text
        assert NAME in page, "whoever led the meeting and the group see who was there"
        assert GIVER in page
    found = {rule: page for rule, page in everything(told.administrator, told.meeting) if NAME in page or GIVER in page}
    assert set(found) == {"/groups/<group_id>", "/organisation/log"}
    listed = [e for e in read(found["/groups/<group_id>"]).all("li") if NAME in e.text]
    assert len(listed) == 1
    dated = re.compile(r"\S+@\S+|\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}")
    assert not re.search(r"\d", dated.sub("", listed[0].text)), "no figure stands beside a name"


@pytest.mark.promise("stays-with-the-group", "who-reads-the-report", "goal")
def test_whoever_puts_themselves_into_a_group_reads_nothing_of_what_was_said_before(told: Told) -> None:
    ann, meeting = told.administrator, told.meeting
    with meeting.app.app_context():
        group = f"/groups/{db.session.get_one(models.Meeting, meeting.id).group_id}"
    assert NAME in ann.get(group).text, "an administrator manages groups"
    assert "Learn to guide" not in ann.get(group).text, "and reads no goal: it may tell the case"
    assert "Learn to guide" in told.browsers[NAME].get(group).text
    assert post(ann, f"{group}/members", addresses="ann@example.org", is_peer="y").status_code == 302
    assert "Ann" in told.browsers[NAME].get(group).text, "everybody in it sees who came"
    for ending in ("", ".md", ".json", "/versions/1"):
        assert ann.get(f"/meetings/{meeting.id}/report{ending}").status_code == 404
    for page in (group, "/mine", "/", "/groups"):
        assert "Learn to guide" not in ann.get(page).text, page
    assert "How do I help him" in told.browsers[NAME].get(f"/meetings/{meeting.id}/report").text
    giver = Pages(told.browsers[GIVER], meeting.id)
    assert giver.send("", "reopen").status_code == 303
    assert ann.get(f"/meetings/{meeting.id}/report").status_code == 404
    assert giver.approve_all().status_code == 303
    assert "How do I help him" in ann.get(f"/meetings/{meeting.id}/report").text, "a yes is to the group as it is then"


@pytest.mark.promise("accounts", "members")
def test_an_address_is_seen_by_its_owner_and_by_whoever_edits_the_group(told: Told) -> None:
    address = f"{NAME.lower()}@example.org"
    found = {rule for rule, page in everything(told.administrator, told.meeting) if address in page}
    assert found == {"/groups/<group_id>"}
    colleague = dict(everything(told.browsers[GIVER], told.meeting))
    assert NAME in colleague["/groups/<group_id>"]
    assert not [rule for rule, page in colleague.items() if address in page]
    assert address in told.browsers[NAME].get("/account").text


@pytest.mark.promise("audit-log-names-things", "report-log")
def test_the_log_tells_nobody_whose_case_it_was(told: Told) -> None:
    rows = [row.text for row in read(told.administrator.get("/organisation/log").text).all("tr")]
    assert any(NAME in row and "report: opened" in row for row in rows)
    assert any("report: approved" in row and "not named" in row for row in rows)
    assert not [row for row in rows if GIVER in row], "who approves and reads a draft gave the case"


def everything(client: FlaskClient, meeting: Meeting) -> Iterator[tuple[str, str]]:
    """All that a browser may be given by its address: every address with GET, filled in with what there is."""
    with meeting.app.app_context():
        row = db.session.get_one(models.Meeting, meeting.id)
        known = {"meeting_id": meeting.id, "group_id": row.group_id, "code": row.code, "number": 1, "ending": "json"}
    for rule in meeting.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= set(known):
            filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(known[name[1]]), rule.rule)
            answer = client.get(filled)
            yield rule.rule, answer.text if answer.status_code == 200 and "pdf" not in answer.content_type else ""


@pytest.mark.promise("no-page-about-a-person")
def test_no_address_is_about_a_person(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    assert any("meeting_id" in rule.arguments for rule in rules)
    about_somebody = {rule.endpoint for rule in rules if not rule.arguments <= THINGS}
    assert about_somebody == {"meetings.personal_code"}, "which whoever leads shows to somebody without a phone"


@pytest.mark.promise("no-recording")
def test_no_page_can_record_or_look(app: Flask) -> None:
    """Browsers are told to refuse, and no script of ours asks."""
    policy = app.test_client().get("/login").headers["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()"} <= {part.strip() for part in policy.split(",")}
    scripts = [path for path in (ROOT / "facilitator/static").rglob("*.js") if "static/dist" in str(path)]
    assert scripts, "what is served"
    assert [path.name for path in scripts if RECORDS.search(path.read_text(encoding="utf-8"))] == []
    assert RECORDS.search("navigator.mediaDevices.getUserMedia({audio: true})"), "this search finds it"


@pytest.mark.promise("no-third-party")
def test_nothing_comes_from_elsewhere(app: Flask) -> None:
    """The policy has browsers refuse it, and no page, style or script of ours asks for it."""
    rules = dict(
        rule.strip().partition(" ")[::2]
        for rule in app.test_client().get("/login").headers["Content-Security-Policy"].split(";")
    )
    assert rules["default-src"] == "'self'"
    assert set(rules) & {"script-src", "style-src", "font-src", "media-src", "frame-src", "worker-src"} == set()
    assert rules["img-src"] == "'self' data:"
    assert all(
        source == "'self'" or source.startswith(("ws://localhost", "wss://localhost"))
        for source in rules["connect-src"].split()
    )
    pages = [*(ROOT / "facilitator/templates").rglob("*.html"), *(ROOT / "facilitator/static/dist").glob("*.css")]
    assert len(pages) > 50
    assert [path.name for path in pages if ELSEWHERE.search(path.read_text(encoding="utf-8"))] == []
    assert ELSEWHERE.search('<script src="https://cdn.example/x.js">'), "this search finds it"


@pytest.mark.promise("health")
def test_monitoring_says_nothing_about_meetings_or_people(told: Told) -> None:
    meeting = told.meeting
    client = meeting.app.test_client()
    with meeting.app.app_context():
        organisation = db.session.get_one(models.Meeting, meeting.id).organisation_id
    for address in ("/healthz", "/readyz", "/metrics"):
        answer = client.get(address)
        assert answer.status_code == 200
        for known in (
            meeting.id,
            organisation,
            meeting.pete.seat_id,
            meeting.snapshot.code,
            NAME,
            "Gia",
            "meetings_",
            "seats_",
        ):
            assert known not in answer.text, (address, known)
    assert "python_info" in client.get("/metrics").text, "figures of the process"
