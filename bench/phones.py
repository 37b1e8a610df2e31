"""Many phones in one process, as light as they can be: raw websockets that speak engine.io 4, so that the server is what
is measured. Reads what to do as JSON from standard input and prints what it measured as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psutil

TURN = re.compile(rb'"turn":\s*(\d+)')
QUIET_SECONDS = 0.3
PATIENCE_SECONDS = 120.0
Spec = dict[str, Any]  # Any: JSON


@dataclass
class Crowd:
    """The phones of one server: how many have what, and when the last one got it."""

    spec: Spec
    phones: list[Phone] = field(default_factory=list)
    open: int = 0
    turn: int = -1
    waiting: int = 0
    received: int = 0
    last: float = 0.0
    heard: float = 0.0
    last_phone: float = 0.0
    phones_waiting: int = 0
    lost: int = 0
    cpu: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def come(self) -> None:
        """Everybody connects, some at a time, and has a screen."""
        self.waiting, self.turn = len(self.spec["cookies"]), -1
        for start in range(0, len(self.spec["cookies"]), 50):
            some = self.spec["cookies"][start : start + 50]
            await asyncio.gather(*(self.connect(cookie) for cookie in some))
        await asyncio.wait_for(self.done.wait(), PATIENCE_SECONDS)
        await self.quiet()

    async def connect(self, cookie: Spec) -> None:
        parts = urlsplit(self.spec["url"])
        loop = asyncio.get_running_loop()
        _, phone = await loop.create_connection(lambda: Phone(self, cookie), str(parts.hostname), int(parts.port or 80))
        self.phones.append(phone)

    async def quiet(self) -> None:
        """Nothing has come for a while: whatever the last change set off is over."""
        while time.perf_counter() - self.heard < QUIET_SECONDS:  # noqa: ASYNC110 – silence is waited for; no event says it
            await asyncio.sleep(QUIET_SECONDS / 5)

    async def press(self, move: str) -> tuple[float, float]:
        """A press, and the seconds until the last phone, and the last page of all, has a screen of the next turn."""
        self.turn, self.waiting, self.received = self.turn + 1, len(self.phones), 0
        self.phones_waiting = sum(phone.is_phone for phone in self.phones)
        for phone in self.phones:
            phone.has_it = False
        self.done.clear()
        request = self.spec["press"]
        body = request["body"].format(move=move, turn=self.turn - 1)
        head = "".join(f"{name}: {value}\r\n" for name, value in request["headers"].items())
        parts = urlsplit(self.spec["url"])
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        whole = (
            f"POST {request['path']} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n{head}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        )
        busy, began = self.busy(), time.perf_counter()
        writer.write(whole.encode())
        await asyncio.wait_for(self.done.wait(), PATIENCE_SECONDS)
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
        writer.close()
        await self.quiet()
        self.cpu += self.busy() - busy
        return self.last_phone - began, self.last - began

    def busy(self) -> float:
        """The seconds of CPU the server took so far: they tell something also where the machine is busy otherwise."""
        return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in self.spec["pids"])

    def hung_up(self, phone: Phone) -> None:
        """A phone that was cut off waits for nothing any more; it is told in the results."""
        self.lost += 1
        self.phones.remove(phone)
        if not phone.has_it:
            self.waiting -= 1
            if self.waiting <= 0:
                self.last = time.perf_counter()
                self.done.set()

    def arrived(self, phone: Phone, packet: bytes) -> None:
        """A screen came; is it the one everybody waits for?"""
        self.heard = phone.heard = time.perf_counter()
        found = TURN.search(packet, 0, 200)
        turn = int(found.group(1)) if found else 0
        self.received += len(packet)
        if phone.has_it or turn < self.turn:
            return
        phone.has_it = True
        self.waiting -= 1
        self.phones_waiting -= phone.is_phone
        if self.phones_waiting == 0 and phone.is_phone:
            self.last_phone = self.heard
        if self.waiting <= 0:
            self.last, self.turn = self.heard, turn
            self.done.set()


class Phone(asyncio.Protocol):
    """One open page."""

    def __init__(self, crowd: Crowd, cookie: Spec) -> None:
        self.crowd = crowd
        self.cookie = cookie
        self.has_it = False
        self.heard = 0.0
        self.is_phone = cookie["auth"].get("view", "phone") == "phone"
        self.buffer = b""
        self.is_upgraded = False
        self.transport: asyncio.Transport

    def connection_lost(self, _error: Exception | None) -> None:
        self.crowd.hung_up(self)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        parts = urlsplit(self.crowd.spec["url"])
        self.transport.write(
            (
                f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Origin: {self.crowd.spec['url']}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                f"Cookie: {self.cookie['cookie']}\r\n\r\n"
            ).encode()
        )

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_upgraded:
            head, separator, rest = self.buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.is_upgraded, self.buffer = True, rest
        while (frame := self.next_frame()) is not None:
            self.hear(frame)

    def next_frame(self) -> bytes | None:
        buffer = self.buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1] & 0x7F, 2
        if length == 126:
            if len(buffer) < 4:
                return None
            length, start = struct.unpack("!H", buffer[2:4])[0], 4
        elif length == 127:
            if len(buffer) < 10:
                return None
            length, start = struct.unpack("!Q", buffer[2:10])[0], 10
        if len(buffer) < start + length:
            return None
        self.buffer = buffer[start + length :]
        return buffer[start : start + length]

    def hear(self, packet: bytes) -> None:
        if packet.startswith(b"42"):
            self.crowd.arrived(self, packet)
        elif packet == b"2":
            self.say(b"3")
        elif packet.startswith(b"0"):
            self.say(b"40" + json.dumps(self.cookie["auth"]).encode())
        elif packet.startswith(b"44"):
            raise AssertionError(packet)

    def say(self, packet: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(packet))
        length = bytes([0x80 | len(packet)]) if len(packet) < 126 else b"\xfe" + struct.pack("!H", len(packet))
        self.transport.write(b"\x81" + length + mask + masked)


async def measure(spec: Spec) -> Spec:
    """Rounds of the product and of the bare server in turn, so that both see the same machine."""
    product, bare = Crowd(spec["product"]), Crowd(spec["bare"])
    await product.come()
    await bare.come()
    times: dict[str, list[tuple[float, float]]] = {"product": [], "bare": []}
    size = 0
    for number in range(spec["rounds"] + 1):
        product.cpu, bare.cpu = product.cpu * bool(number > 1), bare.cpu * bool(number > 1)
        seconds = await product.press("next")
        size = product.received // len(product.phones)
        bare.spec["press"]["body"] = f"bytes={size}&turn={{turn}}"
        bare_seconds = await bare.press("next")
        if number:  # the first one only warms up
            times["product"].append(seconds)
            times["bare"].append(bare_seconds)
        cpu, _ = product.cpu, await product.press("back")
        product.cpu = cpu
    cpus = {"product": product.cpu / spec["rounds"], "bare": bare.cpu / spec["rounds"]}
    return {"times": times, "bytes": size, "cpu": cpus, "lost": product.lost + bare.lost}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(json.load(sys.stdin)))))
