"""`facilitator run` → the first answer, and the memory it takes while nobody is there."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.figures import Figure
from tests.running import running_server

TIMES = 3


def figures() -> Iterator[Figure]:
    """On a folder that is in use already: the second start of an installation and every one after it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        with running_server(data, is_cold=True):
            pass
        seconds, megabytes = [], []
        for _ in range(TIMES):
            began = time.perf_counter()
            with running_server(data, is_cold=True) as server:
                seconds.append(time.perf_counter() - began)
                family = [psutil.Process(server.process.pid)]
                family += family[0].children(recursive=True)
                megabytes.append(sum(process.memory_full_info().pss for process in family) / 2**20)
    yield Figure("facilitator run → first answer, p50", statistics.median(seconds), "s", 2.0)
    yield Figure("memory while idle, both processes", statistics.median(megabytes), "MB", 150.0)
