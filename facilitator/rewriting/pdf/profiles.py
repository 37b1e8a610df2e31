"""Profiles of colours (ICC): the numbers by which colours are converted, under a head of ours. Pure.

Kept: the curves, points and tables of the tags named here. Not kept: who made a profile, when, with what, for which device, and every
text; the standard asks for a description and a notice, and those are empty.
"""

from __future__ import annotations

import struct

HEAD_BYTES = 128
TAGS = (
    *(b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"chad"),
    *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"),
)
TYPES = (b"XYZ ", b"curv", b"para", b"sf32", b"mft1", b"mft2", b"mAB ", b"mBA ")
PARAMETERS = {0: 4, 1: 12, 2: 16, 3: 20, 4: 28}
CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
SPACES = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4, b"Lab ": 3}
EMPTY_DESCRIPTION = b"desc" + bytes(4) + struct.pack(">I", 1) + bytes(1 + 4 + 4 + 2 + 1 + 67)
EMPTY_TEXT = b"text" + bytes(5)
EMPTY_WORDS = b"mluc" + bytes(4) + struct.pack(">2I", 0, 12)
MOST_TAGS = 100


def rewritten(profile: bytes, components: int) -> bytes | None:
    """The profile anew, if it is one for so many components that can be read."""
    if len(profile) < HEAD_BYTES + 4 or profile[36:40] != b"acsp" or profile[12:16] not in CLASSES:
        return None
    if SPACES.get(profile[16:20]) != components or profile[20:24] not in (b"XYZ ", b"Lab "):
        return None
    tags = _tags(profile)
    if not any(name in tags for name in (b"A2B0", b"rXYZ", b"kTRC")):
        return None
    is_newer = profile[8] >= 4
    tags |= (
        {b"desc": EMPTY_WORDS, b"cprt": EMPTY_WORDS} if is_newer else {b"desc": EMPTY_DESCRIPTION, b"cprt": EMPTY_TEXT}
    )
    return _written(_head(profile), tags)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, HEAD_BYTES)
    found = {}
    for number in range(min(count, MOST_TAGS, (len(profile) - HEAD_BYTES - 4) // 12)):
        name, begins, size = struct.unpack_from(">4s2I", profile, HEAD_BYTES + 4 + 12 * number)
        content = profile[begins : begins + size]
        if name in TAGS and content[:4] in TYPES and 12 <= len(content) == size:
            found[name] = content[:4] + bytes(4) + content[8 : _end(content)]
    return found


def _end(content: bytes) -> int:
    """Where what a tag of this type says comes to its end."""
    match content[:4]:
        case b"curv":
            return 12 + 2 * int(struct.unpack_from(">I", content, 8)[0])
        case b"para":
            return 12 + PARAMETERS.get(content[9], 0)
        case b"XYZ ":
            return 8 + 12
        case b"sf32":
            return 8 + 36
    return len(content)


def _head(profile: bytes) -> bytes:
    """Version, class, spaces, intent and the white it counts from; nothing of who, when and on what."""
    version, intent = profile[8:10] + bytes(2), bytes(3) + profile[67:68]
    spaces, white = profile[12:24], struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    return bytes(8) + version + spaces + bytes(12) + b"acsp" + bytes(24) + intent + white + bytes(48)


def _written(head: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Contents that are alike lie there once, as in what profiles are made by."""
    begins = HEAD_BYTES + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in sorted(tags.items()):
        if content not in places:
            body += bytes(-len(body) % 4)
            places[content] = begins + len(body)
            body += content
        table += struct.pack(">4s2I", name, places[content], len(content))
    body += bytes(-len(body) % 4)
    whole = head + table + body
    return struct.pack(">I", len(whole)) + whole[4:]
