"""What somebody uploads, judged and written anew: what goes into the archive was written by us.

Promises: a file is what its content says, whatever its name or type claims; nothing stays of it but what its kind keeps, which
`files/anew` names; it is taken apart in a process of its own and never in this one. What cannot be used raises `Unusable` with a
sentence for the person.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from flask_babel import lazy_gettext as _l

from facilitator.archive.files.kinds import KINDS, MOST_PAGES, Checked, Kind, Unusable
from facilitator.core import sandbox
from facilitator.core.sandboxed import MEGABYTE, FileRefused

NO_ROOM = _l("The server has no room left for files. Tell whoever runs it.")
BROKEN = _l("The file cannot be read. Save it anew and choose it again.")
SENTENCES = {
    "no_picture": _l("This is no picture we can show. Choose a JPEG, PNG, WebP or GIF."),
    "too_many_pixels": _l("The picture has too many pixels. Make it smaller first."),
    "no_paper": _l("This is no PDF we can read. Save your presentation as PDF first."),
    "locked": _l("The PDF is locked with a password. Save it without one first."),
    "too_many_pages": _l("The PDF may have %(most)s pages at most.", most=MOST_PAGES),
    "no_video": _l("This is no video that browsers play. Choose an MP4 or WebM."),
    "no_captions": _l("These are no captions we can read. Choose a WebVTT file (.vtt)."),
    "empty_captions": _l("There are no captions in the file. Choose another one."),
    "too_much": _l(
        "There is far more in this file than its size says. Make it simpler or smaller, and choose it again."
    ),
    "busy": _l("Others are sending files at this moment. Wait a minute, and choose yours again."),
    "no_room": NO_ROOM,
}
OUR_FAULT = ("busy", "no_room")


def checked(kind: str, source: BinaryIO) -> Checked:
    """Judges a file of a kind (picture, paper, video, captions) and writes it anew; raises Unusable."""
    return _worked(KINDS[kind], KINDS[kind].work, source)


def checked_again(kind: str, source: BinaryIO) -> Checked:
    """The same for a file that may have been written by us already: such a one stays as it is to the byte."""
    return _worked(KINDS[kind], KINDS[kind].again or KINDS[kind].work, source)


def _worked(kind: Kind, work: str, source: BinaryIO) -> Checked:
    size = source.seek(0, io.SEEK_END)
    if size == 0:
        raise Unusable(_l("The file is empty. Choose another one."))
    if size > kind.most_bytes:
        raise Unusable(_l("The file is too big. It may be %(most)s MB at most.", most=kind.most_bytes // MEGABYTE))
    try:
        done = sandbox.run(work, source, kind.limits)
    except FileRefused as refused:
        status = 503 if refused.code in OUR_FAULT else 422
        raise Unusable(SENTENCES.get(refused.code, BROKEN), status) from refused
    return Checked(str(done.answer), done.content)
