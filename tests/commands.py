"""The `facilitator` command in a process of its own, without waiting each time for the same libraries to be read: one process
has read them, and becomes the command by a fork; or a server, which stays. What a fork cannot show – that the command is
installed, and that it finds all it imports by itself – is for `cold`, and for the servers of tests/integration.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TextIO

SECONDS = 60
CAPABILITIES_VERSION = 0x20080522
PASS_OVER_RIGHTS = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


def facilitator(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs it with nothing in its environment but this; what it printed, and its exit code."""
    return _run(arguments, {"environ": {"PATH": "/usr/bin", **environ}})


def weak(*arguments: str | Path, most_bytes: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
    """The same as somebody whom rights stop, also where tests run as root, and who can write no file that is longer."""
    return _run(arguments, {"environ": {"PATH": "/usr/bin"}, "most_bytes": most_bytes})


def _run(arguments: Sequence[str | Path], asked: Mapping[str, object]) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory(prefix="command") as folder:
        words = [*map(str, arguments)]
        answer = _ask({"arguments": words, "folder": folder, **asked})
        printed, complained = (Path(folder, name).read_text(errors="backslashreplace") for name in ("out", "err"))
    return subprocess.CompletedProcess(words, answer, printed, complained)


class Forked:
    """A server that the waiting process became, with what the tests need of `subprocess.Popen`. It leads a session of its own."""

    def __init__(self, module: str, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="server")
        self.args = [module, *arguments]
        self.returncode: int | None = None
        os.mkfifo(self._path("out"))
        asked = {"arguments": [*arguments], "environ": {**environ}, "folder": self.folder.name, "module": module}
        self.pid = _ask(asked)
        self.stdout: TextIO = self._path("out").open()

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        code = self._path("code")
        if self.returncode is None and code.exists():
            self.returncode = int(code.read_text())
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Its exit code. Raises TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Tells it something, if it is still there."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once, and only it."""
        self.send_signal(signal.SIGKILL)

    def _path(self, name: str) -> Path:
        return Path(self.folder.name) / name


def _ask(asked: Mapping[str, object]) -> int:
    """What the waiting process says: the exit code of a command, the process id of a server."""
    warm = _warm()
    assert warm.stdin
    assert warm.stdout
    warm.stdin.write(json.dumps({**asked, "here": str(Path.cwd())}) + "\n")
    warm.stdin.flush()
    answer = warm.stdout.readline()
    assert answer, "the process that waits for commands is gone"
    return int(answer)


def cold(*arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Runs what was installed, from nothing, as somebody at a terminal does who types what is `given`."""
    command = [str(Path(sys.executable).parent / "facilitator"), *map(str, arguments)]
    return subprocess.run(
        command,
        input=given,
        env={"PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@cache
def _warm() -> subprocess.Popen[str]:
    """The process that waits; it ends with this one, whose end of its input closes."""
    command = [sys.executable, "-m", "tests.commands"]
    warm = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={})
    atexit.register(warm.kill)
    return warm


def _wait_for_commands() -> None:
    from gevent import monkey

    import facilitator.__main__
    import facilitator.app
    import facilitator.cli
    import facilitator.operations.jobs  # noqa: F401 – read here for the commands to come

    # Gevent's own would start its loop in the process that only waits.
    fork, waitpid = monkey.get_original("os", "fork"), monkey.get_original("os", "waitpid")
    for line in sys.stdin:
        asked = json.loads(line)
        child = fork()
        if not child:
            os.chdir(asked["here"])
            if "module" in asked:
                _keep(fork, waitpid, asked)
            _become(asked["arguments"], asked["environ"], Path(asked["folder"]), asked.get("most_bytes"))
        if "module" not in asked:
            _, status = waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)


def _keep(
    fork: Callable[[], int], waitpid: Callable[[int, int], tuple[int, int]], asked: Mapping[str, Any]
) -> NoReturn:
    """Makes a server, says which process it is, and notes how it ended. Only its parent can."""
    import runpy

    folder = Path(asked["folder"])
    server = fork()
    if not server:
        os.setsid()
        os.environ.clear()
        os.environ.update(asked["environ"])
        os.dup2(os.open(folder / "out", os.O_WRONLY), 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = [asked["module"], *asked["arguments"]]
        _end_with(lambda: runpy.run_module(asked["module"], run_name="__main__"))
    print(server, flush=True)
    _, status = waitpid(server, 0)
    if folder.exists():
        written = folder / "written"
        written.write_text(str(os.waitstatus_to_exitcode(status)))
        written.rename(folder / "code")
    os._exit(0)


def _become(arguments: list[str], environ: dict[str, str], folder: Path, most_bytes: int | None) -> NoReturn:
    from facilitator.__main__ import main
    from facilitator.serving import server

    server.LET_GO_SECONDS = 0.2  # no server of these tests is about to let go of its port
    signal.alarm(SECONDS)  # nobody waits for longer
    os.environ.clear()
    os.environ.update(environ)
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if most_bytes is not None:
        _grow_weak(most_bytes)
    sys.argv = ["facilitator", *arguments]
    _end_with(main)


def _grow_weak(most_bytes: int) -> None:
    """Gives up what lets root pass over rights, where there is any of it, and takes a limit for what is written."""
    head, held = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()
    system = ctypes.CDLL(None)
    if system.capget(head, held) == 0:
        for place in (0, 1):  # effective and permitted, of the first 32
            held[place] &= ~PASS_OVER_RIGHTS
        system.capset(head, held)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    sys.dont_write_bytecode = (
        True  # Python keeps half a compiled file where it can write no more, and stumbles over it later
    )


def _end_with(act: Callable[[], object]) -> NoReturn:
    """Does it and ends this process as Python would, but for what its parent registered to be done at the end."""
    code: object = 1
    try:
        act()
        code = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 – Python would print it as well, and end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _wait_for_commands()
