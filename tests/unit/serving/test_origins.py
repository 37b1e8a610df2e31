"""A request is answered under a name and a port at which this server is, and what is built from them leads nowhere else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from facilitator.core.config import Settings
from facilitator.serving.origins import is_ours
from tests.houses import settings_in

HERE = socket.gethostname().lower()
PUBLIC = {"FACILITATOR_PUBLIC_URL": "https://meet.example.org"}
ODD_PORT = {"FACILITATOR_PUBLIC_URL": "https://meet.example.org:8443"}
ALLOWED = {"FACILITATOR_ALLOWED_HOSTS": "laptop.example, tunnel.example:8080, ::1"}
PROXY = {"FACILITATOR_TRUSTED_PROXIES": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def asked(settings: Settings, host: str, scheme: str = "http") -> bool:
    return is_ours({"HTTP_HOST": host, "wsgi.url_scheme": scheme, "SERVER_PORT": "5000"}, settings)


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, "localhost:5000"),
        ({}, "LOCALHOST:5000"),
        ({}, "127.0.0.1:5000"),
        ({}, "[::1]:5000"),
        ({}, f"{HERE}:5000"),
        (PUBLIC, "meet.example.org"),
        (PUBLIC, "meet.example.org:443"),
        (PUBLIC, "meet.example.org:5000"),
        (PUBLIC, "localhost:5000"),
        (ODD_PORT, "meet.example.org:8443"),
        (ALLOWED, "laptop.example:5000"),
        (ALLOWED, "laptop.example"),
        (ALLOWED, "tunnel.example:8080"),
        (ALLOWED, "[::1]"),
        (PROXY, "127.0.0.1"),
    ],
)
def test_where_this_server_is_it_answers(folder: Path, environ: dict[str, str], host: str) -> None:
    assert asked(settings_in(folder, environ), host)


@pytest.mark.parametrize("environ", [{}, PUBLIC, ALLOWED, PROXY])
@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:5000",
        "localhost:9999",
        "127.0.0.1:9999",
        "127.0.0.1:05000",
        "meet.example.org:9999",
        "laptop.example:9999",
        "tunnel.example:9999",
        "localhost:5000@evil.example",
        "evil.example@localhost:5000",
        "evil.example\\@localhost:5000",
        "evil.example/@localhost:5000",
        "evil.example#localhost:5000",
        "localhost:5000/evil",
        "localhost:5000?evil",
        "localhost:5000; script-src *",
        "localhost:5000,evil.example",
        "localhost:5000 ",
        "localhost:5000\t",
        "localhost:",
        "localhost:-1",
        "localhost:\u0665\u0660\u0660\u0660",
        "localhost:5000:5000",
        "[::1]evil.example:5000",
        "::1",
        "0.0.0.0:5000",
        "localhost\x00:5000",
    ],
)
def test_no_other_name_and_no_other_port_is_ours(folder: Path, environ: dict[str, str], host: str) -> None:
    assert not asked(settings_in(folder, environ), host)


def test_without_a_proxy_a_name_without_a_port_is_another_server(folder: Path) -> None:
    assert not asked(settings_in(folder), "localhost")
    assert is_ours({"HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "SERVER_PORT": "80"}, settings_in(folder))


def test_a_proxy_that_hands_on_another_scheme_is_not_followed(folder: Path) -> None:
    assert not asked(settings_in(folder, PROXY), "localhost:5000", "javascript")


def test_what_a_proxy_hands_on_does_not_say_where_this_server_listens(folder: Path) -> None:
    """A proxy may hand on the host that its visitor sent, port and all."""
    environ = {
        "HTTP_HOST": "localhost:9999",
        "wsgi.url_scheme": "http",
        "SERVER_PORT": "9999",
        "werkzeug.proxy_fix.orig": {"SERVER_PORT": "5000"},
    }
    assert not is_ours(environ, settings_in(folder, PROXY))
