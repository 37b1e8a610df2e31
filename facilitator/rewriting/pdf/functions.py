"""Functions: how one number follows from others, for colours and gradients."""

from __future__ import annotations

import re

from pikepdf import Array, Dictionary, Name, Object, Stream

from facilitator.rewriting.pdf.objects import Copy, data, items, made, name, number, numbers, part, whole

WORD = re.compile(rb"[{}]|[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)|[a-z]+|%[^\r\n]*|[^\s{}]")
WORDS = frozenset(
    b"abs add and atan bitshift bt ceiling copy cos cvi cvr div dup eq exch exp false floor ge gt idiv if ifelse index le ln log "
    b"lt mod mul ne neg not or pop roll round sin sqrt sub true truncate xor".split()
)
MOST_PARTS = 1000
BITS = (1, 2, 4, 8, 12, 16, 24, 32)


def function(copy: Copy, found: object) -> Object | None:
    """A function, or the name of the one that changes nothing."""
    if isinstance(found, Name):
        return name(found, ("Identity", "Default"))
    if not isinstance(found, Dictionary | Stream):
        return None
    return copy.once("function", found, lambda: _made(copy, found))


def functions(copy: Copy, found: object) -> Object | None:
    """One function, or several side by side."""
    if not isinstance(found, Array):
        return function(copy, found)
    several = [function(copy, one) for one in items(found)[:MOST_PARTS]]
    return None if None in several else Array(several)


def _made(copy: Copy, found: Object) -> Object | None:
    domain, extent = numbers(part(found, "/Domain")), numbers(part(found, "/Range"))
    kind = whole(part(found, "/FunctionType"), 0, 4)
    about = made(FunctionType=kind, Domain=domain, Range=extent)
    if domain is None:
        return None
    match kind:
        case 0 if isinstance(found, Stream) and extent is not None:
            return _samples(copy, found, about)
        case 2:
            return _curve(found, about)
        case 3:
            return _pieces(copy, found, about)
        case 4 if isinstance(found, Stream) and extent is not None:
            return copy.stream(program(data(found)), about)
    return None


def _samples(copy: Copy, found: Stream, about: Dictionary) -> Object | None:
    size, bits = numbers(part(found, "/Size")), whole(part(found, "/BitsPerSample"))
    if size is None or bits not in BITS:
        return None
    values = made(
        Size=size,
        BitsPerSample=bits,
        Order=whole(part(found, "/Order"), 1, 3),
        Encode=numbers(part(found, "/Encode")),
        Decode=numbers(part(found, "/Decode")),
    )
    count = len(items(part(found, "/Range"))) // 2
    for one in size:
        count *= int(one)
    return copy.stream(data(found)[: (count * bits + 7) // 8], _both(about, values))


def _curve(found: Object, about: Dictionary) -> Object | None:
    power = number(part(found, "/N"))
    values = made(C0=numbers(part(found, "/C0")), C1=numbers(part(found, "/C1")), N=power)
    return None if power is None else _both(about, values)


def _pieces(copy: Copy, found: Object, about: Dictionary) -> Object | None:
    pieces = functions(copy, part(found, "/Functions"))
    bounds, encode = numbers(part(found, "/Bounds")), numbers(part(found, "/Encode"))
    if pieces is None or bounds is None or encode is None:
        return None
    return _both(about, made(Functions=pieces, Bounds=bounds, Encode=encode))


def program(content: bytes) -> bytes:
    """A calculation, of the words that there are for it."""
    words = WORD.findall(content)
    return b" ".join(one for one in words if one in (b"{", b"}") or one in WORDS or one[:1] in b"+-.0123456789")


def _both(first: Dictionary, second: Dictionary) -> Dictionary:
    return Dictionary({**dict(first.items()), **dict(second.items())})
