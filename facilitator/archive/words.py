"""What stands on a card besides its own words, in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from facilitator.archive.content import Outcome


def period_name(period: str) -> str:
    """A quarter (`2026-Q4`) in words; nothing finer is known of a card."""
    year, _dash, quarter = period.partition("-Q")
    if not (year.isdecimal() and quarter in ("1", "2", "3", "4")):
        return ""
    return str(format_date(date(int(year), int(quarter) * 3 - 2, 1), "QQQQ yyyy"))


def outcome_name(outcome: str) -> str:
    """How the action of a card went; empty while nobody knows."""
    names: dict[str, str] = {
        Outcome.WORKED.value: _("It worked"),
        Outcome.PARTLY.value: _("It worked partly"),
        Outcome.NOT.value: _("It did not work"),
    }
    return names.get(outcome, "")
