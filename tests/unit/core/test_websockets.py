"""Frames that are made once for many lines: whole, in order, and readable by what a browser does with them."""

from __future__ import annotations

import struct
import zlib

import gevent
import pytest
from gevent import socket

from facilitator.core.websockets import Frames, Line


def opened(frame: bytes) -> tuple[int, bytes]:
    """The first byte of a frame and what it carries, as a browser takes it apart."""
    size, start = frame[1], 2
    if size == 126:
        size, start = struct.unpack("!H", frame[2:4])[0], 4
    elif size == 127:
        size, start = struct.unpack("!Q", frame[2:10])[0], 10
    assert len(frame) == start + size, "nothing before and nothing behind it"
    return frame[0], frame[start:]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 300_000])
def test_a_frame_carries_its_text_whatever_its_length(length: int) -> None:
    text = ("Ünïcode 👩‍🔧 " * length)[:length]
    frames = Frames(text)
    assert opened(frames.bytes(is_deflated=False)) == (0x81, text.encode())
    first, packed = opened(frames.bytes(is_deflated=True))
    assert first == 0xC1
    assert zlib.decompressobj(-15).decompress(packed + b"\x00\x00\xff\xff").decode() == text


def test_it_is_made_once() -> None:
    frames = Frames("text")
    assert frames.bytes(is_deflated=True) is frames.bytes(is_deflated=True)
    assert frames.bytes(is_deflated=False) is frames.bytes(is_deflated=False)


def read_all(reader: socket.socket, length: int) -> bytes:
    """So many bytes, slowly."""
    found = b""
    while len(found) < length:
        found += reader.recv(50_000)
        gevent.sleep(0)
    return found


def test_what_a_full_line_leaves_over_comes_before_anything_else() -> None:
    inner, reader = socket.socketpair()
    line = Line(inner)
    first, second = b"a" * 3_000_000, b"b" * 10
    assert line.put(first), "as much as fits is gone at once"
    assert not line.put(second), "and nothing may stand in between"
    sending = gevent.spawn(line.send, second)
    assert read_all(reader, len(first) + len(second)) == first + second
    assert sending.get(timeout=5) == len(second)
    assert line.put(b"c"), "then it is free again"
    assert reader.recv(10) == b"c"


def test_several_who_write_at_once_do_not_mix() -> None:
    inner, reader = socket.socketpair()
    line = Line(inner)
    texts = [letter * 700_000 for letter in (b"a", b"b", b"c")]
    writing = [gevent.spawn(line.send, text) for text in texts]
    found = read_all(reader, sum(map(len, texts)))
    gevent.joinall(writing, timeout=5, raise_error=True)
    assert [found[700_000 * n : 700_000 * (n + 1)] for n in range(3)] == texts


def test_a_line_that_is_gone_is_no_error() -> None:
    inner, reader = socket.socketpair()
    line = Line(inner)
    reader.close()
    inner.close()
    assert not line.put(b"text")
    assert not line.put(b"text"), "and holds nobody up"
