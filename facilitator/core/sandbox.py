"""Work on what comes from elsewhere – files that people send, exports, methods – in a process of its own.

Promises: nothing that was sent is taken apart by the process that serves meetings. The one that does it has a limit on memory,
on processor time, on the time that passes and on what it writes; it inherits no setting, no secret and no open file, can open
neither files nor connections once it has read its own code, and steps back where meetings want the processor. Only so many
of them work at once. What is read and written has no name on the disk, so nothing is left behind, whatever ends the work.

Where the system knows no such limit (macOS has none on memory) the others hold.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from shutil import copyfileobj
from typing import IO, Any, BinaryIO

from facilitator.core.sandboxed import LENGTH_BYTES, MOST_REPORT_BYTES, FileRefused, WorkLimits

AT_ONCE = 2
MOST_WAITING = 12
LONGEST_WAIT_SECONDS = 20.0  # with the work itself less than the 75 after which proxies give up
# Where a Python may have its own libraries; nothing else of the environment is handed on.
KEPT_SETTINGS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
ENDED_BY_A_LIMIT = {signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM}

_places = threading.BoundedSemaphore(AT_ONCE)
_waiting = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)


@dataclass(frozen=True, slots=True)
class Done:
    """What the work came to: its answer, and what it wrote, from the beginning."""

    answer: Any  # whatever JSON can say; the caller knows what it asked for
    content: BinaryIO


def run(work: str, source: BinaryIO, limits: WorkLimits, *words: str) -> Done:
    """Does a piece of work, named as in `facilitator.room.module:function`, on a file; others go on meanwhile.

    Raises FileRefused: with the work's own reason, or `too_much` (a limit was reached), `broken` (it failed in a way nobody
    thought of), `no_room` (the disk is full) or `busy` (too many are waiting, or no process could be made).
    """
    with _a_place(), contextlib.ExitStack() as open_files:
        try:
            given = open_files.enter_context(_with_a_number(source))
            target = tempfile.TemporaryFile()  # noqa: SIM115 – whoever asked reads it
        except OSError as error:
            raise FileRefused("no_room") from error
        try:
            code = _wait(_started([work, json.dumps(asdict(limits)), *words], given, target), limits.seconds)
            return Done(_report(code, target), target)
        except BaseException:
            target.close()
            raise


@contextlib.contextmanager
def _a_place() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise FileRefused("busy")
    try:
        if not _places.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise FileRefused("busy")
        try:
            yield
        finally:
            _places.release()
    finally:
        _waiting.release()


@contextlib.contextmanager
def _with_a_number(source: BinaryIO) -> Iterator[IO[bytes]]:
    """The file as one that another process can be handed: what is only in memory is written to one without a name."""
    source.seek(0)
    if _has_a_number(source):
        source.flush()
        yield source
        return
    with tempfile.TemporaryFile() as copy:
        copyfileobj(source, copy)
        copy.flush()
        copy.seek(0)
        yield copy


def _has_a_number(source: BinaryIO) -> bool:
    try:
        return source.fileno() >= 0
    except (OSError, AttributeError):  # `io.UnsupportedOperation` is an OSError
        return False


def _started(words: list[str], given: IO[bytes], target: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-X", "utf8", "-m", "facilitator.core", *words]
    settings = {name: os.environ[name] for name in KEPT_SETTINGS if name in os.environ}
    try:
        return subprocess.Popen(  # noqa: S603 – our own code, with words of ours
            command,
            stdin=given,
            stdout=target,
            stderr=subprocess.DEVNULL,
            env=settings,
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
    except OSError as error:
        raise FileRefused("busy") from error


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Its exit code. Whatever happens to whoever waits, the process does not outlive this."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise FileRefused("too_much") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _report(code: int, target: IO[bytes]) -> Any:
    """What the work says of itself, taken off the end of what it wrote. A process that was ended reached a limit, but for
    one that fell over its file.
    """
    if code:
        raise FileRefused("too_much" if -code in ENDED_BY_A_LIMIT else "broken")
    try:
        end = target.seek(-LENGTH_BYTES, io.SEEK_END)
        length = min(int.from_bytes(target.read(LENGTH_BYTES)), MOST_REPORT_BYTES)
        begins = target.seek(end - length)
        report = json.loads(target.read(length))
        refused = report.get("refused")
    except (OSError, ValueError, AttributeError) as error:  # it ended before it could say anything
        raise FileRefused("broken") from error
    if refused is not None:
        raise FileRefused(refused, report["detail"])
    target.truncate(begins)
    target.seek(0)
    return report["answer"]
