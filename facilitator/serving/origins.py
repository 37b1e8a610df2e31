"""Refuses what a foreign page sends: a host that is not ours, a socket opened from somewhere else.

The threat: any page somebody has open in the meeting room can send requests to this server, and read the answers if it
gets its own name to point here. So the host must be ours, and a live connection must come from our own pages. And whoever
asks for a link by mail must not choose where it leads: what is built from the host of a request leads to a name *and a port* at
which this server answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, request

from facilitator.core.config import HOST, Settings
from facilitator.core.network import is_this_machine
from facilitator.serving.packets import SOCKET_PATH, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PORTS = {"http": "80", "https": "443"}


def refuse_foreign_hosts(app: Flask, settings: Settings) -> None:
    """Answer 400 before anything else looks at the request."""

    @app.before_request
    def check_host() -> None:
        if not is_ours(request.environ, settings):
            abort(400)


def is_ours(environ: WSGIEnvironment, settings: Settings) -> bool:
    """Did this request come to the public address, to one the host allows, or to this very machine where it listens?"""
    told = HOST.fullmatch(environ.get("HTTP_HOST", "").lower())
    usual = PORTS.get(environ["wsgi.url_scheme"])
    if told is None or usual is None:
        return False
    name = told["name"]
    port = told["port"] or usual
    if f"{name}:{port}" in {public_place(settings), *settings.allowed_hosts}:
        return True
    here = {listening_port(environ), usual} if settings.trusted_proxies else {listening_port(environ)}
    bare = name.strip("[]")
    if bare == urlsplit(settings.public_url or "").hostname or not settings.allowed_hosts.isdisjoint((name, bare)):
        return port in {*here, usual}
    return port in here and is_this_machine(bare)


def public_place(settings: Settings) -> str:
    """Host and port of the public address; empty if there is none."""
    if settings.public_url is None:
        return ""
    scheme, _, place = settings.public_url.partition("://")
    told = HOST.fullmatch(place)
    return f"{told['name']}:{told['port'] or PORTS[scheme]}" if told else ""


def listening_port(environ: WSGIEnvironment) -> str:
    """Where this server took the request, whatever a proxy handed on."""
    before_proxy = environ.get("werkzeug.proxy_fix.orig", environ)
    return str(before_proxy.get("SERVER_PORT", ""))


class OwnPagesOnly:
    """Stands before Socket.IO, whose own check lets a missing Origin pass."""

    def __init__(self, inner: WSGIApplication, settings: Settings) -> None:
        self.inner = inner
        self.settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let it through, or answer 400."""
        if environ.get("PATH_INFO", "").startswith(SOCKET_PATH) and not comes_from_us(environ, self.settings):
            return refused(environ, start_response, b"This connection may only be opened by a page of this server.")
        return self.inner(environ, start_response)


def comes_from_us(environ: WSGIEnvironment, settings: Settings) -> bool:
    """Host ours, Origin equal to it. Only a plain GET may lack an Origin: there browsers send none to their own server."""
    origin = environ.get("HTTP_ORIGIN")
    if not is_ours(environ, settings):
        return False
    if origin is None:
        return environ["REQUEST_METHOD"] == "GET" and "HTTP_UPGRADE" not in environ
    return origin.lower() in {f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}".lower(), settings.public_url}
