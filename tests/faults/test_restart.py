"""Restarts, and a database somebody else holds: phones wait a little, nobody hears of an error, seats stay."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.faults.client import Socket
from tests.faults.room import database_of, new_room, text_of
from tests.running import running_server

STOP_SECONDS = 20.0  # two on a machine that is free; a server that waits for open phones takes thirty
LOCKED_SECONDS = 1.5

pytestmark = pytest.mark.faults


def test_a_server_told_to_stop_lets_go_of_open_phones_and_knows_them_afterwards(tmp_path: Path) -> None:
    data = tmp_path / "served"
    with database_of(data) as app:
        room = new_room(app, tmp_path / "history.jsonl")
        with running_server(data) as server:
            room.join(server.url, "Gia", "Pete", "Ada")
            room.start("Gia")
            mo = room.lead(server.url)
            lines = [Socket(phone) for phone in room.phones.values()]
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(STOP_SECONDS)
        for line in lines:
            line.close()

        with running_server(data, port=server.port):
            assert mo.steer("next") == "ok", "Mo goes on where the group was"
            pete = room.phones["Pete"]
            pete.load()
            assert pete.write(pete.step, "question", text_of("question", "Pete 1"), lambda: False) == "ok"
            for phone in room.phones.values():
                line = Socket(phone)
                line.resync("what it showed before")
                assert phone.shown["digest"] == phone.load()["digest"]
                line.close()


def test_a_database_that_another_process_holds_makes_writers_wait_and_nobody_else(tmp_path: Path) -> None:
    data = tmp_path / "served"
    with database_of(data) as app, running_server(data) as server:
        room = new_room(app, tmp_path / "history.jsonl")
        _gia, pete, ada = room.join(server.url, "Gia", "Pete", "Ada")
        room.start("Gia")
        mo = room.lead(server.url)
        assert mo.steer("next") == "ok"
        for phone in (pete, ada):
            phone.load()
            phone.answer_seconds = 10
        heard: list[str] = []
        writers = [
            threading.Thread(
                target=lambda phone=phone: heard.append(
                    phone.write(phone.step, "question", text_of("question", f"{phone.name} 1"), lambda: False)
                )
            )
            for phone in (pete, ada)
        ]
        with closing(sqlite3.connect(data / "facilitator.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            for writer in writers:
                writer.start()
            answered = 0
            while time.monotonic() - began < LOCKED_SECONDS:
                assert requests.get(f"{server.url}/readyz", timeout=LOCKED_SECONDS).ok, "others are answered meanwhile"
                room.phones["Gia"].load()
                answered += 1
            assert heard == [], "writers wait"
            assert answered > 1
            other.execute("ROLLBACK")
        for writer in writers:
            writer.join(15)

        assert heard == ["ok", "ok"]
        assert (pete.tries, ada.tries) == (1, 1), "waiting was enough: no 5xx, nothing sent again"
        assert len(room.snapshot().items) == 2
