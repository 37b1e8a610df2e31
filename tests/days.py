"""Days that pass: a server that runs looks at its clock every hour, here every other day, and does what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from facilitator.core.clock import clock
from facilitator.core.db import now
from facilitator.retention.announcing import warn_due
from facilitator.retention.erasing import erase_due

STEP = timedelta(days=2)
LEFT = timedelta(days=14)


def pass_days(app: Flask, days: float, *jobs: Callable[[datetime], int]) -> int:
    """Until so many days from now; answers what the last of the jobs adds up to: how many things were erased, if none is named.
    Where it takes long, the server is switched off for most of it, and a host says afterwards that the clock is right.
    """
    with app.app_context():
        end = now() + timedelta(days=days)
        moment, count = last_look(), 0
        while True:
            count += [do(moment) for do in jobs or (warn_due, erase_due)][-1]
            if moment >= end:
                return count
            if end - moment > LEFT + STEP:
                moment = end - LEFT
                clock().confirm(moment)
            else:
                moment = min(moment + STEP, end)


def last_look() -> datetime:
    """Up to when the server ran."""
    return max(clock().last() or now(), now())
