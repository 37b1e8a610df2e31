"""Both databases, and a meeting with times that are known."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.extensions import limiter
from tests.cast import Cast, Meeting
from tests.proof import held


@pytest.fixture
def cast(app_for_all_on: Flask) -> Cast:
    """Mo's organisation, new for each test."""
    return Cast(app_for_all_on)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A meeting of an hour, from noon on, with a pause of ten minutes; Ada came ten minutes late, Bob left after forty."""
    return held(cast)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait, but where a test is about that."""
    monkeypatch.setattr(limiter, "enabled", False)
