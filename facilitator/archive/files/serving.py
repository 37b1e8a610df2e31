"""Sends a file of a card, in whole or in part, in a way that gives it no chance to run anything.

Promises: whatever a file holds, a browser takes it for what it was judged to be, runs nothing of it, and no other page may
use it; papers are taken along, never shown inside our pages.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, abort, request, stream_with_context
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from facilitator.archive.files import vault
from facilitator.archive.files.kinds import ENDINGS
from facilitator.archive.models import Attachment
from facilitator.core.sealing import KeyIsGone, Unreadable

NO_RUNNING = "default-src 'none'; sandbox; frame-ancestors 'none'"


def answer(found: Attachment) -> Response:
    """The file, or the stretch of it that was asked for."""
    start, end = _asked(found.size)
    response = Response(_pieces(found, start, end), mimetype=found.media_type)
    response.content_length = end - start
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Security-Policy"] = NO_RUNNING
    way = "attachment" if found.kind == "paper" else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="{found.kind}.{ENDINGS[found.media_type]}"'
    if end - start < found.size:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    return response


def _asked(size: int) -> tuple[int, int]:
    """The first byte and the one behind the last; players of films ask for stretches."""
    asked = request.range
    if asked is None or asked.units != "bytes":
        return 0, size
    found = asked.range_for_length(size)
    if found is None:
        raise RequestedRangeNotSatisfiable(size)
    return found


def _pieces(found: Attachment, start: int, end: int) -> Iterator[bytes]:
    try:
        pieces = vault.read(found.card_id, found.id, start, end)
        first = next(pieces, b"")
    except KeyIsGone:
        abort(404)
    return stream_with_context(_all(first, pieces))


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    try:
        yield from rest
    except Unreadable:
        return  # shorter than it was announced, so nobody takes it for whole
