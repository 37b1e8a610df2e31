"""The instruction card of a card as a PDF: the pictures in it are of people, and it is typeset where they are taken apart."""

from __future__ import annotations

import io
import json
from typing import BinaryIO

from PIL import Image

from facilitator.core.pdf import typeset
from facilitator.core.sandboxed import work

LONGEST_SIDE = 900


@work(opens_files=True)  # templates and typefaces
def instruction(source: BinaryIO, target: BinaryIO) -> bool:
    """The PDF, and whether it keeps to the standards. What comes in is a line of JSON, `{data, locale, title, sizes}`, and behind
    it the pictures, each as long as `sizes` says; `picture` of a step is the number of one of them, or none.
    """
    asked = json.loads(source.readline())
    pictures = [_numbers(source.read(size)) for size in asked["sizes"]]
    for step in asked["data"]["steps"]:
        step["picture"] = None if step["picture"] is None else pictures[step["picture"]]
    made = typeset("instruction", asked["data"], locale=asked["locale"], title=asked["title"])
    target.write(made.content)
    return made.is_standard


def _numbers(picture: bytes) -> list[int]:
    """A picture as data can hold it, byte by byte, in the size in which it is printed."""
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as found:
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        target = io.BytesIO()
        found.convert("RGB").save(target, "JPEG", quality=82)
    return list(target.getvalue())
