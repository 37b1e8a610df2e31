"""The extensions, unbound: modules import them here, `create_app` binds them to an application."""

from __future__ import annotations

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect

socketio = SocketIO()
babel = Babel()
csrf = CSRFProtect()  # type: ignore[no-untyped-call]
limiter = Limiter(key_func=get_remote_address)  # each limit has a key of its own (core/limits.py)
