"""Under which address a request came, for links that lead back from elsewhere: a mail, a code, a sheet of paper."""

from __future__ import annotations

from flask import request

from facilitator.core.config import settings
from facilitator.core.network import host_of, is_loopback, network_address


def base_here() -> str:
    """Scheme and host for a link that somebody takes along from the page they are on."""
    return settings().public_url or f"{request.scheme}://{best_host()}"


def best_host() -> str:
    """The host phones should use, seen from a request: its own unless that is loopback, else the default route's."""
    if not is_loopback(host_of(request.host)):
        return request.host
    return f"{network_address() or host_of(request.host)}{_port()}"


def _port() -> str:
    _, separator, port = request.host.rpartition(":")
    return f":{port}" if separator and port.isdigit() else ""
