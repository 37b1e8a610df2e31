"""How often somebody may try what can be guessed, and ask for what costs something.

A whole meeting room shares one address. So what nobody can guess in practice – codes, links, numbers – counts wrong tries only, and
refuses wrong ones only: whoever has the right one always gets through. What can be guessed – passwords – is counted before it
is looked at, so that a hundred tries at once are a hundred tries, and given back where it was right.

Promises: a key is what was looked up, or where a request comes from; never what was typed, and never what a cookie says that
nobody checked. Without the place where tries are counted, nobody is refused.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, parse_many
from werkzeug.exceptions import TooManyRequests

from facilitator.core.extensions import limiter

logger = logging.getLogger(__name__)

ONE_CONNECTION = 64  # bits of an IPv6 address that one connection gets; the rest is its own to choose

Page = Callable[..., Any]  # Any: what pages of libraries answer has no one type


@dataclass(frozen=True)
class Limit:
    """How often, and for whom: `key` gives what is counted together, and nothing where there is nothing to count."""

    rule: str
    key: Callable[[], str]


def here() -> str:
    """Where a request comes from: an address, or of IPv6 the network that one connection gets."""
    return f"from:{network(request.remote_addr or '')}"


def network(address: str) -> str:
    """The part of an address that whoever sends cannot choose."""
    with suppress(ValueError):
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address):
            if found.ipv4_mapped is not None:
                return str(found.ipv4_mapped)
            return str(ipaddress.ip_network((found, ONE_CONNECTION), strict=False))
        return str(found)
    return address


def refuse_after(rule: str, scope: str, key: str) -> None:
    """Counts once; raises 429 where that was once too often."""
    for limit in _parsed(rule):
        if not _hit(limit, scope, key):
            raise _too_many(limit, scope, key)


def wrong(rule: str, scope: str) -> None:
    """A wrong try from here; raises 429 where there were too many. Every address of one secret counts in one scope."""
    refuse_after(rule, scope, here())


def tries(page: Page, scope: str, limits: Sequence[Limit]) -> Page:
    """The page; what it refuses is counted, and too much of that is refused beforehand."""

    @wraps(page)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if request.method != "POST":
            return make_response(page(*args, **kwargs))
        counted: list[tuple[RateLimitItem, str]] = []
        for limit, key in ((one, found.key()) for found in limits for one in _parsed(found.rule)):
            if key and not _hit(limit, scope, key):
                _give_back(counted, scope)  # of what is refused here nobody looked at any more
                raise _too_many(limit, scope, key)
            if key:
                counted.append((limit, key))
        answer: Response = make_response(page(*args, **kwargs))
        if answer.status_code < 400:
            _give_back(counted, scope)
        return answer

    return guarded


@cache
def _parsed(rule: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(rule))


def _hit(limit: RateLimitItem, scope: str, key: str, cost: int = 1) -> bool:
    if not limiter.enabled:
        return True
    try:
        return limiter.limiter.hit(limit, scope, key, cost=cost)
    except Exception as error:  # noqa: BLE001 – whatever became of Redis, meetings go on
        logger.warning("tries cannot be counted: %s", type(error).__name__)
        return True


def _give_back(counted: Sequence[tuple[RateLimitItem, str]], scope: str) -> None:
    for limit, key in counted:
        _hit(limit, scope, key, cost=-1)


def _too_many(limit: RateLimitItem, scope: str, key: str) -> TooManyRequests:
    with suppress(Exception):
        until = limiter.limiter.get_window_stats(limit, scope, key).reset_time
        return TooManyRequests(retry_after=max(1, round(until - time.time())))
    return TooManyRequests()
