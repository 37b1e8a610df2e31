"""Who finds a card at each stage of its way, and that a refusal cannot be told from a page nobody opened.

Each time it is shown first that there is something to find: the case giver reads it on their own phone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from facilitator.accounts.models import User
from facilitator.accounts.reading_addresses import make_address
from facilitator.archive import actions, search
from facilitator.archive.models import FeedToken
from facilitator.archive.rules import readable
from facilitator.archive.search import Query
from facilitator.core import sealing
from facilitator.core.audit import AuditEntry
from facilitator.core.db import Base, db
from tests.cards import ADVICE_OF_PETE, Deciding, Pages, accounts, told_meeting
from tests.cast import Cast, Meeting
from tests.contract.everybody import signed_in
from tests.days import pass_days
from tests.pages import without_tokens
from tests.scenes import HouseCopy

CANARY = "canaryqzx"


@dataclass
class Readers:
    """People with accounts, by what they are to the group."""

    told: Meeting
    gia: Deciding
    users: dict[str, User]

    @property
    def app(self) -> Flask:
        """The house they are in."""
        return self.told.app

    def finds(self, name: str) -> bool:
        """Whether somebody meets the card anywhere: the list, search, the card's page, the feed, beside another card."""
        user, pages = self.users[name], Pages(signed_in(self.app, self.users[name]))
        with self.app.app_context(), db.writing() as session:
            made = session.merge(user)
            hits = search.find(session, readable(made), Query(CANARY)).hits
        heard = [pages.get(address).text for address in ("/archive", "/archive?q=filler", "/", "/mine")]
        heard.append(self.feed_of(user))
        card = self.gia.card
        page = pages.get(f"/archive/{card.id}") if card else None
        heard.append(page.text if page else "")
        found = any(CANARY in text for text in heard) or bool(hits)
        assert found == bool(page and page.status_code == 200), f"{name} finds it everywhere or nowhere"
        return found

    def feed_of(self, user: User) -> str:
        """What a feed reader would get for somebody."""
        with self.app.test_request_context():
            token = make_address(FeedToken, user)
        return self.app.test_client().get(f"/archive/feed.atom?key={token}").text

    def found_by(self) -> set[str]:
        """Everybody who finds it now."""
        return {name for name in self.users if self.finds(name)}


@pytest.fixture
def readers(app_on: Flask) -> Readers:
    told = told_meeting(Cast(app_on))
    return Readers(told, Deciding(told), accounts(told))


def test_nobody_finds_a_card_before_it_is_published_and_then_only_whom_it_is_for(readers: Readers) -> None:
    gia = readers.gia
    gia.edits(
        {f"text_{gia.key_of(ADVICE_OF_PETE)}": "New words", "text_title": f"{CANARY} speaks up"}, ("use_insight_1",)
    )
    assert gia.state == "draft"
    assert CANARY in gia.pages.get(f"{gia.address}/share").text
    assert readers.found_by() == set()
    gia.shares("group")
    assert gia.state == "approved"
    assert CANARY in gia.pages.get(f"{gia.address}/share").text
    assert readers.found_by() == set()
    assert pass_days(readers.app, 8, actions.publish_due) == 1
    assert readers.found_by() == {"mate"}
    card = gia.card
    assert card
    gia.pages.post(f"/archive/{card.id}/withdraw")
    assert readers.found_by() == set()


def test_for_the_organisation_everybody_there_finds_it_and_nobody_elsewhere_until_it_is_taken_back(
    readers: Readers,
) -> None:
    gia = readers.gia
    gia.edits(
        {f"text_{gia.key_of(ADVICE_OF_PETE)}": "New words", "text_title": f"{CANARY} speaks up"}, ("use_insight_1",)
    )
    gia.shares("organisation", when="now")
    assert gia.state == "published"
    assert readers.found_by() == {"mate", "other_group", "administrator"}
    gia.does("nobody")
    assert readers.found_by() == set()
    assert gia.state == ""


@pytest.mark.promise("taking-back")
def test_what_was_taken_back_is_in_no_file_and_the_log_names_nobody(app: Flask) -> None:
    told = told_meeting(Cast(app))
    gia = Deciding(told)
    gia.edits(
        {f"text_{gia.key_of(ADVICE_OF_PETE)}": "New words", "text_title": f"{CANARY} speaks up"}, ("use_insight_1",)
    )
    gia.shares("organisation", when="now")
    card = gia.card
    assert card
    gia.pages.post(f"/archive/{card.id}/withdraw")
    with app.app_context():
        assert not sealing.keyring().holds(card.id)
        log = db.session.scalars(select(AuditEntry).where(AuditEntry.thing_id == card.id)).all()
        assert {(entry.deed, entry.by_id) for entry in log} == {("published", None), ("withdrew", None)}
        files = list(Path(app.extensions["settings"].data_dir).rglob("*.sqlite*"))
        assert files
    assert all(CANARY.encode() not in path.read_bytes() for path in files)


@pytest.fixture
def worlds(app: Flask) -> tuple[Meeting, dict[str, User], HouseCopy]:
    """One world that can be put back to how it was."""
    told = told_meeting(Cast(app))
    users = accounts(told)
    return told, users, HouseCopy.of(app)


@pytest.mark.promise("no-leaves-no-trace")
def test_a_refusal_looks_like_a_page_nobody_opened(worlds: tuple[Meeting, dict[str, User], HouseCopy]) -> None:
    """Two worlds: in one Gia wrote a card and refused, in the other she never looked. Everybody else is sent the same."""
    told, users, house = worlds
    never = everything_others_get(told, users)
    stored, keys = what_is_stored(told.app), keys_of(told.app)["meeting_keys"]
    house.put_back(told.app)
    gia = Deciding(told)
    gia.edits({"text_title": f"{CANARY} speaks up"})
    gia.shares("organisation")
    asked = answered(Pages(told.client(told.pete)), f"/meetings/{told.id}/objection")
    assert asked != never["Pete objection"], "while it is on its way Pete is asked about his words"
    gia.shares("nobody")
    refused = everything_others_get(told, users)
    assert {what for what, heard in refused.items() if heard != never[what]} == set()
    assert what_is_stored(told.app) == stored
    assert len(destroyed := keys_of(told.app)["destroyed_keys"]) == 2, (
        "that a card's key and its draft's went is remembered, by random ids"
    )
    assert keys_of(told.app)["meeting_keys"] == keys
    files = [path.read_bytes() for path in Path(told.app.extensions["settings"].data_dir).glob("facilitator.sqlite*")]
    assert not [content for content in files if any(one.encode() in content for one in destroyed)], (
        "which leads to nothing"
    )
    page = gia.pages.get(f"/meetings/{told.id}/mine").text
    house.put_back(told.app)
    assert without_tokens(Deciding(told).pages.get(f"/meetings/{told.id}/mine").text) == without_tokens(page), (
        "on her own page too"
    )


def everything_others_get(told: Meeting, users: dict[str, User]) -> dict[str, str]:
    """Every page somebody else may open around this meeting and the archive, and every answer they get."""
    seats = ("Pete", "Ada", "Bob", "Mo", "Wall")
    places = ("mine", "objection", "consent", "consent/1", "consent/1/share", "report", "report.md", "report.json")
    heard = {
        f"{name} {place}": answered(Pages(told.client(told[name])), f"/meetings/{told.id}/{place}")
        for name in seats
        for place in places
    }
    for name, user in users.items():
        pages = Pages(signed_in(told.app, user))
        for address in (
            "/",
            "/mine",
            "/archive",
            f"/archive?q={CANARY}",
            "/organisation/log",
            f"/meetings/{told.id}/report",
        ):
            heard[f"{name} {address}"] = answered(pages, address)
    return heard


def answered(pages: Pages, address: str) -> str:
    """Status and text, without what is new each time."""
    answer = pages.get(address)
    without_times = re.sub(r"\d\d:\d\d(:\d\d)?", "", without_tokens(answer.text))
    return f"{answer.status_code} {without_times}"


def keys_of(app: Flask) -> dict[str, set[str]]:
    """Whose keys there are, and whose were destroyed."""
    with app.app_context(), sealing.keyring().engine.connect() as connection:
        return {
            table.name: set(connection.scalars(select(table.c.meeting_id)))
            for table in (sealing.meeting_keys, sealing.destroyed_keys)
        }


def what_is_stored(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: int(connection.scalar(text(f"SELECT count(*) FROM {table.name}")) or 0)
            for table in Base.metadata.sorted_tables
        }
