"""Papers: a PDF made anew from its pages.

Kept: what is drawn on each page and what that needs, the size and direction of pages, links to the web and within the paper, bookmarks,
the language and the order of reading. Everything else stays behind, whatever it is called and wherever it hangs: nothing is
taken over from the old document but what this package makes of it part by part: of values that were read and judged, never of a part that was found. What lies on a page under something else, or beside
its edge, is part of what is drawn and stays.
"""

from __future__ import annotations

from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from facilitator.core.sandboxed import MEGABYTE, MOST_PAGES, FileRefused, work
from facilitator.rewriting.pdf.links import Destinations, bookmarks, links
from facilitator.rewriting.pdf.objects import Copy, data, items, made, number, numbers, part, whole
from facilitator.rewriting.pdf.resources import Resources, group
from facilitator.rewriting.pdf.tags import Leaf, Tags, language

LETTER = [0, 0, 612, 792]
Number = tuple[int, int]

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=256 * MEGABYTE,
    png_max_memory=256 * MEGABYTE,
    tiff_max_memory=256 * MEGABYTE,
    run_length_max_memory=256 * MEGABYTE,
    max_stream_filters=4,
    parser_max_nesting=100,
    doc_max_warnings=1000,
)


@work()
def paper(source: BinaryIO, target: BinaryIO) -> str:
    try:
        with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream) as found, pikepdf.new() as new:
            _check(found)
            _make(found, new)
            new.save(
                target,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                force_version="1.7",
            )
    except pikepdf.PasswordError as error:
        raise FileRefused("locked") from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError) as error:
        raise FileRefused("too_much" if "limit" in str(error) else "no_paper") from error
    return "application/pdf"


def _check(found: Pdf) -> None:
    count = len(found.pages)
    if count > MOST_PAGES:
        raise FileRefused("too_many_pages")
    if count == 0:
        raise FileRefused("no_paper")


def _make(found: Pdf, new: Pdf) -> None:
    copy = Copy(found, new)
    old = [found.pages[at].obj for at in range(len(found.pages))]
    leaves: dict[Number, Leaf] = {}
    for at, page in enumerate(old):
        new.add_blank_page()
        leaves[page.objgen] = Leaf(new.pages[at].obj, at, set(), {})
    places = Destinations(copy, {key: leaf.page for key, leaf in leaves.items()})
    for page in old:
        _fill(copy, page, leaves[page.objgen], places)
    root = new.Root
    for key, value in (
        ("/Lang", language(part(found.Root, "/Lang"))),
        ("/Outlines", bookmarks(copy, places)),
        ("/StructTreeRoot", Tags(copy, leaves).done()),
    ):
        if value is not None:
            root[key] = value
    if "/StructTreeRoot" in root:
        root["/MarkInfo"] = Dictionary(Marked=True)


def _fill(copy: Copy, page: Object, leaf: Leaf, places: Destinations) -> None:
    """Makes a page of the new document what it was in the old one."""
    used = Resources(copy, _inherited(page, "/Resources"), leaf.pieces)
    drawn = used.content(_drawn(page))
    crop = numbers(_inherited(page, "/CropBox"), 4)
    for key, value in made(
        MediaBox=numbers(_inherited(page, "/MediaBox"), 4) or LETTER,
        CropBox=crop,
        Rotate=_turned(_inherited(page, "/Rotate")),
        UserUnit=number(part(page, "/UserUnit")),
        Group=group(copy, part(page, "/Group")),
        Contents=copy.stream(drawn),
        Resources=used.made(),
    ).items():
        leaf.page[key] = value
    notes = Array()
    for old, link in links(page, places):
        new = copy.target.make_indirect(link)
        notes.append(new)
        if isinstance(old, Dictionary) and old.is_indirect:
            leaf.links[old.objgen] = new
    if len(notes):
        leaf.page["/Annots"] = notes


def _drawn(page: Object) -> bytes:
    contents = part(page, "/Contents")
    pieces = items(contents) if isinstance(contents, Array) else [contents]
    return b"\n".join(data(piece) for piece in pieces if isinstance(piece, Stream))


def _inherited(page: Object, key: str) -> object:
    """What a page has, or what is above it. The library hands it down when it opens a document."""
    return part(page, key)


def _turned(found: object) -> int | None:
    quarters = whole(found, -3600, 3600)
    return quarters % 360 if quarters is not None and quarters % 90 == 0 else None
