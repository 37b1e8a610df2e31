"""Pictures on a page: their points, in as many numbers as they have, and nothing of how they came there."""

from __future__ import annotations

import zlib

from pikepdf import Array, Dictionary, Name, Object, Stream

from facilitator.core.sandboxed import FileRefused
from facilitator.rewriting.pdf import photos
from facilitator.rewriting.pdf.colours import colour_space, components
from facilitator.rewriting.pdf.objects import (
    LARGEST_STREAM,
    Copy,
    data,
    is_true,
    items,
    made,
    name,
    numbers,
    part,
    whole,
)

INTENTS = ("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual")
LONGEST_SIDE = 60_000
LONG_NAMES = {"/Fl": "/FlateDecode", "/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"}
BITS = (1, 2, 4, 8, 16)
PIECE = 1024 * 1024


def image(copy: Copy, found: Stream, *, is_mask: bool = False) -> Object | None:
    """A picture; of one that has no size nothing."""
    return copy.once("mask" if is_mask else "image", found, lambda: _made(copy, found, is_mask=is_mask))


def _made(copy: Copy, found: Stream, *, is_mask: bool) -> Object | None:
    width, height = (whole(part(found, key), 1, LONGEST_SIDE) for key in ("/Width", "/Height"))
    if width is None or height is None:
        return None
    is_stencil = part(found, "/ImageMask") is True
    space = None if is_stencil else colour_space(copy, part(found, "/ColorSpace"))
    bits = 1 if is_stencil else whole(part(found, "/BitsPerComponent"), 1, 16)
    about = made(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ImageMask=True if is_stencil else None,
        ColorSpace=space,
        BitsPerComponent=bits,
        Decode=numbers(part(found, "/Decode")),
        Interpolate=is_true(part(found, "/Interpolate")),
        Intent=name(part(found, "/Intent"), INTENTS),
        SMaskInData=whole(part(found, "/SMaskInData"), 0, 2),
        Matte=numbers(part(found, "/Matte")) if is_mask else None,
        **({} if is_mask or is_stencil else _masks(copy, found)),
    )
    count = 1 if is_stencil else components(space)
    return _with_points(copy, found, about, None if count is None or bits is None else (width * count * bits, height))


def _masks(copy: Copy, found: Stream) -> dict[str, object]:
    soft, hard = part(found, "/SMask"), part(found, "/Mask")
    return {
        "SMask": image(copy, soft, is_mask=True) if isinstance(soft, Stream) else None,
        "Mask": image(copy, hard, is_mask=True) if isinstance(hard, Stream) else numbers(hard),
    }


def _with_points(copy: Copy, found: Stream, about: Dictionary, lines: tuple[int, int] | None) -> Object:
    """The picture with its points. `lines`: how many bits a line has, and how many lines there are; none where only the points say."""
    filters = [LONG_NAMES.get(str(one), str(one)) for one in _several(part(found, "/Filter"))]
    last, parameters = (filters or [""])[-1], (_several(part(found, "/DecodeParms")) or [None])[-1]
    if last in PHOTOS:
        return _photo(copy, last, _before_last(copy, found, filters), about)
    if last in DRAWINGS:
        return DRAWINGS[last](copy, _before_last(copy, found, filters), about, parameters)
    if lines is None:
        raise FileRefused("no_paper")
    bits, height = lines
    size = (bits + 7) // 8 * height
    if size > LARGEST_STREAM:
        raise FileRefused("too_much")
    if filters == ["/FlateDecode"] and (packed := _packed(copy, found, about, parameters, size, height)) is not None:
        return packed
    return copy.stream(data(found)[:size].ljust(size, b"\0"), about)


def _several(found: object) -> list[object]:
    return items(found) if isinstance(found, Array) else [] if found is None else [found]


def _before_last(copy: Copy, found: Stream, filters: list[str]) -> bytes:
    """What the last filter would be given: what the ones before it unpack."""
    raw = found.read_raw_bytes()
    if len(filters) == 1:
        return raw
    outer = copy.source.make_stream(raw)
    outer["/Filter"] = Array([Name(one) for one in filters[:-1]])
    if parameters := _several(part(found, "/DecodeParms"))[:-1]:
        outer["/DecodeParms"] = Array(parameters)
    return data(outer)


PHOTOS = {"/DCTDecode": photos.jpeg, "/JPXDecode": photos.jpeg2000}


def _photo(copy: Copy, kind: str, content: bytes, about: Dictionary) -> Object:
    return copy.stream(PHOTOS[kind](content), about, kind)


def _bilevel(copy: Copy, content: bytes, about: Dictionary, parameters: object) -> Object:
    made_anew = copy.stream(photos.jbig2(content), about, "/JBIG2Decode")
    if isinstance(common := part(parameters, "/JBIG2Globals"), Stream):
        made_anew["/DecodeParms"] = made(
            JBIG2Globals=copy.once("bilevel", common, lambda: copy.stream(photos.jbig2(data(common))))
        )
    return made_anew


def _fax(copy: Copy, content: bytes, about: Dictionary, parameters: object) -> Object:
    group = whole(part(parameters, "/K"), -1, 10_000) or 0
    made_anew = copy.stream(photos.fax(content) if group < 0 else content, about, "/CCITTFaxDecode")
    made_anew["/DecodeParms"] = made(
        K=group,
        Columns=whole(part(parameters, "/Columns"), 1, LONGEST_SIDE),
        Rows=whole(part(parameters, "/Rows"), 0, LONGEST_SIDE),
        **{
            key: is_true(part(parameters, f"/{key}"))
            for key in ("BlackIs1", "EncodedByteAlign", "EndOfLine", "EndOfBlock")
        },
    )
    return made_anew


DRAWINGS = {"/JBIG2Decode": _bilevel, "/CCITTFaxDecode": _fax}


def _packed(copy: Copy, found: Stream, about: Dictionary, parameters: object, size: int, height: int) -> Object | None:
    """As it is packed already, where exactly its points are in there: packing it once more, without foretelling points from
    their neighbours, would make it larger.
    """
    predictor = whole(part(parameters, "/Predictor"), 1, 15) or 1
    expected = size + height if predictor >= 10 else size
    raw = found.read_raw_bytes()
    if not _holds(raw, expected):
        return None
    same = copy.stream(raw, about, "/FlateDecode")
    if predictor > 1:
        columns = {
            key: whole(part(parameters, f"/{key}"), 1, LONGEST_SIDE)
            for key in ("Colors", "BitsPerComponent", "Columns")
        }
        same["/DecodeParms"] = made(Predictor=predictor, **columns)
    return same


def _holds(raw: bytes, expected: int) -> bool:
    """Whether so many bytes are packed here, and nothing stands behind them."""
    unpacking, size = zlib.decompressobj(), 0
    try:
        rest = raw
        while rest and size <= expected and not unpacking.eof:
            size += len(unpacking.decompress(rest, PIECE))
            rest = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return unpacking.eof and size == expected and not unpacking.unused_data
