"""How long what is kept, by purpose. Pure.

Promises: silence never prolongs anything; an organisation chooses within bounds, and no choice keeps raw input longer than
60 days after the meeting. The defaults and bounds are those of the confidentiality rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

A_WEEK = timedelta(days=7)
WARN_BEFORE = A_WEEK + timedelta(days=1)  # a day to spare, so that the week is over when the time is

QUESTION_YEARS = 2  # after the last word


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most an organisation may choose, and what it gets without choosing."""

    least: int
    most: int
    default: int


BOUNDS = {
    "raw_days_after_approval": Bounds(7, 60, 30),
    "raw_days_after_meeting": Bounds(7, 60, 60),
    "report_days": Bounds(30, 1095, 365),
    "proof_years": Bounds(2, 10, 6),
    "review_months": Bounds(6, 36, 24),
    "cooling_off_days": Bounds(1, 30, 7),
}


@dataclass(frozen=True, slots=True)
class Terms:
    raw_days_after_approval: int = BOUNDS["raw_days_after_approval"].default
    raw_days_after_meeting: int = BOUNDS["raw_days_after_meeting"].default
    report_days: int = BOUNDS["report_days"].default
    proof_years: int = BOUNDS["proof_years"].default


def raw_input_goes(terms: Terms, over_at: datetime, approved_at: datetime | None) -> datetime:
    """When the raw input of a meeting is erased: some days after the report was approved, and at the latest some days
    after the meeting.
    """
    latest = over_at + timedelta(days=terms.raw_days_after_meeting)
    if approved_at is None:
        return latest
    return min(latest, approved_at + timedelta(days=terms.raw_days_after_approval))


def warning_is_due(goes_at: datetime, moment: datetime) -> bool:
    """Whether somebody is to be told by now, a week before."""
    return moment >= goes_at - WARN_BEFORE


def told_to_go(goes_at: datetime, moment: datetime) -> datetime:
    """When something goes of which somebody is told now: never before a week is over, also where a term was made shorter."""
    return max(goes_at, moment + A_WEEK)


def report_goes(terms: Terms, group_ended_at: datetime | None, has_group: bool, over_at: datetime) -> datetime | None:
    """When the group's report is erased; None while the group goes on. Without a group the meeting's end counts."""
    if has_group:
        return group_ended_at + timedelta(days=terms.report_days) if group_ended_at else None
    return over_at + timedelta(days=terms.report_days)


def proof_goes(terms: Terms, held_at: datetime) -> datetime:
    """When proof of participation is erased."""
    return years_after(held_at, terms.proof_years)


def question_goes(last_word_at: datetime) -> datetime:
    """When a question to colleagues is erased with its answers: what still helps by then is a card."""
    return years_after(last_word_at, QUESTION_YEARS)


def years_after(moment: datetime, years: int) -> datetime:
    """The same day some years on; the 29th of February becomes the 28th."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)
