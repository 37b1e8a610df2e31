"""What the product does by itself: once when it starts, then every hour – what goes into calendars every minute –, in the process
that serves.

Promises: every job can be interrupted and run again, and a job that fails is tried again an hour later and stops no other. None
does anything by a clock that is in doubt: each asks `clock().check`, and what it is told stands in the log every hour.
Several workers may be at the same job at once: each claims what it does in the transaction in which it does it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import gevent
from flask import Flask

from facilitator.archive.actions import publish_due
from facilitator.archive.files.actions import tidy
from facilitator.arrangements.erasing import erase_due as erase_arrangements
from facilitator.arrangements.telling import remind_due as remind_to_check_in
from facilitator.arrangements.telling import tell_due as tell_of_arrangements
from facilitator.calendar.actions import keep_to_clocks
from facilitator.calendar.mailing import tell_due
from facilitator.calendar.mailing import warn_due as warn_of_few
from facilitator.calendar.swaps import tell_due as tell_of_swaps
from facilitator.core.clock import ClockInDoubt
from facilitator.core.db import now
from facilitator.demo.trying import erase_due as erase_demos
from facilitator.mine.reminding import remind_due
from facilitator.questions.telling import tell_due as tell_of_questions
from facilitator.reports.mailing import mail_due
from facilitator.retention.announcing import warn_due
from facilitator.retention.erasing import erase_due, forget_appointments, forget_evaluations
from facilitator.retention.strays import destroy_strays
from facilitator.year.keeping import look_due

PAUSE_SECONDS = 3600.0
A_MINUTE = 60.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something to do by a moment; what is not due yet waits for the next hour."""

    name: str
    do: Callable[[datetime], object]


# A room joins here, in one line. The order is the order of an hour.
JOBS: tuple[Job, ...] = (
    Job("warn", warn_due),
    Job("erase", erase_due),
    Job("demos", erase_demos),
    Job("strays", destroy_strays),
    Job("publish", publish_due),
    Job("offer", mail_due),
    Job("remind", remind_due),
    Job("check_in", remind_to_check_in),
    Job("together", erase_arrangements),
    Job("look", look_due),
    Job("tidy", tidy),
    Job("clocks", keep_to_clocks),
    Job("few", warn_of_few),
    Job("appointments", forget_appointments),
    Job("evaluations", forget_evaluations),
)
# What people wait for who have just planned or changed something.
OFTEN: tuple[Job, ...] = (
    Job("invitations", tell_due),
    Job("questions", tell_of_questions),
    Job("arrangements", tell_of_arrangements),
    Job("swaps", tell_of_swaps),
)


def start_jobs(app: Flask) -> gevent.Greenlet[[Flask, tuple[Job, ...], float], None]:
    """Begins: each job now, and an hour or a minute later again, as long as the process lives. Call it in the worker, after the fork."""
    often = gevent.spawn(_go_on, app, OFTEN, A_MINUTE)
    hourly = gevent.spawn(_go_on, app, JOBS, PAUSE_SECONDS)
    hourly.link(lambda _: often.kill(block=False))
    return hourly


def _go_on(app: Flask, jobs: tuple[Job, ...], pause: float) -> None:
    while True:
        for job in jobs:
            do_now(app, job)
        gevent.sleep(pause)


def do_now(app: Flask, job: Job) -> None:
    """Does a job by the clock as it is; what keeps it from being done stands in the log."""
    with app.app_context():
        try:
            job.do(now())
        except ClockInDoubt as found:
            log.warning(
                "the clock is %s days away from what is known: %s waits until it is set right, or until somebody says what day"
                " it is (facilitator clock --today YYYY-MM-DD)",
                found.doubt.days,
                job.do,
            )
        except Exception:  # one job must not stop another
            log.exception("the job %s failed", job.do)
