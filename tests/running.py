"""Starts `facilitator run` for real, on a free port, and stops it however the test left it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.commands import Forked

START_SECONDS = 20.0
STOP_SECONDS = 10.0


@dataclass
class Server:
    """A running server: its address, its data folder, and what it printed while starting."""

    process: subprocess.Popen[str] | Forked
    data_dir: Path
    url: str = ""
    printed: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rsplit(":", 1)[1])

    @property
    def welcome_url(self) -> str | None:
        """The one-time link to the first account, while there is none."""
        return next(iter(re.findall(r"http\S+/welcome/\S+", "".join(self.printed))), None)

    def kill(self) -> None:
        """As a power cut would."""
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)

    def stop(self) -> float:
        """As Ctrl-C would; answers how many seconds it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGINT)  # a terminal tells every process of the command
            self.process.wait(STOP_SECONDS)
        return time.monotonic() - began


@contextmanager
def running_server(
    data_dir: Path,
    environ: Mapping[str, str] | None = None,
    port: int | None = 0,
    module: str = "facilitator",
    *,
    is_cold: bool = False,
    log: Path | None = None,
    host: str | None = "127.0.0.1",
) -> Iterator[Server]:
    """A server that answers, gone at the end. `module` may be one that breaks something and then runs the command.
    `is_cold`: started from nothing, where the start itself or what a process holds is the question. `log`: where it then
    writes what it would write on the terminal. Without a `port` it looks for one from the usual one on, without a `host` it listens everywhere.
    """
    chosen = [*([] if host is None else ["--host", host]), *([] if port is None else ["--port", str(port)])]
    arguments = ["run", *chosen, "--data", str(data_dir)]
    settings = {**os.environ, **(environ or {})}
    process = started(module, arguments, settings, log) if is_cold else Forked(module, arguments, settings)
    server = Server(process, data_dir)
    try:
        wait_until_it_answers(server)
        yield server
        server.stop()
    finally:
        if process.poll() is None:
            server.kill()
        if process.stdout:
            process.stdout.close()


def started(
    module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path | None = None
) -> subprocess.Popen[str]:
    """From nothing, as at a terminal."""
    with log.open("ab") if log else contextlib.nullcontext() as complaints:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            start_new_session=True,
        )


def wait_until_it_answers(server: Server) -> None:
    """Read what it prints until the empty line after the addresses, then ask it."""
    assert server.process.stdout
    for line in server.process.stdout:
        if not line.strip() and server.printed:
            break
        server.printed.append(line)
    server.url = re.findall(r"http://127\.0\.0\.1:\d+", "".join(server.printed))[0]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{server.url}/healthz", timeout=START_SECONDS).ok:
                return
        if server.process.poll() == -signal.SIGKILL:
            return  # a test armed it, and it had work to do before it could answer
        time.sleep(0.02)
    raise AssertionError("the server does not answer")
