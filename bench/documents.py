"""How long a report of a meeting with 150 contributions takes to leave as PDF and as DOCX, from the report to the bytes."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from facilitator import create_app
from facilitator.core.config import Settings
from tests.reports_builder import a_report, made

TIMES = 20
GOAL = 150.0


def figures() -> Iterator[Figure]:
    """The first one of a process reads typefaces and libraries, and is told apart."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.load(Path(folder) / "instance", {}).kept())
        for ending, name in (("pdf", "PDF"), ("docx", "DOCX")):
            times, busy, size = [], [], 0
            for turn in range(TIMES + 1):
                report = a_report(f"Een starter begeleiden ({turn})", contributions=150)  # nothing to remember
                began, worked = time.perf_counter(), time.process_time()
                size = len(made(app, ending, report))
                times.append((time.perf_counter() - began) * 1000)
                busy.append((time.process_time() - worked) * 1000)
            cores = f"{statistics.median(busy[1:]):.0f} ms of the processor"
            remark = f"{size / 1024:.0f} KB, {cores}, the first one {times[0]:.0f} ms"
            yield Figure(
                f"report with 150 contributions as {name}, p50", statistics.median(times[1:]), "ms", GOAL, remark
            )
