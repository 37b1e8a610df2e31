"""Limits as a table: nobody gets fresh tries by writing the same thing otherwise, and nobody shuts out the room they sit in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from werkzeug.test import TestResponse

from facilitator.core.extensions import limiter
from facilitator.core.limits import network
from facilitator.meetings.actions import doors, people
from facilitator.meetings.personal import make_link
from tests.accounts_cast import PASSWORD, csrf_token, make_moderator, post, sign_in
from tests.cast import Cast
from tests.phones import device

ELSEWHERE = "192.0.2.7"
# The same account of mo@example.org, as somebody could type it who has used up their tries.
SPELLINGS = [
    "mo@example.org",
    "MO@Example.ORG",
    "  mo@example.org ",
    "mo\x00@example.org",
    "m\u200bo@example.org",
    "\xadmo@example.org",
    "mo@ｅｘａｍｐｌｅ.org",
    "mo@EXAMPLE。org",
    "mo@exam\u2060ple.org",
    "\u202emo@example.org",
    "mo@example.org\u2028",
]


@pytest.fixture(autouse=True)
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tries are counted, from nothing on."""
    monkeypatch.setattr(limiter, "enabled", True)
    assert isinstance(limiter.storage, MemoryStorage), app.name
    limiter.reset()
    yield
    limiter.reset()


def tried(
    client: FlaskClient, address: str, password: str, path: str = "/login", here: str = "127.0.0.1", **more: str
) -> TestResponse:
    """Somebody tries a password from somewhere."""
    fields = {"csrf_token": csrf_token(client), "email": address, "password": password}
    return client.post(path, data=fields, environ_overrides={"REMOTE_ADDR": here}, headers=more)


# -- Passwords ---------------------------------------------------------------------------------------------------------


def test_every_spelling_of_an_address_shares_its_tries(app: Flask) -> None:
    make_moderator(app)
    guesser = app.test_client()
    statuses = [
        tried(guesser, SPELLINGS[n % len(SPELLINGS)], f"gok {n} gok").status_code for n in range(len(SPELLINGS))
    ]
    assert statuses == [422] * 10 + [429]
    for spelled in SPELLINGS:
        assert tried(guesser, spelled, PASSWORD).status_code == 429, ascii(spelled)


@pytest.mark.parametrize("spelled", SPELLINGS, ids=ascii)
def test_every_spelling_is_that_account(app: Flask, spelled: str) -> None:
    """So there is something to guess: what is counted together signs in together."""
    make_moderator(app)
    assert tried(app.test_client(), spelled, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "198.51.100.{n}"}, {"Forwarded": "for=198.51.100.{n}"}, {"X-Real-IP": "198.51.100.{n}"}],
    ids=str,
)
def test_no_header_and_no_cookie_gives_fresh_tries(app: Flask, headers: dict[str, str]) -> None:
    make_moderator(app)
    statuses = []
    for n in range(11):
        guesser = app.test_client()
        guesser.set_cookie(f"seat_{n}", f"token {n}")
        guesser.set_cookie("session", f"made up {n}")
        sent = {name: value.format(n=n) for name, value in headers.items()}
        statuses.append(tried(guesser, "mo@example.org", f"gok {n} gok", **sent).status_code)
    assert statuses == [422] * 10 + [429]


def test_a_hundred_tries_at_once_are_a_hundred_tries(app: Flask) -> None:
    make_moderator(app)
    guessers = [app.test_client() for _ in range(25)]
    with ThreadPoolExecutor(25) as pool:
        statuses = list(pool.map(lambda guesser: tried(guesser, "mo@example.org", "gok gok gok").status_code, guessers))
    assert statuses.count(422) <= 10
    assert set(statuses) == {422, 429}


def test_who_signs_in_rightly_uses_up_nothing(app: Flask) -> None:
    make_moderator(app)
    assert {tried(app.test_client(), "mo@example.org", PASSWORD).status_code for _ in range(15)} == {302}


def test_the_owner_is_not_shut_out_from_afar_nor_by_their_neighbour_s_account(app: Flask) -> None:
    make_moderator(app)
    make_moderator(app, "Pete")
    for n in range(12):
        tried(app.test_client(), "mo@example.org", f"gok {n} gok")
    assert tried(app.test_client(), "mo@example.org", PASSWORD, here=ELSEWHERE).status_code == 302
    assert tried(app.test_client(), "pete@example.org", PASSWORD).status_code == 302


def test_a_password_is_not_tried_past_the_limits(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_moderator(app))
    assert client.get("/verify").status_code == 404
    assert post(client, "/verify", password=PASSWORD).status_code == 404
    statuses = [
        post(client, "/account/password", password=f"gok {n} gok", new_password="another password").status_code
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_of_an_address_counts_what_its_owner_cannot_choose(one: str, other: str, is_same: bool) -> None:
    assert (network(one) == network(other)) is is_same


# -- Mails -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/reset", "/login/link"])
def test_every_spelling_of_an_address_shares_its_mails(app: Flask, path: str) -> None:
    make_moderator(app)
    statuses = [tried(app.test_client(), spelled, "", path).status_code for spelled in SPELLINGS[:6]]
    assert statuses == [200] * 5 + [429]


# -- Secrets nobody can guess: only wrong ones are counted, and only wrong ones are refused ----------------------------


Secret = Callable[[Cast], tuple[str, str]]


def code_of_a_meeting(cast: Cast) -> tuple[str, str]:
    return f"/j/{cast.meeting().snapshot.code}", "/j/ZZZZ{n:04}"


def personal_link(cast: Cast) -> tuple[str, str]:
    meeting = cast.meeting()
    return f"/mine/{meeting.act(make_link, meeting.pete.seat_id)}", "/mine/guessed-{n}"


def hand_over(cast: Cast) -> tuple[str, str]:
    meeting = cast.meeting()
    offer = meeting.act(doors.offer_handover, meeting.mo.seat_id)
    address = f"/meetings/{meeting.id}/takeover/"
    return f"{address}{offer.token}", address + "guessed-{n}"


@pytest.mark.parametrize("secret", [code_of_a_meeting, personal_link, hand_over])
def test_whoever_guesses_is_stopped_and_nobody_else_in_the_room(cast: Cast, secret: Secret) -> None:
    right, wrong = secret(cast)
    guesser = cast.app.test_client()
    statuses = [guesser.get(wrong.format(n=n)).status_code for n in range(130)]
    assert statuses[0] in (404, 410)
    assert statuses[-1] == 429
    assert cast.app.test_client().get(right).status_code in (200, 302), "from the same address"


def test_a_document_number_that_is_right_is_never_held_up_and_a_wrong_one_in_any_spelling_is(app: Flask) -> None:
    spelled = ["/proof/AAAA-AAAA-{n:04}", "/proof/aaaa aaaa {n:04}", "/proof/AAAAAAAA{n:04}"]
    statuses = [app.test_client().get(spelled[n % 3].format(n=n)).status_code for n in range(40)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_the_code_typed_and_the_code_in_an_address_share_their_wrong_tries(cast: Cast) -> None:
    guesser = cast.app.test_client()
    for n in range(40):
        assert guesser.get(f"/j/ZZZZ{n:04}").status_code == 404
    assert post(guesser, "/j", code="ZZZZZZZZ").status_code == 429
    assert post(guesser, "/j", code=cast.meeting().snapshot.code).status_code == 302


# -- Verbs of live pages -----------------------------------------------------------------------------------------------


def test_a_made_up_cookie_gives_no_fresh_count_and_a_seat_has_one_of_its_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = cast.meeting()
    address = f"/meetings/{meeting.id}/contribute"
    statuses = []
    for n in range(245):
        stranger = cast.app.test_client()
        stranger.set_cookie(f"seat_{meeting.id}", f"made up {n}")
        stranger.set_cookie(f"aseat{n}", "x")
        statuses.append(stranger.post(address, headers={"X-View": "phone"}).status_code)
    assert statuses[0] == 403
    assert statuses[-1] == 429
    assert device(meeting, meeting.pete).post("leave").status_code == 200, "who has a seat is not held up by strangers"


def test_a_room_full_of_people_comes_in_from_one_address(cast: Cast) -> None:
    meeting = cast.meeting("Gia", capacity=300)
    for n in range(60):
        phone = cast.app.test_client()
        fields = {"csrf_token": csrf_token(phone), "name": f"Peer {n}", "agrees": "y"}
        assert phone.post(f"/j/{meeting.snapshot.code}", data=fields).status_code == 302
    with cast.app.app_context():
        people.lock(meeting.id, meeting.mo.seat_id, True)
