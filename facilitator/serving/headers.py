"""What every answer tells the browser: nothing inline, nothing from elsewhere, nothing kept.

Promises: whatever answers – a page, an error, Socket.IO, a file, the server itself where a request cannot be read – answers with these
headers; nothing is stored by browsers or proxies but built files; what needs TLS is only said where there is TLS. An error
that nothing caught is an answer too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from facilitator.core.config import Settings
from facilitator.serving.assets import PREFIX
from facilitator.serving.origins import is_ours

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Problem = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
    Headers = list[tuple[str, str]]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), screen-wake-lock=(self), fullscreen=(self)"
A_YEAR = 365 * 24 * 3600
POLICY = "content-security-policy"
logger = logging.getLogger(__name__)


class EveryAnswer:
    """Stands outermost: nothing answers past it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.inner: WSGIApplication = app.wsgi_app
        self.settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the request on and add the headers to what comes back."""
        path, begun = environ.get("PATH_INFO", ""), False

        def start(status: str, headers: Headers, problem: Problem | None = None) -> object:
            nonlocal begun
            begun = True
            host = environ["HTTP_HOST"] if is_ours(environ, self.settings) else ""
            is_file = path.startswith(PREFIX) and status[:3] in ("200", "206", "304")
            return start_response(status, dressed(headers, self.settings, host, may_be_kept=is_file), problem)

        try:
            return self.inner(environ, start)  # type: ignore[arg-type]  # nobody uses what `start` gives back
        except (OSError, StopIteration):
            raise  # whoever asked hung up, or a websocket has ended
        except Exception:
            if begun or self.app.testing:
                raise
            logger.exception("a request failed before there was an answer")
            start("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"Something went wrong on our side."]


def dressed(headers: Headers, settings: Settings, host: str, *, may_be_kept: bool = False) -> Headers:
    """An answer's headers and ours, which go first. `host`: the one asked for, if it is ours; `may_be_kept`: whatever says how
    long is believed.
    """
    ours = always(settings)
    if not may_be_kept:
        ours["Cache-Control"] = "no-store"  # whatever a library thinks
    if POLICY not in {name.lower() for name, _ in headers}:  # a file that somebody uploaded comes with a stricter one
        ours["Content-Security-Policy"] = content_policy(host, is_https=settings.is_https)
    lower = {name.lower() for name in ours}
    return [(name, value) for name, value in headers if name.lower() not in lower] + list(ours.items())


def always(settings: Settings) -> dict[str, str]:
    """The headers that are the same for everything."""
    headers = {
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.is_https:
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    return headers


def content_policy(host: str, *, is_https: bool) -> str:
    """The content security policy for a page on this host. Older Safari does not count a socket as 'self'."""
    rules = [
        "default-src 'self'",
        "img-src 'self' data:",
        f"connect-src 'self' ws://{host} wss://{host}" if host else "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    return "; ".join([*rules, "upgrade-insecure-requests"] if is_https else rules)
