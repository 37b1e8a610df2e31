"""Both databases, as for meetings."""

from __future__ import annotations

from tests.integration.meetings.conftest import app_on, postgres

__all__ = ["app_on", "postgres"]
