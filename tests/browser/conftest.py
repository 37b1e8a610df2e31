"""What the browser tests share: one browser and one server per worker, and Mo signed in. Whatever any page complained
about – an exception, an error in its console, a violation of the content policy – fails the test it happened in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.chromium import NOWHERE_ELSE, chromium
from tests.browser.people import Moderator, Phone, Place, Shelf
from tests.faults.proxy import BEHIND, PORT
from tests.running import Server, running_server

HERE = Path(__file__).parent
ENVIRON = {"FACILITATOR_ALLOWED_HOSTS": f"{NOWHERE_ELSE}, {BEHIND}, {NOWHERE_ELSE}:{PORT}"}
Names = tuple[str, ...]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per worker."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that meetings share: each has its own code and people."""
    with running_server(tmp_path_factory.mktemp("browser"), ENVIRON) as server:
        yield server


@pytest.fixture(scope="session")
def mos_browser(browser: Browser, room: Server) -> StorageState:
    """Mo made the first account once; every test opens the same browser again."""
    place = Place(browser, room.url)
    assert room.welcome_url
    mo = Moderator.with_first_account(place, room.welcome_url)
    kept = mo.page.context.storage_state()
    place.empty()
    assert not place.troubles
    return kept


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """Devices that tests give back."""
    return Shelf()


@pytest.fixture
def place(browser: Browser, room: Server, shelf: Shelf) -> Iterator[Place]:
    """Everybody's devices, for one test."""
    place = Place(browser, room.url, shelf=shelf)
    yield place
    place.empty()
    assert place.troubles == []


@pytest.fixture
def mo(place: Place, mos_browser: StorageState) -> Moderator:
    """Mo, signed in."""
    return Moderator.at_home(place, mos_browser)


@pytest.fixture
def lobby(mo: Moderator) -> Moderator:
    """Mo, with a meeting whose lobby is open."""
    mo.starts_meeting()
    mo.is_on_own_device()
    return mo


def everybody_joins(mo: Moderator, *names: str) -> list[Phone]:
    """Each with a phone of their own; Mo sees them come in."""
    phones = [Phone.seated(mo.place, mo.code, name) for name in names]
    for name in names:
        mo.sees(name)
    return phones


def case_of(mo: Moderator, name: str) -> None:
    """Starts, names the case giver, and goes to the clarifying questions."""
    mo.moves("Start")
    mo.is_at("pick")
    mo.gives_case_to(name)
    mo.next_phase()
    mo.is_at("story")
    mo.next_phase()
    mo.is_at("clarify")
