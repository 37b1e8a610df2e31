"""How long things are kept: the confidentiality rules in figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ColumnDefault

from facilitator.accounts.models import Organisation
from facilitator.retention.terms import (
    BOUNDS,
    Terms,
    proof_goes,
    raw_input_goes,
    report_goes,
    told_to_go,
    warning_is_due,
    years_after,
)

HELD = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


@pytest.mark.promise("raw-input")
def test_raw_input_goes_30_days_after_the_report_was_approved() -> None:
    assert raw_input_goes(Terms(), HELD, HELD + 3 * A_DAY) == HELD + 33 * A_DAY


@pytest.mark.promise("raw-input")
def test_and_at_the_latest_60_days_after_the_meeting() -> None:
    assert raw_input_goes(Terms(), HELD, HELD + 50 * A_DAY) == HELD + 60 * A_DAY


@pytest.mark.promise("case-giver-s-yes")
def test_silence_is_no_approval_and_prolongs_nothing() -> None:
    assert raw_input_goes(Terms(), HELD, None) == HELD + 60 * A_DAY


@pytest.mark.promise("raw-input")
@given(
    st.integers(BOUNDS["raw_days_after_approval"].least, BOUNDS["raw_days_after_approval"].most),
    st.integers(BOUNDS["raw_days_after_meeting"].least, BOUNDS["raw_days_after_meeting"].most),
    st.none() | st.integers(0, 400),
)
def test_no_choice_keeps_raw_input_longer_than_60_days(approval: int, meeting: int, approved_on: int | None) -> None:
    approved_at = None if approved_on is None else HELD + approved_on * A_DAY
    assert raw_input_goes(Terms(approval, meeting), HELD, approved_at) <= HELD + 60 * A_DAY


def test_the_moderator_is_told_a_week_before() -> None:
    goes_at = raw_input_goes(Terms(), HELD, None)
    assert not warning_is_due(goes_at, goes_at - timedelta(days=8, seconds=1))
    assert warning_is_due(goes_at, goes_at - timedelta(days=8))
    assert told_to_go(goes_at, goes_at - timedelta(days=8)) == goes_at
    assert told_to_go(goes_at, goes_at) == goes_at + timedelta(days=7), "the week is never left out"


def test_a_report_stays_while_its_group_goes_on_and_a_year_longer() -> None:
    assert report_goes(Terms(), None, has_group=True, over_at=HELD) is None
    assert report_goes(Terms(), HELD + 10 * A_DAY, has_group=True, over_at=HELD) == HELD + 375 * A_DAY


def test_without_a_group_a_report_stays_for_a_year() -> None:
    assert report_goes(Terms(), None, has_group=False, over_at=HELD) == HELD + 365 * A_DAY


@pytest.mark.promise("proof-goes")
def test_proof_stays_for_six_years_to_the_day() -> None:
    assert proof_goes(Terms(), HELD) == datetime(2032, 3, 2, 14, 0, tzinfo=UTC)
    assert years_after(datetime(2028, 2, 29, tzinfo=UTC), 6) == datetime(2034, 2, 28, tzinfo=UTC)


def test_an_organisation_begins_with_the_defaults_of_the_terms() -> None:
    columns = Organisation.__table__.columns
    begun = {name: default.arg for name in BOUNDS if isinstance(default := columns[name].default, ColumnDefault)}
    assert begun == {name: bounds.default for name, bounds in BOUNDS.items()}
