"""How phones reach a meeting: the addresses a lobby can show."""

from __future__ import annotations

from facilitator.core.config import settings
from facilitator.core.network import is_loopback, network_address, own_names
from facilitator.meetings.snapshot import Snapshot


def join_base(snapshot: Snapshot) -> str:
    """Scheme and host under which phones reach a meeting."""
    public = settings().public_url
    if public and snapshot.join_host in (None, public.partition("://")[2]):
        return public
    return f"http://{snapshot.join_host or network_address() or 'localhost'}"


def hosts(snapshot: Snapshot) -> tuple[str, ...]:
    """The addresses a lobby can switch between: the one shown now, the public one, this machine's."""
    shown = join_base(snapshot).partition("://")[2]
    _, separator, port = shown.rpartition(":")
    ending = f":{port}" if separator and port.isdigit() else ""
    public = (settings().public_url or "").partition("://")[2]
    own = [network_address() or "", *sorted(own_names())]
    found = [shown, public, *(f"{host}{ending}" for host in own if host and not is_loopback(host))]
    return tuple(dict.fromkeys(host for host in found if host))
