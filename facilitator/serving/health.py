"""What a host's monitoring asks: alive, ready, and figures. No answer says anything about meetings or people.

Figures are given to this machine itself, or to who knows the token.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import Redis
from sqlalchemy import text

from facilitator.core.clock import clock
from facilitator.core.config import Settings, settings
from facilitator.core.db import db, now
from facilitator.core.network import is_loopback
from facilitator.migrations import current_is_head
from facilitator.operations.installation import database_files, problem_of, some_held, try_writing

logger = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)


def init_app(app: Flask, ours: Settings) -> None:
    """Remembers which files the databases are: one that is exchanged or taken away would go on to be written unseen."""
    app.extensions["opened files"] = {path: number_of(path) for path in database_files(ours)}


def number_of(path: Path) -> int | None:
    """By what the disk knows a file; None where there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Alive: the process answers."""
    return {"alive": True}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Ready to serve: 200, or 503 with the names of what fails."""
    failing = [name for name, check in CHECKS.items() if not passes(check)]
    return {"ready": not failing, "failing": failing}, 503 if failing else 200


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus."""
    if not (is_from_here() or has_token()):
        abort(403)
    return generate_latest(), {"Content-Type": CONTENT_TYPE_LATEST}


def passes(check: Callable[[], bool]) -> bool:
    """Run one check; why it failed stands in the log, not in the answer."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 – whatever a driver raises means: not ready
        logger.warning("not ready: %s (%s)", check, type(error))
        return False


def database_answers() -> bool:
    """Can we read, in the files that we opened?"""
    with db.engine.connect() as connection:
        answers = connection.scalar(text("SELECT 1")) == 1
    opened: dict[Path, int | None] = current_app.extensions["opened files"]
    return bool(answers) and all(known is None or number_of(path) == known for path, known in opened.items())


def keys_open() -> bool:
    """Would we start: do secrets, keys and texts belong together?"""
    return problem_of(settings(), some_held(settings())) is None


def disk_keeps() -> bool:
    """Does what is written come back?"""
    try_writing(settings())
    return True


def redis_answers() -> bool:
    """Can we reach Redis, if there is one?"""
    url = settings().redis_url
    if url is None:
        return True
    with Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
        return bool(client.ping())


def is_migrated() -> bool:
    """Are the tables those this version expects?"""
    return current_is_head(db.engine)


def is_clock_trusted() -> bool:
    """Does the clock go on from where it was? While it does not, nothing is erased, published or mailed by the calendar."""
    return not is_migrated() or not clock().is_held(now())


CHECKS = {
    "database": database_answers,
    "redis": redis_answers,
    "migrations": is_migrated,
    "clock": is_clock_trusted,
    "keys": keys_open,
    "disk": disk_keeps,
}


def is_from_here() -> bool:
    """Asked on this machine. What a proxy hands on comes from this machine too, so that does not count."""
    was_handed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not was_handed_on and is_loopback(request.remote_addr or "")


def has_token() -> bool:
    """Was the right token sent as `Authorization: Bearer …`?"""
    token = settings().metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and hmac.compare_digest(token.encode(), sent.encode())
