"""One application for the tests of a module, and a meeting with times that are known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from facilitator.core.db import random_id
from facilitator.core.extensions import limiter
from tests.cast import Cast, Meeting
from tests.houses import empty_house, settings_in
from tests.proof import held
from tests.scenes import staged


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that the tests of a module share."""
    with empty_house(settings_in(tmp_path_factory.mktemp("house"))) as app:
        yield app


@pytest.fixture
def cast(house: Flask) -> Cast:
    """Mo and Mo's organisation; those of the meeting where a test has one."""
    return Cast(house, organisation=f"Werkplaats {random_id(6)}")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """A meeting of an hour, from noon on, with a pause of ten minutes; Ada came ten minutes late, Bob left after forty."""
    return staged(cast, held)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait, but where a test is about that."""
    monkeypatch.setattr(limiter, "enabled", False)
