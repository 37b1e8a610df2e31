"""Files that are small and hold far too much: what somebody may send to see what happens."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf

MEGABYTE = 1024 * 1024


def deflated(megabytes: int, byte: bytes = b"\0") -> bytes:
    """So much of one byte in a stream of a thousandth of it, made without having it all at once."""
    piece = byte * MEGABYTE
    packer = zlib.compressobj(9)
    head = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(piece, check)
    return head + again * (megabytes - 1) + b"\x03\x00" + struct.pack(">I", check)


def paper_that_inflates(megabytes: int = 700) -> io.BytesIO:
    """A PDF whose page is drawn by nothing but blanks."""
    target, found = io.BytesIO(), pikepdf.new()
    found.add_blank_page()
    found.pages[0].obj.Contents = found.make_stream(b"")
    found.pages[0].obj.Contents.write(deflated(megabytes, b" "), filter=pikepdf.Name.FlateDecode)
    found.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    target.seek(0)
    return target
