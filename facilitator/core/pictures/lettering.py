"""How wide a text will be: enough to place labels in a picture without a browser.

The widths are Atkinson Hyperlegible Next's at weight 650, in ems, a little on the wide side, so that a
label that fits here also fits on the screen.
"""

import unicodedata
from typing import Literal

Size = Literal["wall", "console", "phone", "report"]
Anchor = Literal["start", "middle", "end"]

_WIDTHS = {
    0.27: "'j.,’:; ",
    0.33: "il!()|",
    0.39: "rtf-I",
    0.45: "1",
    0.54: "szcyvx7",
    0.58: "JakLeuFhno29?",
    0.63: "bdgpqETS35+PZ468",
    0.69: "BRVYCK0AXDUH",
    0.77: "GNwOQ…",
    0.90: "mWM",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_UNKNOWN = 0.66
_WIDE = 1.1


def width_of(text: str, size: float) -> float:
    """The width of one line of text in the unit of *size* (its font size)."""
    return size * sum(map(_ems, unicodedata.normalize("NFC", text)))


def shorten(text: str, width: float, size: float) -> str:
    """The text itself, or as much of it as fits in *width* with an ellipsis; at least one letter."""
    if width_of(text, size) <= width:
        return text
    kept = text
    while len(kept) > 1 and width_of(kept.rstrip() + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _ems(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    plain = unicodedata.normalize("NFD", letter)[0]
    return _WIDTH_OF.get(plain, _UNKNOWN)
