"""Meetings whose report is approved, and what a case giver does with it from there – through the pages, as people do.

told = told_meeting(cast)                     # played, ended two hours ago, its report approved
page = Consent(told)                          # Gia's phone on the pages of consent
page.shares("organisation", when="now")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from facilitator.accounts.actions import add_organisation, add_user
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, Organisation, User
from facilitator.archive.models import Card, Consent
from facilitator.core import sealing
from facilitator.core.db import db, now, random_id
from facilitator.groups.models import Group, Member
from facilitator.meetings import moves
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.reports import drafts, store
from facilitator.reports.models import ReportRow, VersionRow
from facilitator.reports.report import session_report
from tests.cast import NO_PASSWORD, Cast, Meeting, Person

QUESTION = "How do I help a starter from Bosch speak?"
ADVICE_OF_PETE = "Give him one small fixed role to speak at the start of every single shift"
ADVICE_OF_ADA = "Wait a week and then ask what he needs from the people around him"
UNCHANGED: Mapping[str, str] = {}
NEW_WORDS = "Let a newcomer open the day"
IDEA_OF_ADA = "I think it is about feeling safe among people who talk so very fast"


def told_meeting(cast: Cast, group: str = "Noord", *, is_approved: bool = True) -> Meeting:
    """A meeting of a group with a case of Gia's and advice of Pete's that she chose, ended two hours ago, and approved."""
    meeting = cast.meeting("Gia", "Pete", "Ada", "Bob", group=group)
    meeting.advance_to("story")
    meeting.tell_case(meeting.gia, "A starter at Bosch", QUESTION)
    meeting.advance_to("diagnose")
    meeting.write(meeting.ada, "hypothesis", hypothesis=IDEA_OF_ADA)
    meeting.reveal()
    meeting.advance_to("advise")
    meeting.write(meeting.pete, "advice", advice=ADVICE_OF_PETE)
    meeting.write(meeting.ada, "advice", advice=ADVICE_OF_ADA)
    while (move := moves.next_move(meeting.snapshot)) in ("reveal", "next_speaker"):
        meeting.steer(move)
    meeting.advance_to("choose")
    chosen = next(item for item in meeting.snapshot.items if item.text("advice") == ADVICE_OF_PETE)
    meeting.mark(meeting.gia, chosen.id)
    meeting.advance_to("commit")
    meeting.write(
        meeting.gia, "action", when_if="the shift begins", then="I let him read the plan aloud", due="2031-05-01"
    )
    meeting.end()
    ended_ago(meeting, timedelta(hours=2))
    if is_approved:
        approve(meeting)
    return meeting


def accounts(told: Meeting) -> dict[str, User]:
    """Colleagues of the group's own, another group's, another organisation's, and an administrator."""
    organisation_id = told.snapshot.organisation_id
    with told.app.app_context(), db.writing() as session:
        here = session.get_one(Organisation, organisation_id)
        there = add_organisation(session, "Elders", "en")
        group = session.scalars(select(Group).where(Group.name == "Noord")).one()
        other = Group(organisation_id=here.id, name="Zuid", created_at=now())
        session.add(other)
        session.flush()
        people = {
            "mate": (here, MEMBER),
            "other_group": (here, MEMBER),
            "administrator": (here, ADMINISTRATOR),
            "ola": (there, ADMINISTRATOR),
        }
        users = {
            name: add_user(session, place, name, f"{name}-{random_id(6)}@example.org", NO_PASSWORD, role)
            for name, (place, role) in people.items()
        }
        for name, place in (("mate", group), ("other_group", other)):
            session.add(Member(group_id=place.id, user_id=users[name].id, added_at=now() - timedelta(days=30)))
    return users


def ended_ago(meeting: Meeting, ago: timedelta) -> None:
    """Moves the end of a meeting into the past."""
    with meeting.app.app_context(), db.writing() as session:
        session.execute(update(MeetingRow).where(MeetingRow.id == meeting.id).values(ended_at=now() - ago))


def approve(meeting: Meeting) -> None:
    """The report as its case giver approved it."""
    snapshot = meeting.snapshot
    draft = drafts.begun(
        session_report(snapshot, snapshot.locale),
        tuple(drafts.Giver(found.number, found.case_giver_id, False) for found in snapshot.rounds),
        snapshot.revision,
    )
    row = ReportRow(organisation_id=snapshot.organisation_id, meeting_id=meeting.id, created_at=now())
    row.id = meeting.id[:20] + "ro"  # no random id has an o, so it is never the meeting's own
    version = VersionRow(id=meeting.id[:20] + "vo", report_id=row.id, number=1, approved_at=now())
    with meeting.app.app_context():
        sealing.keyring().make(row.id)
        version.body = store.sealed(row.id, version.id, drafts.settled(draft))
        with db.writing() as session:
            session.add(row)
            session.flush()
            session.add(version)


def field_of(html: str, name: str) -> str:
    """What a hidden field holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    return found.group(1) if found else ""


@dataclass
class Pages:
    """A device, and forms sent as its pages send them."""

    client: FlaskClient
    csrf: str = field(default="")

    def get(self, address: str) -> TestResponse:
        """Opens a page."""
        return self.client.get(address)

    def post(self, address: str, **fields: str | list[str]) -> TestResponse:
        """Sends a form and goes where it leads."""
        if not self.csrf:
            self.csrf = field_of(self.client.get("/j").text, "csrf_token")
        return self.client.post(address, data={"csrf_token": self.csrf, **fields}, follow_redirects=True)


@dataclass
class Deciding:
    """A case giver's phone on the pages of consent."""

    meeting: Meeting
    person: Person | None = None
    pages: Pages = field(init=False)

    def __post_init__(self) -> None:
        self.pages = Pages(self.meeting.client(self.person or self.meeting.gia))

    @property
    def address(self) -> str:
        """Where they decide about their case."""
        return f"/meetings/{self.meeting.id}/consent/1"

    def edits(
        self, changed: Mapping[str, str] = UNCHANGED, leaving_out: tuple[str, ...] = (), swaps: bool = True
    ) -> TestResponse:
        """Saves the first step as it stands, with some texts changed and some boxes unticked; without `swaps` no proposal
        is taken."""
        fields = {name: value for name, value in {**self.fields(), **changed}.items() if name not in leaving_out}
        if not swaps:
            fields = {name: value for name, value in fields.items() if not name.startswith("swap_")}
        return self.pages.post(self.address, **fields)

    def key_of(self, text: str) -> str:
        """Which piece holds a text: the order of what people wrote is chance."""
        return next(name for name, found in self.fields().items() if found == text).removeprefix("text_")

    def says_it_in_own_words(self) -> TestResponse:
        """Rewrites what holds words of others, so that nobody is asked."""
        return self.edits(
            {
                f"text_{self.key_of(ADVICE_OF_PETE)}": NEW_WORDS,
                f"text_{self.key_of(IDEA_OF_ADA)}": "It is about safety",
            }
        )

    def fields(self) -> dict[str, str | list[str]]:
        """What the form of the first step holds as it was opened."""
        html = self.pages.get(self.address).text
        found: dict[str, str | list[str]] = {}
        for name, text in re.findall(
            r'<textarea[^>]*name="(text_\w+)"[^>]*>(?:\r?\n)?(.*?)</textarea>', html, re.DOTALL
        ):
            found[name] = unescape(text)
        for box in re.findall(r'<input[^>]*name="(?:use|swap)_[^>]*>', html):
            if not re.search(r'\bchecked\b|type="hidden"', box):
                continue
            name, value = (re.findall(rf'\b{attribute}="([^"]*)"', box) for attribute in ("name", "value"))
            found[name[0]] = [*found.get(name[0], []), value[0]]
        return found

    def shares(self, for_whom: str, when: str = "later") -> TestResponse:
        """The second step."""
        return self.pages.post(f"{self.address}/share", do=for_whom, when=when)

    def does(self, what: str) -> TestResponse:
        """One tap on the second page."""
        return self.pages.post(f"{self.address}/share", do=what)

    @property
    def card(self) -> Card | None:
        """The card of the case as it stands."""
        with self.meeting.app.app_context():
            asked = select(Card).join(Consent, Consent.card_id == Card.id).where(Consent.meeting_id == self.meeting.id)
            return db.session.scalar(asked)

    @property
    def state(self) -> str:
        """Where the card is on its way; empty where there is none."""
        card = self.card
        return card.state.value if card else ""
