"""Telling the other workers that a meeting changed. Only its id passes through Redis, never a word of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

import gevent
import redis
from flask import Flask

from facilitator.core.db import meeting_changed

CHANNEL = "facilitator:meeting-changed"
PAUSE_SECONDS = 1.0
log = logging.getLogger(__name__)


def connect(app: Flask, url: str | None, on_change: Callable[[str], None]) -> None:
    """Calls `on_change` with the id of every meeting that changes, here or in another worker."""
    me = secrets.token_hex(8)
    client = redis.Redis.from_url(url, socket_timeout=5, health_check_interval=10) if url else None

    def committed(_app: object, meeting_id: str) -> None:
        on_change(meeting_id)
        if client is not None:
            gevent.spawn(_publish, client, f"{me}:{meeting_id}")

    # The application keeps its listener, not the signal: else it and all that it holds would stay for as long as the process.
    app.extensions["bus"] = committed
    meeting_changed.connect(committed, sender=app)
    if url:
        gevent.spawn(_listen, url, me, on_change)


def _publish(client: redis.Redis, message: str) -> None:
    # A message that is lost costs nothing but time: phones compare digests every 15 to 20 seconds.
    try:
        client.publish(CHANNEL, message)
    except redis.RedisError:
        log.warning("redis could not be told of a change")


def _listen(url: str, me: str, on_change: Callable[[str], None]) -> None:
    while True:
        try:
            client = redis.Redis.from_url(url, health_check_interval=10)
            with client.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
                channel.subscribe(CHANNEL)
                for message in channel.listen():
                    sender, _, meeting_id = bytes(message["data"]).decode().partition(":")
                    if sender != me:
                        on_change(meeting_id)
        except redis.RedisError:
            log.warning("redis is out of reach; trying again")
        gevent.sleep(PAUSE_SECONDS)
