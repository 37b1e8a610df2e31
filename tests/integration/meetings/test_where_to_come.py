"""Phones get an address that leads to this machine, also when it changes while people come in, and words where it does not help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address

import gevent
import pytest
from flask import Flask

from facilitator.core import network
from facilitator.core.addresses import LISTENING
from facilitator.core.network import Own
from facilitator.meetings import addresses, live
from facilitator.meetings.actions import steering
from tests.cast import Cast, Meeting
from tests.pages import read
from tests.phones import device, settle

WIFI, OTHER_WIFI, CONTAINERS = "192.168.1.7", "10.20.30.40", "172.17.0.1"
WIFI6 = "fd12:3456:789a::7"
Plug = Callable[[Mapping[str, str]], None]


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Has this machine be on other networks: by the name of what it is plugged in with, its address there."""

    def other(networks: Mapping[str, str]) -> None:
        found = tuple(Own(address, name) for name, address in networks.items())
        monkeypatch.setattr(network, "_owned", lambda: network.in_order(found, None))

    monkeypatch.setattr(network, "is_own_address", lambda address: address in map(ip_address, (WIFI, WIFI6)))
    return other


@pytest.fixture
def lobby(app: Flask) -> Meeting:
    """The lobby of a meeting, opened by nobody yet."""
    return Cast(app).meeting()


def chosen(meeting: Meeting, host: str) -> None:
    with meeting.app.app_context():
        steering.choose_host(meeting.id, meeting.mo.seat_id, host)


def test_a_lobby_opened_on_this_computer_sends_phones_to_the_wi_fi(lobby: Meeting, plug: Plug) -> None:
    plug({"docker0": CONTAINERS, "wlan0": WIFI})
    opened = lobby.client(lobby.mo).get(f"/meetings/{lobby.id}/console", base_url="http://localhost:5000")
    assert opened.status_code == 200
    assert f"{WIFI}:5000" in lobby.screen(lobby.wall)
    assert "localhost" not in lobby.screen(lobby.wall) + lobby.screen(lobby.mo)
    assert f"{CONTAINERS}:5000" in lobby.screen(lobby.mo), "on offer"
    assert f"{CONTAINERS}:5000" not in lobby.screen(lobby.wall)


def test_on_a_network_of_ipv6_alone_phones_get_an_address_that_can_be_typed(lobby: Meeting, plug: Plug) -> None:
    plug({"docker0": CONTAINERS, "wlan0": WIFI6, "lo": "::1", "wlan1": "fe80::7"})
    opened = lobby.client(lobby.mo).get(f"/meetings/{lobby.id}/console", base_url="http://localhost:5000")
    assert opened.status_code == 200
    assert f"[{WIFI6}]:5000" in lobby.screen(lobby.wall)
    assert "fe80" not in lobby.screen(lobby.wall) + lobby.screen(lobby.mo)
    for address in (f"[{WIFI6}]:5000", f"{CONTAINERS}:5000"):
        assert lobby.post(lobby.mo, "host", host=address).status_code == 200, "both are on offer"
        assert address in lobby.screen(lobby.wall)
    with lobby.app.test_request_context("/", base_url=f"http://[{WIFI6}]:5000"):
        assert addresses.host_of_lobby() == f"[{WIFI6}]:5000", "also opened under it"


def test_a_server_that_listens_on_ipv4_alone_offers_nothing_else(lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI6, "docker0": CONTAINERS})
    lobby.app.extensions[LISTENING] = ("0.0.0.0", 5000)
    try:
        assert WIFI6 not in lobby.screen(lobby.wall) + lobby.screen(lobby.mo)
        assert CONTAINERS in lobby.screen(lobby.wall)
    finally:
        del lobby.app.extensions[LISTENING]


def test_an_address_that_is_gone_gives_way_and_comes_back(lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI, "eth0": OTHER_WIFI})
    chosen(lobby, f"{OTHER_WIFI}:5000")
    assert f"{OTHER_WIFI}:5000" in lobby.screen(lobby.wall), "what was chosen, whatever is likelier"
    plug({"wlan0": WIFI})
    assert f"{WIFI}:5000" in lobby.screen(lobby.wall)
    assert OTHER_WIFI not in lobby.screen(lobby.wall) + lobby.screen(lobby.mo)
    plug({"wlan0": WIFI, "eth0": OTHER_WIFI})
    assert f"{OTHER_WIFI}:5000" in lobby.screen(lobby.wall)


def test_a_name_that_was_chosen_stays(lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI})
    chosen(lobby, "laptop.example:5000")
    assert "laptop.example:5000" in lobby.screen(lobby.wall)


def test_without_any_network_words_stand_in_for_the_address(lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI})
    chosen(lobby, ":5000")
    for person in (lobby.wall, lobby.mo):
        assert read(lobby.screen(person)).has(class_="qr")
    plug({"lo": "127.0.0.1"})
    for person in (lobby.wall, lobby.mo):
        screen = read(lobby.screen(person))
        assert "This computer is on no network." in screen.text
        assert not screen.has(class_="qr")
        assert "127.0.0.1" not in screen.text


@pytest.mark.parametrize(
    ("listening", "address"), [(("0.0.0.0", 5000), WIFI), (("10.9.9.9", 5000), "10.9.9.9"), (("127.0.0.1", 5000), "")]
)
def test_only_where_the_server_listens(lobby: Meeting, plug: Plug, listening: tuple[str, int], address: str) -> None:
    plug({"wlan0": WIFI})
    lobby.app.extensions[LISTENING] = listening
    screen = read(lobby.screen(lobby.wall)).text
    assert (f"{address}:5000" if address else "This computer is on no network.") in screen


def test_open_pages_hear_of_another_address_at_once(
    lobby: Meeting, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WATCH_SECONDS", 0.001)
    plug({"wlan0": WIFI})
    chosen(lobby, ":5000")
    console, wall, phone = (device(lobby, person) for person in (lobby.mo, lobby.wall, lobby.pete))
    for one in (console, wall, phone):
        one.listen()
        assert one.hears()
    assert f"{WIFI}:5000" in wall.shown["html"]
    plug({"wlan0": OTHER_WIFI})
    gevent.sleep(0.05)
    settle(lobby.app)
    for one in (console, wall):
        one.hears()
        assert f"{OTHER_WIFI}:5000" in one.shown["html"]
        assert WIFI not in one.shown["html"]
    assert phone.hears() == [], "a phone that is in shows no address"


def test_in_a_running_meeting_the_code_has_the_new_address_and_mo_hears_that_no_phone_is_there(
    lobby: Meeting, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WATCH_SECONDS", 0.001)
    plug({"wlan0": WIFI})
    chosen(lobby, f"{WIFI}:5000")
    lobby.advance_to("clarify")
    console, wall, phone = (device(lobby, person) for person in (lobby.mo, lobby.wall, lobby.pete))
    for one in (console, wall, phone):
        one.listen()
        assert one.hears()
    nobody = "No phone is connected now."
    console.hears()
    assert nobody not in console.shown["html"], "Pete's is"
    assert phone.socket is not None
    phone.socket.disconnect()
    plug({"wlan0": OTHER_WIFI, "docker0": CONTAINERS})
    monkeypatch.setattr(network, "is_own_address", lambda _address: False)
    assert lobby.post(lobby.mo, "show", what="code", value="on").status_code == 200
    gevent.sleep(0.05)
    settle(lobby.app)
    for one in (console, wall):
        one.hears()
        assert f"{OTHER_WIFI}:5000" in one.shown["html"]
        assert WIFI not in one.shown["html"]
    assert nobody in console.shown["html"]
    assert lobby.post(lobby.mo, "host", host=f"{CONTAINERS}:5000").status_code == 200
    assert f"{CONTAINERS}:5000" in lobby.screen(lobby.wall)


def test_mo_chooses_among_the_addresses(lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI, "docker0": CONTAINERS})
    chosen(lobby, ":5000")
    select = read(lobby.screen(lobby.mo)).one("select", id="host")
    offered = [option["value"] for option in select.all("option")]
    assert offered[:2] == [f"{WIFI}:5000", f"{CONTAINERS}:5000"]
    assert lobby.post(lobby.mo, "host", host=f"{CONTAINERS}:5000").status_code == 200
    assert f"{CONTAINERS}:5000" in lobby.screen(lobby.wall)


def test_the_console_says_that_nobody_came_and_what_helps(app: Flask, lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI})
    nobody = "Nobody could come in yet."
    empty = Cast(app).meeting(is_open=False)
    empty.steer("open", turn=0)
    assert nobody in read(empty.screen(empty.mo)).text
    screen = read(lobby.screen(lobby.mo)).text
    assert nobody not in screen, "people are there"
    for words in ("same network", "mobile data", "stay connected"):
        assert words in screen


def test_a_mail_leads_to_where_this_machine_is_now(lobby: Meeting, plug: Plug) -> None:
    plug({"wlan0": WIFI})
    chosen(lobby, f"{OTHER_WIFI}:5000")
    with lobby.app.app_context():
        assert addresses.base_for_mails(f"{OTHER_WIFI}:5000") == f"http://{WIFI}:5000"
