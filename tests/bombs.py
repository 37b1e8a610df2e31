"""Files that are small and hold far too much, or lead nowhere: what somebody may send to see what happens."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

MEGABYTE = 1024 * 1024


def deflated(megabytes: int, byte: bytes = b"\0") -> bytes:
    """So much of one byte in a thousandth of it, made without having it all at once."""
    piece = byte * MEGABYTE
    packer = zlib.compressobj(9)
    first = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(piece, check)
    return first + again * (megabytes - 1) + b"\x03\x00" + struct.pack(">I", check)


# -- Papers ------------------------------------------------------------------------------------------------------------


def paper(change: Callable[[Pdf], object]) -> bytes:
    """A paper of one page with something done to it."""
    target, found = io.BytesIO(), pikepdf.new()
    found.add_blank_page(page_size=(400, 300))
    change(found)
    found.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return target.getvalue()


def _packed(found: Pdf, packed: bytes, *filters: Name, **values: object) -> pikepdf.Stream:
    made = found.make_stream(packed)
    made["/Filter"] = Array(filters)
    for key, value in values.items():
        made[f"/{key}"] = value
    return made


def _drawn(found: Pdf, content: bytes, **resources: object) -> None:
    found.pages[0].obj.Contents = found.make_stream(content)
    for kind, of_kind in resources.items():
        found.pages[0].obj.Resources[f"/{kind}"] = of_kind


def inflating(found: Pdf) -> None:
    """700 MB of blanks draw a page."""
    found.pages[0].obj.Contents = _packed(found, deflated(700, b" "), Name.FlateDecode)


def inflating_twice(found: Pdf) -> None:
    """The same in a few kilobytes."""
    twice = zlib.compress(deflated(1500, b" "), 9)
    found.pages[0].obj.Contents = _packed(found, twice, Name.FlateDecode, Name.FlateDecode)


def growing_by_runs(found: Pdf) -> None:
    """Another way of packing: a byte and how often it comes."""
    found.pages[0].obj.Contents = _packed(
        found, zlib.compress(b"\x81 " * 5 * MEGABYTE), Name.FlateDecode, Name.RunLengthDecode
    )


def picture_of_thousands_of_millions(found: Pdf) -> None:
    """A picture that is said to be huge."""
    size = {"Width": 60_000, "Height": 60_000, "BitsPerComponent": 8, "ColorSpace": Name.DeviceRGB}
    picture = _packed(found, zlib.compress(b""), Name.LZWDecode, Type=Name.XObject, Subtype=Name.Image, **size)
    _drawn(found, b"/Im Do", XObject=Dictionary(Im=picture))


def profile_that_inflates(found: Pdf) -> None:
    """A profile of colours of 700 MB."""
    space = Array([Name.ICCBased, _packed(found, deflated(700), Name.FlateDecode, N=3)])
    _drawn(found, b"/C cs 1 1 1 sc", ColorSpace=Dictionary(C=space))


def forms_in_forms(found: Pdf) -> None:
    """Each form draws the next one ten times: ten thousand million drawings, if anybody drew them all."""
    inner = found.make_stream(b"0 0 1 1 re f")
    for depth in range(40):
        inner["/Type"], inner["/Subtype"], inner["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 1, 1])
        outer = found.make_stream(b"/X Do " * 10)
        outer["/Resources"] = Dictionary(XObject=Dictionary(X=inner), Depth=depth)
        inner = outer
    inner["/Type"], inner["/Subtype"], inner["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 1, 1])
    _drawn(found, b"/X Do", XObject=Dictionary(X=inner))


def deep_content(found: Pdf) -> None:
    """Lists in lists in lists."""
    _drawn(found, b"[" * 100_000)


def deep_values(found: Pdf) -> None:
    """The same among the values of a resource."""
    nested: Array = Array()
    for _ in range(90):
        nested = Array([nested])
    _drawn(found, b"/C cs", ColorSpace=Dictionary(C=Array([Name.Pattern, nested])))


def many_pages(found: Pdf) -> None:
    """More pages than a paper may have."""
    for _ in range(600):
        found.add_blank_page()


PAPERS_THAT_ARE_TOO_MUCH = {
    change.__name__: change
    for change in (
        *(inflating, inflating_twice, growing_by_runs, picture_of_thousands_of_millions, profile_that_inflates),
        *(forms_in_forms, deep_content),
    )
}


def drawing_itself(found: Pdf) -> None:
    """A form, a pattern and a letter that draw themselves."""
    form = found.make_stream(b"/X Do 0 0 10 10 re f")
    form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 10, 10])
    form["/Resources"] = Dictionary(XObject=Dictionary(X=form))
    pattern = found.make_stream(b"/Pattern cs /P scn 0 0 9 9 re f")
    for key, value in {"PatternType": 1, "PaintType": 1, "XStep": 5, "YStep": 5, "BBox": Array([0, 0, 9, 9])}.items():
        pattern[f"/{key}"] = value
    pattern["/Resources"] = Dictionary(Pattern=Dictionary(P=pattern))
    _drawn(found, b"/X Do /Pattern cs /P scn 0 0 50 50 re f", XObject=Dictionary(X=form), Pattern=Dictionary(P=pattern))


def function_of_itself(found: Pdf) -> None:
    """A function made of itself, and a colour of itself."""
    stitched = found.make_indirect(Dictionary(FunctionType=3, Domain=[0, 1], Bounds=Array(), Encode=[0, 1]))
    stitched["/Functions"] = Array([stitched])
    space = found.make_indirect(Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String("abcdef")]))
    space[1] = space
    gradient = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=[0, 0, 1, 1], Function=stitched)
    _drawn(found, b"/C cs 1 sc /S sh", ColorSpace=Dictionary(C=space), Shading=Dictionary(S=gradient))


def bookmarks_in_a_circle(found: Pdf) -> None:
    """Bookmarks that follow and hold themselves, tags and names that do."""
    mark = found.make_indirect(Dictionary(Title=pikepdf.String("Round")))
    mark["/Next"], mark["/First"] = mark, mark
    found.Root.Outlines = Dictionary(First=mark)
    element = found.make_indirect(Dictionary(S=Name.P))
    element["/K"] = Array([element, element])
    roles = Dictionary(P2=Name.P3, P3=Name.P2)
    found.Root.StructTreeRoot = Dictionary(K=Array([element, Dictionary(S=Name.P2, K=element)]), RoleMap=roles)
    names = found.make_indirect(Dictionary())
    names["/Kids"] = Array([names, names])
    found.Root.Names = Dictionary(Dests=names)


def layers_in_a_circle(found: Pdf) -> None:
    """A rule about layers that asks itself."""
    rule = found.make_indirect(Array([Name.Not]))
    rule.append(rule)
    group = Dictionary(Type=Name.OCMD, VE=rule)
    _drawn(found, b"/OC /L BDC 0 0 9 9 re f EMC", Properties=Dictionary(L=found.make_indirect(group)))


PAPERS_THAT_GO_IN_CIRCLES = {
    change.__name__: change
    for change in (drawing_itself, function_of_itself, bookmarks_in_a_circle, layers_in_a_circle, deep_values)
}


def pages_in_a_circle() -> bytes:
    """A tree of pages that is its own branch."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 99999999/Kids[2 0 R 3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
        b"trailer<</Root 1 0 R>>\n"
    )


def objects_in_themselves() -> bytes:
    """A stream of objects that holds itself."""
    body = b"2 0 <</Type/Catalog/Pages 3 0 R>>"
    stream = b"1 0 obj<</Type/ObjStm/N 1/First 4/Extends 1 0 R/Length %d>>stream\n%b\nendstream endobj\n" % (
        len(body),
        body,
    )
    rows = b"\x00\x00\x00\x00\x02\x00\x01\x00\x02\x00\x01\x00\x02\x00\x01\x00\x01\x00\x00\x00"
    return (
        b"%PDF-1.7\n"
        + stream
        + b"4 0 obj<</Type/XRef/Size 5/W[1 2 1]/Root 2 0 R/Length 20>>stream\n"
        + rows
        + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % (9 + len(stream))
    )


# -- Pictures ----------------------------------------------------------------------------------------------------------


def picture(kind: str, size: tuple[int, int], mode: str = "1", colour: int = 0) -> bytes:
    """A picture of one colour."""
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, kind)
    return target.getvalue()


def large(kind: str) -> bytes:
    """A small one that says it has 20,000 times 16,000 points."""
    content = bytearray(picture(kind, (10, 10), "P" if kind == "GIF" else "RGB"))
    width, height = 20_000 if kind != "WEBP" else 16_000, 16_000
    match kind:
        case "PNG":
            content[16:24] = struct.pack(">II", width, height)
            content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
        case "GIF":
            content[6:10] = struct.pack("<HH", width, height)
        case "JPEG":
            at = content.index(b"\xff\xc0") + 5
            content[at : at + 4] = struct.pack(">HH", height, width)
        case "WEBP":
            at = content.index(b"\x9d\x01\x2a") + 3
            content[at : at + 4] = struct.pack("<HH", width, height)
    return bytes(content)


def many_frames() -> bytes:
    """A GIF that moves a thousand times."""
    frames = [Image.new("P", (50, 50), colour % 250) for colour in range(1000)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    return target.getvalue()


def png_of_texts() -> bytes:
    """A PNG whose text inflates to 700 MB."""
    content = picture("PNG", (10, 10))
    body = b"zTXtKanarie\0\0" + deflated(700)
    text = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return content[:33] + text + content[33:]
