"""Which addresses and names this machine has: for the address that phones get, and for refusing foreign hosts.

Promises: an address that phones in the room are likely to reach goes before one that they are not – Wi-Fi and cable before tunnels,
containers and virtual machines, what a machine gave itself last –, with a default route or without; loopback is never among them,
nor what leads nowhere without the name of an interface. IPv6 is there where no address of IPv4 is one that phones are likely to reach.
A name that merely resolves to this machine is not ours: that is how a foreign page would reach a server on the local
network (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import psutil

# Never contacted: asking for a route to it (kept for documents) tells which of our addresses would be used.
SOMEWHERE_ELSE = {socket.AF_INET: ("192.0.2.1", 9), socket.AF_INET6: ("2001:db8::1", 9)}
# How Linux, macOS and Windows call what phones in a room are not on: containers and virtual machines, tunnels, mobile data.
ELSEWHERE = re.compile(
    r"(docker|br-|veth|virbr|vmnet|vnet|vbox|lxc|lxd|incus|podman|cni|flannel|cali|cilium|kube|nerdctl|mpqemu|bridge|vmenet|ifb|dummy|waydroid|lima|colima|vxlan"
    r"|tun|tap|utun|wg|ppp|ipsec|gif|stf|sit|zt|feth|ts\d|wt\d|ham\d|nebula|gre|vti|l2tp|nordlynx|proton|mullvad|gpd|cscotun|awdl|llw|anpi"
    r"|bnep|wwan|wwp|rmnet|ccmni|pdp_ip)"
    r"|.*(tailscale|zerotier|wireguard|openvpn|vpn|tap-|-tun|wintun|warp|netbird|hamachi|anyconnect|globalprotect|pangp|forti|vethernet"
    r"|hyper-v|wsl|vmware|virtualbox|bluetooth|cellular|mobile)",
    re.IGNORECASE,
)
WIRELESS = re.compile(r"wl|ath\d|ap\d|wi-?fi|.*wireless", re.IGNORECASE)
SHARED_BY_PROVIDERS = ipaddress.ip_network(
    "100.64.0.0/10"
)  # behind a provider's router, or of a tunnel: never in a room


@dataclass(frozen=True, slots=True)
class Own:
    """An address of this machine, without a zone, and what it belongs to."""

    address: str
    interface: str
    is_up: bool = True
    is_tunnel: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether phones in a room are hardly on its network."""
        shared = ipaddress.ip_address(self.address) in SHARED_BY_PROVIDERS
        return self.is_tunnel or shared or ELSEWHERE.match(self.interface) is not None


def addresses() -> tuple[str, ...]:
    """Under which addresses others may reach this machine, the likeliest first. Looked up at most once a second."""
    return tuple(own.address for own in _owned())


def is_reached_by(host: str) -> bool:
    """Whether an address of this machine leads to it now: what hangs on a cable that was pulled does not, if anything else does."""
    owned = _owned()
    up = [own.address for own in owned if own.is_up]
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    if address.is_loopback:
        return False
    return host in (up or [own.address for own in owned]) if address.version == 4 else is_own_address(address)


def in_order(found: Iterable[Own], *defaults: str | None) -> tuple[Own, ...]:
    """Addresses, the likeliest first; `defaults` are those of the default routes."""
    listed = [(own, ipaddress.ip_address(own.address)) for own in found]
    others = [
        (own, address)
        for own, address in listed
        if not address.is_loopback and not (address.version == 6 and address.is_link_local)
    ]
    has_usual = any(
        own.is_up and not own.is_elsewhere and address.version == 4 and not address.is_link_local
        for own, address in others
    )
    return tuple(
        own
        for own, address in sorted(
            others,
            key=lambda one: (
                one[1].is_link_local,
                one[0].is_elsewhere,
                not one[0].is_up,
                one[1].version,
                WIRELESS.match(one[0].interface) is None,
                one[0].address not in defaults,
            ),
        )
        if address.version == 4 or not has_usual
    )


def _owned() -> tuple[Own, ...]:
    return _owned_at(int(time.monotonic()))


@lru_cache(maxsize=1)
def _owned_at(_second: int) -> tuple[Own, ...]:
    return in_order(_interfaces(), *_defaults())


def _interfaces() -> Iterator[Own]:
    """Every address that this machine has."""
    try:
        named, states = psutil.net_if_addrs(), psutil.net_if_stats()
    except OSError:  # where nobody may ask
        yield from (Own(default, "") for default in _defaults())
        return
    for name, found in named.items():
        state = states.get(name)
        for one in found:
            if one.family in SOMEWHERE_ELSE:
                is_tunnel = state is not None and "pointopoint" in state.flags
                address = one.address.partition("%")[0]
                yield Own(address, name, is_up=state is None or state.isup, is_tunnel=is_tunnel)


def _defaults() -> list[str]:
    """The addresses of this machine on the networks of its default routes."""
    return [address for address in map(network_address, SOMEWHERE_ELSE) if address]


def network_address(family: socket.AddressFamily = socket.AF_INET) -> str | None:
    """The address of this machine on the network of the default route; None without one."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(SOMEWHERE_ELSE[family])
            address = str(probe.getsockname()[0])
    except OSError:
        return None
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
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
