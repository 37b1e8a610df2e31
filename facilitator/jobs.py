"""What the product does by itself: once when it starts, then every hour, in the process that serves.

Promises: every job can be interrupted and run again, and a job that fails is tried again an hour later and stops no other.
Several workers may be at the same job at once: each claims what it does in the transaction in which it does it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import gevent
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from facilitator.archive.actions import publish_due
from facilitator.archive.files.actions import tidy
from facilitator.config import Settings
from facilitator.db import now
from facilitator.meetings.screens import log_quietly
from facilitator.reports.mailing import mail_due
from facilitator.retention.erasing import erase_due, warn_due

MINUTE = "7"
LONGEST_PAUSE_SECONDS = 30
log = logging.getLogger(__name__)
logging.getLogger("huey").setLevel("WARNING")  # it tells of every minute


@dataclass(frozen=True)
class Job:
    """Something to do by a moment; what is not due yet waits for the next hour."""

    name: str
    do: Callable[[datetime], object]


# A room joins here, in one line. The order is the order of an hour.
JOBS: tuple[Job, ...] = (
    Job("warn", warn_due),
    Job("erase", erase_due),
    Job("publish", publish_due),
    Job("offer", mail_due),
    Job("tidy", tidy),
)


class Helper(Consumer):
    """Huey's consumer inside the server: signals are the server's business."""

    def _set_signal_handlers(self) -> None:
        """Leaves them alone."""


def queue_of(settings: Settings) -> Huey:
    """Where jobs wait: Redis where there is one, else a file of its own in the data folder."""
    if settings.redis_url:
        return RedisHuey("facilitator", url=settings.redis_url, results=False)
    return SqliteHuey("facilitator", filename=str(settings.data_dir / "jobs.sqlite"), results=False)


def start_jobs(app: Flask, settings: Settings) -> Helper:
    """Begins: each job once now, and every hour from then on. Call it in the worker, after the fork."""
    queue = queue_of(settings)
    for job in JOBS:
        queue.periodic_task(crontab(minute=MINUTE), name=f"facilitator-{job.name}")(_run(app, job))
    helper = Helper(  # type: ignore[no-untyped-call]  # its base has no types
        queue, workers=1, worker_type="greenlet", max_delay=LONGEST_PAUSE_SECONDS, scheduler_interval=30
    )
    helper.start()  # type: ignore[no-untyped-call]
    gevent.spawn(lambda: [_run(app, job)() for job in JOBS])
    return helper


def _run(app: Flask, job: Job) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            try:
                job.do(now())
            except Exception:  # noqa: BLE001 – one job must not stop another
                log_quietly(log, f"the job {job.name} failed")

    return run
