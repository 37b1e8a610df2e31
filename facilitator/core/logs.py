"""What is written down while this program runs: that something went wrong, what kind of thing, and where in the code.

Promises: the log holds words that stand in the code, numbers, kinds of errors and places in the code, and nothing else – never
the text of an error, a name, an id, an address of a page or of somebody – whoever writes to it: our own rooms, a library, a
thread, gevent, or Python itself.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from enum import Enum
from types import FrameType, TracebackType
from typing import TextIO

from gevent.hub import Hub

MOST_PLACES = 6
FORMAT = "%(levelname)s %(name)s: %(message)s"
# These two write to the terminal by themselves as long as nobody has given them a level.
ASK_FOR_A_LEVEL = ("engineio.server", "socketio.server")
LOGGERS = ("logging", "gunicorn.glogging")  # what stands between whoever logs and a line of the log
log = logging.getLogger("python")


class QuietRecord(logging.LogRecord):
    """A line of the log. What could quote somebody is left out when it is made, so no handler can write it."""

    def __init__(
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: object,
        exc_info: object,
        func: str | None = None,
        sinfo: str | None = None,  # noqa: ARG002 – its name; a stack quotes nothing, but it is long
        **_more: object,
    ) -> None:
        said = words(msg, args) or f"something at {_who_says_it()}"
        error = error_of(exc_info)
        super().__init__(name, level, pathname, lineno, f"{said}: {trouble(error)}" if error else said, (), None, func)


def write_only_what_the_code_says() -> None:
    """Has every logger of this process keep the promise, those of libraries too. May be called again."""
    logging.setLogRecordFactory(QuietRecord)
    for name in ASK_FOR_A_LEVEL:
        logging.getLogger(name).setLevel(logging.ERROR)


def begin(level: str) -> None:
    """Writes the log to standard error, and there also what Python and gevent would print by themselves."""
    write_only_what_the_code_says()
    logging.basicConfig(level=level, format=FORMAT)
    logging.raiseExceptions = False  # what a handler cannot write it would print, with all that is in it
    sys.excepthook = _ended
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable
    warnings.showwarning = _warned
    Hub.print_exception = _greenlet_failed  # type: ignore[method-assign,assignment]  # every hub of every thread


def words(msg: object, args: object) -> str:
    """A message as it stands in the code, with numbers and our own words where it has room for something; empty if it was put
    together while the program ran.
    """
    if not isinstance(msg, str) or not _stands_in_the_code(msg):
        return ""
    given = args if isinstance(args, tuple) else ()
    shown: object = tuple(_shown(value) for value in given)
    if len(given) == 1 and isinstance(given[0], Mapping):
        shown = {name: _shown(value) for name, value in given[0].items()}
    try:
        return msg % shown if given else msg
    except (TypeError, ValueError, KeyError):
        return msg


def trouble(error: BaseException) -> str:
    """The kind of an error and where it happened, from the inside to the outside, and what it came from."""
    return ", after ".join(f"{type(one).__qualname__}{_places(one.__traceback__)}" for one in _with_its_causes(error))


def error_of(exc_info: object) -> BaseException | None:
    """The error in what loggers take for one."""
    found = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    return found if isinstance(found, BaseException) else None


def _stands_in_the_code(text: str) -> bool:
    return any(text in frame.f_code.co_consts for frame in _callers())


def _who_says_it() -> str:
    """The place in the code that called a logger."""
    told = (frame for frame in _callers() if frame.f_globals.get("__name__") not in (__name__, *LOGGERS))
    return next((_place(frame, frame.f_lineno) for frame in told), "?")


def _callers() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 – the way to see who calls
    while frame is not None:
        yield frame
        frame = frame.f_back


def _shown(value: object) -> object:
    """Numbers, members of enumerations, and the names of classes and functions; of all else that it was there."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__qualname__
    return getattr(value, "__qualname__", "…") if callable(value) else "…"


def _with_its_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _places(trace: TracebackType | None) -> str:
    places: list[str] = []
    while trace is not None:
        places.append(_place(trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return "".join(f" {'from' if n else 'at'} {place}" for n, place in enumerate(places[: -MOST_PLACES - 1 : -1]))


def _place(frame: FrameType, line: int) -> str:
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}:{line}"


def _ended(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        log.critical("ended", exc_info=error)


def _thread_failed(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
        log.error("a thread failed", exc_info=found.exc_value)


def _unraisable(found: sys.UnraisableHookArgs) -> None:
    log.error("an error that nobody could be told of", exc_info=found.exc_value)


def _warned(
    message: Warning | str,  # noqa: ARG001 – these are its names
    category: type[Warning],
    filename: str,  # noqa: ARG001
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    logging.getLogger("py.warnings").warning("%s at line %s", category, lineno)


def _greenlet_failed(
    _hub: Hub,
    _context: object | None,
    kind: type[BaseException] | None,
    error: BaseException | str | None,
    trace: TracebackType | None,
) -> None:
    """In place of gevent's own, which prints the text of the error and what the greenlet was called with."""
    if isinstance(error, KeyboardInterrupt):
        return  # gevent hands it on to the main greenlet, which says that it stops
    if isinstance(error, BaseException):
        log.error("a greenlet failed", exc_info=error.with_traceback(trace or error.__traceback__))
    else:
        log.error("a greenlet failed: %s", kind or sys.exc_info()[0])
