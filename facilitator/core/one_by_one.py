"""Many pieces of work of which one may fail.

Promises: what fails stops no other, so one thing that is broken does not keep all others past their time; whoever asked
hears of the first failure once everything else is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from facilitator.core.db import db


def one_by_one(deeds: Iterable[Callable[[], int]]) -> tuple[int, Exception | None]:
    """Does one after the other; answers what they add up to, and the first failure. Each is asked for when it is its turn."""
    count, failed = 0, None
    for deed in deeds:
        try:
            count += deed()
        except Exception as error:  # noqa: BLE001 – whatever it is, the others are due
            db.session.rollback()
            failed = failed or error
    return count, failed
