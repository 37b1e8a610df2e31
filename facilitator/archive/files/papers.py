"""Papers: a PDF written anew, without scripts, forms, other files and metadata."""

from __future__ import annotations

import io
import logging
from typing import BinaryIO

import pikepdf
from flask_babel import lazy_gettext as _l

from facilitator.archive.files.kinds import Checked, Unusable

MOST_PAGES = 500
# What a paper may not bring along: things that start by themselves, forms that think, other files.
RUNS = ("/OpenAction", "/AA", "/AcroForm", "/JavaScript", "/Names", "/Collection")
# The same wherever it hangs, and what pictures and pages tell about whoever made them.
ANYWHERE = ("/AA", "/AF", "/Metadata", "/PieceInfo")
logging.getLogger("pikepdf").setLevel("ERROR")  # it tells what is wrong with somebody's paper


def paper(source: BinaryIO) -> Checked:
    """Writes a PDF anew, without scripts, forms, other files and metadata."""
    try:
        with pikepdf.open(source) as found:
            if not 1 <= len(found.pages) <= MOST_PAGES:
                raise Unusable(_l("The PDF may have %(most)s pages at most.", most=MOST_PAGES))
            _make_harmless(found)
            target = io.BytesIO()
            found.save(target, linearize=True)
    except pikepdf.PasswordError as error:
        raise Unusable(_l("The PDF is locked with a password. Save it without one first.")) from error
    except (pikepdf.PdfError, ValueError, OSError, RuntimeError) as error:
        raise Unusable(_l("This is no PDF we can read. Save your presentation as PDF first.")) from error
    target.seek(0)
    return Checked("application/pdf", target)


def _make_harmless(found: pikepdf.Pdf) -> None:
    for name in RUNS:
        if name in found.Root:
            del found.Root[name]
    if "/Info" in found.trailer:
        del found.trailer["/Info"]
    for number in range(len(found.pages)):
        _quiet_page(found.pages[number].obj)
    for thing in found.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _quiet(thing)
    found.remove_unreferenced_resources()


def _quiet_page(page: pikepdf.Object) -> None:
    if "/Annots" not in page:
        return
    notes = page["/Annots"]
    kept = [note for note in notes.as_list() if _is_plain_link(note)] if isinstance(notes, pikepdf.Array) else []
    page["/Annots"] = pikepdf.Array(kept)


def _quiet(thing: pikepdf.Object) -> None:
    """Whatever the thing is: a page, a picture, a bookmark."""
    for name in ANYWHERE:
        if name in thing:
            del thing[name]
    action = thing.get("/A")
    if isinstance(action, pikepdf.Dictionary) and "/S" in action and not _is_plain(action):
        del thing["/A"]


def _is_plain_link(note: object) -> bool:
    """A link to a page of the same paper or to an address of the web; everything else could run or hold a file."""
    if not isinstance(note, pikepdf.Dictionary) or str(note.get("/Subtype", "")) != "/Link" or "/AA" in note:
        return False
    action = note.get("/A")
    return action is None or (isinstance(action, pikepdf.Dictionary) and _is_plain(action))


def _is_plain(action: pikepdf.Object) -> bool:
    kind, address = str(action.get("/S", "")), str(action.get("/URI", ""))
    is_alone = "/Next" not in action
    return is_alone and (kind == "/GoTo" or (kind == "/URI" and address.startswith(("https://", "http://"))))


def is_ours(source: BinaryIO) -> bool:
    """Whether a paper is as `paper` writes it: nothing in it runs, hides or knows anything."""
    with pikepdf.open(source) as found:
        if "/Info" in found.trailer or any(name in found.Root for name in RUNS):
            return False
        return all(_is_quiet(found.pages[number].obj) for number in range(len(found.pages)))


def _is_quiet(page: pikepdf.Object) -> bool:
    if any(name in page for name in ("/AA", "/Metadata", "/PieceInfo")):
        return False
    return "/Annots" not in page or all(_is_plain_link(note) for note in page["/Annots"].as_list())
