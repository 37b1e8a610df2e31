"""Refuses what a foreign page sends: a host that is not ours, a socket opened from somewhere else.

The threat: any page somebody has open in the meeting room can send requests to this server, and read the answers if it
gets its own name to point here. So the host must be ours, and a live connection must come from our own pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, request

from facilitator.config import Settings
from facilitator.network import host_of, is_this_machine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOCKET_PATH = "/socket.io"


def refuse_foreign_hosts(app: Flask, settings: Settings) -> None:
    """Answer 400 before anything else looks at the request."""

    @app.before_request
    def check_host() -> None:
        if not is_our_host(request.environ.get("HTTP_HOST", ""), settings):
            abort(400)


def is_our_host(netloc: str, settings: Settings) -> bool:
    """Is this the public address, a name the host allows, or this very machine?"""
    host = host_of(netloc)
    public = urlsplit(settings.public_url or "").hostname
    return bool(host) and (host == public or host in settings.allowed_hosts or is_this_machine(host))


class OwnPagesOnly:
    """Stands before Socket.IO, whose own check lets a missing Origin pass."""

    def __init__(self, inner: WSGIApplication, settings: Settings) -> None:
        self.inner = inner
        self.settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let it through, or answer 400."""
        if environ.get("PATH_INFO", "").startswith(SOCKET_PATH) and not comes_from_us(environ, self.settings):
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [b"This connection may only be opened by a page of this server."]
        return self.inner(environ, start_response)


def comes_from_us(environ: WSGIEnvironment, settings: Settings) -> bool:
    """Host ours, Origin equal to it. Only a plain GET may lack an Origin: there browsers send none to their own server."""
    host = environ.get("HTTP_HOST", "")
    origin = environ.get("HTTP_ORIGIN")
    if not is_our_host(host, settings):
        return False
    if origin is None:
        return environ["REQUEST_METHOD"] == "GET" and "HTTP_UPGRADE" not in environ
    return origin.lower() in {f"{environ['wsgi.url_scheme']}://{host}".lower(), settings.public_url}
