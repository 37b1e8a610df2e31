"""The same meeting on both databases."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast, Meeting
from tests.scenes import staged


@pytest.fixture
def cast(app_for_all_on: Flask) -> Cast:
    """Mo's organisation, new for each test."""
    return Cast(app_for_all_on)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A meeting that has started, maybe minutes ago; Gia gives the case."""
    return staged(cast, started)


def started(cast: Cast) -> Meeting:
    meeting = cast.meeting()
    meeting.start()
    return meeting
