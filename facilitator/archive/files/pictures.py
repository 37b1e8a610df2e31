"""Pictures: drawn anew, so that nothing is in them but what one sees."""

from __future__ import annotations

import io
import warnings
from typing import BinaryIO

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps, UnidentifiedImageError

from facilitator.archive.files.kinds import Checked, Unusable

LONGEST_SIDE = 2000
MOST_PIXELS = 60_000_000
PICTURES = ("JPEG", "PNG", "WEBP", "GIF")


def picture(source: BinaryIO) -> Checked:
    """Draws a picture anew: upright, at most 2000 pixels long, without metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source, formats=PICTURES) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise Unusable(_l("The picture has too many pixels. Make it smaller first."))
                found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                return Checked("image/webp", _drawn(found))
        except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _no_picture() from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise _no_picture() from error


def _drawn(found: Image.Image) -> BinaryIO:
    upright = ImageOps.exif_transpose(found)
    has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    target = io.BytesIO()
    clean.save(target, "WEBP", quality=82, method=4)
    target.seek(0)
    return target


def _no_picture() -> Unusable:
    return Unusable(_l("This is no picture we can show. Choose a JPEG, PNG, WebP or GIF."))


def is_ours(source: BinaryIO) -> bool:
    """Whether a picture is as `picture` draws it: one WebP of our size that knows nothing, with nothing behind it."""
    head = source.read(12)
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP" or int.from_bytes(head[4:8], "little") + 8 != size:
        return False
    with Image.open(source, formats=("WEBP",)) as found:
        knows = {"exif", "xmp", "icc_profile"} & set(found.info)
        return not knows and max(found.size) <= LONGEST_SIDE and getattr(found, "n_frames", 1) == 1
