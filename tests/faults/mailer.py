"""One worker of a day's mails: does the jobs that mail, round by round, by a clock that stands at the moment it is given, until
there is nothing left to send. Only tests start it: `python -m tests.faults.mailer DATA MOMENT`.
"""

from __future__ import annotations

from facilitator.__main__ import main  # noqa: F401  # isort: skip – patches the standard library before anything else is imported

import os
import sys
from datetime import datetime
from pathlib import Path

from facilitator import create_app
from facilitator.calendar.mailing import tell_due
from facilitator.core.config import Settings
from facilitator.mine.reminding import remind_due
from facilitator.questions.telling import tell_due as tell_of_questions

JOBS = (tell_due, tell_of_questions, remind_due)


def work(data: Path, moment: datetime) -> None:
    """Until a round sends nothing."""
    app = create_app(Settings.load(data, os.environ).kept())
    sent = 1
    while sent:
        sent = 0
        for job in JOBS:
            with app.app_context():
                sent += job(moment)


if __name__ == "__main__":
    work(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
