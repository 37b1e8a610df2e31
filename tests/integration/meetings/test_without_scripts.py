"""Forms that a browser sends by itself, as it does where no script runs: the same rights and the same token as ever, and nothing
typed is lost.
"""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from facilitator.core.extensions import limiter
from facilitator.meetings.views.answers import OFTEN
from facilitator.serving import errors
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
    said, english = {**sent_by(form), "question": WORDS}, {"Accept-Language": "en"}
    answer = meeting.app.test_client().post(form["action"], data=said, headers=english)
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
    assert listening.one("meta", http_equiv="refresh")["content"] == f"8; url=/meetings/{meeting.id}/phone?plain=1"


@pytest.mark.parametrize("more", [{"question": "?" * 5000}, {"renew": "1"}], ids=["refused", "news"])
def test_words_that_came_back_stay_until_somebody_asks_for_news(
    meeting: Meeting, page: Element, more: dict[str, str]
) -> None:
    meeting.advance_to("choose")
    again = read(sends(meeting, page, **more).text)
    assert composer_form(again) is None
    assert {"question": WORDS, **more}["question"] in again.text
    assert not again.has("meta", http_equiv="refresh")


def test_a_wall_that_answered_a_press_looks_for_news_where_it_is_got(meeting: Meeting) -> None:
    meeting.advance_to("clarify")
    wall = device(meeting, meeting.wall)
    shown = read(wall.get(f"/meetings/{meeting.id}/screen?plain=1").text)
    form = next(form for form in shown.all("form") if form.get("action").endswith("/steer"))
    meeting.next()
    answer = wall.client.post(form["action"], data=sent_by(form))
    assert answer.status_code == 409
    refresh = read(answer.text).one("meta", http_equiv="refresh")
    assert refresh["content"] == f"8; url=/meetings/{meeting.id}/screen?plain=1"


def test_what_was_written_for_another_comes_back_and_never_in_ones_own_form(meeting: Meeting) -> None:
    meeting.add_without_phone("Zoë")
    meeting.give_role(meeting.pete, "note_taker")
    meeting.advance_to("clarify")
    phone = device(meeting, meeting.pete)
    shown = read(phone.get(f"/meetings/{meeting.id}/phone?plain=1").text)
    form = shown.one("section", id="dictation").one("form")
    for more in ({"renew": "1"}, {"seat": meeting.ada.seat_id}):
        answer = phone.client.post(form["action"], data={**sent_by(form), "question": WORDS, **more})
        again = read(answer.text)
        own = composer_form(again)
        assert own is not None
        assert sent_by(own)["question"] == ""
        assert WORDS in again.text


def test_out_of_every_form_in_which_somebody_types_there_is_a_way_to_news_that_keeps_the_words(
    meeting: Meeting,
) -> None:
    meeting.add_without_phone("Zo\u00eb")
    meeting.give_role(meeting.pete, "note_taker")
    meeting.advance_to("clarify")
    forms = 0
    for person, ending in ((meeting.pete, "phone?plain=1&notes=1"), (meeting.mo, "console?plain=1")):
        phone = device(meeting, person)
        shown = read(phone.get(f"/meetings/{meeting.id}/{ending}").text)
        for form in shown.all("form"):
            fields = [one for one in (*form.all("textarea"), *form.all("input")) if is_typed_in(one)]
            if not fields or form.get("id") == "c-form":
                continue
            forms += 1
            (button,) = [one for one in form.all("button") if one.get("name") == "renew"]
            assert button.name == "Look for news"
            typed = {fields[0]["name"]: WORDS, "renew": "1"}
            answer = phone.client.post(form["action"], data={**sent_by(form), **typed})
            assert answer.status_code == 200, form["action"]
            assert WORDS in read(answer.text).text, form["action"]
    assert forms >= 5, "dictation, notes, and what Mo types"
    assert meeting.snapshot.items == ()
    assert meeting.snapshot.rounds[0].title == ""


def is_typed_in(field: Element) -> bool:
    """Whether somebody types words into it."""
    is_line = field.get("class") == "input" and field.get("type") in ("", "text") and field.get("name") != "code"
    return field.tag == "textarea" or is_line


LEARNED = "I talk too soon"


@pytest.fixture
def kept(meeting: Meeting) -> Meeting:
    """Pete learned something, and keeps it for himself."""
    meeting.advance_to("learn")
    meeting.write(meeting.pete, "learning", keep=True, learning=LEARNED)
    return meeting


@pytest.mark.parametrize("asks", [{}, {"renew": "1"}, {"learning": "?" * 5000}], ids=["sends", "news", "too_much"])
def test_a_text_for_oneself_stays_that_when_it_is_changed(kept: Meeting, asks: dict[str, str]) -> None:
    phone = device(kept, kept.pete)
    (text,) = kept.snapshot.items
    form = composer_form(read(phone.get(f"/meetings/{kept.id}/phone?plain=1&edit={text.id}").text))
    assert form is not None
    assert sent_by(form)["learning"] == LEARNED
    answer = phone.client.post(form["action"], data={**sent_by(form), **asks})
    if asks:
        form = composer_form(read(answer.text))
        assert form is not None
        assert phone.client.post(form["action"], data={**sent_by(form), "learning": "Later"}).status_code == 303
    (text,) = kept.snapshot.items
    assert text.is_kept


@pytest.mark.parametrize("keep", [{"keep": "1"}, {}], ids=["kept", "shared"])
def test_whether_a_text_is_for_oneself_comes_back_with_it(meeting: Meeting, keep: dict[str, str]) -> None:
    meeting.advance_to("learn")
    phone = device(meeting, meeting.pete)
    form = composer_form(read(phone.get(f"/meetings/{meeting.id}/phone?plain=1").text))
    assert form is not None
    for asks in ({"renew": "1"}, {"learning": "?" * 5000}):
        answer = phone.client.post(form["action"], data={**sent_by(form), "learning": LEARNED, **keep, **asks})
        form = composer_form(read(answer.text))
        assert form is not None
        assert ("keep" in sent_by(form)) is bool(keep)


def test_words_of_digits_come_back_and_taps_do_not(meeting: Meeting, page: Element) -> None:
    meeting.advance_to("choose")
    assert "2027" in read(sends(meeting, page, question="2027", renew="1").text).text
    meeting.advance_to("evaluate")
    phone = device(meeting, meeting.pete)
    form = composer_form(read(phone.get(f"/meetings/{meeting.id}/phone?plain=1").text))
    assert form is not None
    meeting.end()
    said = {**sent_by(form), "safe": "4", "line": "1984", "renew": "1"}
    texts = read(phone.client.post(form["action"], data=said).text).all("textarea")
    assert [text.text.strip() for text in texts] == ["1984"]


def test_whoever_sends_too_often_has_their_words_back(
    meeting: Meeting, page: Element, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    for _ in range(int(OFTEN.split()[0])):
        meeting.post(meeting.pete, "contribute")
    answer = sends(meeting, page)
    limiter.reset()
    assert answer.status_code == 429
    assert WORDS in read(answer.text).text


@pytest.mark.parametrize("code", [400, 429, 500, 503])
def test_no_error_takes_words_along(meeting: Meeting, page: Element, code: int) -> None:
    form = composer_form(page)
    assert form is not None
    said = {**sent_by(form), "question": WORDS}
    with meeting.app.test_request_context(form["action"], method="POST", data=said):
        shown = read(errors.page(code).get_data(as_text=True))
    assert [text.text.strip() for text in shown.all("textarea")] == [WORDS]
    for name in ("question", "password"):
        with meeting.app.test_request_context("/questions/new", method="POST", data={name: WORDS}):
            kept = WORDS in errors.page(code).get_data(as_text=True)
        assert kept == (name == "question"), "sentences of any form, and never a password"
