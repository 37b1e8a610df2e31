"""A phone on a bad network: whatever happened to its lines, its text is stored once, and afterwards it shows what a page
that is opened anew would show. The others never notice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.checker import findings
from tests.faults.client import Device, Phone, Socket
from tests.faults.proxy import BEHIND, Proxy, bad_network
from tests.faults.room import Room, database_of, new_room, text_of
from tests.running import Server, running_server

TROUBLES = ("reset", "black_hole", "up_only", "down_only", "delay", "double", "half")
SHORT_SECONDS = 1.0

pytestmark = pytest.mark.faults


@dataclass
class Evening:
    """A meeting in its questions: Ada's phone is behind a bad network, Pete's and Mo's devices are not."""

    room: Room
    network: Proxy
    mo: Device
    ada: Phone
    pete: Phone
    ada_hears: Socket
    pete_hears: Socket

    def write_in_trouble(self, trouble: str, meanwhile: tuple[str, ...] = ()) -> str:
        """Ada sends a text while the network is in trouble; once she felt it and `meanwhile` is done, it heals."""
        step, form = self.ada.step, "question"
        outcome: list[str] = []
        if trouble == "double":
            self.ada.web.close()  # only new lines are doubled
        self.network.start(trouble)
        sending = threading.Thread(
            target=lambda: outcome.append(self.ada.write(step, form, text_of(form, "Ada 1"), lambda: False)),
            daemon=True,
        )
        sending.start()
        self.network.wait_until_felt()
        for move in meanwhile:
            assert self.mo.steer(move) == "ok", "Mo does not notice"
        self.network.heal()
        sending.join(15)
        return outcome[0]

    def everybody_shows_the_truth(self) -> None:
        """I7: after one comparison of digests each page shows what a fresh load shows."""
        for device, line in ((self.ada, self.ada_hears), (self.pete, self.pete_hears)):
            listening = resynced(device, line)
            fresh = Device(self.mo.base, device.name, device.meeting_id, device.view, device.history, web=device.web)
            assert device.shown["digest"] == fresh.load()["digest"], f"{device.name} shows what is there"
            listening.close()

    def nothing_is_wrong(self) -> None:
        """The invariants hold."""
        seats = {name: phone.seat_id for name, phone in self.room.phones.items()}
        with self.room.app.app_context():
            wrong = findings(self.room.history.lines(), self.room.snapshot(), self.room.transitions(), seats)
        assert [line for line in wrong if not line.startswith("I3")] == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Server]]:
    """One server for all these evenings."""
    data = tmp_path_factory.mktemp("partitions") / "served"
    with database_of(data) as app, running_server(data, {"FACILITATOR_ALLOWED_HOSTS": BEHIND}) as server:
        yield app, server


@pytest.fixture
def evening(served: tuple[Flask, Server], tmp_path: Path) -> Iterator[Evening]:
    """Gia told her case; the questions have just begun."""
    with made(*served, tmp_path) as found:
        yield found


@contextmanager
def made(app: Flask, server: Server, tmp_path: Path) -> Iterator[Evening]:
    """An evening on a server."""
    room = new_room(app, tmp_path / "history.jsonl")
    with bad_network(server.port) as network:
        _gia, pete = room.join(server.url, "Gia", "Pete")
        (ada,) = room.join(network.url, "Ada")
        room.start("Gia")
        mo = room.lead(server.url)
        assert mo.steer("next") == "ok"
        ada.load()
        pete.load()
        ada.answer_seconds = SHORT_SECONDS
        evening = Evening(room, network, mo, ada, pete, Socket(ada), Socket(pete))
        yield evening
        evening.pete_hears.close()
        evening.ada_hears.close()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_text_sent_through_a_bad_network_is_stored_once(evening: Evening, trouble: str) -> None:
    assert evening.write_in_trouble(trouble) == "ok"

    assert [item.seat_id for item in evening.room.snapshot().items] == [evening.ada.seat_id]
    evening.everybody_shows_the_truth()
    evening.nothing_is_wrong()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_text_that_arrives_when_the_group_has_moved_on_is_kept_once(evening: Evening, trouble: str) -> None:
    assert evening.write_in_trouble(trouble, meanwhile=("next",)) == "ok"

    assert len(evening.room.snapshot().items) == 1
    evening.everybody_shows_the_truth()
    assert evening.ada.step == evening.pete.step == evening.mo.step
    evening.nothing_is_wrong()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_page_that_heard_nothing_meanwhile_shows_the_truth_afterwards(evening: Evening, trouble: str) -> None:
    before = evening.ada.step
    evening.network.start(trouble)
    if trouble == "double":
        evening.ada_hears.close()
        evening.ada_hears = Socket(evening.ada)

    assert evening.pete.write(evening.pete.step, "question", text_of("question", "Pete 1"), lambda: False) == "ok"
    assert evening.mo.steer("reveal") == "ok"
    assert evening.mo.steer("next") == "ok"
    evening.pete_hears.wait_for(lambda screen: screen["turn"] == evening.mo.turn)
    evening.network.heal()

    evening.everybody_shows_the_truth()
    assert evening.ada.step == evening.mo.step != before


def test_a_push_that_is_lost_in_silence_is_made_up_for_by_comparing_digests(evening: Evening) -> None:
    evening.network.frames_to_lose = 1

    assert evening.mo.steer("next") == "ok"
    evening.pete_hears.wait_for(lambda screen: screen["turn"] == evening.mo.turn)
    evening.network.wait_until_felt()

    assert evening.ada.turn < evening.mo.turn, "Ada's page does not know"
    assert evening.ada_hears.resync(evening.ada.shown["digest"]) is False
    assert evening.ada.turn == evening.mo.turn
    evening.everybody_shows_the_truth()


def test_a_network_that_breaks_again_and_again_lets_every_text_through_once(evening: Evening) -> None:
    evening.network.start("storm")
    step = evening.ada.step

    for number in range(10):
        assert evening.ada.write(step, "question", text_of("question", f"Ada {number}"), lambda: False) == "ok"

    evening.network.heal()
    assert evening.ada.tries > 10, "the storm was felt"
    assert len(evening.room.snapshot().items) == 10
    evening.everybody_shows_the_truth()
    evening.nothing_is_wrong()


@pytest.mark.long
@pytest.mark.parametrize("round_", range(55))
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("meanwhile", [(), ("next",), ("next", "back")])
def test_a_thousand_partitions(evening: Evening, trouble: str, meanwhile: tuple[str, ...], round_: int) -> None:
    assert evening.write_in_trouble(trouble, meanwhile) == "ok"
    evening.everybody_shows_the_truth()
    evening.nothing_is_wrong()


def resynced(device: Device, line: Socket) -> Socket:
    """What a page does on coming back: it compares digests, on a new socket where the old one does not answer."""
    try:
        line.resync(device.shown["digest"], SHORT_SECONDS)
    except (ConnectionError, OSError):
        line.close()
        line = Socket(device)
        line.resync(device.shown["digest"])
    return line
