"""Hashing a password takes tens of milliseconds of one core on purpose. Under gevent that would stop every meeting of
the process, so there it happens in a real thread while the loop goes on. One thread only: more of them would take the
cores away from the loop, and it still signs in dozens of people a second.

Nothing may be hashed inside a transaction: the thread's work is a wait.
"""

from __future__ import annotations

from typing import Any

from facilitator.core.threads import OneThread

# OWASP's second choice for argon2id: 19 MiB and two passes, so that a laptop signs in a group at once.
ARGON2 = {"argon2__memory_cost": 19456, "argon2__time_cost": 2, "argon2__parallelism": 1}
aside = OneThread()


class PooledHashing:
    """Stands in for a passlib context; what costs time runs aside, all else is passed on."""

    def __init__(self, context: Any) -> None:  # Any: passlib has no types
        self._context = context
        context.handler().get_backend()  # loaded here once, not by several threads at the same moment

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def hash(self, secret: str | bytes, **options: Any) -> str:
        return str(aside(lambda: self._context.hash(secret, **options)))

    def verify(self, secret: str | bytes, hashed: str | bytes) -> bool:
        return bool(aside(lambda: self._context.verify(secret, hashed)))
