"""What the codes of a font stand for: letters of a text, or drawings of the font (CMaps). Pure.

Kept: which codes there are and what each stands for. Not kept: comments, names, versions, programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SECTION = re.compile(
    rb"begin(codespacerange|bfchar|bfrange|cidchar|cidrange|notdefchar|notdefrange)\b(.*?)end\1\b", re.DOTALL
)
PART = re.compile(rb"<([0-9A-Fa-f\s]*)>|\[([^\]]*)\]|([0-9]+)")
HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
COMMENT = re.compile(rb"%[^\r\n]*")
BASE = re.compile(rb"/([A-Za-z0-9-]+)\s+usecmap\b")
WRITING = re.compile(rb"/WMode\s+([01])\b")
LONGEST_CODE, LONGEST_TEXT = 8, 32  # digits: codes of four bytes, letters and ligatures of up to eight signs
AT_ONCE = 100
MOST_LINES = 200_000
HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
"""
FOOT = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""

Line = tuple[bytes, ...]


def to_text(content: bytes) -> bytes:
    """A CMap that leads to text."""
    return _written(content, b"/CMapName /T def\n/CMapType 2 def\n", {"codespacerange": 2, "bfchar": 2, "bfrange": 3})


def to_drawings(content: bytes, bases: Iterable[str]) -> bytes:
    """A CMap that leads to the drawings of a font. `bases`: the known ones that it may begin with."""
    base, writing = BASE.search(content), WRITING.search(content)
    head = b"/CMapName /C def\n/CMapType 1 def\n"
    if base and base[1].decode() in bases:
        head = b"/%b usecmap\n" % base[1] + head
    if writing:
        head += b"/WMode %b def\n" % writing[1]
    kinds = {"codespacerange": 2, "cidchar": 2, "cidrange": 3, "notdefchar": 2, "notdefrange": 3}
    return _written(content, head, kinds)


def _written(content: bytes, head: bytes, kinds: dict[str, int]) -> bytes:
    parts, left = [HEAD, head], MOST_LINES
    for found in SECTION.finditer(COMMENT.sub(b"", content)):
        kind = found[1].decode()
        lines = list(_lines(found[2], kinds[kind], kind))[:left] if kind in kinds else []
        left -= len(lines)
        for at in range(0, len(lines), AT_ONCE):
            some = lines[at : at + AT_ONCE]
            parts.append(b"%d begin%b\n" % (len(some), found[1]))
            parts += [b" ".join(line) + b"\n" for line in some]
            parts.append(b"end%b\n" % found[1])
    return b"".join([*parts, FOOT])


def _lines(content: bytes, size: int, kind: str) -> Iterator[Line]:
    line: list[bytes] = []
    for found in PART.finditer(content):
        line.append(_part(found, LONGEST_TEXT if kind.startswith("bf") and len(line) == size - 1 else LONGEST_CODE))
        if len(line) == size:
            if all(line):
                yield tuple(line)
            line = []


def _part(found: re.Match[bytes], longest: int) -> bytes:
    if found[3]:
        return found[3][:10]
    if found[1] is not None:
        return _hex(found[1], longest)
    several = [_hex(one, longest) for one in HEX.findall(found[2])]
    return b"[" + b" ".join(several) + b"]" if several and all(several) else b""


def _hex(digits: bytes, longest: int) -> bytes:
    """As it stands between angle brackets; nothing of what is empty or longer than any code or letter."""
    plain = b"".join(digits.split()).upper()
    return b"<" + plain + b">" if 0 < len(plain) <= longest else b""
