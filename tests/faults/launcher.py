"""Starts the real server, armed: at the k-th passing of a point it dies as by a power cut. Only tests start it.

FAULT=point:k[:who], where the point is before_commit, after_commit, answered or push, and who is `all` (default: master
and worker, as in a power cut) or `worker` (the master lives and starts another).
"""

from __future__ import annotations

from facilitator.__main__ import main  # isort: skip – patches the standard library before anything else is imported

import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.wsgi import ClosingIterator

import facilitator
from facilitator.core.config import Settings
from facilitator.meetings import live


@dataclass
class Trap:
    """Dies when it is passed for the k-th time."""

    at: int
    who: str
    passed: int = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL) if self.who == "worker" else os.killpg(0, signal.SIGKILL)


def arm(point: str, trap: Trap) -> None:
    """Sets the trap at a point."""
    if point == "push":
        arm_pushes(trap)
    elif point == "answered":
        arm_answers(trap)
    else:
        arm_commits(trap, is_before=point == "before_commit")


def arm_commits(trap: Trap, is_before: bool) -> None:
    """On either side of a commit."""
    commit = Session.commit

    def commit_and_die(session: Session) -> None:
        raw = session.connection().connection.dbapi_connection
        is_write = getattr(raw, "in_transaction", True)  # SQLite tells
        if is_write and is_before:
            trap()
        commit(session)
        if is_write and not is_before:
            trap()

    setattr(Session, "commit", commit_and_die)  # noqa: B010 – its type is a method's


def arm_pushes(trap: Trap) -> None:
    """After the commit, before anybody's screen goes out."""
    push = live.push

    def die_or_push(room: live.Hall, meeting_id: str, views: frozenset[str]) -> None:
        trap()
        push(room, meeting_id, views)

    setattr(live, "push", die_or_push)  # noqa: B010 – a function in place of a function


def arm_answers(trap: Trap) -> None:
    """After the answer to a POST."""
    make = facilitator.create_app

    def create_app(settings: Settings) -> Flask:
        app = make(settings)
        app.wsgi_app = dying_after_posts(app.wsgi_app, trap)  # type: ignore[method-assign]  # Flask's own way
        return app

    facilitator.create_app = create_app


def dying_after_posts(inner: Callable[..., Iterable[bytes]], trap: Trap) -> Callable[..., Iterable[bytes]]:
    """Passes the trap when the answer to a POST is out: gunicorn closes an answer after its last byte."""

    def outer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = inner(environ, start_response)
        return ClosingIterator(answer, trap) if environ["REQUEST_METHOD"] == "POST" else answer

    return outer


if __name__ == "__main__":
    if "FAULT" in os.environ:
        parts = [*os.environ["FAULT"].split(":"), "all"]
        arm(parts[0], Trap(int(parts[1]), parts[2]))
    main()
