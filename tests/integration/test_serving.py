"""`facilitator run`, for real: addresses, live connections, who may open them, and an end within seconds."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests
import websocket

from facilitator.cli import PORT
from facilitator.core.network import addresses, is_this_machine
from facilitator.serving.server import KEPT_SECONDS, NEARBY
from tests.commands import facilitator
from tests.running import Server, running_server

ROOT = Path(__file__).parents[2]
TOO_BIG = 100_000
LIVE = "/socket.io/?EIO=4&transport=websocket"


def connect(server: Server, origin: str | None = None, host: str | None = None) -> websocket.WebSocket:
    return websocket.create_connection(
        f"ws://127.0.0.1:{server.port}{LIVE}",
        origin=origin,
        suppress_origin=origin is None,
        host=host,
        timeout=10,
    )


def test_the_first_account_is_made_by_a_link_that_is_printed(shared_server: Server) -> None:
    assert shared_server.welcome_url is not None
    assert requests.get(shared_server.welcome_url, timeout=10).status_code == 200


@pytest.mark.promise("plain-http")
def test_it_says_that_plain_http_can_be_read_along_and_where_the_two_lines_are(shared_server: Server) -> None:
    said = "".join(shared_server.printed)
    assert "Over http everybody on the same Wi-Fi can read along" in said
    (path,) = re.findall(r"docs/\w+\.md", said)
    shown = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(r"^meet\.example\.org( \{)?\n\s*reverse_proxy 127\.0\.0\.1:5000$", shown, re.MULTILINE)


def test_it_answers_on_every_address_of_this_machine_whichever_kind_it_is(tmp_path: Path) -> None:
    """Also on a machine that has IPv6 switched off, where it is one less."""
    own = [f"[{one}]" if ":" in one else one for one in ("127.0.0.1", "::1", *addresses()) if is_this_machine(one)]
    with running_server(tmp_path / "served", host=None, is_cold=True) as server:
        for host in own:
            url = f"http://{host}:{server.port}"
            assert requests.get(f"{url}/j", timeout=10).status_code == 200, host
            live = websocket.create_connection(f"ws{url[4:]}{LIVE}", origin=url, timeout=10)
            assert str(live.recv()).startswith("0{"), host
            live.close()
        for host in own[: 1 + ("[::1]" in own)]:
            assert requests.get(f"http://{host}:{server.port}/metrics", timeout=10).status_code == 200, (
                "asked from here"
            )


@pytest.mark.promise("no-access-log")
def test_nobody_writes_down_who_asked_for_what(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running_server(tmp_path / "served", is_cold=True) as server:
        for address in ("/j/CANARY", "/meetings/CANARY/phone", "/healthz", "/metrics?CANARY"):
            requests.get(f"{server.url}{address}", headers={"User-Agent": "CANARY"}, timeout=10)
        requests.post(f"{server.url}/meetings/CANARY/contribute", data={"text": "CANARY"}, timeout=10)
        connect(server, origin=server.url).close()
        printed = "".join(server.printed)
    assert "Facilitator is running" in printed, "it does print"
    said = printed + "".join(capfd.readouterr())
    assert "CANARY" not in said
    assert "GET" not in said
    files = {path: path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()}
    assert any(path.name == "facilitator.sqlite" for path in files)
    assert [path.name for path, content in files.items() if b"CANARY" in content] == []


def test_a_page_of_ours_opens_a_live_connection(shared_server: Server) -> None:
    live = connect(shared_server, origin=shared_server.url)
    assert str(live.recv()).startswith("0{")
    live.close()


@pytest.mark.promise("foreign-pages")
@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1", "null", None])
def test_any_other_page_does_not(shared_server: Server, origin: str | None) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(shared_server, origin=origin)
    assert refused.value.status_code == 400


@pytest.mark.promise("foreign-pages")
def test_a_name_that_is_not_ours_opens_nothing(shared_server: Server) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(shared_server, origin="http://evil.example", host="evil.example")
    assert refused.value.status_code == 400


@pytest.mark.promise("foreign-pages")
def test_polling_from_elsewhere_is_refused_too(shared_server: Server) -> None:
    address = f"{shared_server.url}/socket.io/?EIO=4&transport=polling"
    assert requests.get(address, timeout=10).status_code == 200
    assert requests.get(address, headers={"Origin": "http://evil.example"}, timeout=10).status_code == 400
    assert requests.post(address, data="40", timeout=10).status_code == 400


def test_a_message_over_the_limit_ends_its_connection_and_nothing_else(shared_server: Server) -> None:
    live = connect(shared_server, origin=shared_server.url)
    live.recv()
    assert not is_closed_by(live, "40")
    assert is_closed_by(live, "4" + "x" * TOO_BIG)
    assert requests.get(f"{shared_server.url}/healthz", timeout=10).ok


def test_assets_are_small_lasting_and_not_for_other_sites(shared_server: Server) -> None:
    names = requests.get(f"{shared_server.url}/static/manifest.json", timeout=10).json()
    answer = requests.get(
        f"{shared_server.url}/static/{names['app.css']}", headers={"Accept-Encoding": "br"}, timeout=10
    )
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_it_stops_within_seconds_whatever_is_open(tmp_path: Path) -> None:
    with running_server(tmp_path, is_cold=True) as server:
        live = connect(server, origin=server.url)
        live.recv()
        idle = HTTPConnection("127.0.0.1", server.port, timeout=10)
        asks(idle)
        assert server.stop() < 8
        assert server.process.returncode == 0


def test_what_was_there_is_there_after_a_crash(tmp_path: Path) -> None:
    with running_server(tmp_path, is_cold=True) as first:
        first.kill()
    with running_server(tmp_path, is_cold=True) as second:
        assert requests.get(f"{second.url}/readyz", timeout=10).json() == {"ready": True, "failing": []}


def test_a_worker_without_its_supervisor_does_not_stay(tmp_path: Path) -> None:
    with running_server(tmp_path, is_cold=True) as server:
        port = server.port
        server.process.kill()
        server.process.wait(10)
    with running_server(tmp_path, port=port, is_cold=True) as again:
        assert again.port == port


def test_a_second_server_for_the_same_folder_is_refused_and_harms_nothing(
    shared_server: Server, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(shared_server.data_dir)
    shutil.copytree(shared_server.data_dir / "secrets", tmp_path / "other" / "secrets")
    database = f"sqlite:///{shared_server.data_dir}/facilitator.sqlite"
    keys = f"sqlite:///{shared_server.data_dir}/keys.sqlite"
    for folder, environ in (
        (shared_server.data_dir, {}),
        (tmp_path / "link", {}),
        (tmp_path / "other", {"FACILITATOR_DATABASE_URL": database, "FACILITATOR_KEYS_URL": keys}),
    ):
        answer = facilitator("run", "--host", "127.0.0.1", "--port", "0", "--data", folder, **environ)
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1), answer
        assert "another server works with" in answer.stderr
    assert shared_server.welcome_url
    assert requests.get(shared_server.welcome_url, timeout=10).status_code == 200, "its link to the first account works"


def test_the_next_port_is_taken_where_none_was_asked_for(tmp_path: Path) -> None:
    with socket.socket() as taken:
        with contextlib.suppress(OSError):  # somebody else has it
            taken.bind(("127.0.0.1", PORT))
            taken.listen()
        with running_server(tmp_path, port=None) as server:
            assert PORT < server.port < PORT + NEARBY
            assert f"Port {PORT} is taken by another program, so this is {server.port}" in "".join(server.printed)


def test_a_port_that_was_asked_for_is_that_one_or_none(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for asked, environ in (
            (["--host", "127.0.0.1", "--port", str(port)], {}),
            (["--host", "[127.0.0.1] "], {"FACILITATOR_PORT": str(port)}),
        ):
            answer = facilitator("run", *asked, "--data", tmp_path, **environ)
            assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
            assert f"cannot listen on 127.0.0.1 port {port}: " in answer.stderr
            assert "make run ARGS=" in answer.stderr


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        (["--host", "127.0.0.1", "--port", "{taken}"], {}),
        (["--host", "nowhere.invalid"], {}),
        (["--port", "0"], {"FACILITATOR_DATABASE_URL": "postgresql://127.0.0.1:1/nobody"}),
        (["--port", "0"], {"FACILITATOR_DATABASE_URL": "nothing://there"}),
        (["--port", "0"], {"FACILITATOR_REDIS_URL": "redis://127.0.0.1:{taken}/0", "FACILITATOR_PUBLIC_URL": "what"}),
    ],
)
def test_a_start_that_is_refused_leaves_nothing_behind(
    tmp_path: Path, options: list[str], environ: dict[str, str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = [option.format(taken=port) for option in options]
        environ = {name: value.format(taken=port) for name, value in environ.items()}
        answer = facilitator("run", *options, "--data", tmp_path / "a" / "b", **environ)
        assert answer.returncode == 1, answer
    assert list(tmp_path.rglob("*")) == []


def test_an_idle_connection_outlives_those_that_a_proxy_keeps(shared_server: Server) -> None:
    """Else a proxy would send a text to a server that closes the connection at that very moment."""
    line = HTTPConnection("127.0.0.1", shared_server.port, timeout=10)
    asks(line)
    line.auto_open = 0  # no other one instead
    time.sleep(2.5)  # gunicorn's own patience is two seconds
    asks(line)
    line.close()
    assert KEPT_SECONDS > 120, "Caddy's are two minutes"


def asks(line: HTTPConnection) -> None:
    """One more request on a connection that stays."""
    line.request("GET", "/healthz")
    answer = line.getresponse()
    answer.read()
    assert (answer.status, answer.will_close) == (200, False)


def is_closed_by(live: websocket.WebSocket, message: str) -> bool:
    try:
        live.send(message)
        opcode, _ = live.recv_data()
    except (ConnectionError, websocket.WebSocketConnectionClosedException):
        return True
    return bool(opcode == websocket.ABNF.OPCODE_CLOSE)
