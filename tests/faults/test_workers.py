"""Two servers on the same databases: what one stores reaches the phones of the other, and without Redis it only takes
until their next comparison of digests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

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
