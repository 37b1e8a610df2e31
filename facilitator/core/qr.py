"""QR codes, as paths that a page or a typeset document draws."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code as one SVG path in a square of `size` modules, its quiet zone included."""

    path: str
    size: int


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


def picture(code: segno.QRCode, border: int = 2) -> QrPicture:
    """The dark modules of a code as runs of a path."""
    rows = [bytes(row) for row in code.matrix_iter(border=border)]
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
    return QrPicture("".join(runs), len(rows))
