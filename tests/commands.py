"""The `facilitator` command in a process of its own, without waiting each time for the same libraries to be read: one process
has read them, and becomes the command by a fork. What a fork cannot show – that the command is installed, and that it finds
all it imports by itself – is for `cold`, and for every server that the tests run.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NoReturn

SECONDS = 60


def facilitator(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs it with nothing in its environment but this; what it printed, and its exit code."""
    with tempfile.TemporaryDirectory(prefix="command") as folder:
        words = [*map(str, arguments)]
        asked = {
            "arguments": words,
            "environ": {"PATH": "/usr/bin", **environ},
            "here": str(Path.cwd()),
            "folder": folder,
        }
        warm = _warm()
        assert warm.stdin
        assert warm.stdout
        warm.stdin.write(json.dumps(asked) + "\n")
        warm.stdin.flush()
        answer = warm.stdout.readline()
        assert answer, "the process that waits for commands is gone"
        printed, complained = (Path(folder, name).read_text() for name in ("out", "err"))
    return subprocess.CompletedProcess(words, int(answer), printed, complained)


def cold(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs what was installed, from nothing, as somebody at a terminal does."""
    command = [str(Path(sys.executable).parent / "facilitator"), *map(str, arguments)]
    return subprocess.run(
        command, env={"PATH": "/usr/bin"}, capture_output=True, text=True, timeout=SECONDS, check=False
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
    import facilitator.jobs  # noqa: F401 – read here for the commands to come

    # Gevent's own would start its loop in the process that only waits.
    fork, waitpid = monkey.get_original("os", "fork"), monkey.get_original("os", "waitpid")
    for line in sys.stdin:
        asked = json.loads(line)
        child = fork()
        if not child:
            os.chdir(asked["here"])
            _become(asked["arguments"], asked["environ"], Path(asked["folder"]))
        _, status = waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(arguments: list[str], environ: dict[str, str], folder: Path) -> NoReturn:
    import signal

    from facilitator import serve
    from facilitator.__main__ import main

    serve.LET_GO_SECONDS = 0.2  # no server of these tests is about to let go of its port
    signal.alarm(SECONDS)  # nobody waits for longer
    os.environ.clear()
    os.environ.update(environ)
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["facilitator", *arguments]
    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _wait_for_commands()
