"""Whose host it is: names that merely resolve to this machine are not ours."""

from __future__ import annotations

import socket

import pytest

from facilitator.core.network import Own, addresses, host_of, in_order, is_loopback, is_this_machine


@pytest.mark.parametrize(
    ("netloc", "host"),
    [
        ("Meet.Example.org:5000", "meet.example.org"),
        ("localhost.", "localhost"),
        ("[::1]:5000", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(netloc: str, host: str) -> None:
    assert host_of(netloc) == host


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", socket.gethostname().lower()])
def test_this_machine_knows_its_names_and_addresses(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "203.0.113.9", "224.0.0.1", "evil.example", "localhost.evil.example", ""]
)
def test_what_is_elsewhere_is_not_this_machine(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "docker0", "br-1f2e3d", "veth12ab", "virbr0", "cni0", "podman1", "tun0", "tap0", "utun4", "wg0", "wg-home", "tailscale0",
        "zt5u4ab", "nordlynx", "ppp0", "awdl0", "bridge100", "wwan0", "vEthernet (WSL)", "VMware Network Adapter VMnet8",
        "VirtualBox Host-Only Network", "Tailscale", "ZeroTier One [8056]", "OpenVPN TAP-Windows6", "ProtonVPN", "Bluetooth Network Connection",
        "CloudflareWARP", "wt0", "ham0", "Hamachi", "nebula1", "gre1", "outline-tun0", "Cisco AnyConnect", "GlobalProtect", "Fortinet SSL", "ccmni0",
    ],
)  # fmt: skip
@pytest.mark.parametrize("here", ["wlan0", "wlp3s0", "Wi-Fi", "en0", "eth0", "enp0s31f6", "Ethernet 2", "br0"])
def test_wi_fi_and_cable_go_before_what_phones_in_a_room_are_not_on(here: str, elsewhere: str) -> None:
    found = [Own("10.8.0.2", elsewhere), Own("192.168.1.7", here)]
    assert [own.address for own in in_order(found, "10.8.0.2")] == ["192.168.1.7", "10.8.0.2"]


def test_all_of_them_are_on_offer_the_likeliest_first_and_loopback_is_not() -> None:
    found = [
        Own("127.0.0.1", "lo"),
        Own("169.254.7.7", "eth1"),
        Own("10.8.0.2", "corp", is_tunnel=True),
        Own("100.101.102.103", "ethernet7"),
        Own("172.17.0.1", "docker0"),
        Own("10.1.2.3", "eth0"),
        Own("10.9.9.9", "eth3", is_up=False),
        Own("10.1.2.4", "eth2"),
        Own("192.168.1.7", "wlan0"),
    ]
    expected = [
        "192.168.1.7",
        "10.1.2.4",
        "10.1.2.3",
        "10.9.9.9",
        "10.8.0.2",
        "100.101.102.103",
        "172.17.0.1",
        "169.254.7.7",
    ]
    assert [own.address for own in in_order(found, "10.1.2.4")] == expected


WIRED6, OTHER6 = "2001:db8::7", "fd00:1::7"


def test_where_there_is_nothing_else_phones_get_an_address_of_ipv6_and_never_one_that_needs_a_zone() -> None:
    found = [
        *(Own("::1", "lo"), Own("127.0.0.1", "lo"), Own("fe80::7", "wlan0"), Own("169.254.7.7", "wlan0")),
        *(Own("172.17.0.1", "docker0"), Own("fd77::1", "docker0"), Own(OTHER6, "eth0"), Own(WIRED6, "eth0")),
    ]
    expected = [WIRED6, OTHER6, "172.17.0.1", "fd77::1", "169.254.7.7"]
    assert [own.address for own in in_order(found, None, WIRED6)] == expected


def test_where_phones_reach_ipv4_that_is_short_enough_to_type() -> None:
    found = [Own(WIRED6, "wlan0"), Own("192.168.1.7", "eth0"), Own("172.17.0.1", "docker0")]
    assert [own.address for own in in_order(found)] == ["192.168.1.7", "172.17.0.1"]
    unplugged = [Own(WIRED6, "wlan0"), Own("192.168.1.7", "eth0", is_up=False)]
    assert [own.address for own in in_order(unplugged)] == [WIRED6, "192.168.1.7"]


def test_an_address_of_ipv4_that_came_by_ipv6_is_loopback_where_it_is() -> None:
    assert is_loopback("::ffff:127.0.0.1")
    assert not is_loopback("::ffff:192.168.1.7")


def test_this_machine_is_told_its_own_addresses() -> None:
    assert all(is_this_machine(address) and not is_loopback(address) for address in addresses())
