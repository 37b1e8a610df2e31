"""Colour spaces, gradients and patterns' gradients."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from facilitator.rewriting.pdf import profiles
from facilitator.rewriting.pdf.functions import function, functions
from facilitator.rewriting.pdf.objects import Copy, data, is_true, items, made, name, number, numbers, part, whole

DEVICE = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}
SHORT = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "I": "Indexed"}
OF_COMPONENTS = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
# Inks that mean something to whatever shows a page; others have a name for the printer only.
INKS = ("All", "None", "Cyan", "Magenta", "Yellow", "Black", "Red", "Green", "Blue")
MOST_INKS = 32


def colour_space(copy: Copy, found: object) -> Object | None:
    """A colour space, under its name or as what it is made of."""
    if isinstance(found, Name):
        long = SHORT.get(str(found)[1:], str(found)[1:])
        return Name(f"/{long}") if long in DEVICE or long == "Pattern" else None
    if not isinstance(found, Array) or not len(found):
        return None
    return copy.once("colour space", found, lambda: _made(copy, items(found)))


def components(space: object) -> int | None:
    """How many numbers a colour of one of our spaces has."""
    if isinstance(space, Name):
        return DEVICE.get(str(space)[1:])
    kind, *rest = items(space) or [None]
    match str(kind):
        case "/CalGray" | "/Indexed" | "/Separation":
            return 1
        case "/CalRGB" | "/Lab":
            return 3
        case "/ICCBased":
            return whole(part(rest[0], "/N"))
        case "/DeviceN":
            return len(items(rest[0]))
    return None


def _made(copy: Copy, parts: list[object]) -> Object | None:
    kind, rest = str(parts[0])[1:], parts[1:]
    kind = SHORT.get(kind, kind)
    if kind in DEVICE or (kind == "Pattern" and not rest):
        return Name(f"/{kind}")
    if kind in MAKERS and rest:
        return MAKERS[kind](copy, kind, rest)
    return None


def _measured(_copy: Copy, kind: str, rest: list[object]) -> Object | None:
    about = rest[0]
    white = numbers(part(about, "/WhitePoint"), 3)
    gamma = part(about, "/Gamma")
    values = made(
        WhitePoint=white,
        BlackPoint=numbers(part(about, "/BlackPoint"), 3),
        Gamma=number(gamma) if kind == "CalGray" else numbers(gamma, 3),
        Matrix=numbers(part(about, "/Matrix"), 9),
        Range=numbers(part(about, "/Range"), 4),
    )
    return None if white is None else Array([Name(f"/{kind}"), values])


def _profiled(copy: Copy, _kind: str, rest: list[object]) -> Object | None:
    """With its profile, if that can be written anew; else as the device's own colours, which is what viewers do with a broken one."""
    found = rest[0]
    count = whole(part(found, "/N"))
    if not isinstance(found, Stream) or count not in OF_COMPONENTS:
        return None
    content = profiles.rewritten(data(found), count)
    if content is None:
        return OF_COMPONENTS[count]
    about = made(N=count, Range=numbers(part(found, "/Range"), 2 * count))
    stream = copy.once("profile", found, lambda: copy.stream(content, about))
    return Array([Name.ICCBased, stream])


def _indexed(copy: Copy, _kind: str, rest: list[object]) -> Object | None:
    if len(rest) < 3:
        return None
    base, most = colour_space(copy, rest[0]), whole(rest[1], 0, 255)
    count, table = components(base), rest[2]
    if count is None or most is None:
        return None
    content = bytes(table) if isinstance(table, String) else data(table) if isinstance(table, Stream) else b""
    size = (most + 1) * count
    return Array([Name.Indexed, base, most, String(content[:size].ljust(size, b"\0"))])


def _mixed(copy: Copy, kind: str, rest: list[object]) -> Object | None:
    if len(rest) < 3:
        return None
    inks = items(rest[0]) if kind == "DeviceN" else [rest[0]]
    instead, tint = colour_space(copy, rest[1]), function(copy, rest[2])
    if instead is None or tint is None or not 1 <= len(inks) <= MOST_INKS:
        return None
    names = [name(ink, INKS) or Name(f"/Ink{number}") for number, ink in enumerate(inks, 1)]
    return Array([Name(f"/{kind}"), Array(names) if kind == "DeviceN" else names[0], instead, tint])


def _pattern(copy: Copy, _kind: str, rest: list[object]) -> Object | None:
    base = colour_space(copy, rest[0])
    return None if base is None else Array([Name.Pattern, base])


MAKERS = {
    **dict.fromkeys(("CalGray", "CalRGB", "Lab"), _measured),
    **dict.fromkeys(("Separation", "DeviceN"), _mixed),
    "ICCBased": _profiled,
    "Indexed": _indexed,
    "Pattern": _pattern,
}


def shading(copy: Copy, found: object) -> Object | None:
    if not isinstance(found, Dictionary | Stream):
        return None
    return copy.once("shading", found, lambda: _shaded(copy, found))


def _shaded(copy: Copy, found: Object) -> Object | None:
    kind, space = whole(part(found, "/ShadingType"), 1, 7), colour_space(copy, part(found, "/ColorSpace"))
    if kind is None or space is None or (kind > 3) != isinstance(found, Stream):
        return None
    values = made(
        ShadingType=kind,
        ColorSpace=space,
        Background=numbers(part(found, "/Background")),
        BBox=numbers(part(found, "/BBox"), 4),
        AntiAlias=is_true(part(found, "/AntiAlias")),
        Function=functions(copy, part(found, "/Function")),
        Domain=numbers(part(found, "/Domain"), 2, 4),
        Matrix=numbers(part(found, "/Matrix"), 6),
        Coords=numbers(part(found, "/Coords"), 4, 6),
        Extend=_two_ends(part(found, "/Extend")),
        BitsPerCoordinate=whole(part(found, "/BitsPerCoordinate"), 1, 32),
        BitsPerComponent=whole(part(found, "/BitsPerComponent"), 1, 16),
        BitsPerFlag=whole(part(found, "/BitsPerFlag"), 2, 8),
        Decode=numbers(part(found, "/Decode")),
        VerticesPerRow=whole(part(found, "/VerticesPerRow"), 2),
    )
    return copy.stream(data(found), values) if isinstance(found, Stream) else values


def _two_ends(found: object) -> list[bool] | None:
    ends = [is_true(one) for one in items(found)]
    return None if len(ends) != 2 or None in ends else ends  # type: ignore[return-value]  # none is None
