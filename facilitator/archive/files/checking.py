"""What somebody uploads, judged and made harmless: what goes into the archive was written by us.

Promises: a file is what its content says, whatever its name or type claims; a picture is drawn anew, without metadata; a
paper loses everything that could run or hide; a drawing that could hold a script is refused. What cannot be used raises
`Unusable` with a sentence for the person.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

from flask_babel import lazy_gettext as _l

from facilitator.archive.files.kinds import Checked, Unusable

MEGABYTE = 1024 * 1024
MOST_BYTES = {"picture": 15 * MEGABYTE, "paper": 30 * MEGABYTE, "video": 200 * MEGABYTE, "captions": MEGABYTE}


def checked(kind: str, source: BinaryIO) -> Checked:
    """Judges a file of a kind (picture, paper, video, captions); raises Unusable."""
    most = MOST_BYTES[kind]
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    if size == 0:
        raise Unusable(_l("The file is empty. Choose another one."))
    if size > most:
        raise Unusable(_l("The file is too big. It may be %(most)s MB at most.", most=most // MEGABYTE))
    try:
        return _judge(kind)(source)
    except Unusable:
        raise
    except Exception as error:  # whatever its library says of a file made to break it
        raise Unusable(_l("The file cannot be read. Save it anew and choose it again.")) from error


def checked_again(kind: str, source: BinaryIO) -> Checked:
    """Judges a file that may be one of ours already: such a one stays as it is to the byte, any other is made harmless."""
    found = checked(kind, source)
    if kind == "picture":
        from facilitator.archive.files.pictures import is_ours
    elif kind == "paper":
        from facilitator.archive.files.papers import is_ours
    else:
        return found  # films are kept as they are, and captions written anew say the same
    source.seek(0)
    ours = is_ours(source)
    source.seek(0)
    return Checked(found.media_type, source) if ours else found


def _judge(kind: str) -> Callable[[BinaryIO], Checked]:
    """What judges a kind. Its libraries are large, and most installations never need them: they come with the first file."""
    if kind == "picture":
        from facilitator.archive.files.pictures import picture as judge
    elif kind == "paper":
        from facilitator.archive.files.papers import paper as judge
    elif kind == "video":
        from facilitator.archive.files.films import video as judge
    else:
        from facilitator.archive.files.films import captions as judge
    return judge
