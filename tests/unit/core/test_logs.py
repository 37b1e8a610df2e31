"""The log says what kind of thing went wrong and where, and never what somebody wrote, who it was or where they came from."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum

import pytest

from facilitator.core import logs
from facilitator.serving.health import database_answers

WORDS = "what Gia told us"
ADDRESS = "192.0.2.7"


class Kind(StrEnum):
    CARD = "card"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    before = logging.getLogRecordFactory()
    logs.write_only_what_the_code_says()
    caplog.set_level(logging.DEBUG)
    yield logging.getLogger("a-library")
    logging.setLogRecordFactory(before)


def test_what_stands_in_the_code_is_said_as_it_stands_there(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    log.warning("a card was lost after %d tries of %s by %s, %s", 3, Kind.CARD, database_answers, ValueError)
    log.info("all of it")
    assert caplog.messages == ["a card was lost after 3 tries of card by database_answers, ValueError", "all of it"]


@pytest.mark.parametrize(
    "say",
    [
        lambda log: log.error("somebody wrote %s at %s", WORDS, ADDRESS),
        lambda log: log.error(f"somebody wrote {WORDS} at {ADDRESS}"),  # noqa: G004 – libraries do
        lambda log: log.error("somebody wrote " + WORDS),  # noqa: G003
        lambda log: log.error("somebody at {} wrote".format(ADDRESS)),  # noqa: G001, UP032
        lambda log: log.error("%(who)s wrote", {"who": WORDS}),
        lambda log: log.error("%d wrote", WORDS),
        lambda log: log.error(ValueError(WORDS)),
        lambda log: log.error("wrote", extra={"who": WORDS}),
        lambda log: log.error("a list of %s", [WORDS, ADDRESS]),
        lambda log: log.error("an error: %s", ValueError(WORDS)),
        lambda log: log.error("%s", WORDS, stack_info=True),
    ],
)
def test_whatever_a_message_is_made_of_nothing_of_it_is_quoted(
    log: logging.Logger, caplog: pytest.LogCaptureFixture, say: object
) -> None:
    assert callable(say)
    say(log)
    [record] = caplog.records
    written = logging.Formatter("%(message)s").format(record)
    assert written
    assert not any(part in written for part in ("Gia", "told", ADDRESS))


def test_an_error_is_its_kind_and_the_places_it_came_through(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    def read() -> None:
        try:
            int(WORDS)
        except ValueError as error:
            raise KeyError(WORDS) from error

    try:
        read()
    except KeyError:
        log.exception("it could not be read")
    [said] = caplog.messages
    assert said.startswith("it could not be read: KeyError at ")
    assert "test_an_error_is_its_kind_and_the_places_it_came_through.<locals>.read:" in said
    assert ", after ValueError at " in said
    assert "Gia" not in caplog.text
    assert "Traceback" not in caplog.text


def test_whoever_put_a_message_together_is_named_by_its_place(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    log.error(f"{WORDS}!")  # noqa: G004
    assert f"{__name__}.test_whoever_put_a_message_together_is_named_by_its_place:" in caplog.messages[0]


BREAKS = f"""
import logging, sys, threading, warnings
import gevent
from facilitator.core import logs

logs.begin("INFO")

def break_down(*_):
    raise ValueError({WORDS!r})

class Left:
    __del__ = break_down

class Handler(logging.Handler):
    def emit(self, record):
        try:
            break_down()
        except ValueError:
            self.handleError(record)

gevent.spawn(break_down, {WORDS!r}).join()
gevent.get_hub().threadpool.spawn(break_down, {WORDS!r}).wait()
thread = threading.Thread(target=break_down, name={WORDS!r})
thread.start()
thread.join()
left = Left()
del left
warnings.warn({WORDS!r})
logging.getLogger("x").addHandler(Handler())
logging.getLogger("x").error("one that no handler can write")
break_down()
"""


def test_what_python_and_gevent_print_by_themselves_keeps_to_it() -> None:
    answer = subprocess.run([sys.executable, "-c", BREAKS], capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    lines = answer.stderr.splitlines()
    for said in (
        "a greenlet failed",
        "a thread failed",
        "an error that nobody could be told of",
        "UserWarning",
        "ended",
    ):
        assert any(said in line for line in lines), said
    assert sum("ValueError at __main__.break_down:" in line for line in lines) >= 5
    assert "Traceback" not in answer.stderr
    assert "Gia" not in answer.stderr
