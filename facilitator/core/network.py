"""Which addresses and names this machine has: for the address that phones get, and for refusing foreign hosts.

A name that merely resolves to this machine is not ours: that is how a foreign page would reach a server on the local
network (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

# Never contacted: asking for a route to it (TEST-NET-1) tells which of our addresses would be used.
SOMEWHERE_ELSE = ("192.0.2.1", 9)


def network_address() -> str | None:
    """The address of this machine on the network of the default route; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE_ELSE)
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if ipaddress.ip_address(address).is_loopback else address


def is_this_machine(host: str) -> bool:
    """Is it an address of this machine, its name, its name ending in .local, or localhost?"""
    try:
        return is_own_address(ipaddress.ip_address(host))
    except ValueError:
        return host in own_names()


def is_own_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Only an address of one's own can be bound. Asked each time: a laptop changes networks."""
    if address.is_unspecified or address.is_multicast:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def own_names() -> set[str]:
    """The names of this machine, in lower case."""
    full = socket.gethostname().lower()
    short = full.split(".")[0]
    return {"localhost", full, short, f"{short}.local"}


def host_of(netloc: str) -> str:
    """The host of `name:port`, `1.2.3.4:port` or `[::1]:port`, in lower case and without a final dot."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host means this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
