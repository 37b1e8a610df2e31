"""Whose host it is: names that merely resolve to this machine are not ours."""

from __future__ import annotations

import socket

import pytest

from facilitator.core.network import host_of, is_this_machine


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
