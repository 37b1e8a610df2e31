"""Pictures: drawn anew, so that nothing is in them but what one sees.

Promises: upright, in sRGB, at most 2000 pixels long, one image, and no byte of the file they came from.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from shutil import copyfileobj
from typing import BinaryIO

from PIL import (  # some only because the others would look for them later, when nothing can be opened any more
    Image,
    ImageCms,
    ImageColor,  # noqa: F401
    ImageOps,
    ImagePalette,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from facilitator.core.sandboxed import FileRefused, work

LONGEST_SIDE = 2000
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
WHOLE_NUMBERS = ("I", "I;16", "I;16B", "I;16L")
WEBP = "image/webp"

Image.preinit()  # as late


@work()
def picture(source: BinaryIO, target: BinaryIO) -> str:
    """Draws a picture anew, as WebP. Only the first of several moving ones is drawn."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise FileRefused("too_many_pixels")
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            _drawn(found).save(target, "WEBP", quality=82, method=4)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused("no_picture") from error
    return WEBP


@work()
def picture_again(source: BinaryIO, target: BinaryIO) -> str:
    """The same, but one that we drew stays as it is to the byte: drawing it once more would change it a little."""
    if not is_ours(source):
        source.seek(0)
        return picture(source, target)
    source.seek(0)
    copyfileobj(source, target)
    return WEBP


def is_ours(source: BinaryIO) -> bool:
    """Whether a picture is as `picture` draws it: one WebP of our size with nothing in it but pixels and what shines through."""
    content = source.read()
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or _number(content, 4) + 8 != len(content):
        return False
    names, at = [], 12
    while at + 8 <= len(content):
        names.append(content[at : at + 4])
        size = _number(content, at + 4)
        at += 8 + size + size % 2
    if at != len(content) or names not in ([b"VP8 "], [b"VP8X", b"ALPH", b"VP8 "]):
        return False
    with contextlib.suppress(OSError, ValueError), Image.open(io.BytesIO(content), formats=("WEBP",)) as found:
        found.load()
        return max(found.size) <= LONGEST_SIDE
    return False


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "little")


def _drawn(found: Image.Image) -> Image.Image:
    """Pixels and nothing else: made small first, so that the steps after it take little memory."""
    mode = "RGBA" if found.has_transparency_data else "RGB"
    plain = _plain(found, mode)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    seen = _in_srgb(ImageOps.exif_transpose(plain)).convert(mode)
    clean = Image.new(mode, seen.size)
    clean.paste(seen)
    return clean


def _plain(found: Image.Image, mode: str) -> Image.Image:
    """In colours that can be mixed."""
    if found.mode in WHOLE_NUMBERS:  # 16 bits, of which converting would keep the wrong ones
        return found.convert("I").point(lambda value: value / 256).convert("L")
    keeps = ("RGBA", "LA") if mode == "RGBA" else ("RGB", "L", "CMYK")
    return found if found.mode in keeps else found.convert(mode)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """In the colours of a screen that knows no profiles. What no profile can be made of is taken as it is."""
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info.get("icc_profile", b"")))
        colours = picture.convert({"LA": "L", "RGBA": "RGB"}.get(picture.mode, picture.mode))
        mixed = ImageCms.profileToProfile(colours, profile, SRGB, outputMode="RGB")
        assert mixed is not None
        if picture.mode in ("LA", "RGBA"):
            mixed.putalpha(picture.getchannel("A"))
        return mixed
    return picture
