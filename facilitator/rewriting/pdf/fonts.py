"""Fonts: which drawing a code has, how wide it is, and which letter it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from facilitator.rewriting.pdf import cmaps, typefaces
from facilitator.rewriting.pdf.objects import Copy, data, entries, items, made, name, number, numbers, part, whole


class Drawings(Protocol):
    """Pieces of content that share their resources."""

    def content(self, found: bytes) -> bytes:
        """A piece of content anew."""

    def made(self) -> Dictionary:
        """The resources that were used."""


Among = Callable[[Copy, object], Drawings]

ENCODINGS = ("StandardEncoding", "WinAnsiEncoding", "MacRomanEncoding", "MacExpertEncoding", "PDFDocEncoding")
GLYPH = re.compile(r"/[A-Za-z0-9._-]{1,40}")
TYPEFACE = re.compile(r"/[A-Za-z0-9+,._-]{1,80}")
ORDERINGS = ("Identity", "Japan1", "GB1", "CNS1", "Korea1", "KR", "UCS", "Japan2")
PREDEFINED = frozenset(
    [
        "Identity-H",
        "Identity-V",
        "GB-EUC-H",
        "GB-EUC-V",
        "GBpc-EUC-H",
        "GBpc-EUC-V",
        "GBK-EUC-H",
        "GBK-EUC-V",
        "GBKp-EUC-H",
        "GBKp-EUC-V",
        "GBK2K-H",
        "GBK2K-V",
        "UniGB-UCS2-H",
        "UniGB-UCS2-V",
        "UniGB-UTF16-H",
        "UniGB-UTF16-V",
        "B5pc-H",
        "B5pc-V",
        "HKscs-B5-H",
        "HKscs-B5-V",
        "ETen-B5-H",
        "ETen-B5-V",
        "ETenms-B5-H",
        "ETenms-B5-V",
        "CNS-EUC-H",
        "CNS-EUC-V",
        "UniCNS-UCS2-H",
        "UniCNS-UCS2-V",
        "UniCNS-UTF16-H",
        "UniCNS-UTF16-V",
        "83pv-RKSJ-H",
        "90ms-RKSJ-H",
        "90ms-RKSJ-V",
        "90msp-RKSJ-H",
        "90msp-RKSJ-V",
        "90pv-RKSJ-H",
        "Add-RKSJ-H",
        "Add-RKSJ-V",
        "EUC-H",
        "EUC-V",
        "Ext-RKSJ-H",
        "Ext-RKSJ-V",
        "H",
        "V",
        "UniJIS-UCS2-H",
        "UniJIS-UCS2-V",
        "UniJIS-UCS2-HW-H",
        "UniJIS-UCS2-HW-V",
        "UniJIS-UTF16-H",
        "UniJIS-UTF16-V",
        "KSC-EUC-H",
        "KSC-EUC-V",
        "KSCms-UHC-H",
        "KSCms-UHC-V",
        "KSCms-UHC-HW-H",
        "KSCms-UHC-HW-V",
        "KSCpc-EUC-H",
        "UniKS-UCS2-H",
        "UniKS-UCS2-V",
        "UniKS-UTF16-H",
        "UniKS-UTF16-V",
    ]
)
MEASURES = (
    *("ItalicAngle", "Ascent", "Descent", "Leading", "CapHeight", "XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth"),
    "MissingWidth",
)
MOST_WIDTHS = 70_000


def font(copy: Copy, found: object, among: Among) -> Object | None:
    if not isinstance(found, Dictionary):
        return None
    match str(part(found, "/Subtype")):
        case "/Type0":
            return copy.once("font", found, lambda: _composite(copy, found))
        case "/Type3":
            return copy.once("font", found, lambda: _drawn(copy, found, among))
        case "/Type1" | "/MMType1" | "/TrueType" as kind:
            return copy.once("font", found, lambda: _simple(copy, found, kind))
    return None


def _simple(copy: Copy, found: Dictionary, kind: str) -> Dictionary:
    descriptor = _descriptor(copy, part(found, "/FontDescriptor"))
    return made(
        Type=Name.Font,
        Subtype=Name(kind),
        BaseFont=part(descriptor, "/FontName") or _called(copy, part(found, "/BaseFont"), comes_along=False),
        FontDescriptor=descriptor,
        Encoding=_encoding(part(found, "/Encoding")),
        ToUnicode=_to_text(copy, part(found, "/ToUnicode")),
        **_widths(found),
    )


def _widths(found: Dictionary) -> dict[str, object]:
    return {
        "FirstChar": whole(part(found, "/FirstChar"), 0, 255),
        "LastChar": whole(part(found, "/LastChar"), 0, 255),
        "Widths": numbers(part(found, "/Widths")),
    }


def _called(copy: Copy, found: object, *, comes_along: bool) -> Name:
    """Its name, where a viewer has to look for the typeface by it; one that comes along has a name of ours that tells nothing."""
    if comes_along:
        return Name(f"/{copy.tag()}+Face")
    return Name(str(found)) if isinstance(found, Name) and TYPEFACE.fullmatch(str(found)) else Name.Helvetica


def _encoding(found: object) -> Object | None:
    if isinstance(found, Name):
        return name(found, ENCODINGS)
    if not isinstance(found, Dictionary):
        return None
    return made(
        Type=Name.Encoding,
        BaseEncoding=name(part(found, "/BaseEncoding"), ENCODINGS),
        Differences=_differences(part(found, "/Differences")),
    )


def _differences(found: object) -> Array | None:
    """Codes, and what each and those that follow it are drawn as."""
    kept: list[Object | int] = []
    for one in items(found):
        if isinstance(one, Name):
            kept.append(Name(str(one)) if GLYPH.fullmatch(str(one)) else Name("/.notdef"))
        elif (code := whole(one, 0, 255)) is not None:
            kept.append(code)
    return Array(kept) if kept else None


def _to_text(copy: Copy, found: object) -> Object | None:
    if isinstance(found, Name):
        return name(found, PREDEFINED)
    if not isinstance(found, Stream):
        return None
    return copy.once("to text", found, lambda: copy.stream(cmaps.to_text(data(found))))


# -- Fonts of many letters ---------------------------------------------------------------------------------------------


def _composite(copy: Copy, found: Dictionary) -> Object | None:
    below, encoding = (items(part(found, "/DescendantFonts")) or [None])[0], _codes(copy, part(found, "/Encoding"))
    if not isinstance(below, Dictionary) or encoding is None:
        return None
    inner = copy.once("inner font", below, lambda: _inner(copy, below))
    return inner and made(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=part(inner, "/BaseFont"),
        Encoding=encoding,
        DescendantFonts=[inner],
        ToUnicode=_to_text(copy, part(found, "/ToUnicode")),
    )


def _codes(copy: Copy, found: object) -> Object | None:
    if isinstance(found, Name):
        return name(found, PREDEFINED)
    if not isinstance(found, Stream):
        return None
    return copy.once("codes", found, lambda: _own_codes(copy, found))


def _own_codes(copy: Copy, found: Stream) -> Object:
    base = part(found, "/UseCMap")
    about = made(
        Type=Name.CMap,
        CMapName=Name.C,
        CIDSystemInfo=_system(part(found, "/CIDSystemInfo")),
        WMode=whole(part(found, "/WMode"), 0, 1),
        UseCMap=_codes(copy, base),
    )
    return copy.stream(cmaps.to_drawings(data(found), PREDEFINED), about)


def _inner(copy: Copy, found: Dictionary) -> Object | None:
    kind = name(part(found, "/Subtype"), ("CIDFontType0", "CIDFontType2"))
    descriptor = _descriptor(copy, part(found, "/FontDescriptor"))
    return kind and made(
        Type=Name.Font,
        Subtype=kind,
        BaseFont=part(descriptor, "/FontName") or Name.Helvetica,
        CIDSystemInfo=_system(part(found, "/CIDSystemInfo")),
        FontDescriptor=descriptor,
        DW=number(part(found, "/DW")),
        W=_grouped(part(found, "/W")),
        DW2=numbers(part(found, "/DW2"), 2),
        W2=_grouped(part(found, "/W2")),
        CIDToGIDMap=_map(copy, part(found, "/CIDToGIDMap")),
    )


def _system(found: object) -> Dictionary:
    ordering = part(found, "/Ordering")
    known = str(ordering) if isinstance(ordering, String) and str(ordering) in ORDERINGS else "Identity"
    supplement = whole(part(found, "/Supplement"), 0, 20) or 0
    return made(Registry=String("Adobe"), Ordering=String(known), Supplement=supplement)


def _grouped(found: object) -> Array | None:
    """Numbers, and lists of numbers among them."""
    kept: list[object] = []
    for one in items(found)[:MOST_WIDTHS]:
        value = numbers(one) if isinstance(one, Array) else number(one)
        if value is None:
            return None
        kept.append(value)
    return Array(kept) if kept else None


def _map(copy: Copy, found: object) -> Object | None:
    if not isinstance(found, Stream):
        return name(found, ("Identity",))
    return copy.once("map", found, lambda: copy.stream(data(found)[: 2 * 65_536]))


# -- Fonts whose letters are drawn like pages --------------------------------------------------------------------------


def _drawn(copy: Copy, found: Dictionary, among: Among) -> Object | None:
    box, matrix = numbers(part(found, "/FontBBox"), 4), numbers(part(found, "/FontMatrix"), 6)
    encoding, procedures = _encoding(part(found, "/Encoding")), entries(part(found, "/CharProcs"))
    if box is None or matrix is None or not isinstance(encoding, Dictionary):
        return None
    used = {str(one) for one in items(part(encoding, "/Differences")) if isinstance(one, Name)}
    drawings = among(copy, part(found, "/Resources"))
    letters = {
        glyph: copy.stream(drawings.content(data(letter)))
        for glyph, letter in sorted(procedures.items())
        if glyph in used and isinstance(letter, Stream)
    }
    return made(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=box,
        FontMatrix=matrix,
        Encoding=encoding,
        CharProcs=Dictionary(letters),
        Resources=drawings.made(),
        ToUnicode=_to_text(copy, part(found, "/ToUnicode")),
        **_widths(found),
    )


# -- What a typeface looks like ----------------------------------------------------------------------------------------


def _descriptor(copy: Copy, found: object) -> Object | None:
    return copy.once("descriptor", found, lambda: _described(copy, found)) if isinstance(found, Dictionary) else None


def _described(copy: Copy, found: Dictionary) -> Dictionary:
    programs = _programs(copy, found)
    return made(
        Type=Name.FontDescriptor,
        FontName=_called(copy, part(found, "/FontName"), comes_along=bool(programs)),
        Flags=whole(part(found, "/Flags"), 0, 2**31) or 0,
        FontBBox=numbers(part(found, "/FontBBox"), 4),
        **{key: number(part(found, f"/{key}")) for key in MEASURES},
        **programs,
    )


def _programs(copy: Copy, found: Dictionary) -> dict[str, object]:
    """How the letters are drawn, if the file says so itself."""
    for key, clean in (("FontFile", _type1), ("FontFile2", _truetype), ("FontFile3", _compact)):
        program = part(found, f"/{key}")
        if isinstance(program, Stream):
            return {key: copy.once(key, program, lambda: clean(copy, program))}  # noqa: B023 – called at once
    return {}


def _type1(copy: Copy, found: Stream) -> Object:
    clear, drawn = (whole(part(found, key)) or 0 for key in ("/Length1", "/Length2"))
    content, lengths = typefaces.type1(data(found), clear, drawn)
    return copy.stream(content, made(Length1=lengths[0], Length2=lengths[1], Length3=0))


def _truetype(copy: Copy, found: Stream) -> Object:
    content = typefaces.sfnt(data(found))
    return copy.stream(content, made(Length1=len(content)))


def _compact(copy: Copy, found: Stream) -> Object:
    kind = name(part(found, "/Subtype"), ("Type1C", "CIDFontType0C", "OpenType"))
    content = data(found)
    is_sfnt = content[:4] in typefaces.SFNT
    return copy.stream(typefaces.sfnt(content) if is_sfnt else typefaces.cff(content), made(Subtype=kind))
