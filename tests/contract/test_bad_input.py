"""Bad input never breaks anything: each mistake gets a sentence in the language of whoever made it, the right status, and
what was typed comes back. Nothing gives a 5xx or a traceback, whatever is sent.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from facilitator.core.extensions import limiter, socketio
from facilitator.core.text import cleaned, is_same_name
from facilitator.meetings import forms, refusals
from facilitator.methods.loader import load_catalogue
from tests.accounts_cast import csrf_token
from tests.cast import Cast, Meeting, account, new_op
from tests.contract.everybody import signed_in
from tests.phones import Device, device

LANGUAGES = ("en", "nl")
TEN_MEGABYTES = 10 * 1024 * 1024
ARABIC = "كيف أبقيه في الفريق؟"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
DEEP: Any = None
for _ in range(200):
    DEEP = [DEEP]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Everybody reads in their own language."""
    return str(request.param)


# -- Coming in ---------------------------------------------------------------------------------------------------------


def visitor(app: Flask, language: str) -> FlaskClient:
    """Somebody with a phone and no seat."""
    client = app.test_client()
    client.set_cookie("lang", language)
    return client


def joins(client: FlaskClient, code: str, name: str = "Ola", **more: str) -> TestResponse:
    """Sends the form of joining."""
    fields = {"csrf_token": csrf_token(client), "name": name, "agrees": "y", **more}
    return client.post(f"/j/{code}", data=fields)


def says(app: Flask, answer: TestResponse, code: str, language: str) -> None:
    """The page has the sentence for this mistake in the reader's language: another one than in the other language."""
    found = {}
    for spoken in LANGUAGES:
        with app.test_request_context(), force_locale(spoken):
            found[spoken] = refusals.sentence(code)
    assert found["nl"] != found["en"], "translated"
    assert found[language] in html.unescape(answer.text)
    assert "Traceback" not in answer.text


def test_a_wrong_code_is_said_to_be_wrong_and_stays_in_the_field(cast: Cast, language: str) -> None:
    client = visitor(cast.app, language)
    answer = client.post("/j", data={"csrf_token": csrf_token(client), "code": "zzzz-0000"})
    assert answer.status_code == 404
    says(cast.app, answer, "wrong_code", language)
    assert "zzzz-0000" in answer.text
    assert client.get("/j/ZZZZ0000").status_code == 404


def test_an_empty_code_is_asked_for_again(cast: Cast, language: str) -> None:
    client = visitor(cast.app, language)
    answer = client.post("/j", data={"csrf_token": csrf_token(client), "code": "  "})
    assert answer.status_code == 422


def test_a_full_room_says_so_and_keeps_the_name(cast: Cast, language: str) -> None:
    meeting = cast.meeting("Gia", "Pete", capacity=2)
    answer = joins(visitor(cast.app, language), meeting.snapshot.code)
    assert answer.status_code == 409
    says(cast.app, answer, "full", language)
    assert 'value="Ola"' in answer.text


def test_a_locked_room_says_so(cast: Cast, language: str) -> None:
    meeting = cast.meeting()
    meeting.lock()
    answer = joins(visitor(cast.app, language), meeting.snapshot.code)
    assert answer.status_code == 403
    says(cast.app, answer, "locked", language)


def test_a_meeting_that_has_ended_says_so(cast: Cast, language: str) -> None:
    meeting = cast.meeting()
    meeting.start()
    meeting.end()
    answer = joins(visitor(cast.app, language), meeting.snapshot.code)
    assert answer.status_code == 410
    says(cast.app, answer, "ended", language)


def test_a_meeting_that_is_not_open_yet_says_so(cast: Cast, language: str) -> None:
    meeting = cast.meeting(is_open=False)
    answer = joins(visitor(cast.app, language), meeting.snapshot.code)
    assert answer.status_code == 409
    says(cast.app, answer, "not_open_yet", language)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "O" * 41}, "name"),
        ({"name": "\u200b\u2800\x00"}, "name"),
        ({"name": "\u3164"}, "name"),
        ({"agrees": ""}, "agrees"),
    ],
)
def test_joining_with_something_missing_asks_for_it(
    cast: Cast, language: str, fields: dict[str, str], field: str
) -> None:
    meeting = cast.meeting()
    answer = joins(visitor(cast.app, language), meeting.snapshot.code, **{"name": "Ola", **fields})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text, "the summary leads to the field"
    assert "Ola" not in {seat.name for seat in meeting.snapshot.seats}


# -- Writing -----------------------------------------------------------------------------------------------------------


def writes(phone: Device, form: str = "question", **fields: str) -> TestResponse:
    """Somebody sends a text for the step at hand."""
    step = fields.pop("step", phone.meeting.step.id)
    return phone.post("contribute", new_op(), step=step, form=form, **fields)


def in_clarify(cast: Cast, language: str = "en") -> tuple[Meeting, Device]:
    """A meeting that asks its clarifying questions, and Ada's phone."""
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    return meeting, device(meeting, meeting.ada, language)


@pytest.mark.parametrize(
    "typed",
    ["", "   \n ", "x" * 2000, "\u200b\u2060", "\u2800 \u3164", "\x00\x0b"],
    ids=["empty", "blank", "too long", "zero width", "blank signs", "control characters"],
)
def test_a_text_that_cannot_be_kept_comes_back_with_a_sentence(cast: Cast, language: str, typed: str) -> None:
    meeting, ada = in_clarify(cast, language)
    answer = writes(ada, question=typed)
    assert answer.status_code == 422
    assert answer.headers["X-Op"]
    body = answer.get_json()
    assert " " in body["notice"]
    assert html.escape(cleaned(typed)).strip() in body["form"]
    assert 'aria-invalid="true"' in body["form"]
    assert body["html"].startswith("<main")
    assert not meeting.items()


def test_the_sentence_is_in_the_language_of_the_phone(cast: Cast) -> None:
    meeting, ada = in_clarify(cast, "en")
    pete = device(meeting, meeting.pete, "nl")
    pete.open()
    notices = {writes(phone, question="").get_json()["notice"] for phone in (ada, pete)}
    assert len(notices) == 2


@pytest.mark.parametrize("typed", [ARABIC, "日本語", "é 🙂 👩‍🔧", "שלום", "می\u200cخواهم", "line\r\nline"])
def test_what_people_really_type_is_kept(cast: Cast, typed: str) -> None:
    meeting, ada = in_clarify(cast)
    assert writes(ada, question=typed).status_code == 200
    meeting.reveal()
    assert typed.replace("\r\n", "\n") in device(meeting, meeting.mo).get(f"/meetings/{meeting.id}/console").text


@pytest.mark.parametrize(
    "unseen", ["\u202e", "\u2066", "\u200f", "\ufeff", "\u200b", "\x00", "\x1b", "\xad", "\U000e0041"]
)
def test_what_nobody_sees_is_left_out(cast: Cast, unseen: str) -> None:
    meeting, ada = in_clarify(cast)
    assert writes(ada, question=f"not {unseen}desrever").status_code == 200
    assert [item.text("question") for item in meeting.items()] == ["not desrever"]


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_a_pasted_line_break_of_any_kind_is_kept_as_one(cast: Cast, end: str) -> None:
    meeting, ada = in_clarify(cast)
    assert writes(ada, question=f"one{end}two").status_code == 200
    assert [item.text("question") for item in meeting.items()] == ["one\ntwo"]


@pytest.mark.parametrize("name", ["An\u200bna", "Anna\xad", "ANNA", "Ａnna", "Ánna", "Аnna", "An\x00na"])
def test_another_anna_is_told_apart_however_she_writes_it(cast: Cast, name: str) -> None:
    meeting, phone = cast.meeting("Anna"), visitor(cast.app, "en")
    asked = joins(phone, meeting.snapshot.code, name=name)
    assert asked.status_code == 422
    assert "Add a letter to it" in asked.text
    assert "come in again on another device" in asked.text
    assert joins(phone, meeting.snapshot.code, name=name, again="1").status_code == 302
    [_, other] = [seat.name for seat in meeting.snapshot.seats if seat.kind == "participant"]
    assert other.endswith(" 2")
    assert is_same_name(other.removesuffix(" 2"), "Anna")


def test_half_a_character_is_no_catastrophe(cast: Cast) -> None:
    meeting, ada = in_clarify(cast)
    body = f"step={meeting.step.id}&form=question&op={new_op()}&question=%ED%A0%80%FF".encode()
    answer = ada.post_with("contribute", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (200, 422)


def test_markup_is_shown_as_text_to_everybody(cast: Cast) -> None:
    meeting, ada = in_clarify(cast)
    assert writes(ada, question=MARKUP).status_code == 200
    meeting.tell_case(meeting.gia, title=MARKUP, question=MARKUP)
    meeting.reveal()
    meeting.next_item()
    for person in (meeting.mo, meeting.wall, meeting.gia, meeting.pete, meeting.ada):
        page = device(meeting, person).get(device(meeting, person).address).text
        assert "alert(1)" in page, "there was something to see"
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{ 7*7 }}" in page


def test_markup_in_a_name_is_shown_as_text(cast: Cast) -> None:
    meeting = cast.meeting("Gia", '<b onclick="x">')
    for person in (meeting.mo, meeting.wall, meeting.gia):
        page = device(meeting, person).get(device(meeting, person).address).text
        assert "onclick" in page, "there was something to see"
        assert "<b onclick" not in page


def test_ten_megabytes_are_refused_with_the_op_and_a_sentence(cast: Cast, language: str) -> None:
    meeting, ada = in_clarify(cast, language)
    ada.open()  # from then on her seat has the language of her phone
    op = new_op()
    answer = ada.post("contribute", op, step=meeting.step.id, form="question", question="x" * TEN_MEGABYTES)
    assert answer.status_code == 413
    assert answer.headers["X-Op"] == op
    assert " " in answer.get_json()["notice"]
    other = device(meeting, meeting.pete, "nl" if language == "en" else "en")
    other.open()
    assert answer.get_json() != other.post("contribute", op, question="x" * TEN_MEGABYTES).get_json()


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("question", {"clarity": "eleven"}),
        ("question", {"clarity": "11"}),
        ("question", {"clarity": "-1"}),
        ("question", {"clarity": "9" * 400}),
        ("question", {"clarity": "9" * 6000}),
        ("question", {"clarity": "1e3"}),
        ("question", {"clarity": "٣٣"}),
    ],
)
def test_wrong_types_and_huge_numbers_are_refused_in_words(cast: Cast, form: str, fields: dict[str, str]) -> None:
    meeting = cast.meeting()
    meeting.advance_to("story")
    answer = writes(device(meeting, meeting.gia), form, question="How can I keep him?", **fields)
    assert answer.status_code == 422
    assert "How can I keep him?" in answer.get_json()["form"], "the rest of what was typed comes back as well"


@pytest.mark.parametrize("due", ["yesterday", "2031-02-30", "2031-13-01", "99999-01-01", "2031-05-01T00:00"])
def test_a_day_that_is_none_is_refused_in_words(cast: Cast, due: str) -> None:
    meeting = cast.meeting()
    meeting.advance_to("commit")
    answer = writes(device(meeting, meeting.gia), "action", when_if="it rains", then="I ask him", due=due)
    assert answer.status_code == 422
    assert "I ask him" in answer.get_json()["form"]


@pytest.mark.parametrize("field", ["minutes", "capacity", "phase_story"])
@pytest.mark.parametrize("typed", ["9" * 400, "NaN", "sNaN", "Infinity", "1e999", "-1", "x", "٣٣٣٣"])
def test_a_plan_with_an_odd_number_comes_back_with_what_was_typed(
    phones: dict[str, Device], field: str, typed: str
) -> None:
    answer = phones["creator"].client.post("/meetings/new", data={**plan_fields(), field: typed})
    assert answer.status_code == 422
    assert 'value="Learn"' in answer.text


@pytest.mark.parametrize(
    ("due", "status"), [("1900-01-01", 200), ("2199-12-31", 200), ("0001-01-01", 422), ("9999-12-31", 422)]
)
def test_the_ends_of_time_break_no_screen(cast: Cast, due: str, status: int) -> None:
    meeting = cast.meeting()
    meeting.advance_to("commit")
    answer = writes(device(meeting, meeting.gia), "action", then="I ask him", due=due)
    assert answer.status_code == status
    if status == 422:
        assert answer.get_json()["notice"] == "Choose a day in the years 1900 to 2199."
        return
    for person in (meeting.mo, meeting.wall, meeting.gia, meeting.pete):
        assert "I ask him" in device(meeting, person).open().text


def test_unknown_fields_are_not_kept(cast: Cast) -> None:
    meeting, ada = in_clarify(cast)
    assert writes(ada, question="Why?", seat_id=meeting.pete.seat_id, is_revealed="1", is_kept="1").status_code == 200
    (item,) = meeting.items()
    assert item.fields == {"question": "Why?"}
    assert item.seat_id == meeting.ada.seat_id
    assert item.is_hidden


# -- Too late, and elsewhere -------------------------------------------------------------------------------------------


def test_a_text_for_a_step_that_is_over_is_kept_as_late(cast: Cast, language: str) -> None:
    meeting, ada = in_clarify(cast, language)
    step = meeting.step.id
    meeting.next()
    answer = writes(ada, step=step, question="Too late?")
    assert answer.status_code == 200
    assert " " in answer.get_json()["notice"]
    (item,) = [item for item in meeting.snapshot.items if item.step_id == step]
    assert item.is_late


def anonymous_and_over(meeting: Meeting, phone: Device) -> TestResponse:
    step = meeting.advance_to("evaluate").id
    meeting.back()
    return writes(phone, "evaluation", step=step, line="Fine.")


def before_its_time(meeting: Meeting, phone: Device) -> TestResponse:
    return writes(phone, "advice", step=meeting.step_with("advise").id, advice="Ask him.")


def too_often(meeting: Meeting, phone: Device) -> TestResponse:
    for n in range(2):
        assert writes(phone, question=f"{n}?").status_code == 200
    return writes(phone, question="One more?")


def after_the_end(meeting: Meeting, phone: Device) -> TestResponse:
    meeting.end()
    return writes(phone, question="Still?")


def changed_after_the_reveal(meeting: Meeting, phone: Device) -> TestResponse:
    item = writes(phone, question="Why?").get_json()["item"]
    meeting.reveal()
    return writes(phone, question="Another?", item=item)


def the_same_op_with_another_text(meeting: Meeting, phone: Device) -> TestResponse:
    op = new_op()
    for question in ("One?", "Two?"):
        answer = phone.post("contribute", op, step=meeting.step.id, form="question", question=question)
    return answer


REFUSED = (
    anonymous_and_over,
    before_its_time,
    too_often,
    after_the_end,
    changed_after_the_reveal,
    the_same_op_with_another_text,
)


@pytest.mark.parametrize("sends", REFUSED)
def test_a_refusal_is_a_sentence_with_the_screen_as_it_is(
    cast: Cast, language: str, sends: Callable[[Meeting, Device], TestResponse]
) -> None:
    meeting, ada = in_clarify(cast, language)
    answer = sends(meeting, ada)
    assert answer.status_code == 409
    assert answer.headers["X-Op"]
    assert " " in answer.get_json()["notice"]
    assert answer.get_json()["html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_foreign_meeting_answers_as_one_that_does_not_exist(cast: Cast, language: str) -> None:
    meeting, elsewhere = cast.meeting(), cast.meeting()
    meeting.start()
    elsewhere.start()
    ada = device(meeting, meeting.ada, language)
    answers = []
    for meeting_id in (elsewhere.id, "0" * 22):
        answer = ada.client.post(
            f"/meetings/{meeting_id}/contribute",
            data={"step": elsewhere.step.id, "form": "case", "title": "Mine"},
            headers={"X-View": "phone", "X-Seat-Token": ada.token, "X-Op": new_op()},
        )
        assert answer.status_code == 403
        assert answer.headers["X-Op"]
        answers.append(answer.get_json())
    assert answers[0] == answers[1]
    assert " " in answers[0]["gone"]


@pytest.mark.parametrize(
    "path", ["/meetings/%00/phone", "/meetings/%00/second", "/meetings/a%0ab/console", "/j/%00%00"]
)
def test_odd_addresses_are_not_there(cast: Cast, path: str) -> None:
    assert cast.app.test_client().get(path).status_code == 404


def test_a_verb_that_does_not_exist_is_refused_in_words(cast: Cast, language: str) -> None:
    _meeting, ada = in_clarify(cast, language)
    op = new_op()
    answer = ada.post("vote", op)
    assert answer.status_code == 404
    assert answer.headers["X-Op"] == op
    assert " " in answer.get_json()["notice"]


@pytest.mark.parametrize("turn", ["", "--5", "-1", "1e9", "9" * 50, "٣", "None", "0x1"])
def test_a_move_with_an_odd_turn_is_refused(cast: Cast, turn: str) -> None:
    meeting, _ = in_clarify(cast)
    answer = device(meeting, meeting.mo).post("steer", move="next", turn=turn)
    assert answer.status_code == 409
    assert meeting.step.key == "clarify"


def test_too_many_at_once_is_said_in_words_and_tells_when_to_try_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    _meeting, ada = in_clarify(cast)
    op = new_op()
    answers = [ada.post("order", op) for _ in range(241)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["X-Op"] == op
    assert answers[-1].headers["Retry-After"]
    assert " " in answers[-1].get_json()["notice"]


# -- Sockets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "auth",
    [
        None,
        [],
        {},
        DEEP,
        {"meeting": DEEP},
        {"meeting": 7, "view": True},
        {"meeting": "x\x00", "view": "phone"},
        "text",
    ],
    ids=repr,
)
def test_a_socket_that_says_nonsense_is_turned_away(cast: Cast, auth: Any) -> None:
    _meeting, ada = in_clarify(cast)
    socket = socketio.test_client(cast.app, flask_test_client=ada.client, auth=auth)
    assert not socket.is_connected()


@pytest.mark.parametrize("message", [None, 7, [], DEEP, {"digest": DEEP}, {"digest": 7}, {"digest": "x" * 10_000}])
def test_a_resync_with_nonsense_gets_the_screen(cast: Cast, message: Any) -> None:
    _meeting, ada = in_clarify(cast)
    ada.listen()
    ada.hears()
    assert ada.socket is not None
    ada.socket.emit("resync", message)
    assert ada.hears()
    assert ada.payloads[0]["html"]


# -- Everything else ---------------------------------------------------------------------------------------------------

ODD = st.text(max_size=60) | st.sampled_from(
    [
        "",
        "\x00",
        "on",
        "0",
        "-1",
        "9" * 500,
        "١٢",
        ARABIC,
        MARKUP,
        "\u202e",
        "None",
        "NaN",
        "sNaN",
        "Infinity",
        "1e999",
        "../..",
        "true",
    ]
)
FORMS = [
    (f"{key}.{phase.key}", form, forms.input_form(form), tuple(field.name for field in form.fields))
    for key, method in load_catalogue().items()
    for phase in method.phases
    for form in phase.forms
]
LONG = st.integers(250, 4100).map(lambda length: "y" * length)  # around every limit there is
TYPED = ODD | LONG
FILLED = {names: st.dictionaries(st.sampled_from(names), TYPED, max_size=4) for *_, names in FORMS}
VERBS = {
    "phone": ("contribute", "instead", "mark", "case", "confirm", "buddy", "signal", "return"),
    "console": ("steer", "show", "order", "host", "item", "people", "action", "pair", "proxy", "case", "mark", "round"),
    "wall": ("steer", "show", "order", "host"),
}
NAMES = ("step", "form", "item", "about", "capability", "op", "question", "title", "value", "action", "seat", "move")
MORE = ("turn", "seconds", "do", "to", "role", "name", "what", "host", "code", "order", "status", "keep", "target")


@given(data=st.data())
@settings(max_examples=4400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_form_judges_whatever_is_typed(reader: Flask, data: st.DataObject) -> None:
    _place, form, made, names = data.draw(st.sampled_from(FORMS))
    typed = data.draw(FILLED[names])
    filled = made(MultiDict(typed))
    if filled.validate():
        kept = forms.body(form, filled)
        assert set(kept) <= {f.name for f in form.fields}
        assert all(isinstance(v, str | int) and len(str(v)) <= 4000 for v in kept.values())
        assert not any(c in str(v) for v in kept.values() for c in "\x00\u202e\ud800")
    else:
        assert all(" " in sentence for sentence in forms.errors(filled).values())


@pytest.fixture
def reader(house: Flask) -> Iterator[Flask]:
    """Somebody who reads English."""
    with house.test_request_context(headers={"Accept-Language": "en"}):
        yield house


@given(data=st.data())
@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_verb_survives_whatever_is_sent(phones: dict[str, Device], data: st.DataObject) -> None:
    view = data.draw(st.sampled_from(sorted(VERBS)))
    verb = data.draw(st.sampled_from(VERBS[view]))
    known = st.sampled_from(words_of(phones["phone"].meeting))
    fields = data.draw(st.dictionaries(st.sampled_from(NAMES + MORE), known | ODD, max_size=8))
    if fields.get("move") in ("end", "stop_case") or fields.get("do") in ("expel", "leave"):
        fields["turn"] = "-1"
        fields["seat"] = "none"
    answer = phones[view].post(verb, **printable(fields))
    assert answer.status_code in (200, 400, 403, 404, 409, 410, 422), (verb, fields, answer.status_code)
    body = answer.get_json()
    assert body.get("html") or body.get("gone") or body.get("notice")


@given(data=st.data())
@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_page_with_a_form_survives_whatever_is_sent(phones: dict[str, Device], data: st.DataObject) -> None:
    client = phones["creator"].client
    code = phones["phone"].meeting.snapshot.code
    path = data.draw(
        st.sampled_from(["/j", f"/j/{code}", "/meetings/new", "/language", "/login", "/reset", "/invitations"])
    )
    names = ("code", "name", "agrees", "goal", "method", "minutes", "planned_for", "capacity", "continues", "go")
    more = ("language", "next", "email", "password", "role", "locale", "names", "wifi_name", "group", "phase_story")
    odd_days = st.sampled_from(["0001-01-01T00:00", "9999-12-31T23:59", "2031-03-30T02:30"])
    fields = data.draw(st.dictionaries(st.sampled_from(names + more), ODD | odd_days, max_size=8))
    if path == "/meetings/new":
        fields = {**plan_fields(), **fields}
    assert client.post(path, data=printable(fields)).status_code < 500


def plan_fields() -> dict[str, str]:
    """What the page of a new meeting sends when only a goal was typed."""
    phases = load_catalogue()["basis"].phases
    minutes = {f"phase_{phase.key}": str(phase.minutes) for phase in phases}
    return {
        "goal": "Learn",
        "method": "basis",
        "minutes": "60",
        "names": "names",
        "locale": "en",
        "continues": "",
        "go": "later",
        **minutes,
    }


def printable(fields: dict[str, str]) -> dict[str, str]:
    """What a browser can send: halves of characters are not among it."""
    return {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}


def words_of(meeting: Meeting) -> list[str]:
    """Real ids and words, so that odd things meet right ones."""
    snapshot = meeting.snapshot
    assert snapshot.now.is_running
    seats = [seat.id for seat in snapshot.seats][:4]
    items = [item.id for item in snapshot.items][:4]
    moves = ["reveal", "next_item", "table", "extend", "back", "pause", "resume", "skip", "next", "reopen"]
    return [
        snapshot.now.step.id,
        str(snapshot.state.turn),
        "question",
        "case",
        "on",
        "done",
        "join",
        "case_giver",
        *moves,
        *seats,
        *items,
    ]


@pytest.fixture(scope="module")
def phones(house: Flask) -> Iterator[dict[str, Device]]:
    """Devices in one meeting that is thrown anything at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "enabled", False)
        # The tokens of pages are not what is tested here.
        patch.setattr("flask_wtf.csrf.validate_csrf", lambda *_arguments, **_named: None)
        meeting = Cast(house).meeting()
        meeting.advance_to("clarify")
        meeting.fill()
        meeting.reveal()
        people = {"phone": meeting.ada, "console": meeting.mo, "wall": meeting.wall}
        found = {view: device(meeting, person) for view, person in people.items()}
        yield {**found, "creator": Device(meeting, meeting.mo, signed_in(house, account(house, "Nora")))}
