"""Websockets whose frames may be made once for everybody.

Promises: what many pages are sent is encoded and deflated once, and put on each line by one call where nothing waits on it; a frame is
never mixed with another, however slow its reader, and never cut.
"""

from __future__ import annotations

import os
import ssl
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gevent
from engineio.async_drivers.gevent import WebSocketWSGI
from gevent.lock import BoundedSemaphore
from simple_websocket.ws import Server as WebSocketServer
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event
from wsproto.extensions import PerMessageDeflate

if TYPE_CHECKING:
    from socket import socket

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FIN_TEXT, DEFLATED = 0x81, 0x40
FULL_WINDOW = 15  # what a browser takes if it says nothing
END_OF_BLOCK = 4  # bytes that are left out after a deflated message (RFC 7692)


class Frames:
    """One text as it goes over a line, each way made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = b""
        self.deflated = b""

    def bytes(self, is_deflated: bool) -> bytes:
        """The whole frame. Deflated without what was sent before, so that it is the same on every line."""
        if is_deflated and not self.deflated:
            packer = zlib.compressobj(wbits=-FULL_WINDOW)
            packed = packer.compress(self.text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
            self.deflated = _frame(FIN_TEXT | DEFLATED, packed[:-END_OF_BLOCK])
        if not is_deflated and not self.plain:
            self.plain = _frame(FIN_TEXT, self.text.encode())
        return self.deflated if is_deflated else self.plain


def _frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", first, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


class Line:
    """A socket that several write on: each says all it has to say before the next one begins. The library would take what a
    full socket leaves over for sent.
    """

    def __init__(self, inner: socket) -> None:
        self.inner = inner
        self.turn = BoundedSemaphore(1)
        self.is_open_to_all = not isinstance(inner, ssl.SSLSocket)
        self.recv, self.close = inner.recv, inner.close

    def send(self, data: bytes) -> int:
        """Sends all of it, waiting for a slow reader."""
        with self.turn:
            self.inner.sendall(data)
        return len(data)

    def put(self, frame: bytes) -> bool:
        """Sends it without waiting for anybody; says whether that went. What a full line leaves over follows."""
        if not self.is_open_to_all or not self.turn.acquire(blocking=False):
            return False
        sent = 0
        try:
            sent = os.write(self.inner.fileno(), frame)
        except OSError:  # it is full, or gone, which its reader will find out
            self.turn.release()
            return False
        if sent == len(frame):
            self.turn.release()
        else:
            gevent.spawn(self._finish, frame[sent:])
        return True

    def _finish(self, rest: bytes) -> None:
        try:
            self.inner.sendall(rest)
        except OSError:
            self.close()
        finally:
            self.turn.release()


class Connection(WSConnection):
    """Answers a browser that would deflate that each message will stand alone."""

    def __init__(self, kind: ConnectionType) -> None:
        super().__init__(kind)
        self.deflate = PerMessageDeflate(server_no_context_takeover=True)

    def send(self, event: Event) -> bytes:
        """As the library does."""
        return super().send(replace(event, extensions=[self.deflate]) if isinstance(event, AcceptConnection) else event)


class Server(WebSocketServer):
    """The library's, on a line and a connection of ours."""

    def handshake(self) -> None:
        """Puts them in place before the first word."""
        self.sock = self.line = Line(self.sock)
        self.ws = self.connection = Connection(ConnectionType.SERVER)
        super().handshake()  # type: ignore[no-untyped-call]


class FramedWebSocket(WebSocketWSGI):
    """A page's websocket, which its engine's socket knows as `page`."""

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server)  # type: ignore[no-untyped-call]
        self.engine = handler.__self__  # type: ignore[attr-defined]  # it is a method of the engine's socket

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> object:  # noqa: ARG002 – the line is taken over
        """Opens the line and stays until it is closed."""
        self.ws = Server(environ, **self.server_args)  # type: ignore[no-untyped-call]
        self.engine.page = self
        answer: object = self.app(self)
        if self.ws.mode == "gunicorn":
            raise StopIteration  # its way to say that the line was taken over
        return answer

    def put(self, frames: Frames) -> bool:
        """Sends what many get, if nothing waits to be sent here before; says whether that went."""
        engine = self.engine
        if engine.upgrading or engine.closed or not engine.queue.empty() or not self.ws.connected:
            return False
        deflate = self.ws.connection.deflate
        is_deflated = deflate.enabled() and deflate.server_max_window_bits == FULL_WINDOW
        return self.ws.line.put(frames.bytes(is_deflated))


def put(engine: Any, frames: Frames) -> bool:
    """Sends a page of an engine's socket what many get; False where it has to wait for its turn, or has no websocket."""
    page = getattr(engine, "page", None)
    return isinstance(page, FramedWebSocket) and page.put(frames)
