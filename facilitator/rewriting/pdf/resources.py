"""What is used to draw: states, forms, patterns, pictures, letters. Made when it is first used, under a new name; what is never used
is not made.
"""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from facilitator.rewriting.pdf.colours import colour_space, shading
from facilitator.rewriting.pdf.contents import rewritten
from facilitator.rewriting.pdf.fonts import font
from facilitator.rewriting.pdf.functions import function
from facilitator.rewriting.pdf.images import INTENTS, image
from facilitator.rewriting.pdf.objects import (
    Copy,
    Number,
    data,
    entries,
    is_true,
    items,
    made,
    name,
    number,
    numbers,
    part,
    whole,
)

IMAGE_IN_CONTENT = re.compile(rb"(?:^|[\s\]>)])BI(?=[\s/])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
LETTERS = {"ExtGState": "G", "ColorSpace": "C", "Pattern": "P", "Shading": "S", "XObject": "X", "Font": "F"}
DEFAULTS = ("DefaultGray", "DefaultRGB", "DefaultCMYK")
BLENDS = (
    *(
        "Normal",
        "Compatible",
        "Multiply",
        "Screen",
        "Overlay",
        "Darken",
        "Lighten",
        "ColorDodge",
        "ColorBurn",
        "HardLight",
    ),
    *("SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"),
)


class Resources:
    """The resources of one piece of content: as its names find them there, and as they are called here. `marks` are the numbers
    of pieces that the order of reading knows; none, where nobody asks.
    """

    def __init__(self, copy: Copy, found: object, marks: set[int] | None = None) -> None:
        self.copy = copy
        self.found = found
        self.marks = marks
        self._names: dict[tuple[str, bytes], bytes | None] = {}
        self._made: dict[str, dict[str, Object]] = {}
        self._known: dict[str, dict[str, Object]] = {}

    def content(self, found: bytes) -> bytes:
        """A piece of content that uses them, anew."""
        if IMAGE_IN_CONTENT.search(found):
            found, self.found = _without_images(self.copy, found, self.found)
            self._known.pop("XObject", None)
        return rewritten(found, self)

    def made(self) -> Dictionary:
        """Those that were used, and what plain colours stand for here."""
        for one in DEFAULTS:
            space = colour_space(self.copy, part(part(self.found, "/ColorSpace"), f"/{one}"))
            if space is not None:
                self._made.setdefault("ColorSpace", {})[f"/{one}"] = space
        return Dictionary({f"/{kind}": Dictionary(of_kind) for kind, of_kind in self._made.items()})

    def named(self, kind: str, name: bytes) -> bytes | None:
        """The new name of a resource; none, if nothing of it is kept."""
        key = (kind, name)
        if key not in self._names:
            self._names[key] = self._new_name(kind, self._made_of(kind, name))
        return self._names[key]

    def is_hidden(self, name: bytes) -> bool:
        """Whether these properties are a layer's that is switched off."""
        return self.copy.layers.is_hidden(self._properties(name))

    def mark(self, properties: bytes | int) -> int | None:
        """The number of a piece, once: a second piece of the same number is one that nobody reads."""
        found = properties if isinstance(properties, int) else whole(part(self._properties(properties), "/MCID"))
        if self.marks is None or found is None or found in self.marks:
            return None
        self.marks.add(found)
        return found

    def _properties(self, name: bytes) -> object:
        return entries(part(self.found, "/Properties")).get(_key(name))

    def _made_of(self, kind: str, name: bytes) -> Object | None:
        if kind not in self._known:
            self._known[kind] = entries(part(self.found, f"/{kind}"))
        found = self._known[kind].get(_key(name))
        match kind:
            case "ExtGState":
                return _state(self.copy, found)
            case "ColorSpace":
                return colour_space(self.copy, found)
            case "Pattern":
                return _pattern(self.copy, found, self.found)
            case "Shading":
                return shading(self.copy, found)
            case "Font":
                return font(self.copy, found, Resources)
        return drawn(self.copy, found, self.found)

    def _new_name(self, kind: str, made: Object | None) -> bytes | None:
        if made is None:
            return None
        of_kind = self._made.setdefault(kind, {})
        new = f"/{LETTERS[kind]}{len(of_kind) + 1}"
        of_kind[new] = made
        return new.encode()


def _without_images(copy: Copy, found: bytes, resources: object) -> tuple[bytes, object]:
    """Pictures that stand in the content itself become pictures beside it, by way of a page that is on no paper."""
    beside = Dictionary({key: value for key, value in entries(resources).items() if key != "/XObject"})
    beside["/XObject"] = Dictionary(entries(part(resources, "/XObject")))
    page = pikepdf.Page(
        copy.source.make_indirect(
            made(Type=Name.Page, MediaBox=[0, 0, 1, 1], Contents=copy.source.make_stream(found), Resources=beside)
        )
    )
    page.externalize_inline_images(min_size=0, shallow=True)
    drawing = page.obj.Contents
    assert isinstance(drawing, Stream)
    return data(drawing), page.obj.Resources


def drawn(copy: Copy, found: object, around: object = None) -> Object | None:
    """A picture or a form. `around` are the resources where it is used, for a form that has none of its own."""
    if not isinstance(found, Stream) or copy.layers.is_hidden(part(found, "/OC")):
        return None
    if str(part(found, "/Subtype")) == "/Image":
        return image(copy, found)
    return form(copy, found, around) if str(part(found, "/Subtype")) == "/Form" else None


def form(copy: Copy, found: object, around: object = None) -> Object | None:
    box = numbers(part(found, "/BBox"), 4)
    if not isinstance(found, Stream) or box is None:
        return None
    return copy.once("form", found, lambda: _form(copy, found, around, box))


def _form(copy: Copy, found: Stream, around: object, box: list[Number]) -> Object:
    used = Resources(copy, part(found, "/Resources") or around)
    new = used.content(data(found))
    about = made(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=box,
        Matrix=numbers(part(found, "/Matrix"), 6),
        Group=group(copy, part(found, "/Group")),
        Resources=used.made(),
    )
    return copy.stream(new, about)


def group(copy: Copy, found: object) -> Dictionary | None:
    """How what is drawn together shines through."""
    if str(part(found, "/S")) != "/Transparency":
        return None
    space, alone, hard = colour_space(copy, part(found, "/CS")), is_true(part(found, "/I")), is_true(part(found, "/K"))
    return made(S=Name.Transparency, CS=space, I=alone, K=hard)


def _pattern(copy: Copy, found: object, around: object) -> Object | None:
    if not isinstance(found, Dictionary | Stream):
        return None
    return copy.once("pattern", found, lambda: _repeated(copy, found, around))


def _repeated(copy: Copy, found: Object, around: object) -> Object | None:
    matrix = numbers(part(found, "/Matrix"), 6)
    if whole(part(found, "/PatternType")) == 2:
        gradient, state = shading(copy, part(found, "/Shading")), _state(copy, part(found, "/ExtGState"))
        return gradient and made(PatternType=2, Shading=gradient, Matrix=matrix, ExtGState=state)
    box, across, down = numbers(part(found, "/BBox"), 4), number(part(found, "/XStep")), number(part(found, "/YStep"))
    if not isinstance(found, Stream) or box is None or not across or not down:
        return None
    used = Resources(copy, part(found, "/Resources") or around)
    new = used.content(data(found))
    about = made(
        PatternType=1,
        PaintType=whole(part(found, "/PaintType"), 1, 2) or 1,
        TilingType=whole(part(found, "/TilingType"), 1, 3) or 1,
        BBox=box,
        XStep=across,
        YStep=down,
        Matrix=matrix,
        Resources=used.made(),
    )
    return copy.stream(new, about)


def _state(copy: Copy, found: object) -> Object | None:
    return copy.once("state", found, lambda: _stated(copy, found)) if isinstance(found, Dictionary) else None


def _stated(copy: Copy, found: Dictionary) -> Dictionary:
    plain = {key: number(part(found, f"/{key}")) for key in ("LW", "LC", "LJ", "ML", "FL", "SM", "CA", "ca", "OPM")}
    switches = {key: is_true(part(found, f"/{key}")) for key in ("OP", "op", "SA", "AIS", "TK")}
    return made(
        **plain,
        **switches,
        D=_dashes(part(found, "/D")),
        RI=name(part(found, "/RI"), INTENTS),
        BM=_blend(part(found, "/BM")),
        SMask=_soft_mask(copy, part(found, "/SMask")),
        Font=_font_of_state(copy, items(part(found, "/Font"))),
    )


def _dashes(found: object) -> list[object] | None:
    dashes, start = [*items(found), None, None][:2]
    lengths, begin = numbers(dashes), number(start)
    return None if lengths is None or begin is None else [Array(lengths), begin]


def _blend(found: object) -> Name | None:
    known = [name(one, BLENDS) for one in (items(found) or [found])]
    return next((one for one in known if one is not None), None)


def _soft_mask(copy: Copy, found: object) -> Object | None:
    if isinstance(found, Name):
        return name(found, ("None",))
    kind, drawing = name(part(found, "/S"), ("Alpha", "Luminosity")), form(copy, part(found, "/G"))
    if kind is None or drawing is None:
        return None
    return made(S=kind, G=drawing, BC=numbers(part(found, "/BC")), TR=function(copy, part(found, "/TR")))


def _font_of_state(copy: Copy, found: list[object]) -> list[object] | None:
    made_font = font(copy, found[0], Resources) if len(found) == 2 else None
    size = number(found[1]) if len(found) == 2 else None
    return None if made_font is None or size is None else [made_font, size]


def _key(name: bytes) -> str:
    """A name as the library has it."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name).decode("utf-8", "surrogateescape")
