"""The first visit of a phone: every byte that is loaded until the page stands, compressed, the font left out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import requests

from bench.figures import Figure
from bench.meeting import prepare
from tests.running import running_server

GOAL_KB = 60.0
LINKED = re.compile(r'(?:src|href)="(/static/[^"#]+)')


def figures() -> Iterator[Figure]:
    """The join page and the phone of somebody who just joined."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "served"
        meeting = prepare(data, 8)
        with running_server(data, is_cold=True) as server:
            yield figure("first visit of a phone, join page", server.url, f"/j/{meeting.code}", "")
            phone = f"/meetings/{meeting.meeting_id}/phone"
            yield figure("first visit of a phone, live page", server.url, phone, meeting.cookies[1])


def figure(name: str, url: str, path: str, cookie: str) -> Figure:
    """A page and what it links to."""
    page, html = loaded(url + path, cookie)
    parts = {path: page}
    for found in LINKED.findall(html):
        parts.setdefault(found, loaded(url + found, "")[0])
    remark = ", ".join(f"{part.rsplit('/', 1)[-1]} {size / 1024:.1f}" for part, size in parts.items())
    return Figure(name, sum(parts.values()) / 1024, "KB", GOAL_KB, remark)


def loaded(url: str, cookie: str) -> tuple[int, str]:
    """How many bytes come over the line, and the text they are."""
    headers = {"Accept-Encoding": "br, gzip", "Cookie": cookie}
    answer = requests.get(url, headers=headers, timeout=30, stream=True)
    answer.raise_for_status()
    raw = answer.raw.read(decode_content=False)
    if url.endswith((".js", ".css", ".svg")):
        return len(raw), ""
    packed = answer.headers.get("Content-Encoding")
    if packed is None:
        return len(raw), raw.decode()
    return len(raw), requests.get(url, headers={"Cookie": cookie}, timeout=30).text
