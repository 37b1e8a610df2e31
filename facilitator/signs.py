"""Texts as any file can hold them: without the signs that nobody sees and that formats choke on.

Promises: letters, emoji, accents and line breaks stay what they are; the result goes into UTF-8, XML and PDF.
"""

from __future__ import annotations

import re
import unicodedata

UNSEEN = re.compile("[\ufeff\ufff9-\ufffb]")
ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"
)
FROM_RIGHT = ("R", "AL")


def visible(text: str) -> str:
    """Its lines, parted by line feeds; control characters become spaces, and halves of signs and signs that mean something
    in one font only a question mark in a diamond.
    """
    lines = unicodedata.normalize("NFC", "\n".join(text.splitlines()))
    return ODD.sub(_in_place_of, UNSEEN.sub("", lines))


def _in_place_of(found: re.Match[str]) -> str:
    return " " if unicodedata.category(found.group(0)) == "Cc" else "\ufffd"


def is_from_right(text: str) -> bool:
    """Whether a text is written from the right: its first letter says so."""
    letters = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind in FROM_RIGHT for kind in letters if kind in ("L", *FROM_RIGHT)), False)
