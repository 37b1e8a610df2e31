"""The feed of new cards: valid, somebody's own, and without what was taken back."""

from __future__ import annotations

import re

import pytest
from feedparser.api import parse as parsed
from feedparser.util import FeedParserDict
from flask import Flask

from facilitator.accounts.models import User
from facilitator.archive import actions
from facilitator.archive.models import Card
from facilitator.core.db import db
from tests.library import Library


@pytest.fixture
def library(app_for_all_on: Flask) -> Library:
    return Library(app_for_all_on)


def parse(content: bytes) -> FeedParserDict:
    return FeedParserDict(parsed(content))  # type: ignore[no-untyped-call]


def address(library: Library, who: str) -> str:
    assert library.post(who, "/archive/feed", {"do": "make"}).status_code == 302
    found = re.search(r'value="[^"]*(/archive/feed\.atom\?key=[^"]+)"', library.get(who, "/archive/feed").text)
    assert found
    return found.group(1)


@pytest.mark.promise("card-rows")
def test_it_is_valid_and_says_what_there_is(library: Library) -> None:
    card = library.put("Opening & <closing>", themes=["Trust"], question="How?\x0b", locale="nl")
    answer = library.app.test_client().get(address(library, "Pete"))
    assert answer.content_type.startswith("application/atom+xml")
    feed = parse(answer.data)
    assert not feed.bozo
    (entry,) = feed.entries
    assert (entry.title, entry.summary) == ("Opening & <closing>", "How?")
    assert entry.link.endswith(f"/archive/{card}")
    assert [tag.term for tag in entry.tags] == ["Trust"]
    assert entry.id.startswith("urn:uuid:")
    assert card not in entry.id
    assert entry.updated.endswith("T00:00:00Z"), "a day, and no time of day"
    assert library.organisation_id not in feed.feed.id
    assert parse(library.app.test_client().get(address(library, "Mo")).data).entries[0].id == entry.id


def test_it_holds_what_its_owner_may_read_now(library: Library) -> None:
    library.put("For all")
    ours = library.put("For us", only_group=True)
    gia, pete, ola = (address(library, who) for who in ("Gia", "Pete", "Ola"))
    reader = library.app.test_client()

    def titles(where: str) -> list[str]:
        return sorted(entry.title for entry in parse(reader.get(where).data).entries)

    assert titles(gia) == ["For all", "For us"]
    assert titles(pete) == ["For all"]
    assert titles(ola) == []
    with library.app.app_context(), db.writing() as session:
        actions.withdraw(session, session.get_one(Card, ours))
    assert titles(gia) == ["For all"]


@pytest.mark.promise("follows")
def test_a_new_address_ends_the_old_one_and_an_ended_one_reads_nothing(library: Library) -> None:
    first = address(library, "Pete")
    reader = library.app.test_client()
    assert reader.get(first).status_code == 200
    second = address(library, "Pete")
    assert reader.get(first).status_code == 404
    assert reader.get(second).status_code == 200
    assert second.partition("key=")[2] not in library.get("Pete", "/archive/feed").text, "shown once"
    library.post("Pete", "/archive/feed", {"do": "end"})
    assert reader.get(second).status_code == 404
    for wrong in ("", "?key=", "?key=guessed", "?key=%00"):
        assert reader.get(f"/archive/feed.atom{wrong}").status_code == 404


def test_whoever_may_not_sign_in_any_more_reads_nothing(library: Library) -> None:
    where = address(library, "Pete")
    reader = library.app.test_client()
    assert reader.get(where).status_code == 200
    with library.app.app_context(), db.writing() as session:
        session.get_one(User, library.people["Pete"].id).active = False
    assert reader.get(where).status_code == 404
