"""A server with accounts of one organisation, for browser tests of what happens between meetings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from facilitator import create_app
from facilitator.accounts.actions import create_user
from facilitator.accounts.models import User
from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.migrations import upgrade
from tests.browser.people import Place
from tests.browser.test_archive import PASSWORD
from tests.running import Server, running_server


@contextmanager
def workshop_of(
    folder: Path, roles: dict[str, str], furnish: Callable[[dict[str, User]], None] | None = None
) -> Iterator[Server]:
    """Serves a folder with these people, by name and role, whose language is English; `furnish` is given their accounts by name."""
    app = create_app(Settings.load(folder, {}).kept())
    with app.app_context():
        upgrade(db.engine)
        people = {
            name: create_user(name, f"{name.lower()}@example.org", PASSWORD, "Workshop", role, "en")
            for name, role in roles.items()
        }
        if furnish is not None:
            furnish(people)
        db.engine.dispose()
    with running_server(folder) as server:
        yield server


@contextmanager
def visited(browser: Browser, server: Server) -> Iterator[Place]:
    """Devices there whose pages let axe in, and which have nothing to complain about at the end."""
    place = Place(browser, server.url, bypass_csp=True)
    yield place
    place.empty()
    assert place.troubles == []
