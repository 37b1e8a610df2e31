"""What was looked up for the request at hand.

Promises: it is known to this request alone, and no longer than until the next transaction begins or one is committed: what
somebody may do is asked anew once anything can have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from flask import g, has_app_context, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

T = TypeVar("T")


def remembered(key: Hashable, look: Callable[[], T]) -> T:
    """What `look` gives; asked once where a request asks it several times."""
    if not has_request_context():
        return look()
    if key not in _known():
        found = look()  # may begin a transaction, and so forget
        _known()[key] = found
    return cast("T", _known()[key])


def _known() -> dict[Hashable, object]:
    # One context of an application may serve several requests, one after the other.
    this = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 – the way to the request behind the proxy
    if g.get("known_to") is not this:
        g.known_to, g.known = this, {}
    found = g.known
    assert isinstance(found, dict)
    return found


def _forget(*_: object) -> None:
    if has_app_context():
        g.pop("known_to", None)


event.listen(Session, "after_begin", _forget)
event.listen(Session, "after_commit", _forget)
