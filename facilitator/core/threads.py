"""Work of our own that takes the processor or the disk for a while, beside the loop that meetings share.

Promises: the loop goes on meanwhile; what fails is raised where it was asked for and printed nowhere, as gevent's pool by itself
would, with whatever words are in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from gevent import monkey
from gevent.threadpool import ThreadPool

T = TypeVar("T")


class OneThread:
    """One thread for one kind of work, which it does piece by piece: more of them would take the cores away from the loop."""

    def __init__(self) -> None:
        self._pool: ThreadPool | None = None

    def __call__(self, work: Callable[[], T]) -> T:
        """What the work gives. Where nobody shares this process it is done at once."""
        if not monkey.is_module_patched("threading"):
            return work()
        if self._pool is None:
            self._pool = ThreadPool(1)
        outcome: Outcome[T] = self._pool.apply(Outcome, (work,))
        return outcome.given()


class Outcome(Generic[T]):
    """What came of a piece of work: what it gave, or why it failed."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._failed: BaseException | None = None
        try:
            self._given = work()
        except BaseException as error:  # noqa: BLE001 – raised again where it was asked for
            self._failed = error

    def given(self) -> T:
        """What it gave. Raises what it raised."""
        if self._failed is not None:
            raise self._failed
        return self._given
