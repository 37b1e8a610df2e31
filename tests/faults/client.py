"""A phone without a screen: it joins by code, keeps what it writes until the server echoes its op id, and hears pushes.

Its outbox obeys the same rules as the one in the browser, only with shorter pauses. Whatever it does goes into a history
of invoke, ok, fail and unknown, one JSON object a line, for the checker to read.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import websocket

SETTLES = (200, 409, 413, 422)
STOPS = (403, 410)
ANSWER_SECONDS = 10.0
PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 0.03

Payload = dict[str, Any]  # Any: a JSON object from outside


@dataclass
class History:
    """What everybody tried and what they heard about it, in the order in which it happened."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, **details: object) -> None:
        """Writes one line down at once: a test that dies leaves its history behind."""
        with self.lock, self.path.open("a") as file:
            file.write(json.dumps({"what": what, "at": round(time.monotonic(), 3), **details}) + "\n")

    def lines(self) -> list[Payload]:
        """Everything that was written down."""
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []


@dataclass
class Device:
    """Somebody's browser at one address: a kept-alive connection, the seat's cookie and token, and the screen it shows."""

    base: str
    name: str
    meeting_id: str
    view: str
    history: History
    answer_seconds: float = ANSWER_SECONDS
    web: requests.Session = field(default_factory=requests.Session)
    token: str = ""
    shown: Payload = field(default_factory=dict)

    @property
    def turn(self) -> int:
        """The turn of the screen it shows."""
        return int(self.shown.get("turn", -1))

    @property
    def step(self) -> str:
        """The step of the screen it shows."""
        return _attribute(str(self.shown.get("html", "")), "step")

    def load(self) -> Payload:
        """Opens the page as if anew, and shows it."""
        page = "screen" if self.view == "wall" else self.view
        answer = self.web.get(f"{self.base}/meetings/{self.meeting_id}/{page}", timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        self.token = _attribute(answer.text, "token")
        stage = re.search(r"<main id=\"stage\".*", answer.text, re.DOTALL)
        assert stage, f"{self.name} is shown a {self.view}"
        self.show(
            {
                "turn": int(_attribute(answer.text, "turn")),
                "at": float(_attribute(answer.text, "at")),
                "digest": _attribute(answer.text, "digest"),
                "html": stage.group(),
            }
        )
        return self.shown

    def show(self, payload: Payload) -> None:
        """Takes a screen over unless it is older than the one it shows."""
        if (payload["turn"], payload["at"]) >= (self.shown.get("turn", -1), self.shown.get("at", 0.0)):
            self.shown = payload

    def post(self, path: str, **fields: str) -> requests.Response:
        """Sends a form once. Raises what the network raises."""
        headers = {"X-View": self.view, "X-As": "1", "X-Seat-Token": self.token, "X-Op": fields.get("op", "")}
        url = f"{self.base}/meetings/{self.meeting_id}/{path}"
        answer = self.web.post(url, data=fields, headers=headers, timeout=self.answer_seconds)
        if answer.status_code == 400 and "token" in answer.json():
            self.token = answer.json()["token"]
        elif answer.status_code == 200:
            self.show(answer.json())
        return answer

    def steer(self, move: str, **fields: str) -> str:
        """Makes a move, once: `ok`, `fail`, or `unknown` where no answer came. Steering is never sent again."""
        op = secrets.token_hex(12)
        turn = self.turn
        self.history.add("invoke", kind="steer", op=op, who=self.name, move=move, turn=turn)
        try:
            answer = self.post("steer", move=move, turn=str(turn), op=op, **fields)
        except requests.RequestException:
            outcome = "unknown"
        else:
            echoed = answer.headers.get("X-Op") == op
            outcome = "unknown" if not echoed or answer.status_code >= 500 else "ok" if answer.ok else "fail"
            if outcome == "fail" and "html" in answer.json():
                self.show(answer.json())
        self.history.add(outcome, kind="steer", op=op)
        return outcome


@dataclass
class Phone(Device):
    """A participant's phone with its outbox: one text after the other, each until it is settled."""

    tries: int = 0
    seat_id: str = ""

    @classmethod
    def join(cls, base: str, code: str, name: str, history: History) -> Phone:
        """Types the code, a name, and promises confidentiality, as the page asks."""
        web = requests.Session()
        web.headers["Accept-Language"] = "en"
        page = web.get(f"{base}/j/{code}", timeout=PATIENCE_SECONDS)
        fields = {"name": name, "agrees": "y"}
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        if token:
            fields["csrf_token"] = token.group(1)
        answer = web.post(f"{base}/j/{code}", data=fields, timeout=PATIENCE_SECONDS, allow_redirects=False)
        assert answer.status_code == 302, f"{name} is in: {answer.status_code}"
        meeting_id = answer.headers["Location"].split("/")[-2]
        phone = cls(base=base, name=name, meeting_id=meeting_id, view="phone", history=history, web=web)
        phone.load()
        return phone

    def write(self, step: str, form: str, fields: Mapping[str, str], until: Callable[[], bool]) -> str:
        """Sends one text until it is settled (`ok` or `fail`) or `until` says that nobody waits any longer (`unknown`)."""
        op = secrets.token_hex(12)
        self.history.add(
            "invoke", kind="write", op=op, who=self.name, step=step, form=form, fields=dict(fields), turn=self.turn
        )
        outcome = "unknown"
        while outcome == "unknown" and not until():
            outcome = self._try(op, step, form, fields)
            if outcome == "unknown":
                time.sleep(PAUSE_SECONDS)
        self.history.add(outcome, kind="write", op=op, turn=self.turn)
        return outcome

    def _try(self, op: str, step: str, form: str, fields: Mapping[str, str]) -> str:
        self.tries += 1
        try:
            answer = self.post("contribute", op=op, step=step, form=form, **fields)
        except requests.RequestException:
            return "unknown"
        if answer.status_code in STOPS:
            raise AssertionError(f"{self.name} was stopped with {answer.status_code}")
        if answer.headers.get("X-Op") != op or answer.status_code not in SETTLES:
            return "unknown"
        return "ok" if answer.status_code == 200 else "fail"


class Socket:
    """The live connection of a device: engine.io 4 and socket.io 5 by hand. A thread listens; `last` is the newest screen."""

    def __init__(self, device: Device, base: str = "") -> None:
        self.device = device
        self.screens: list[Payload] = []
        self.gone: str = ""
        self.is_open = False
        self._acks: dict[int, Payload] = {}
        self._news = threading.Condition()
        base = base or device.base
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in device.web.cookies)
        self._line = websocket.create_connection(
            f"{base.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket",
            timeout=PATIENCE_SECONDS,
            origin=base,
            cookie=cookies,
        )
        assert str(self._line.recv()).startswith("0"), "the server opens"
        self._line.send("40" + json.dumps({"meeting": device.meeting_id, "view": device.view, "as": 1}))
        self._line.settimeout(None)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self._wait(lambda: self.is_open or not self._thread.is_alive(), PATIENCE_SECONDS)
        if not self.is_open:
            raise ConnectionError("the server refused the socket")

    @property
    def last(self) -> Payload:
        """The newest screen that came."""
        return self.screens[-1]

    def wait_for(self, holds: Callable[[Payload], bool], seconds: float = PATIENCE_SECONDS) -> Payload:
        """The first screen for which something holds."""
        found: Payload | None = self._wait(
            lambda: next((screen for screen in self.screens if holds(screen)), None), seconds
        )
        assert found, f"{self.device.name} is sent the screen in time"
        return found

    def resync(self, digest: str = "", seconds: float = PATIENCE_SECONDS) -> bool:
        """Says what is shown; answers whether it was the same. A screen that differs has arrived when this returns."""
        number = secrets.randbelow(10**6)
        try:
            self._line.send(f'42{number}["resync",{json.dumps({"digest": digest})}]')
        except websocket.WebSocketException as error:
            raise ConnectionError("cut off") from error
        answer = self._wait(lambda: self._acks.get(number) or (not self._thread.is_alive() and {"dead": True}), seconds)
        if not answer or "dead" in answer:
            raise ConnectionError("no acknowledgement")
        return bool(answer["same"])

    def wait_until_cut_off(self, or_else: threading.Event) -> None:
        """Listens until the connection ends or something else does."""
        while self._thread.is_alive() and not or_else.wait(0.05):
            pass

    def close(self) -> None:
        """Hangs up."""
        if self._line.sock:
            with contextlib.suppress(OSError):
                self._line.sock.shutdown(socket.SHUT_RDWR)  # else the listening thread does not notice
        self._thread.join(PATIENCE_SECONDS)

    def _wait(self, found: Callable[[], Any], seconds: float) -> Any:  # Any: whatever the caller looks for
        with self._news:
            self._news.wait_for(lambda: bool(found()), seconds)
            return found()

    def _listen(self) -> None:
        try:
            while True:
                self._hear(str(self._line.recv()))
        except (websocket.WebSocketException, OSError):
            with self._news:
                self._news.notify_all()

    def _hear(self, packet: str) -> None:
        if packet == "2":
            self._line.send("3")
            return
        with self._news:
            if packet.startswith("40"):
                self.is_open = True
            elif packet.startswith("43"):
                number, _, rest = packet[2:].partition("[")
                self._acks[int(number)] = json.loads("[" + rest)[0]
            elif packet.startswith("42"):
                event, payload = json.loads(packet[2:])
                if event == "screen":
                    self.screens.append(payload)
                    self.device.show(payload)
                else:
                    self.gone = str(payload)
            elif packet in ("41", "1") or packet.startswith("44") or not packet:
                raise ConnectionError("closed by the server")
            self._news.notify_all()


def _attribute(html: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', html)
    return found.group(1) if found else ""
