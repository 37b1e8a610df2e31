"""How phones reach this machine: the addresses a lobby can show, and the code that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

import segno
from flask import current_app, request

from facilitator.core.config import Settings
from facilitator.core.network import host_of, network_address, own_names
from facilitator.meetings.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code as one SVG path in a square of `size` modules, its quiet zone included."""

    path: str
    size: int


def settings() -> Settings:
    """The settings of the current application."""
    found = current_app.extensions["settings"]
    assert isinstance(found, Settings)
    return found


def join_base(snapshot: Snapshot) -> str:
    """Scheme and host under which phones reach a meeting."""
    public = settings().public_url
    if public and snapshot.join_host in (None, public.partition("://")[2]):
        return public
    return f"http://{snapshot.join_host or network_address() or 'localhost'}"


def base_here() -> str:
    """Scheme and host for a link that somebody takes along from the page they are on."""
    return settings().public_url or f"{request.scheme}://{best_host()}"


def best_host() -> str:
    """The host phones should use, seen from a request: its own unless that is loopback, else the default route's."""
    if not is_loopback(host_of(request.host)):
        return request.host
    return f"{network_address() or host_of(request.host)}{_port()}"


def hosts(snapshot: Snapshot) -> tuple[str, ...]:
    """The addresses a lobby can switch between: the one shown now, the public one, this machine's."""
    shown = join_base(snapshot).partition("://")[2]
    _, separator, port = shown.rpartition(":")
    ending = f":{port}" if separator and port.isdigit() else ""
    public = (settings().public_url or "").partition("://")[2]
    own = [network_address() or "", *sorted(own_names())]
    found = [shown, public, *(f"{host}{ending}" for host in own if host and not is_loopback(host))]
    return tuple(dict.fromkeys(host for host in found if host))


def _port() -> str:
    _, separator, port = request.host.rpartition(":")
    return f":{port}" if separator and port.isdigit() else ""


def is_loopback(host: str) -> bool:
    """Whether a host means this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def qr(text: str) -> QrPicture:
    """A QR code for a text."""
    return picture(segno.make(text, error="m", micro=False))


def wifi_qr(name: str, password: str) -> QrPicture | None:
    """A QR code with which a phone joins a Wi-Fi network."""
    if not name:
        return None
    escape = str.maketrans({c: f"\\{c}" for c in '\\;,:"'})
    kind = "WPA" if password else "nopass"
    secret = f"P:{password.translate(escape)};" if password else ""
    return qr(f"WIFI:T:{kind};S:{name.translate(escape)};{secret};")


def picture(code: segno.QRCode, border: int = 2) -> QrPicture:
    """The dark modules of a code as runs of a path."""
    rows = [bytes(row) for row in code.matrix_iter(border=border)]
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return QrPicture("".join(runs), len(rows))
