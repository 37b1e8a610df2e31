"""What a camera reads: the QR codes in a picture, black on white only, as the strictest phones do."""

from __future__ import annotations

import io

import pypdfium2
import zxingcpp
from PIL import Image


def codes_in(picture: Image.Image | bytes) -> set[str]:
    """The texts of all codes in a picture."""
    image = picture if isinstance(picture, Image.Image) else Image.open(io.BytesIO(picture))
    found = zxingcpp.read_barcodes(
        image.convert("RGB"),
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_invert=False,
        try_rotate=False,
    )
    return {code.text for code in found}


def printed(paper: bytes, dots_per_inch: int = 150) -> list[Image.Image]:
    """The sheets of a PDF as they come out of a printer."""
    return [page.render(scale=dots_per_inch / 72).to_pil() for page in pypdfium2.PdfDocument(paper)]
