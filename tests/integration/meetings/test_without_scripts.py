"""Forms that a browser sends by itself, as it does where no script runs: the same rights and the same token as ever, and nothing
typed is lost.
"""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.cast import Meeting
from tests.pages import Element, read, sent_by
from tests.phones import composer_form, device

WORDS = "What happened in the night?"


@pytest.fixture
def page(meeting: Meeting) -> Element:
    """Pete's page, as it comes over the line."""
    meeting.advance_to("clarify")
    return read(device(meeting, meeting.pete).get(f"/meetings/{meeting.id}/phone?plain=1").text)


def sends(meeting: Meeting, page: Element, **instead: str) -> TestResponse:
    """Pete sends the composer of a page as it stands, with his words in it."""
    form = composer_form(page)
    assert form is not None
    return device(meeting, meeting.pete).client.post(
        form["action"], data={**sent_by(form), "question": WORDS, **instead}
    )


def test_sent_twice_is_stored_once_and_the_page_comes_back(meeting: Meeting, page: Element) -> None:
    for _ in range(2):
        answer = sends(meeting, page)
        assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.id}/phone?plain=1")
    assert [item.fields["question"] for item in meeting.snapshot.items] == [WORDS]


@pytest.mark.parametrize("token", ["", "phone:1:guessed:1.1", "phone:1::", "console:1:guessed:"])
def test_without_the_token_of_the_seat_nothing_is_stored_and_the_words_come_back(
    meeting: Meeting, page: Element, token: str
) -> None:
    answer = sends(meeting, page, plain=token)
    assert answer.status_code in (400, 403)
    assert answer.mimetype == "text/html"
    assert WORDS in read(answer.text).text
    assert meeting.snapshot.items == ()


def test_on_a_phone_without_a_seat_the_words_come_back(meeting: Meeting, page: Element) -> None:
    form = composer_form(page)
    assert form is not None
    answer = meeting.app.test_client().post(form["action"], data={**sent_by(form), "question": WORDS})
    assert answer.status_code == 403
    assert "Come in again with the code" in answer.text
    assert WORDS in read(answer.text).text
    assert meeting.snapshot.items == ()


def test_what_is_wrong_is_said_beside_what_was_typed(meeting: Meeting, page: Element) -> None:
    answer = sends(meeting, page, question="?" * 5000)
    assert answer.status_code == 422
    again = read(answer.text)
    assert "Use at most" in again.one("section", id="composer").text
    assert "?" * 5000 in again.text


def test_a_page_with_something_to_write_in_does_not_load_itself_anew(meeting: Meeting, page: Element) -> None:
    assert not page.has("meta", http_equiv="refresh")
    assert page.all("script") == []
    meeting.advance_to("choose")
    listening = read(device(meeting, meeting.pete).get(f"/meetings/{meeting.id}/phone?plain=1").text)
    assert listening.has("meta", http_equiv="refresh")
