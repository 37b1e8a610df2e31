"""QR codes: a picture for pages, a path for typeset documents.

On a page a code is an image file, not a drawing: forced colours, dark modes and tools that turn colours round leave images as they
are, and a camera reads black on white only.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules around a code, as the standard has it


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code as one SVG path in a square of `size` modules, and as an image with a dot for each; the quiet zone included."""

    path: str
    size: int
    src: str


def qr(text: str) -> QrPicture:
    return picture(segno.make(text, error="m", micro=False))


def wifi_qr(name: str, password: str) -> QrPicture | None:
    """A QR code with which a phone joins a Wi-Fi network."""
    if not name:
        return None
    escape = str.maketrans({c: f"\\{c}" for c in '\\;,:"'})
    kind = "WPA" if password else "nopass"
    secret = f"P:{password.translate(escape)};" if password else ""
    return qr(f"WIFI:T:{kind};S:{name.translate(escape)};{secret};")


def picture(code: segno.QRCode) -> QrPicture:
    """The dark modules of a code as runs of a path."""
    rows = [bytes(row) for row in code.matrix_iter(border=QUIET)]
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return QrPicture("".join(runs), len(rows), code.png_data_uri(border=QUIET))
