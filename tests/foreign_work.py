"""Work that does what a parser might be brought to do by a file that was made for it. `core.sandbox` runs it in a process of its own."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
import sys
import time
from pathlib import Path
from typing import BinaryIO, NoReturn

from facilitator.core.sandboxed import FileRefused, work

LIMITS = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_NOFILE")


@work()
def copies(source: BinaryIO, target: BinaryIO, *words: str) -> list[str]:
    """What a good one does."""
    print("something a library has to say")
    os.write(1, b"and something it says past Python")
    target.write(source.read())
    return list(words)


@work()
def tells(_source: BinaryIO, _target: BinaryIO) -> dict[str, object]:
    """Who it is and what it may do."""
    return {
        "process": os.getpid(),
        "settings": sorted(os.environ),
        "folder": str(Path.cwd()),
        "limits": {name: resource.getrlimit(getattr(resource, name))[0] for name in LIMITS},
        "patience": os.nice(0),
        "modules": sorted(sys.modules),
    }


@work()
def reaches_out(_source: BinaryIO, _target: BinaryIO, path: str, port: str) -> list[str]:
    """Which of the things it should not do it could do."""
    done = []
    for name, deed in (
        ("read", lambda: Path(path).read_bytes()),
        ("written", lambda: Path(path + ".new").write_bytes(b"x")),
        ("connected", lambda: socket.create_connection(("127.0.0.1", int(port)), 5)),
    ):
        try:
            deed()
            done.append(name)
        except OSError as error:
            done += [] if error.errno == errno.EMFILE else [str(error)]
    done += [f"inherited {number}" for number in range(3, 200) if _is_open(number)]
    return done


@work(opens_files=True)
def reads(_source: BinaryIO, target: BinaryIO, path: str) -> None:
    """What needs a file of ours."""
    target.write(Path(path).read_bytes())


@work()
def eats(_source: BinaryIO, _target: BinaryIO) -> int:
    """More memory than it may."""
    return len(bytearray(1 << 30))


@work()
def spins(_source: BinaryIO, _target: BinaryIO) -> NoReturn:
    """Never comes to an end."""
    while True:
        pass


@work()
def sleeps(_source: BinaryIO, _target: BinaryIO, seconds: str = "600") -> None:
    """Takes no processor, and stays."""
    time.sleep(float(seconds))


@work()
def writes(_source: BinaryIO, target: BinaryIO) -> None:
    """More than it may."""
    target.writelines(b"x" * 1_000_000 for _ in range(100))


@work()
def talks(_source: BinaryIO, _target: BinaryIO) -> str:
    """An answer that is far too long."""
    return "x" * 5_000_000


@work()
def dives(_source: BinaryIO, target: BinaryIO) -> None:
    """Deeper than it goes."""
    dives(_source, target)


@work()
def falls(_source: BinaryIO, _target: BinaryIO) -> None:
    """As a library in C does over a broken file."""
    ctypes.string_at(0)


@work()
def leaves(_source: BinaryIO, target: BinaryIO) -> None:
    """Ends the process as if all were well."""
    target.write(b"half of it")
    target.flush()
    os._exit(0)


@work()
def fails(source: BinaryIO, target: BinaryIO) -> None:
    """As Python does, with words of the file."""
    target.write(source.read())
    target.flush()
    raise ValueError(source.read())


@work()
def refuses(_source: BinaryIO, target: BinaryIO) -> None:
    """For a reason of its own."""
    target.write(b"half of it")
    raise FileRefused("no_paper", "and more")


def unmarked(_source: BinaryIO, _target: BinaryIO) -> None:
    """What nobody said may be run."""


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return number != _own_output()


def _own_output() -> int:
    """The one file it does hold: where it writes."""
    return 3
