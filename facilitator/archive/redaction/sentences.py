"""Where a sentence begins. Pure."""

from __future__ import annotations

import re

from facilitator.archive.redaction.words import words

LOOKS_BACK = 60
BREAK = re.compile(r"(?:[.!?…:;\n\r•*–—|/(\[„“\"‘«»]|^|[-+]\s)\s*[\"'“„‘«»(\[]*\s*$")


def begins_at(text: str, start: int) -> bool:
    """Whether a sentence begins here; the dot of an abbreviation ends none."""
    before = text[max(0, start - LOOKS_BACK) : start]
    if not BREAK.search(before):
        return False
    last = re.search(r"(\S+)\.\s*$", before)
    return last is None or last.group(1).lower().lstrip("(") not in words().shared.abbreviations
