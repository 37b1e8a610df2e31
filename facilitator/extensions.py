"""The extensions, unbound: modules import them here, `create_app` binds them to an application."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect

from facilitator.config import Settings
from facilitator.packets import LARGEST_MESSAGE_BYTES, OurWebSocket

PING_SECONDS = 20


socketio = SocketIO()
babel = Babel()
csrf = CSRFProtect()  # type: ignore[no-untyped-call]
limiter = Limiter(key_func=get_remote_address)  # each limit has a key of its own (core/limits.py)


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
