"""Files from elsewhere, at a server that really runs: meetings are served by a process that takes no file apart."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from facilitator.accounts.actions import create_user
from tests import bombs
from tests.accounts_cast import PASSWORD
from tests.faults.room import database_of
from tests.films import recording
from tests.running import Server, running_server
from tests.talkative import jpeg, plain_paper

PARSERS = ("pikepdf", "qpdf", "_imaging", "webp", "jpeg", "tiff")
MEGABYTE = 1024


class Visitor:
    """Somebody with a browser at a real server."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.web = requests.Session()
        self.web.cookies.set("lang", "en")

    def page(self, path: str) -> requests.Response:
        """What stands there."""
        return self.web.get(self.url + path, timeout=60)

    def send(self, path: str, **fields: object) -> requests.Response:
        """Sends a form, its files among the fields."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page("/reset").text)
        assert token is not None
        files = {name: value for name, value in fields.items() if isinstance(value, tuple)}
        words = {name: value for name, value in fields.items() if name not in files}
        data = {"csrf_token": token[1], **words}
        return self.web.post(self.url + path, data=data, files=files or None, timeout=120)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of its own, as cold as any: what it holds is the question."""
    with running_server(tmp_path_factory.mktemp("foreign"), is_cold=True) as server:
        yield server


@pytest.fixture(scope="module")
def pete(server: Server) -> Visitor:
    """Signed in."""
    with database_of(server.data_dir) as app, app.app_context():
        create_user("Pete", "pete@example.org", PASSWORD, "Werkplaats", "member")
    visitor = Visitor(server)
    assert visitor.send("/login", email="pete@example.org", password=PASSWORD).ok
    return visitor


def begun(pete: Visitor, kind: str) -> str:
    """The address of a new card of Pete's."""
    return pete.send("/archive/new", kind=kind, title="Pump").url


def serving(server: Server) -> list[Path]:
    """The processes of the server, as the system knows them."""
    whole = Path("/proc") / str(server.process.pid)
    workers = (whole / "task" / str(server.process.pid) / "children").read_text().split()
    return [whole, *(Path("/proc") / worker for worker in workers)]


def most_memory(server: Server) -> int:
    """How many kilobytes its processes held at most, until now."""
    lines = [line for one in serving(server) for line in (one / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_files_are_taken_and_what_reads_them_is_not_in_the_process_that_serves(server: Server, pete: Visitor) -> None:
    for kind, field, content in (
        ("presentation", "paper", plain_paper()),
        ("instruction", "picture_0", jpeg()),
        ("video", "video", recording("h264.mp4")),
    ):
        card = begun(pete, kind)
        fields = {"title": "Pump", "go": "save", "steps": "1", "step_0": "Turn", field: ("a", io.BytesIO(content))}
        page = pete.send(card.removeprefix(server.url), **fields)
        assert page.status_code == 200
        (address,) = set(re.findall(r"/archive/files/[0-9a-z]+", page.text))
        assert pete.page(address).content
    shared = " ".join(line for one in serving(server) for line in (one / "maps").read_text().splitlines())
    assert "_ssl" in shared or "libssl" in shared, "one sees what it holds"
    assert not [name for name in PARSERS if name in shared]


@pytest.mark.parametrize("bomb", ["inflating", "inflating_twice"])
def test_a_bomb_is_refused_with_what_was_typed_and_leaves_no_trace_in_the_server(
    server: Server, pete: Visitor, bomb: str
) -> None:
    content = bombs.paper(bombs.PAPERS_THAT_ARE_TOO_MUCH[bomb])
    assert len(content) < 800 * 1024
    card, before = begun(pete, "presentation").removeprefix(server.url), most_memory(server)
    page = pete.send(
        card, title="Kanarievogel", summary="As it was typed", go="save", paper=("a.pdf", io.BytesIO(content))
    )
    assert page.status_code == 422
    assert "There is far more in this file than its size says." in page.text
    assert "Kanarievogel" in page.text
    assert "As it was typed" in page.text
    assert most_memory(server) - before < 50 * MEGABYTE, "of 700 MB nothing came here"
    assert pete.page("/healthz").ok
