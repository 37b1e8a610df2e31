"""Whatever answers – pages, errors, files, Socket.IO, the server itself – tells browsers to keep nothing and to run nothing."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator, Mapping
from email.parser import Parser
from pathlib import Path

import pytest
import requests
import websocket
from flask import Flask

from facilitator import create_app
from facilitator.core.config import Settings
from tests.running import Server

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "ODD")
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLLING = "/socket.io/?EIO=4&transport=polling"


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address there is, with every method it knows and one that it does not."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        for name in rule.arguments:
            for form in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
                path = path.replace(form, "1")
        assert "<" not in path
        yield from ((method, path) for method in sorted({*(rule.methods or ()), "ODD"}))


def judge(asked: str, status: int, headers: Mapping[str, str], *, may_be_kept: bool = False) -> None:
    for name, value in EXPECTED.items():
        assert headers.get(name) == value, (asked, status, name)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], (asked, status)
    assert "camera=()" in headers["Permissions-Policy"], (asked, status)
    assert "Access-Control-Allow-Origin" not in headers, (asked, status)
    if not may_be_kept:
        assert headers["Cache-Control"] == "no-store", (asked, status)


@pytest.mark.promise("not-stored")
def test_every_address_and_every_method(app: Flask, shared_server: Server) -> None:
    asked = list(addresses(app))
    assert len(asked) > 300
    found = set()
    with requests.Session() as session:
        for method, path in asked:
            answer = session.request(method, shared_server.url + path, allow_redirects=False, timeout=20)
            judge(f"{method} {path}", answer.status_code, answer.headers)
            found.add(answer.status_code)
    assert {200, 302, 400, 403, 404, 405} <= found, "pages, redirects and refusals of every kind"


@pytest.mark.promise("not-stored")
@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/static/nowhere.js",
        "/static/../secrets/master_key",
        "/static/%00",
        "//evil.example/",
        "/%ff%fe",
        "/favicon.ico",
        "/socket.io",
        "/socket.io/",
        "/socket.io/?EIO=3&transport=polling",
        "/socket.io/?EIO=4&transport=flash",
        "/socket.io/?EIO=4&transport=websocket",
        "/socket.io/?EIO=4&transport=polling&j=x",
        "/socket.io/?EIO=4&transport=polling&sid=nobody",
        POLLING,
    ],
)
def test_what_is_at_no_address_and_what_libraries_answer(shared_server: Server, path: str) -> None:
    with requests.Session() as session:
        for method in METHODS:
            for origin in (shared_server.url, "http://evil.example", None):
                answer = session.request(method, shared_server.url + path, headers={"Origin": origin}, timeout=20)
                judge(f"{method} {path} from {origin}", answer.status_code, answer.headers)


@pytest.mark.promise("not-stored")
def test_a_foreign_host_and_a_refused_websocket(shared_server: Server) -> None:
    for path in ("/login", POLLING, "/static/manifest.json"):
        answer = requests.get(shared_server.url + path, headers={"Host": "evil.example; script-src *"}, timeout=20)
        judge(path, answer.status_code, answer.headers, may_be_kept=path.startswith("/static"))
        assert "evil" not in answer.headers["Content-Security-Policy"]
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(
            f"ws://127.0.0.1:{shared_server.port}/socket.io/?EIO=4&transport=websocket", origin="http://evil.example"
        )
    said = {name.title(): value for name, value in (refused.value.resp_headers or {}).items()}
    assert said["Cache-Control"] == "no-store"
    assert said["X-Content-Type-Options"] == "nosniff"


@pytest.mark.promise("not-stored")
def test_a_screen_that_comes_by_polling_is_kept_nowhere(shared_server: Server) -> None:
    ours = {"Origin": shared_server.url}
    hello = requests.get(shared_server.url + POLLING, headers=ours, timeout=20)
    judge("hello", hello.status_code, hello.headers)
    address = f"{shared_server.url}{POLLING}&sid={json.loads(hello.text[1:])['sid']}"
    sent = requests.post(address, data='40{"meeting":"m","view":"phone"}', headers=ours, timeout=20)
    assert sent.status_code == 200
    judge("sent", sent.status_code, sent.headers)
    heard = requests.get(address, headers=ours, timeout=20)
    assert heard.text.startswith("44")
    judge("heard", heard.status_code, heard.headers)


def test_built_files_are_kept_and_nothing_else_of_them_changes(shared_server: Server) -> None:
    names = requests.get(f"{shared_server.url}/static/manifest.json", timeout=20)
    judge("manifest", names.status_code, names.headers, may_be_kept=True)
    address = f"{shared_server.url}/static/{names.json()['app.css']}"
    first = requests.get(address, timeout=20)
    again = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=20)
    part = requests.get(address, headers={"Range": "bytes=0-9", "Accept-Encoding": "identity"}, timeout=20)
    assert (first.status_code, again.status_code, part.status_code) == (200, 304, 206)
    for answer in (first, again, part):
        judge("file", answer.status_code, answer.headers, may_be_kept=True)
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.promise("not-stored")
@pytest.mark.parametrize(
    "request_line",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET /Gia HTTP/9.9\r\n\r\n",
        b"GET /Gia HTTP/1.1\r\nHost: a\r\nbad header: 1\r\n\r\n",
        b"GET /Gia HTTP/1.1\r\nHost: a\r\nx: \x00\r\n\r\n",
        b"GET /Gia" + b"a" * 4100 + b" HTTP/1.1\r\n\r\n",
        b"GET /Gia HTTP/1.1\r\n" + b"".join(b"x%d: 1\r\n" % n for n in range(200)) + b"\r\n",
        b"POST /Gia HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST /Gia HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /Gia HTTP/1.1\r\nHost: a\r\nExpect: much\r\nContent-Length: 1\r\n\r\n",
    ],
    ids=lambda line: repr(line[:30]),
)
def test_a_request_that_cannot_be_read(shared_server: Server, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", shared_server.port), timeout=20) as line:
        line.sendall(request_line)
        said = b"".join(iter(lambda: line.recv(4096), b"")).decode()
    first, _, rest = said.partition("\r\n")
    head, _, body = rest.partition("\r\n\r\n")
    assert first.split()[1] in ("400", "414", "417", "431", "501")
    judge(first, int(first.split()[1]), dict(Parser().parsestr(head)))
    assert "Gia" not in said, "nothing of it comes back"
    assert int(dict(Parser().parsestr(head))["Content-Length"]) == len(body)


def test_an_error_that_nothing_caught_is_an_answer_too(settings: Settings, tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "tls", {"FACILITATOR_PUBLIC_URL": "https://meet.example.org"}).kept()
    app = create_app(settings)
    app.testing = False
    app.register_error_handler(Exception, lambda _error: (_ for _ in ()).throw(ValueError("what Gia told us")))
    app.add_url_rule("/broken", view_func=lambda: str(1 / 0))
    answer = app.test_client().get("/broken", base_url="https://meet.example.org")
    assert answer.status_code == 500
    judge("broken", 500, dict(answer.headers))
    assert answer.headers["Strict-Transport-Security"]
    assert "Gia" not in answer.text
