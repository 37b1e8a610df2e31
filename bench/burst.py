"""Everybody at the same moment: all write, all join, and many small meetings on one process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.fanout import bare_server, crowd_of
from bench.figures import Figure
from bench.meeting import Prepared, prepare, writing_of
from tests.running import running_server

WRITERS = {100: 300.0, 300: 1000.0}
JOINERS = 1000
MEETINGS = 250
P99_MS = 250.0


def figures() -> Iterator[Figure]:
    """Writing, joining, small meetings."""
    for phones, goal in WRITERS.items():
        found = writing(phones)
        told = f"{found['stored']} of {phones} stored; last answer after {1000 * found['answered']:.0f} ms"
        yield Figure(
            f"{phones} phones write at once → the last one is on the console", 1000 * found["shown"], "ms", goal, told
        )
    joined, bare = joining(JOINERS)
    yield Figure(
        f"{JOINERS} phones connect at once, ratio to bare",
        joined / bare,
        "×",
        3.0,
        f"{joined:.2f} s, bare {bare:.2f} s",
    )
    found = small_meetings(MEETINGS)
    yield Figure(
        f"{MEETINGS} live meetings of 8 phones on one process, p99 of a step",
        1000 * found["p99"],
        "ms",
        P99_MS,
        found["told"],
    )


def run(spec: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """What the phones measured, in a process of their own."""
    command = [sys.executable, "-m", "bench.together"]
    answer = subprocess.run(command, input=json.dumps(spec), stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(answer.stdout))


def writing(phones: int) -> dict[str, Any]:  # Any: JSON
    """Every phone sends a text in the same moment."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        meeting = prepare(data, phones)
        with running_server(data, is_cold=True) as server:
            crowd = {**crowd_of(server.url, meeting), "pids": [server.process.pid]}
            return run({"do": "write", "crowds": [crowd], "writes": writing_of(data, meeting)})


def joining(phones: int) -> tuple[float, float]:
    """Seconds until all have their first screen, and those of a bare server."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        meeting = prepare(data, phones)
        with running_server(data, is_cold=True) as server, bare_server() as (bare, _):
            product = {**crowd_of(server.url, meeting), "pids": []}
            blank = {"url": bare, "pids": [], "cookies": [{"cookie": "none=1", "auth": {}}] * (phones + 2), "press": {}}
            found = run({"do": "come", "crowds": [product, blank]})
    return found["seconds"][0], found["seconds"][1]


def small_meetings(count: int) -> dict[str, Any]:  # Any: JSON
    """Many groups of eight that go on at their own pace, a step every few seconds each."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        meetings: list[Prepared] = [prepare(data, 8, number) for number in range(count)]
        with running_server(data, is_cold=True) as server:
            crowds = [{**crowd_of(server.url, meeting), "pids": []} for meeting in meetings]
            return run({"do": "go on", "crowds": crowds, "seconds": 20, "every": 10})
