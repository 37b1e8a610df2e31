"""Files that tell all they can about whoever made them: in every corner of them stands `CANARY`, and what one sees is harmless."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterator
from functools import cache

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

CANARY = "Kanarievogel"
WORD = CANARY.encode()
SEEN = "What one sees on the page"
SECRET_TEXT = b"BT /F9 12 Tf 20 200 Td (" + WORD + b") Tj ET"

# -- Pictures ----------------------------------------------------------------------------------------------------------


@cache
def drawing(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Something to look at."""
    across = Image.linear_gradient("L").resize(size)
    bands = {"R": across, "G": across.rotate(180), "B": across.rotate(90, expand=False), "A": across}
    return Image.merge("RGBA", [bands[band] for band in "RGBA"]).convert(mode)


def profile() -> bytes:
    """The profile of a screen, with a notice."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = struct.unpack_from(">I", plain, 128)[0]
    tags = [struct.unpack_from(">4s2I", plain, 132 + 12 * at) for at in range(count)]
    notice = b"text" + bytes(4) + WORD + b"\0" * 4
    head = bytearray(plain[:128])
    head[80:84] = WORD[:4]
    table, body, begins = struct.pack(">I", count + 1), b"", 132 + 12 * (count + 1)
    for name, at, size in [*tags, (b"targ", 0, 0)]:
        content = plain[at : at + size] if size else notice
        content = (
            b"mluc"
            + struct.pack(">4I", 0, 1, 12, 0x656E5553)
            + struct.pack(">2I", 2 * len(CANARY), 28)
            + CANARY.encode("utf-16-be")
            if name in (b"desc", b"cprt")
            else content
        )
        table += struct.pack(">4s2I", name, begins + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return struct.pack(">I", len(head) + len(table) + len(body)) + bytes(head[4:]) + table + body


def exif() -> Image.Exif:
    """Who, where, with what."""
    told = Image.Exif()
    told[0x010E] = told[0x013B] = told[0x8298] = CANARY
    told.get_ifd(0x8769)[0x9286] = WORD
    told.get_ifd(0x8825)[0x001D] = CANARY
    return told


def xmp() -> bytes:
    """The same in another form."""
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{CANARY}</dc:creator></x:xmpmeta>'.encode()


def jpeg(mode: str = "RGB") -> bytes:
    """With Exif, XMP, a profile, a comment, a preview, something in between and something behind."""
    target = io.BytesIO()
    drawing(mode).save(target, "JPEG", quality=90, exif=exif(), xmp=xmp(), icc_profile=profile(), comment=WORD)
    content = target.getvalue()
    marks = b"".join(struct.pack(">BBH", 0xFF, kind, 2 + len(WORD)) + WORD for kind in (0xE0, 0xE3, 0xED, 0xEF, 0xFE))
    return (
        content[:2] + marks + content[2:-2] + b"\xff\xfe" + struct.pack(">H", 2 + len(WORD)) + WORD + b"\xff\xd9" + WORD
    )


def jpeg2000() -> bytes:
    """With a box of XML, one of one's own and a comment among the points."""
    target = io.BytesIO()
    drawing().save(target, "JPEG2000", comment=WORD)
    content = target.getvalue()
    boxes = b"".join(struct.pack(">I4s", 8 + len(WORD), kind) + WORD for kind in (b"xml ", b"uuid", b"kana"))
    return content[:32] + boxes + content[32:] + boxes


def png(mode: str = "RGB") -> bytes:
    """With texts of three kinds, Exif, a profile, a time, something of one's own and something behind."""
    target, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Author", CANARY)
    told.add_text("Comment", CANARY, zip=True)
    told.add_itxt("XML:com.adobe.xmp", xmp().decode())
    told.add(b"kaNa", WORD)
    drawing(mode).save(target, "PNG", pnginfo=told, exif=exif(), icc_profile=profile())
    return target.getvalue() + WORD


def gif() -> bytes:
    """With a comment, an extension and something behind."""
    target = io.BytesIO()
    drawing("P").save(target, "GIF", comment=WORD, save_all=True, append_images=[drawing("P").rotate(90)])
    return target.getvalue() + WORD


def webp(*, is_lossless: bool = False) -> bytes:
    """With Exif, XMP, a profile, a part of one's own and something behind."""
    target = io.BytesIO()
    drawing("RGBA").save(target, "WEBP", exif=exif(), xmp=xmp(), icc_profile=profile(), lossless=is_lossless)
    content = target.getvalue() + struct.pack("<4sI", b"KANA", len(WORD)) + WORD
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:] + WORD


# -- Papers ------------------------------------------------------------------------------------------------------------

SOURCE = f"""
#set document(title: "{CANARY}", author: "{CANARY}", keywords: ("{CANARY}",), date: datetime(year: 2024, month: 2, day: 29))
#set page(width: 400pt, height: 300pt, margin: 30pt)
#set text(lang: "nl", font: ("New Computer Modern", "Libertinus Serif"))
= First chapter <first>
{SEEN}: efficient fluffy *bold* _slanted_ `code` $x^2 + y^2$.
#link("https://example.org/seen")[A link to the web], #link(<second>)[a link inside].
#table(columns: 2, table.header[Head][Other], [Cell one], [Cell two])
#figure(image(bytes(PHOTO), width: 80pt, alt: "{CANARY}"), caption: [What it shows])
#pagebreak()
= Second chapter <second>
- One point
- Another point
#box(width: 90pt, height: 30pt, fill: gradient.linear(red, blue, green))
#box(fill: rgb("#00ff0088"))[Shining through]
"""


@cache
def plain_paper() -> bytes:
    """Two pages as a program makes them: headings, lists, a table, links, a photo, gradients, bookmarks, tags."""
    made = typst.compile(SOURCE.replace("PHOTO", str(tuple(jpeg()))).encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


@cache
def talkative_paper() -> bytes:
    """The same with CANARY wherever there is room for a word that nobody sees."""
    with pikepdf.open(io.BytesIO(plain_paper())) as paper:
        for page in list(paper.pages):
            page.obj.Contents = paper.make_stream(page.obj.Contents.read_bytes() + b"\n")
        _photos(paper)
        _layers(paper)
        _words_in_content(paper)
        _fonts(paper)
        _colours(paper)
        _notes(paper)
        _root(paper)
        for thing in list(paper.objects):
            _everywhere(paper, thing)
        paper.attachments[f"{CANARY}.txt"] = WORD
        del paper.Root["/Metadata"]
        with paper.open_metadata() as about:
            about["dc:creator"] = [CANARY]
        target = io.BytesIO()
        paper.save(target, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return _with_a_past(target.getvalue())


def _everywhere(paper: Pdf, thing: Object) -> None:
    """Under keys that the standard knows and under one that nobody knows, in every dictionary there is."""
    for one in [thing, *_inside(thing)]:
        if not isinstance(one, Dictionary | Stream) or "/KanarieSeen" in one:
            continue
        one["/KanarieSeen"] = String(CANARY)
        one[f"/{CANARY}"] = Name(f"/{CANARY}")
        one["/Metadata"] = _stream(paper, xmp(), Type=Name.Metadata, Subtype=Name.XML)
        one["/PieceInfo"] = Dictionary(Kana=Dictionary(Private=String(CANARY), LastModified=String("D:20240229")))
        one["/AA"] = Dictionary(O=_script(), E=_script(), PO=_script())
        one["/AF"] = Array([_file(paper)])
        one["/Lang2"] = String(CANARY)


def _inside(thing: Object, depth: int = 0) -> Iterator[Object]:
    """What hangs directly in something, however deep."""
    values = (
        list(thing.values())
        if isinstance(thing, Dictionary | Stream)
        else list(thing)
        if isinstance(thing, Array)
        else []
    )
    for value in values:
        if isinstance(value, Dictionary | Array) and not value.is_indirect and depth < 8:
            yield value
            yield from _inside(value, depth + 1)


def _stream(paper: Pdf, content: bytes, **values: object) -> Stream:
    made = paper.make_stream(content)
    for key, value in values.items():
        made[f"/{key}"] = value
    return made


def _script() -> Dictionary:
    return Dictionary(
        S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')"), Next=Dictionary(S=Name.Launch, F=String(CANARY))
    )


def _file(paper: Pdf) -> Object:
    held = _stream(paper, WORD, Type=Name.EmbeddedFile, Params=Dictionary(ModDate=String(CANARY)))
    return paper.make_indirect(
        Dictionary(Type=Name.Filespec, F=String(CANARY), UF=String(CANARY), EF=Dictionary(F=held))
    )


def _resource(page: Object, kind: str, name: str, thing: object) -> None:
    if f"/{kind}" not in page.Resources:
        page.Resources[f"/{kind}"] = Dictionary()
    page.Resources[f"/{kind}"][f"/{name}"] = thing


def _draw(paper: Pdf, content: bytes, page: int = 0) -> None:
    found = paper.pages[page].obj
    found.Contents = paper.make_stream(found.Contents.read_bytes() + b"\nq " + content + b" Q\n")


def _photos(paper: Pdf) -> None:
    """Pictures of every kind, each drawn small at the foot of the page."""
    page = paper.pages[0].obj
    grey = drawing("L")
    points = grey.tobytes()
    size = {"Width": 120, "Height": 80, "Subtype": Name.Image, "Type": Name.XObject}
    mask = _stream(paper, points + WORD, ColorSpace=Name.DeviceGray, BitsPerComponent=8, **size)
    icc = Array([Name.ICCBased, _stream(paper, profile(), N=3, Alternate=Name.DeviceRGB)])
    table = Array([Name.Indexed, Name.DeviceRGB, 255, String(drawing("RGB").tobytes()[:768] + WORD)])
    pictures = {
        "Photo": _stream(paper, jpeg(), Filter=Name.DCTDecode, ColorSpace=icc, BitsPerComponent=8, SMask=mask, **size),
        "Print": _stream(
            paper,
            jpeg("CMYK"),
            Filter=Name.DCTDecode,
            ColorSpace=Name.DeviceCMYK,
            BitsPerComponent=8,
            Decode=[1, 0] * 4,
            **size,
        ),
        "Wave": _stream(paper, jpeg2000(), Filter=Name.JPXDecode, **size),
        "Packed": _stream(
            paper,
            zlib.compress(points) + WORD,
            Filter=Name.FlateDecode,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
            **size,
        ),
        "Twice": _stream(
            paper,
            zlib.compress(jpeg()),
            Filter=[Name.FlateDecode, Name.DCTDecode],
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            **size,
        ),
        "Table": _stream(paper, points + WORD, ColorSpace=table, BitsPerComponent=8, **size),
        "Stencil": _stream(paper, drawing("1").tobytes() + WORD, ImageMask=True, BitsPerComponent=1, **size),
        "Fax": _stream(
            paper,
            _fax(),
            Filter=Name.CCITTFaxDecode,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=1,
            DecodeParms=Dictionary(K=-1, Columns=120, Rows=80),
            **size,
        ),
    }
    for at, (name, picture) in enumerate(pictures.items()):
        picture["/Alternates"] = Array([Dictionary(Image=mask, DefaultForPrinting=False)])
        picture["/OPI"] = Dictionary({"/2.0": Dictionary(F=String(CANARY))})
        _resource(page, "XObject", f"{CANARY}{name}", picture)
        _draw(paper, b"30 0 0 20 %d 5 cm /%b%b Do" % (10 + 35 * at, WORD, name.encode()))
    _draw(paper, b"30 0 0 20 300 5 cm BI /W 120 /H 80 /BPC 8 /CS /G /%b (%b) ID " % (WORD, WORD) + points + b"\nEI")
    page["/Thumb"] = _stream(paper, points + WORD, ColorSpace=Name.DeviceGray, BitsPerComponent=8, Width=120, Height=80)


def _fax() -> bytes:
    target = io.BytesIO()
    drawing("1").save(target, "TIFF", compression="group4")
    with Image.open(target) as saved:
        assert isinstance(saved, TiffImagePlugin.TiffImageFile)
        begins, size = saved.tag_v2[273][0], saved.tag_v2[279][0]
    return target.getvalue()[begins : begins + size] + WORD


def _layers(paper: Pdf) -> None:
    """Three layers, one of which is switched off: in the content, as a drawing and in a group of layers."""
    on, off = (paper.make_indirect(Dictionary(Type=Name.OCG, Name=String(CANARY))) for _ in range(2))
    both = paper.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([on, off]), P=Name.AllOn))
    paper.Root.OCProperties = Dictionary(
        OCGs=Array([on, off]),
        D=Dictionary(Name=String(CANARY), OFF=Array([off]), Order=Array([String(CANARY), on, off])),
    )
    page = paper.pages[0].obj
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    _resource(page, "Font", "F9", font)
    for name, layer in (("On", on), ("Off", off), ("Both", both)):
        _resource(page, "Properties", f"Layer{name}", layer)
    _draw(paper, b"/OC /LayerOn BDC BT /F9 12 Tf 200 200 Td (A layer that is on) Tj ET EMC")
    _draw(paper, b"/OC /LayerOff BDC " + SECRET_TEXT + b" EMC")
    _draw(paper, b"/OC /LayerBoth BDC /Span <</MCID 99>> BDC " + SECRET_TEXT + b" EMC EMC")
    hidden = _stream(paper, SECRET_TEXT, Subtype=Name.Form, BBox=[0, 0, 400, 300], OC=off, Resources=page.Resources)
    _resource(page, "XObject", "Hidden", hidden)
    _draw(paper, b"/Hidden Do")


def _words_in_content(paper: Pdf) -> None:
    """Remarks, properties of pieces, points, instructions nobody knows, names, and resources that are never used."""
    page = paper.pages[1].obj
    _resource(page, "Properties", f"{CANARY}P", Dictionary(Author=String(CANARY), MCID=7))
    _resource(page, "XObject", f"{CANARY}Unused", _stream(paper, WORD, Subtype=Name.Form, BBox=[0, 0, 1, 1]))
    _resource(
        page, "ExtGState", f"{CANARY}G", Dictionary(ca=0.9, HTP=String(CANARY), TR=Name.Identity, BM=Name.Multiply)
    )
    _draw(
        paper,
        b"%% %b\n/Span <</ActualText (%b) /E (%b) /Lang (nl)>> BDC EMC /%b MP /%b /%bP DP /%b BMC EMC "
        b"/%bG gs BX (%b) %b EX 1 0 0 RG 10 10 20 20 re S %% %b\n" % ((WORD,) * 11),
        page=1,
    )


def _fonts(paper: Pdf) -> None:
    """What typefaces tell: names, notices, versions, remarks among the codes; and a font whose letters are drawn here."""
    for font in [found for found in paper.objects if isinstance(found, Dictionary) and found.get("/Type") == Name.Font]:
        if "/ToUnicode" in font:
            codes = font.ToUnicode.read_bytes().replace(
                b"begincmap", b"begincmap %% %b\n/%b (%b) def\n" % (WORD, WORD, WORD)
            )
            font.ToUnicode = _stream(
                paper, codes, CMapName=Name(f"/{CANARY}"), CIDSystemInfo=Dictionary(Registry=String(CANARY))
            )
    for described in [
        one for one in paper.objects if isinstance(one, Dictionary) and one.get("/Type") == Name.FontDescriptor
    ]:
        described["/FontFamily"] = described["/CharSet"] = String(CANARY)
        described["/FontName"] = Name(f"/ABCDEF+{CANARY}")
        described["/Style"] = Dictionary(Panose=String(CANARY))
    letter = _stream(paper, b"%% %b\n500 0 d0 0 0 400 400 re f" % WORD)
    picture = _stream(
        paper,
        b"500 0 0 0 400 400 d1 q 400 0 0 400 0 0 cm BI /W 8 /H 8 /IM true /BPC 1 ID \xaa\x55\xaa\x55\xaa\x55\xaa\x55 EI Q",
    )
    drawn = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        Name=Name(f"/{CANARY}"),
        FontBBox=[0, 0, 500, 500],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=Dictionary({"/a": letter, "/b": picture, f"/{CANARY}": letter}),
        FirstChar=97,
        LastChar=98,
        Widths=[500, 500],
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a, Name.b])),
        Resources=Dictionary(),
    )
    _resource(paper.pages[1].obj, "Font", "Drawn", paper.make_indirect(drawn))
    _draw(paper, b"BT /Drawn 30 Tf 300 50 Td (ab) Tj ET", page=1)


def _colours(paper: Pdf) -> None:
    """An ink and a calculation with names and remarks of their own."""
    program = _stream(paper, b"{ %% %b\n dup 0.5 mul exch }" % WORD, FunctionType=4, Domain=[0, 1], Range=[0, 1, 0, 1])
    three = _stream(
        paper, b"{ %% %b\n dup dup 0.5 mul }" % WORD, FunctionType=4, Domain=[0, 1], Range=[0, 1, 0, 1, 0, 1]
    )
    page = paper.pages[1].obj
    _resource(page, "ColorSpace", f"{CANARY}I", Array([Name.Separation, Name(f"/{CANARY}"), Name.DeviceRGB, three]))
    _resource(page, "ColorSpace", "Unknown", Array([Name(f"/{CANARY}"), program]))
    _draw(paper, b"/%bI cs 0.8 scn 300 100 40 40 re f" % WORD, page=1)


def _notes(paper: Pdf) -> None:
    """Links that tell or run something, notes, fields of forms, a signature, stamps, a film."""
    page = paper.pages[0].obj
    actions = (
        _script(),
        Dictionary(S=Name.Launch, F=String(CANARY)),
        Dictionary(S=Name.URI, URI=String(f"javascript:alert('{CANARY}')")),
        Dictionary(S=Name.URI, URI=String(f"mailto:{CANARY}@example.org")),
        Dictionary(S=Name.GoToR, F=String(CANARY), D=Array([0, Name.Fit])),
        Dictionary(S=Name.SubmitForm, F=String(CANARY)),
        Dictionary(S=Name.Named, N=Name(f"/{CANARY}")),
    )
    extra = [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action) for action in actions]
    extra += [
        Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9], Contents=String(CANARY), T=String(CANARY)
        )
        for kind in (
            "Text",
            "FreeText",
            "Highlight",
            "Stamp",
            "FileAttachment",
            "Popup",
            "Redact",
            "Movie",
            "Widget",
            CANARY,
        )
    ]
    extra[-2]["/FT"], extra[-2]["/V"] = Name.Tx, String(CANARY)
    good = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[10, 10, 50, 30],
        A=Dictionary(S=Name.URI, URI=String("https://example.org/noted")),
        Contents=String(CANARY),
        T=String(CANARY),
        NM=String(CANARY),
        RC=String(CANARY),
        M=String(CANARY),
        Subj=String(CANARY),
        PA=Dictionary(S=Name.URI, URI=String(CANARY)),
    )
    page.Annots = Array([*page.get("/Annots", Array()), *(paper.make_indirect(one) for one in [*extra, good])])
    paper.Root.AcroForm = Dictionary(
        Fields=Array(
            [
                next(one for one in page.Annots if str(one.Subtype) == "/Widget"),
                paper.make_indirect(Dictionary(FT=Name.Sig, T=String(CANARY), V=Dictionary(Name=String(CANARY)))),
            ]
        ),
        XFA=_stream(paper, WORD),
        DA=String(CANARY),
    )


def _root(paper: Pdf) -> None:
    """Everything that hangs on a document as a whole."""
    root = paper.Root
    root["/OpenAction"] = _script()
    scripts, dests = Array([String(CANARY), _script()]), Array([String(CANARY), Array([paper.pages[0].obj, Name.Fit])])
    root["/Names"] = Dictionary(
        JavaScript=Dictionary(Names=scripts),
        EmbeddedFiles=Dictionary(Names=Array([String(CANARY), _file(paper)])),
        Dests=Dictionary(Kids=Array([Dictionary(Names=dests), *_places(root)])),
        IDS=Dictionary(Names=scripts),
        Renditions=Dictionary(Names=scripts),
    )
    root["/PageLabels"] = Dictionary(Nums=Array([0, Dictionary(P=String(CANARY))]))
    root["/Collection"] = Dictionary(Schema=Dictionary(Kana=Dictionary(N=String(CANARY))))
    root["/Perms"] = root["/Legal"] = root["/Extensions"] = Dictionary(Kana=String(CANARY))
    root["/DSS"] = Dictionary(Certs=Array([_stream(paper, WORD)]))
    root["/SpiderInfo"] = root["/Requirements"] = Dictionary(C=Array([String(CANARY)]))
    root["/OutputIntents"] = Array(
        [Dictionary(S=Name.GTS_PDFA1, Info=String(CANARY), DestOutputProfile=_stream(paper, profile(), N=3))]
    )
    root["/Threads"] = Array([paper.make_indirect(Dictionary(I=Dictionary(Author=String(CANARY))))])
    tree = root["/StructTreeRoot"]
    tree["/ClassMap"] = Dictionary({f"/{CANARY}": Dictionary(O=Name.Layout)})
    tree["/RoleMap"] = Dictionary({f"/{CANARY}": Name.P})
    for element in [one for one in paper.objects if isinstance(one, Dictionary) and "/S" in one and "/P" in one]:
        element["/T"] = element["/Alt"] = element["/ActualText"] = element["/E"] = element["/ID"] = String(CANARY)
    paper.docinfo["/Author"] = paper.docinfo[f"/{CANARY}"] = CANARY


def _places(root: Object) -> list[Object]:
    """What the paper calls its places already."""
    found = root.get("/Names")
    return [found["/Dests"]] if isinstance(found, Dictionary) and "/Dests" in found else []


def _with_a_past(content: bytes) -> bytes:
    """A part of an earlier version that nothing leads to any more, and what stands behind the end."""
    lost = b"\n9999 0 obj\n<</Lost (%b) /S 9998 0 R>>\nendobj\n%% %b\n" % (WORD, WORD)
    return content + lost + content[content.rindex(b"startxref") :] + b"%% %b" % WORD


def told_in(paper: bytes) -> dict[str, int]:
    """How often CANARY stands in a paper, by where: in what it says, in what is packed in it, in its names and letters."""
    places: dict[str, int] = {}
    spellings = (WORD, CANARY.encode("utf-16-be"), WORD.hex().encode(), CANARY.encode("utf-16-be").hex().encode())
    for place, piece in _pieces(paper):
        count = sum(piece.lower().count(spelling.lower()) for spelling in spellings)
        if count:
            places[place] = places.get(place, 0) + count
    return places


def _pieces(paper: bytes) -> Iterator[tuple[str, bytes]]:
    yield "file", paper
    with pikepdf.open(io.BytesIO(paper)) as found:
        for thing in found.objects:
            if isinstance(thing, Stream):
                yield json.dumps(sorted(thing.keys())), Dictionary(dict(thing.items())).unparse()
                yield "packed", thing.read_raw_bytes()
                try:
                    yield "unpacked", thing.read_bytes(pikepdf.StreamDecodeLevel.all)
                except pikepdf.PdfError:
                    continue
            elif isinstance(thing, Object):
                yield "value", thing.unparse(resolved=True)
        yield "trailer", found.trailer.unparse()
