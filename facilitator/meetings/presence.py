"""Which seats have a page open, also in other workers: a sorted set in Redis per meeting, ids with the time until which they
count. Without Redis there is one process, which knows for itself. A worker that dies is forgotten within a minute."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import redis

COUNTS_SECONDS = 60.0
REFRESH_SECONDS = 20.0
PATIENCE_SECONDS = 0.3
REST_SECONDS = 10.0
PREFIX = "facilitator:here:"


@dataclass
class Presence:
    """What the workers tell each other about open pages: random ids, never a name. Where Redis is out of reach each worker
    knows its own pages only, and asks again a little later."""

    url: str | None
    resting_until: float = 0.0
    client: redis.Redis | None = field(default=None)

    def __post_init__(self) -> None:
        if self.url:
            self.client = redis.Redis.from_url(
                self.url,
                socket_timeout=PATIENCE_SECONDS,
                socket_connect_timeout=PATIENCE_SECONDS,
                decode_responses=True,
            )

    def tell(self, meeting_id: str, seat_ids: Iterable[str]) -> None:
        """These seats have a page open here, for another while."""
        until = time.time() + COUNTS_SECONDS
        told = dict.fromkeys(seat_ids, until)
        client = self._awake()
        if client is None or not told:
            return
        try:
            with client.pipeline(transaction=False) as batch:
                batch.zadd(PREFIX + meeting_id, told)
                batch.expire(PREFIX + meeting_id, int(COUNTS_SECONDS))
                batch.execute()
        except redis.RedisError:
            self._rest()

    def untell(self, meeting_id: str, seat_id: str) -> None:
        """The last page of a seat here was closed; if another worker has one, its next word brings it back."""
        client = self._awake()
        if client is None:
            return
        try:
            client.zrem(PREFIX + meeting_id, seat_id)
        except redis.RedisError:
            self._rest()

    def elsewhere(self, meeting_id: str) -> frozenset[str]:
        """The seats with a page open in any worker that was heard of lately."""
        client = self._awake()
        if client is None:
            return frozenset()
        try:
            found = client.zrangebyscore(PREFIX + meeting_id, time.time(), "+inf")
        except redis.RedisError:
            self._rest()
            return frozenset()
        return frozenset(str(seat) for seat in found)

    def _awake(self) -> redis.Redis | None:
        return self.client if time.time() >= self.resting_until else None

    def _rest(self) -> None:
        self.resting_until = time.time() + REST_SECONDS
