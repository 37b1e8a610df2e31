"""What `sandbox.run` starts: one piece of work, behind limits that it sets itself before it reads anything foreign.

Promises: only a function that was marked with `work` is ever called; when it is, no file and no connection can be opened any
more, unless it was marked to need files of our own; whatever it raises becomes a short report, without words of the file.

Run as `python -m facilitator.core WORK LIMITS WORD…`. What comes from elsewhere is its standard input. It writes to its
standard output, and behind that a report in JSON and the length of that report.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from facilitator.core.refusals import Refused

MEGABYTE = 1024 * 1024
MOST_PAGES = 500  # of a paper that is written anew
LENGTH_BYTES = 4
MOST_REPORT_BYTES = MEGABYTE
STEP_BACK = 10

Work = TypeVar("Work", bound=Callable[..., object])
KNOWN: dict[Callable[..., object], bool] = {}


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """How much a piece of work may take: memory and output in bytes, seconds of processor time and of waiting for it."""

    memory: int
    output: int
    processor_seconds: int
    seconds: int


class FileRefused(Refused):
    """Why a file is not taken: a word that whoever asked makes a sentence of, and what more there is to say."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, 422)
        self.detail = detail


def work(*, opens_files: bool = False) -> Callable[[Work], Work]:
    """Marks a function that may be run apart: called with what comes from elsewhere and with where to write, both files that
    can be wound, and with the words it was asked with. What it returns must be something JSON can say.
    """

    def mark(function: Work) -> Work:
        KNOWN[function] = opens_files
        return function

    return mark


def main() -> None:
    """Does the work and ends at once, so that nothing half-written follows the report."""
    name, given, *words = sys.argv[1:]
    limits = WorkLimits(**json.loads(given))
    target = _own_output()
    _set_limits(limits)
    report = _worked(name, sys.stdin.buffer, target, words)
    written = json.dumps(report).encode()
    if len(written) > MOST_REPORT_BYTES or os.fstat(target.fileno()).st_size > limits.output:
        report = _refusal("too_much")
        written = json.dumps(report).encode()
    if "refused" in report:
        os.ftruncate(target.fileno(), 0)
    end = os.lseek(target.fileno(), 0, os.SEEK_END)
    os.pwrite(target.fileno(), written + len(written).to_bytes(LENGTH_BYTES), end)
    os._exit(0)


def _own_output() -> BinaryIO:
    """Standard output, and nowhere to print: a library that complains about a file writes neither into it nor into a log."""
    target = os.fdopen(os.dup(1), "w+b")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return target


def _set_limits(limits: WorkLimits) -> None:
    """The process can lower them further and never raise them again."""
    signal.alarm(limits.seconds)  # also where nobody waits for it any more
    with contextlib.suppress(OSError):
        os.nice(STEP_BACK)
    with contextlib.suppress(OSError):  # where memory is short, it is the first to go
        Path("/proc/self/oom_score_adj").write_text("1000")
    _at_most("RLIMIT_CORE", 0)
    _at_most("RLIMIT_CPU", limits.processor_seconds)
    if not _at_most("RLIMIT_FSIZE", limits.output + MOST_REPORT_BYTES + LENGTH_BYTES):
        # A tighter one holds already. Python keeps half a compiled file under it, and stumbles over it from then on.
        sys.dont_write_bytecode = True
    _at_most("RLIMIT_AS", limits.memory)


def _at_most(name: str, most: int) -> bool:
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):  # not every system knows each of them
        import resource

        resource.setrlimit(getattr(resource, name), (most, most))
        return True
    return False


def _worked(name: str, source: BinaryIO, target: BinaryIO, words: list[str]) -> dict[str, Any]:
    try:
        function = _found(name)
        if not KNOWN[function]:
            _open_nothing_more()
        source.seek(0)
        answer = function(source, target, *words)
        target.flush()
    except FileRefused as refused:
        return _refusal(refused.code, refused.detail)
    except (MemoryError, RecursionError):
        return _refusal("too_much")
    except OSError as error:
        return _refusal({errno.EFBIG: "too_much", errno.ENOSPC: "no_room"}.get(error.errno or 0, "broken"))
    except Exception:  # noqa: BLE001 – whatever a library says of a file made to break it
        return _refusal("broken")
    return {"answer": answer}


def _refusal(code: str, detail: str = "") -> dict[str, Any]:
    return {"refused": code, "detail": detail}


def _found(name: str) -> Callable[..., object]:
    module, _, function = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    if found not in KNOWN:
        raise LookupError(name)
    return found


def _open_nothing_more() -> None:
    """Neither a file nor a connection, nor another process: what is open stays open."""
    _at_most("RLIMIT_NOFILE", 0)
    _at_most("RLIMIT_NPROC", 0)
