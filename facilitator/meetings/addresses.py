"""How phones reach a meeting: the addresses a lobby can show.

Promises: what is shown was chosen – by opening the lobby under it, or by the moderator – for as long as it leads here; when this
machine gets another address, that one is shown. Nobody is sent to an address of loopback.
"""

from __future__ import annotations

import ipaddress

from flask import request

from facilitator.core.addresses import port_here, port_of, reachable
from facilitator.core.config import settings
from facilitator.core.network import host_of, is_loopback, is_reached_by, own_names
from facilitator.meetings.snapshot import Snapshot


def join_base(snapshot: Snapshot) -> str:
    """Scheme and host under which phones reach a meeting; nothing while this machine is on no network."""
    return base_of(snapshot.join_host)


def base_of(chosen: str | None) -> str:
    """The same of what was chosen for a meeting: a host with its port, `:port` for any address of this machine, or nothing yet."""
    public = settings().public_url
    if public and chosen in (None, public.partition("://")[2]):
        return public
    if chosen and _leads_here(chosen):
        return f"http://{chosen}"
    own = reachable()
    port = port_here() if chosen is None else port_of(chosen)
    return f"http://{own[0]}{port}" if own else ""


def base_for_mails(chosen: str | None) -> str:
    """Where a mail about a meeting leads that no request asked for: the public address, or the one phones came to; else nowhere."""
    return settings().public_url or (base_of(chosen) if chosen else "")


def hosts(snapshot: Snapshot) -> tuple[str, ...]:
    """The addresses a lobby can switch between: the one shown now, the public one, this machine's addresses and names."""
    shown = join_base(snapshot).partition("://")[2]
    public = (settings().public_url or "").partition("://")[2]
    port, own = port_of(shown), reachable()
    own = (*own, *(name for name in sorted(own_names()) if not is_loopback(name))) if own else ()
    return tuple(dict.fromkeys(host for host in (shown, public, *(f"{host}{port}" for host in own)) if host))


def host_of_lobby() -> str:
    """What is chosen by opening a lobby: the host it is opened under, or – on this very computer – any address of it."""
    return f":{port_of(request.host)[1:] or 80}" if is_loopback(host_of(request.host)) else request.host


def _leads_here(chosen: str) -> bool:
    """A name does, and an address that the host of this server allowed; one of this machine for as long as it has it."""
    host = host_of(chosen)
    if not settings().allowed_hosts.isdisjoint((chosen, host)):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host != "" and not is_loopback(host)
    return is_reached_by(host)
