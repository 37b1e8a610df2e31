"""Two servers on the same databases: what one stores reaches the phones of the other, and without Redis it only takes
until their next comparison of digests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from redis import Redis

from tests.faults.client import Device, Socket
from tests.faults.room import Room, database_of, new_room, text_of
from tests.running import running_server
from tests.services import Postgres, RedisThatDies, redis_server

pytestmark = [pytest.mark.faults, pytest.mark.postgres]


@dataclass
class Pair:
    """Mo is on one server, Pete on the other."""

    room: Room
    redis: RedisThatDies
    mo: Device
    pete_hears: Socket


@dataclass
class House:
    """Two servers on one PostgreSQL and one Redis."""

    app: Flask
    redis: RedisThatDies
    one: str
    other: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[House]:
    """Started once for all tests here."""
    data = tmp_path_factory.mktemp("workers") / "served"
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        environ = {**stack.enter_context(postgres.house()), "FACILITATOR_REDIS_URL": redis.url}
        app = stack.enter_context(database_of(data, environ))
        one, other = (stack.enter_context(running_server(data, environ)).url for _ in range(2))
        yield House(app, redis, one, other)


@pytest.fixture
def pair(house: House, tmp_path: Path) -> Iterator[Pair]:
    """A meeting that both servers hold."""
    room = new_room(house.app, tmp_path / "history.jsonl")
    room.join(house.one, "Gia")
    (pete,) = room.join(house.other, "Pete")
    room.start("Gia")
    pete.load()
    pete_hears = Socket(pete)
    yield Pair(room, house.redis, room.lead(house.one), pete_hears)
    pete_hears.close()


def test_a_change_through_one_server_reaches_the_phones_of_the_other(pair: Pair) -> None:
    assert pair.mo.steer("next") == "ok"

    assert pair.pete_hears.wait_for(lambda screen: screen["turn"] == pair.mo.turn)


def test_without_redis_the_meeting_goes_on_and_pages_that_compare_are_told(pair: Pair) -> None:
    pete = pair.room.phones["Pete"]
    before = pete.shown["digest"]
    pair.redis.die()

    assert pair.mo.steer("next") == "ok"
    assert not pair.pete_hears.resync(before), "what Redis did not tell, the comparison does"
    assert pete.turn == pair.mo.turn
    assert pete.write(pete.step, "question", text_of("question", "Pete 1"), lambda: False) == "ok"

    pair.redis.come_back()
    told_again(pair)


@pytest.mark.promise("redis")
def test_redis_hears_ids_and_counts_and_neither_a_name_nor_a_text(house: House, tmp_path: Path) -> None:
    with listened_in(house.redis.url) as heard:
        room = new_room(house.app, tmp_path / "history.jsonl")
        gia, pete = room.join(house.one, "Gia CANARY", "Pete CANARY")
        sockets = [Socket(pete), Socket(gia)]
        room.start("Gia CANARY")
        assert room.lead(house.other).steer("next") == "ok"
        pete.load()
        assert pete.write(pete.step, "question", text_of("question", "CANARY?"), lambda: False) == "ok"
        for typed in ("canary@example.org", "mo@example.org"):
            page = pete.web.get(f"{house.one}/login").text
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert token
            fields = {"csrf_token": token.group(1), "email": typed, "password": "CANARY is not it"}
            assert pete.web.post(f"{house.one}/login", data=fields).status_code >= 400
        for one in sockets:
            one.close()
    said = "\n".join(heard)
    assert room.id in said, "that a meeting changed"
    assert pete.seat_id in said, "that somebody has a page open"
    assert "LIMITER" in said, "how often was asked"
    for word in ("CANARY", "canary", "Gia", "mo@example", "Learn to guide"):
        assert word not in said
    with Redis.from_url(house.redis.url) as client:
        assert all(0 < int(client.ttl(key)) <= 60 for key in client.scan_iter("facilitator:here:*"))


@contextmanager
def listened_in(url: str) -> Iterator[list[str]]:
    """Everything that Redis is told meanwhile."""
    heard: list[str] = []

    def listen() -> None:
        with Redis.from_url(url) as client, client.monitor() as monitor:
            ready.set()
            for said in monitor.listen():
                heard.append(str(said["command"]))
                if "THE END" in heard[-1]:
                    return

    ready = Event()
    listening = Thread(target=listen, daemon=True)
    listening.start()
    assert ready.wait(10)
    yield heard
    with Redis.from_url(url) as client:
        client.echo("THE END")
    listening.join(10)


def told_again(pair: Pair) -> None:
    """After Redis came back the servers hear each other again; it takes them a moment to notice."""
    for _ in range(30):
        assert pair.mo.steer("extend", seconds="60") == "ok"
        try:
            pair.pete_hears.wait_for(lambda screen: screen["turn"] == pair.mo.turn, 0.5)
        except AssertionError:
            continue
        return
    raise AssertionError("the servers hear each other again")
