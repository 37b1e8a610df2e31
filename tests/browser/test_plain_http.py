"""Phones in a real room come over plain http under the name or number of a laptop: there a browser lacks what it only
gives to secure contexts. 127.0.0.1 is one, so another name stands in.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import StorageState, expect

from tests.browser.chromium import NOWHERE_ELSE
from tests.browser.conftest import case_of
from tests.browser.people import Moderator, Phone, Place
from tests.running import Server


@pytest.fixture
def laptop(place: Place, room: Server) -> Place:
    """The same room, under a name that is not this machine's own."""
    place.url = f"http://{NOWHERE_ELSE}:{room.port}"
    return place


def test_everything_works_where_nothing_is_a_secure_context(laptop: Place, mos_browser: StorageState) -> None:
    mo = Moderator.signed_in(laptop)
    assert mo.page.evaluate("[isSecureContext, typeof crypto.randomUUID, typeof navigator.wakeLock]") == [
        False,
        "undefined",
        "undefined",
    ]
    mo.starts_meeting()
    mo.is_on_own_device()
    wall = mo.opens_wall()
    gia = Phone.joins(laptop, mo.code, "Gia")
    pete = Phone.scans(laptop, mo.code, "Pete")
    mo.sees("Pete")
    assert pete.page.evaluate("isSecureContext") is False
    case_of(mo, "Gia")
    pete.is_at("clarify")
    pete.sends("What happened?")
    pete.sent("What happened?")
    mo.moves("Reveal")
    mo.moves("Next question")
    wall.says("What happened?")
    gia.says("What happened?")
    pete.page.reload()
    pete.sent("What happened?")
    wall.clicks("ArrowRight", times=2)
    pete.is_at("diagnose")
    pete.leaves()
    assert pete.stored() == []
    mo.ends_meeting()
    expect(gia.stage).to_have_attribute("data-mode", "ended")
