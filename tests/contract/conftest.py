"""What the contract tests share: one application per module with a cast on it, and pushes that go out one by one. Every
test plays a meeting of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from facilitator.core.config import Settings
from facilitator.meetings import live
from tests.cast import Cast
from tests.houses import empty_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that the tests of a module share."""
    with empty_house(Settings.load(tmp_path_factory.mktemp("house"), {})) as app:
        yield app


@pytest.fixture
def cast(house: Flask, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Everybody who may meet here; a test can tell what each single change sent."""
    monkeypatch.setattr(live, "TOGETHER_SECONDS", 0.0)
    return Cast(house)
