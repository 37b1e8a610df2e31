"""Who has a page open is known across workers, and never stands in a meeting's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitator.meetings.presence import Presence
from tests.services import redis_server


@pytest.fixture
def redis_url() -> Iterator[str]:
    with redis_server() as server:
        yield server.url


def test_a_worker_hears_whose_page_is_open_in_another(redis_url: str) -> None:
    here, there = Presence(redis_url), Presence(redis_url)
    there.tell("meeting", ["pete"])
    assert here.elsewhere("meeting") == {"pete"}
    assert here.elsewhere("another meeting") == frozenset()


def test_a_closed_page_is_forgotten(redis_url: str) -> None:
    here, there = Presence(redis_url), Presence(redis_url)
    there.tell("meeting", ["pete", "ada"])
    there.untell("meeting", "pete")
    assert here.elsewhere("meeting") == {"ada"}


def test_a_worker_that_died_is_forgotten(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitator.meetings.presence.COUNTS_SECONDS", -1.0)
    died = Presence(redis_url)
    died.tell("meeting", ["pete"])
    assert Presence(redis_url).elsewhere("meeting") == frozenset()


def test_without_redis_a_process_knows_its_own_pages_only(tmp_path: Path) -> None:
    alone, gone = Presence(None), Presence(f"unix://{tmp_path}/nobody.sock")
    for presence in (alone, gone):
        presence.tell("meeting", ["pete"])
        assert presence.elsewhere("meeting") == frozenset()
