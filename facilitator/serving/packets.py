"""What a page may send over its live connection: hello, *this is what I show*, goodbye, and what the protocol needs for itself.

Promises: anything else – other events, other namespaces, binary data, broken frames, half requests – is refused or hung up on before
the libraries behind see it, and is no error of ours: nothing is logged, and nothing keeps waiting.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from facilitator.core.config import Settings
from facilitator.core.extensions import socketio
from facilitator.core.websockets import FramedWebSocket

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOCKET_PATH = "/socket.io"
LARGEST_MESSAGE_BYTES = 64 * 1024
PING_SECONDS = 20
MOST_PACKETS = 16  # in one request; the library drops all of them if there are more
EVENTS = ("resync",)
BETWEEN = "\x1e"
# Engine.IO: 1 goodbye, 3 still here, 4 a message; only on a new websocket 2 and 5, to change over to it.
MESSAGE = re.compile(r"4(?:(?P<bye>1)|0(?P<hello>\{.*\})?|2\d{0,9}(?P<event>\[.*\]))", re.DOTALL)
CHANGING_OVER = ("2probe", "5")


def is_ours(packet: object) -> bool:
    """Whether our own page could have sent this packet."""
    if not isinstance(packet, str) or len(packet) > LARGEST_MESSAGE_BYTES:
        return False
    if packet in ("1", "3"):
        return True
    message = MESSAGE.fullmatch(packet)
    if message is None:
        return False
    written = message["hello"] or message["event"]
    return written is None or _is_said_right(written)


def _is_said_right(written: str) -> bool:
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) or (1 <= len(said) <= 2 and said[0] in EVENTS)


class PacketsOnly:
    """Stands before Socket.IO."""

    def __init__(self, inner: WSGIApplication) -> None:
        self.inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Lets it through, or answers 400."""
        if not environ.get("PATH_INFO", "").startswith(SOCKET_PATH):
            return self.inner(environ, start_response)
        if _is_readable(environ):
            with contextlib.suppress(KeyError):  # its connection ended a moment ago
                return self.inner(environ, start_response)
        return refused(environ, start_response, b"This is not what a page of this server sends.")


def refused(environ: WSGIEnvironment, start_response: StartResponse, words: bytes) -> Iterable[bytes]:
    """An answer in a few words to what is no page's doing."""
    start_response("400 Bad Request", [("Content-Type", "text/plain")])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [words]


def _is_readable(environ: WSGIEnvironment) -> bool:
    if environ["REQUEST_METHOD"] == "POST":
        return _holds_packets(environ)
    is_plain = "HTTP_UPGRADE" not in environ
    return environ["REQUEST_METHOD"] in ("GET", "OPTIONS") and (is_plain or _begins_a_websocket(environ))


def _holds_packets(environ: WSGIEnvironment) -> bool:
    """Reads the packets of a request, and puts them back for the library."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_MESSAGE_BYTES:
        return False
    try:
        body = environ["wsgi.input"].read(int(length))
        packets = body.decode().split(BETWEEN)
    except (OSError, UnicodeDecodeError):  # it hung up in the middle, or this is no text
        return False
    environ["wsgi.input"] = io.BytesIO(body)
    return len(body) == int(length) and len(packets) <= MOST_PACKETS and all(map(is_ours, packets))


def _begins_a_websocket(environ: WSGIEnvironment) -> bool:
    """Whether this is a handshake that the library can answer."""
    wanted = {word.strip().lower() for word in environ.get("HTTP_CONNECTION", "").split(",")}
    try:
        key = base64.b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""), validate=True)
    except binascii.Error:
        return False
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ["HTTP_UPGRADE"].lower() == "websocket"
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and "upgrade" in wanted
        and len(key) == 16
    )


class OurWebSocket(FramedWebSocket):
    """Hangs up on what no page of ours sends; a frame over the limit is refused while it arrives, not read into memory first."""

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server)
        self.server_args["max_message_size"] = LARGEST_MESSAGE_BYTES

    def wait(self) -> str | None:
        """The next packet; None where there is no next one."""
        packet = super().wait()
        return packet if packet in CHANGING_OVER or is_ours(packet) else None


def init_live(app: Flask, settings: Settings) -> None:
    """Bind Socket.IO. With several workers (told by Redis) only websockets work: polling would change workers."""
    socketio.init_app(  # type: ignore[call-arg]  # `transports` is handed on to engineio
        app,
        async_mode="gevent",
        cors_allowed_origins=[],  # OwnPagesOnly has checked, and more strictly
        max_http_buffer_size=LARGEST_MESSAGE_BYTES,
        transports=["websocket"] if settings.redis_url else ["websocket", "polling"],
        ping_interval=PING_SECONDS,
        ping_timeout=PING_SECONDS,
        cookie=None,
        logger=False,
        engineio_logger=False,  # it would write what people send
        manage_session=False,
    )
    # What somebody sent wrong is no error of ours.
    logging.getLogger("engineio.server").addFilter(is_no_refusal)
    engine: Any = socketio.server.eio  # type: ignore[attr-defined]  # forgotten in its types
    engine._async = {**engine._async, "websocket": OurWebSocket}  # noqa: SLF001 – it has no setting for this


def is_no_refusal(record: logging.LogRecord) -> bool:
    """Whether the library logs something else than that it refused a request."""
    return record.funcName != "_log_error_once"
