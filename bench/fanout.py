"""*Next phase* pressed → everybody has their new screen, beside a bare server that sends as many bytes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests

from bench.figures import Figure
from bench.meeting import Prepared, prepare
from tests.running import running_server

GOALS = {8: (3.0, 5.0), 100: (1.6, 3.0), 1000: (0.9, 1.5)}
ROUNDS = {8: 30, 100: 20, 1000: 7}


def figures(sizes: tuple[int, ...] = (8, 100, 1000)) -> Iterator[Figure]:
    """Two figures a size: until the last phone has it, and until the console, the last page of all, has it as well."""
    for phones in sizes:
        found = measured(phones)
        bare = 1000 * statistics.median(last for _, last in found["times"]["bare"])
        cpu = f"CPU {1000 * found['cpu']['product']:.0f} ms, bare {1000 * found['cpu']['bare']:.0f} ms"
        lost = f"; {found['lost']} phones were cut off" if found["lost"] else ""
        for which, what in enumerate((f"last of {phones} phones", f"last page with {phones} phones")):
            product = 1000 * statistics.median(times[which] for times in found["times"]["product"])
            remark = f"{product:.1f} ms, bare {bare:.1f} ms; {cpu}; {found['bytes']} bytes each{lost}"
            yield Figure(f"next phase → {what}, p50, ratio to bare", product / bare, "×", GOALS[phones][which], remark)


def measured(phones: int) -> dict[str, Any]:  # Any: JSON
    """Both servers and all their phones, live at once."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        meeting = prepare(data, phones)
        with running_server(data, is_cold=True) as server, bare_server() as (bare, bare_process):
            spec = {
                "rounds": ROUNDS[phones],
                "product": {**crowd_of(server.url, meeting), "pids": family(server.process.pid)},
                "bare": {
                    "url": bare,
                    "pids": family(bare_process),
                    "cookies": [{"cookie": "none=1", "auth": {}}] * (phones + 2),
                    "press": {"path": "/press", "headers": {}, "body": ""},
                },
            }
            answer = subprocess.run(
                [sys.executable, "-m", "bench.phones"],
                input=json.dumps(spec),
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
    return dict(json.loads(answer.stdout))


def crowd_of(url: str, meeting: Prepared) -> dict[str, Any]:  # Any: JSON
    """Who opens a page of a meeting: every phone, the console and the wall."""
    views = [*((cookie, "phone") for cookie in meeting.cookies), (meeting.lead_cookie, "console")]
    views.append((meeting.wall_cookie, "wall"))
    return {
        "url": url,
        "cookies": [
            {"cookie": cookie, "auth": {"meeting": meeting.meeting_id, "view": view, "as": 1}} for cookie, view in views
        ],
        "press": {
            "path": f"/meetings/{meeting.meeting_id}/steer",
            "headers": {"Cookie": meeting.lead_cookie, "X-View": "console", "X-Seat-Token": meeting.lead_token},
            "body": "move={move}&turn={turn}",
        },
    }


def family(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


@contextmanager
def bare_server() -> Iterator[tuple[str, int]]:
    """The baseline in a process of its own."""
    command = [sys.executable, "-m", "bench.bare", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        while not requests.get(f"{url}/healthz", timeout=30).ok:
            pass
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
