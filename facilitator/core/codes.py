"""Codes that people read from a screen or a paper and type: Crockford's alphabet, in which nothing looks like something else."""

from __future__ import annotations

import re
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FOREIGN = re.compile(r"[^0-9A-Z]")
LOOK_ALIKES = str.maketrans("OIL", "011")
LONGEST_TYPED = 64

# How many characters, of 5 bits each.
MEETING = 8
PERSONAL = 12
PAIRING = 6
HANDOVER = 8


def new_code(length: int) -> str:
    """A random code: 5 bits a character."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def plain_code(text: str | None) -> str:
    """A code as people type it: small letters, spaces, dashes and look-alikes are forgiven."""
    found = FOREIGN.sub("", unicodedata.normalize("NFKC", (text or "")[:LONGEST_TYPED]).upper())
    return found.translate(LOOK_ALIKES)[:16]


def in_groups(code: str) -> str:
    """A code as people read it, in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
