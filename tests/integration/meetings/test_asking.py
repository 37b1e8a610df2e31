"""A page that no live connection reaches asks for its screen: it gets what a push would have brought, and counts as open."""

from __future__ import annotations

from collections.abc import Iterator

import gevent
import pytest

from facilitator.meetings import live
from tests.cast import Meeting
from tests.phones import Device, device


@pytest.fixture(autouse=True)
def hall(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> Iterator[live.Hall]:
    """Where silence is noticed soon; empty when it is left."""
    monkeypatch.setattr(live, "ASKED_SECONDS", 0.2)
    hall = meeting.app.extensions["hall"]
    assert isinstance(hall, live.Hall)
    yield hall
    nobody_asks(hall)


def nobody_asks(hall: live.Hall) -> None:
    while hall.asking:
        gevent.sleep(0.02)


def asks(phone: Device, **said: str) -> dict[str, object]:
    query = {"view": phone.person.view, "as": str(phone.as_seat), **said}
    answer = phone.client.get(f"/meetings/{phone.meeting.id}/now", query_string=query)
    assert answer.status_code == 200
    return dict(answer.get_json())


def test_what_is_asked_for_is_what_is_pushed_and_no_more(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="What happened in the night?")
    for person in (meeting.pete, meeting.ada, meeting.gia, meeting.mo, meeting.wall):
        got = asks(device(meeting, person))
        if person is not meeting.mo:  # who alone sees who asks
            assert got["html"] == meeting.screen(person)
        assert ("What happened in the night?" in str(got)) is (person is meeting.pete)


def test_a_screen_that_is_known_is_not_sent_again(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    ada = device(meeting, meeting.ada)
    first = asks(ada)
    assert "html" in first
    again = asks(ada, digest=str(first["digest"]))
    assert again.keys() == first.keys() - {"html"}
    meeting.write(meeting.pete, "question", question="Who was there?")
    assert asks(ada, digest=str(first["digest"])).keys() == again.keys(), "hidden text is no news"
    meeting.next()
    assert "html" in asks(ada, digest=str(first["digest"]))


def test_an_answer_does_not_tell_when_hidden_text_came(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    ada = device(meeting, meeting.ada)
    asks(ada)
    meeting.write(meeting.pete, "question", question="Who was there?")
    changed = meeting.snapshot.taken_at.timestamp()
    first, second = (float(str(asks(ada)["at"])) for _ in range(2))
    assert changed < first < second, "the moments of the asking, whatever happened"


def test_whoever_asks_counts_as_there_until_they_are_silent(meeting: Meeting, hall: live.Hall) -> None:
    mo = device(meeting, meeting.mo)
    assert "not connected" in str(asks(mo)["html"])
    pete = device(meeting, meeting.pete)
    asks(pete)
    assert meeting.pete.seat_id in hall.connected(meeting.id)
    assert meeting.ada.seat_id not in hall.connected(meeting.id)
    nobody_asks(hall)
    assert hall.connected(meeting.id) == frozenset()
    assert not hall.is_looked_at(meeting.id)
