"""Whoever sends nonsense, hangs up in the middle or speaks half a protocol is refused; the log stays as it was, and others go on."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
import websocket

from tests.running import Server, running_server
from tests.unit.serving.test_packets import NOT_OURS

SOCKET = "/socket.io/?EIO=4&transport="
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


class Room(NamedTuple):
    server: Server
    log: Path

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": self.server.url}

    def websocket(self, sid: str = "") -> websocket.WebSocket:
        address = f"ws://127.0.0.1:{self.server.port}{SOCKET}websocket{sid and '&sid=' + sid}"
        return websocket.create_connection(address, origin=self.server.url, timeout=20)

    def poll(self) -> str:
        """The address of a fresh connection by polling."""
        answer = requests.get(f"{self.server.url}{SOCKET}polling", headers=self.origin, timeout=20)
        return f"{self.server.url}{SOCKET}polling&sid={json.loads(answer.text[1:])['sid']}"

    def raw(self, *lines: str, body: bytes = b"") -> socket.socket:
        head = "\r\n".join(
            [lines[0], f"Host: 127.0.0.1:{self.server.port}", f"Origin: {self.server.url}", *lines[1:], "", ""]
        )
        line = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        line.sendall(head.encode("latin-1") + body)
        return line


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("served")
    with running_server(folder, is_cold=True, log=folder / "log") as server:
        yield Room(server, folder / "log")


@pytest.fixture(autouse=True)
def nothing_is_logged(room: Room) -> Iterator[None]:
    room.log.write_text("")
    yield
    assert requests.get(f"{room.server.url}/healthz", timeout=20).ok, "it goes on"
    assert room.log.read_text() == ""


def ends(live: websocket.WebSocket) -> bool:
    """Whether the server ends a connection, as it should: with a farewell of the protocol."""
    try:
        while True:
            opcode, _ = live.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return True
    except (ConnectionError, websocket.WebSocketConnectionClosedException):
        return True
    except websocket.WebSocketTimeoutException:
        return False


def test_no_packet_of_somebody_else_s_is_listened_to(room: Room) -> None:
    for packet in NOT_OURS:
        live = room.websocket()
        live.recv()
        if isinstance(packet, bytes):
            live.send_binary(packet)
        elif packet is not None:
            with contextlib.suppress(ConnectionError, UnicodeEncodeError):
                live.send(str(packet))
        else:
            continue
        if packet not in ("2probe", "5"):
            assert ends(live), repr(packet)[:40]
        live.close()


def test_no_request_with_such_packets_is(room: Room) -> None:
    bodies = [packet.encode() for packet in NOT_OURS if isinstance(packet, str)]
    for body in [*bodies, b"\xff\xfe", b"d=", b"d=41", b"3\x1e", b"\x1e".join([b"3"] * 17), b"3\x1e42[]"]:
        assert requests.post(room.poll(), data=body, headers=room.origin, timeout=20).status_code == 400, body[:40]
    assert requests.post(room.poll(), data=b"3\x1e3", headers=room.origin, timeout=20).status_code == 200


@pytest.mark.parametrize("name", [*HANDSHAKE, "all"])
def test_half_a_handshake_is_refused(room: Room, name: str) -> None:
    odd = {**HANDSHAKE, name: "x"} if name != "all" else {"Upgrade": "websocket"}
    with room.raw(f"GET {SOCKET}websocket HTTP/1.1", *(f"{name}: {value}" for name, value in odd.items())) as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("frame", [b"\xff" * 8, b"\x83\x80\0\0\0\0", b"\x81\x05hello", b"\x81\x83\0\0\0\0\xff\xfe\xfd"])
def test_a_frame_that_is_none_ends_its_connection(room: Room, frame: bytes) -> None:
    live = room.websocket()
    live.recv()
    assert live.sock
    live.sock.sendall(frame)
    assert ends(live)


@pytest.mark.parametrize("packets", [["nonsense"], [""], ["2probe", "nonsense"], ["2probe", "41"], ["5"]], ids=repr)
def test_a_change_to_a_websocket_that_goes_wrong(room: Room, packets: list[str]) -> None:
    live = room.websocket(sid=room.poll().rpartition("=")[2])
    for packet in packets:
        live.send(packet)
    assert ends(live)


CUT: dict[str, Callable[[Room], socket.socket]] = {
    "a request line": lambda room: cut(room, b"GET /lo"),
    "a head": lambda room: cut(room, b"GET /login HTTP/1.1\r\nHost: 12"),
    "a form": lambda room: room.raw(
        "POST /login HTTP/1.1",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 900",
        body=b"email=g",
    ),
    "a form in chunks": lambda room: room.raw(
        "POST /login HTTP/1.1",
        "Content-Type: multipart/form-data; boundary=x",
        "Transfer-Encoding: chunked",
        body=b"5\r\n--",
    ),
    "packets": lambda room: room.raw(
        f"POST {room.poll().removeprefix(room.server.url)} HTTP/1.1", "Content-Length: 100", body=b"41"
    ),
    "a poll": lambda room: room.raw(f"GET {room.poll().removeprefix(room.server.url)} HTTP/1.1"),
    "a page": lambda room: room.raw("GET /login HTTP/1.1"),
    "a websocket": lambda room: room.raw(f"GET {SOCKET}websocket HTTP/1.1", *map(": ".join, HANDSHAKE.items())),
}


def cut(room: Room, begun: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", room.server.port), timeout=20)
    line.sendall(begun)
    return line


@pytest.mark.parametrize("how", ["hanging up", "with a reset", "half"])
@pytest.mark.parametrize("what", CUT)
def test_somebody_who_hangs_up_in_the_middle(room: Room, what: str, how: str) -> None:
    with CUT[what](room) as line:
        time.sleep(0.05)  # it has begun to read
        if how == "with a reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif how == "half":
            line.shutdown(socket.SHUT_WR)
            time.sleep(0.05)
    time.sleep(0.1)  # it has noticed


@pytest.mark.promise("foreign-pages")
@pytest.mark.parametrize(
    "host", ["localhost:9999", "localhost", "evil.example\\@localhost:{port}", "localhost:{port}/x"]
)
def test_nobody_gets_a_link_that_leads_to_another_place_on_this_machine(room: Room, host: str) -> None:
    at = host.format(port=room.server.port)
    assert requests.get(f"{room.server.url}/reset", headers={"Host": f"localhost:{room.server.port}"}, timeout=20).ok
    assert requests.get(f"{room.server.url}/reset", headers={"Host": at}, timeout=20).status_code == 400
