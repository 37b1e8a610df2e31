"""The first visit of a phone is small: a meeting-room network carries a dozen of them at the same moment."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast

MOST_BYTES = 60 * 1024
LINKED = re.compile(r'(?:src|href)="(/static/[^"#]+)')


def everything_loaded(client: FlaskClient, address: str) -> dict[str, int]:
    """How many bytes the page and each thing it links to take, compressed as a browser asks for it; fonts come later."""
    page = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert page.status_code == 200
    found = {address: len(page.data)}
    for linked in dict.fromkeys(LINKED.findall(client.get(address).text)):
        answer = client.get(linked, headers={"Accept-Encoding": "br, gzip"})
        assert answer.status_code == 200, linked
        found[linked] = len(answer.data)
    return found


@pytest.mark.parametrize("page", ["join", "phone"])
def test_a_phone_loads_at_most_60_kb_without_the_font(cast: Cast, page: str) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    client, address = meeting.client(meeting.pete), f"/meetings/{meeting.id}/phone"
    if page == "join":
        client, address = cast.app.test_client(), f"/j/{meeting.snapshot.code}"
    found = everything_loaded(client, address)
    assert any(name.endswith(".css") for name in found), "its style is among what it loads"
    assert any(name.endswith(".js") for name in found)
    assert not any("woff" in name for name in found)
    assert sum(found.values()) <= MOST_BYTES, found
