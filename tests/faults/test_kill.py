"""kill -9 under load: what was acknowledged is there once, what was not is there at most once, and the group is where its
accepted moves lead. Phones keep writing throughout, over several steps, while two devices steer.
"""

from __future__ import annotations

import contextlib
import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
import requests
import websocket

from tests.faults.checker import findings, outcomes
from tests.faults.client import Device, Phone, Socket
from tests.faults.room import Room, database_of, new_room, text_of
from tests.running import running_server

LAUNCHER = "tests.faults.launcher"
PEERS = ("Pete", "Ada", "Bob", "Cleo", "Dirk")
POINTS = ("before_commit", "after_commit", "answered", "push", "worker", "any_moment")

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("points", [("before_commit", "answered", "worker"), ("after_commit", "push", "worker")])
def test_killed_under_load_nothing_acknowledged_is_lost_and_nothing_is_stored_twice(
    tmp_path: Path, points: tuple[str, ...]
) -> None:
    play_and_kill(tmp_path, points)  # with the first evening's end and the worker's two lives: five kills


@pytest.mark.long
@pytest.mark.parametrize("evening", range(50))
def test_a_thousand_kills(tmp_path: Path, evening: int) -> None:
    play_and_kill(tmp_path, random.Random(evening).choices(POINTS, k=20))


def play_and_kill(tmp_path: Path, points: Sequence[str]) -> None:
    data = tmp_path / "served"
    with database_of(data) as app:
        room = new_room(app, tmp_path / "history.jsonl")
        with running_server(data) as server:
            room.join(server.url, "Gia", *PEERS)
            room.start("Gia")
            load = Load(room, [room.lead(server.url), room.lead(server.url, "wall")])
            load.begin()
            load.wait_for(random.randint(5, 15))
            server.kill()
        with load:
            for point in points:
                die_once(data, server.port, point, load)
            with running_server(data, port=server.port):
                load.wait_for(load.count + 5)
                load.finish()
                everyone_sees_what_is_there(room)

        is_whole(data / "facilitator.sqlite")
        lines = room.history.lines()
        with app.app_context():
            seats = {name: phone.seat_id for name, phone in room.phones.items()}
            assert findings(lines, room.snapshot(), room.transitions(), seats) == []
        heard = [outcome for _, outcome in outcomes(lines, "write").values()]
        assert heard.count("ok") >= 3 * len(points), "there was load"
        assert room.transitions()[-1].turn > 2, "the group moved"


def die_once(data: Path, port: int, point: str, load: Load) -> None:
    """One life of the server: it works for a while and is killed."""
    many = random.randint(5, 15)
    if point == "any_moment":
        with running_server(data, port=port) as server:
            load.wait_for(load.count + many)
            server.kill()
        return
    is_worker = point == "worker"
    fault = f"after_commit:{many}:worker" if is_worker else f"{point}:{many}"
    with running_server(data, {"FAULT": fault}, port, LAUNCHER) as server:
        if is_worker:
            load.wait_for(load.count + 2 * many)
            server.kill()
        else:
            server.process.wait(30)
            assert server.process.returncode == -9, "it died at the fail point"


class Load:
    """Everybody's thread, how to wait for what they do, and how to end it."""

    def __init__(self, room: Room, leaders: list[Device]) -> None:
        self.room = room
        self.stop = threading.Event()
        self.give_up = threading.Event()
        self.news = threading.Condition()
        self.count = 0
        self.troubles: list[BaseException] = []
        acts: list[Callable[[], None]] = [lambda phone=phone: self.write(phone) for phone in room.phones.values()]  # type: ignore[misc]
        acts += [lambda leader=leader: self.steer(leader) for leader in leaders]  # type: ignore[misc]
        acts += [lambda device=device: self.listen(device) for device in (room.phones["Ada"], leaders[1])]  # type: ignore[misc]
        self.threads = [threading.Thread(target=self.guard, args=(act,), daemon=True) for act in acts]

    def begin(self) -> None:
        """Everybody writes and steers, whether there is a server or not."""
        for thread in self.threads:
            thread.start()

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.give_up.set()
        for thread in self.threads:
            thread.join(10)

    def wait_for(self, count: int) -> None:
        """Until so many texts are settled."""
        with self.news:
            assert self.news.wait_for(lambda: self.count >= count or self.troubles, 60), "phones get through"
        assert not self.troubles, self.troubles

    def finish(self) -> None:
        """Lets everybody send what they still have, and no more."""
        self.stop.set()
        for thread in self.threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self.threads), "every queue runs empty"
        assert not self.troubles, self.troubles

    def guard(self, act: Callable[[], None]) -> None:
        """A thread's trouble is the test's."""
        try:
            act()
        except BaseException as trouble:  # noqa: BLE001 – told to the test
            with self.news:
                self.troubles.append(trouble)
                self.news.notify_all()

    def write(self, phone: Phone) -> None:
        """Texts for the step at hand, now and then for the one before; Gia, who has no form there, only listens."""
        number, before = 0, ""
        while not self.stop.wait(random.uniform(0.0, 0.1)):
            step = phone.step
            late = before if before != step and random.random() < 0.5 else step
            before, form = step, self.room.form_of(late)
            if form is None or (phone.name == "Gia" and form not in ("learning", "evaluation")):
                refresh(phone)
                continue
            number += 1
            phone.write(late, form, text_of(form, f"{phone.name} {number}"), self.give_up.is_set)
            with self.news:
                self.count += 1
                self.news.notify_all()

    def listen(self, device: Device) -> None:
        """An open page: it connects again whenever it was cut off."""
        while not self.stop.wait(0.1):
            with contextlib.suppress(OSError, AssertionError, websocket.WebSocketException):
                line = Socket(device)
                line.wait_until_cut_off(self.stop)
                line.close()

    def steer(self, leader: Device) -> None:
        """Moves, mostly onwards, often at the same moment as the other leader."""
        while not self.stop.wait(random.uniform(0.05, 0.4)):
            move = random.choice(("next", "next", "next", "back", "back", "pause", "resume", "extend"))
            if leader.steer(move, seconds="60") != "ok":
                refresh(leader)


def refresh(device: Device) -> None:
    """Looks at the page again, if there is somebody to answer."""
    try:
        device.load()
    except requests.RequestException:
        return


def everyone_sees_what_is_there(room: Room) -> None:
    """I7 after a restart: seats are still held, and what a socket sends is what the page shows."""
    for phone in room.phones.values():
        socket = Socket(phone)
        try:
            socket.resync(phone.shown["digest"])
            assert phone.shown["digest"] == phone.load()["digest"]
        finally:
            socket.close()


def is_whole(path: Path) -> None:
    """The file itself is undamaged."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
