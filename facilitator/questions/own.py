"""By what a device proves that a question without a name was asked with it: secrets in one cookie of its own.

Promises: a secret is on the device and nowhere else, fits the account that asked and no other, and tells nothing by itself; of the
oldest ones a device lets go, and whoever clears their browser is not known as the asker any more, to anybody.
"""

from __future__ import annotations

from flask import Response, request

from facilitator.accounts.access import me
from facilitator.core.config import settings
from facilitator.questions.rules import Colleague, proof

MOST = 30
LASTS = 365 * 24 * 3600
BETWEEN = "."
LONGEST = 64  # of one secret


def colleague() -> Colleague:
    """Whoever sent this request."""
    user = me()
    return Colleague(user, frozenset(proof(token, user.id) for token in _tokens()))


def remember(answer: Response, token: str) -> None:
    """Has the device know that the question was asked with it."""
    value = BETWEEN.join((*_tokens(), token)[-MOST:])
    answer.set_cookie(
        _name(), value, max_age=LASTS, httponly=True, samesite="Lax", secure=settings().is_https, path="/"
    )


def _tokens() -> tuple[str, ...]:
    found = request.cookies.get(_name(), "").split(BETWEEN)
    return tuple(token for token in found if 0 < len(token) <= LONGEST)[-MOST:]


def _name() -> str:
    return "__Host-asked" if settings().is_https else "asked"
