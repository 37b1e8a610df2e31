"""A bad network between phones and the server: a TCP proxy whose lines can be cut, swallowed, slowed down or doubled.

Outside the browser and the server, because neither may know; each accepted line has two threads, one a direction.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CHUNK = 65536
UP, DOWN = "up", "down"
STORMY = 0.3  # the chance that a piece that arrives is the last of its line
LIVE = (b"GET /socket.io/", b"POST /socket.io/")
UPGRADE = re.compile(rb"GET /socket\.io/\?\S*transport=websocket")
REFUSES = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SIGN_IN = b"<!DOCTYPE html><title>Guests</title><h1>Sign in to the Wi-Fi of the hotel</h1>"
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
CUT_HARD = struct.pack("ii", 1, 0)  # closing sends a reset


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


# A server answers to names and ports that it knows, so the place of the network is told to it before it starts.
PORT = free_port()
BEHIND = f"127.0.0.1:{PORT}"


@dataclass
class Proxy:
    """One bad network. `trouble` is what it does now: `""` (nothing), reset, black_hole, up_only, down_only, delay,
    storm (lines break again and again), half (a line breaks in the middle of what the server sends), double (each line goes to the server twice, one answer comes back), not_live (it
    refuses live connections, as proxies of companies do), no_upgrade (of those only the lasting ones, as older proxies do), portal (it answers everything with a page of its own) or no_cookies (none reaches a browser).
    """

    server_port: int
    trouble: str = ""
    delay_seconds: float = 0.3
    frames_to_lose: int = 0
    met: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", PORT), backlog=100))
    lines: set[socket.socket] = field(default_factory=set)
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Where phones go."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def start(self, trouble: str) -> None:
        """From now on; lines that are open feel it too."""
        self.met = 0
        self.trouble = trouble
        if trouble == "reset":
            self.cut()

    def cut(self) -> None:
        """Resets every line."""
        for line in list(self.lines):
            close(line)

    def heal(self) -> None:
        """The network works again. What was swallowed is gone, so those lines are cut, as a router does that forgot them."""
        was, self.trouble = self.trouble, ""
        if was not in ("", "delay"):
            self.cut()

    def wait_until_felt(self, times: int = 1, seconds: float = 10.0) -> None:
        """Until somebody ran into the trouble."""
        with self.news:
            assert self.news.wait_for(lambda: self.met >= times, seconds), "the trouble was felt"

    def feel(self) -> None:
        """Somebody ran into it."""
        with self.news:
            self.met += 1
            self.news.notify_all()

    def accept(self) -> None:
        """Takes lines until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                if self.trouble == "reset":
                    close(line)
                    self.feel()
                    continue
                self.connect(line)

    def connect(self, phone: socket.socket) -> None:
        """One line on to the server, or two."""
        servers = [socket.create_connection(("127.0.0.1", self.server_port))]
        if self.trouble == "double":
            servers.append(socket.create_connection(("127.0.0.1", self.server_port)))
            threading.Thread(target=swallow, args=(servers[1],), daemon=True).start()
            self.feel()
        for line in (phone, *servers):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines.update((phone, *servers))
        threading.Thread(target=self.carry, args=(phone, servers, UP), daemon=True).start()
        threading.Thread(target=self.carry, args=(servers[0], [phone], DOWN), daemon=True).start()

    def carry(self, source: socket.socket, targets: list[socket.socket], way: str) -> None:
        """Bytes from one end to the other, as long as there are any."""
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if way == DOWN:
                    data = self.taken_from(source, data)
                if self.is_swallowed(way) or (way == UP and self.answers_itself(source, data)):
                    self.feel()
                    continue
                if self.breaks_off(way, targets, data):
                    self.feel()
                    break
                if self.trouble == "delay":
                    self.feel()
                    time.sleep(self.delay_seconds)
                for target in targets:
                    target.sendall(data)
        for line in (source, *targets):
            close(line)
            self.lines.discard(line)

    def taken_from(self, server: socket.socket, data: bytes) -> bytes:
        """What is left of what the server sent."""
        if self.trouble == "no_cookies":
            data = data.replace(b"Set-Cookie:", b"X-Kept-Back:")
        return self.lose_frame(server, data) if self.frames_to_lose else data

    def answers_itself(self, phone: socket.socket, data: bytes) -> bool:
        """Whether the network said something instead of the server."""
        is_refused = self.trouble == "not_live" and data.startswith(LIVE)
        is_refused = is_refused or (self.trouble == "no_upgrade" and UPGRADE.match(data) is not None)
        if is_refused or self.trouble == "portal":
            phone.sendall(REFUSES if is_refused else PORTAL % (len(SIGN_IN), SIGN_IN))
            phone.shutdown(socket.SHUT_WR)
            return True
        return False

    def breaks_off(self, way: str, targets: list[socket.socket], data: bytes) -> bool:
        """Whether a line ends here, before what came or in the middle of it."""
        if self.trouble == "half" and way == DOWN:
            targets[0].sendall(data[: len(data) // 2])
            return True
        return self.trouble == "storm" and random.random() < STORMY

    def is_swallowed(self, way: str) -> bool:
        """Does the trouble at hand swallow what goes this way?"""
        return self.trouble == "black_hole" or self.trouble == ("up_only" if way == DOWN else "down_only")

    def lose_frame(self, source: socket.socket, data: bytes) -> bytes:
        """Swallows exactly one websocket frame (the server's are not masked): neither end notices anything."""
        while len(data) < 10 and len(data) < frame_length(data):
            data += source.recv(CHUNK)
        while len(data) < frame_length(data):
            data += source.recv(CHUNK)
        self.frames_to_lose -= 1
        self.feel()
        return data[frame_length(data) :]


def frame_length(data: bytes) -> int:
    """How long the frame is that begins here, its head included."""
    short = data[1] & 0x7F if len(data) > 1 else 0
    if short == 126:
        return 4 + int(struct.unpack("!H", data[2:4].ljust(2, b"\0"))[0])
    if short == 127:
        return 10 + int(struct.unpack("!Q", data[2:10].ljust(8, b"\0"))[0])
    return 2 + short


def swallow(line: socket.socket) -> None:
    """Reads answers that nobody gets."""
    with contextlib.suppress(OSError):
        while line.recv(CHUNK):
            pass


def close(line: socket.socket) -> None:
    """Ends a line hard; a thread that reads from it notices."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT_HARD)
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@contextmanager
def bad_network(server_port: int) -> Iterator[Proxy]:
    """A proxy before a server, gone at the end."""
    proxy = Proxy(server_port)
    threading.Thread(target=proxy.accept, daemon=True).start()
    try:
        yield proxy
    finally:
        with contextlib.suppress(OSError):
            proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.listener.close()
        proxy.cut()
