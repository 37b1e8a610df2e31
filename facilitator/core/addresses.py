"""Under which address a request came, for links that lead back from elsewhere: a mail, a code, a sheet of paper."""

from __future__ import annotations

from flask import current_app, request

from facilitator.core.config import settings
from facilitator.core.network import addresses, host_of, is_loopback

EVERYWHERE = ("::", "0.0.0.0")  # noqa: S104 – compared, not listened on
LISTENING = "listening"  # host and port of this process, once it is bound


def base_here() -> str:
    """Scheme and host for a link that somebody takes along from the page they are on."""
    return settings().public_url or f"{request.scheme}://{best_host()}"


def best_host() -> str:
    """The host phones should use, seen from a request: its own unless that is loopback, else an address of this machine."""
    own = () if not is_loopback(host_of(request.host)) else reachable()
    return f"{own[0]}{port_of(request.host)}" if own else request.host


def reachable() -> tuple[str, ...]:
    """The addresses of this machine under which this server answers others, the likeliest first."""
    return answering(str(current_app.extensions.get(LISTENING, EVERYWHERE)[0]))


def answering(host: str) -> tuple[str, ...]:
    """The same of a server that listens on a host: `::` is every address, `0.0.0.0` every one of IPv4."""
    if host in EVERYWHERE:
        return tuple(in_url(one) for one in addresses() if host == "::" or ":" not in one)
    return () if is_loopback(host) else (in_url(host),)


def in_url(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def port_of(netloc: str) -> str:
    """A port as it stands behind a host, or nothing."""
    _, separator, port = netloc.rpartition(":")
    return f":{port}" if separator and port.isdigit() else ""


def port_here() -> str:
    """The same of where this process listens."""
    _, port = current_app.extensions.get(LISTENING, ("", 80))
    return "" if port == 80 else f":{port}"
