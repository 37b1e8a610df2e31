"""What the contract tests share: a cast on an application of their own, and pushes that go out one by one."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.meetings import live
from tests.cast import Cast


@pytest.fixture
def cast(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Everybody who may meet here; a test can tell what each single change sent."""
    monkeypatch.setattr(live, "TOGETHER_SECONDS", 0.0)
    return Cast(app)
