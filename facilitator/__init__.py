"""Facilitator: live facilitation of peer consultation (intervisie).

Nothing is imported here: `facilitator run` patches the standard library for gevent before anything else loads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from facilitator.core.config import Settings


def create_app(settings: Settings) -> Flask:
    """Build the web application for these settings."""
    from facilitator.app import create_app as build

    return build(settings)
