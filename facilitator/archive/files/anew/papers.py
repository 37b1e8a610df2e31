"""Papers: a PDF written anew, without scripts, forms, other files and metadata."""

from __future__ import annotations

from typing import BinaryIO

import pikepdf

from facilitator.archive.files.kinds import MOST_PAGES
from facilitator.core.sandboxed import Refused, work

# What a paper may not bring along: things that start by themselves, forms that think, other files.
RUNS = ("/OpenAction", "/AA", "/AcroForm", "/JavaScript", "/Names", "/Collection")
# The same wherever it hangs, and what pictures and pages tell about whoever made them.
ANYWHERE = ("/AA", "/AF", "/Metadata", "/PieceInfo")


@work()
def paper(source: BinaryIO, target: BinaryIO) -> str:
    """Writes a PDF anew, without scripts, forms, other files and metadata."""
    try:
        with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream) as found:
            if not 1 <= len(found.pages) <= MOST_PAGES:
                raise Refused("too_many_pages")
            _make_harmless(found)
            found.save(target, linearize=True, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused("locked") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Refused("no_paper") from error
    return "application/pdf"


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
