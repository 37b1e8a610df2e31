"""Where a paper leads: links to the web and within the paper, and its bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pikepdf import Array, Dictionary, Name, Object, String

from facilitator.rewriting.pdf.objects import Copy, entries, items, made, number, numbers, part, whole

ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
MOST_LINKS, MOST_BOOKMARKS, MOST_NAMES, LONGEST_TITLE, DEEPEST = 2_000, 2_000, 20_000, 300, 8
FITS = {"/Fit": 0, "/FitB": 0, "/FitH": 1, "/FitV": 1, "/FitBH": 1, "/FitBV": 1, "/FitR": 4, "/XYZ": 3}

Pages = Mapping[tuple[int, int], Object]


class Destinations:
    """The places in a paper that something may lead to. `pages` are the new pages by the numbers of the old ones."""

    def __init__(self, copy: Copy, pages: Pages) -> None:
        self._pages = pages
        root = copy.source.Root
        self._named: dict[bytes, object] = dict(_names(part(part(root, "/Names"), "/Dests")))
        self._named |= {
            key[1:].encode("utf-8", "surrogateescape"): value for key, value in entries(part(root, "/Dests")).items()
        }

    def place(self, found: object) -> Array | None:
        """A place, with its page and how much of it is to be seen."""
        if isinstance(found, String | Name):
            key = bytes(found) if isinstance(found, String) else str(found)[1:].encode("utf-8", "surrogateescape")
            found = self._named.get(key)
        if isinstance(found, Dictionary):
            found = part(found, "/D")
        page, *how = items(found) or [None]
        if not isinstance(page, Dictionary) or page.objgen not in self._pages:
            return None
        fit = str(how[0]) if how else "/Fit"
        values = [number(one) for one in how[1 : 1 + FITS.get(fit, 0)]]
        values += [None] * (FITS.get(fit, 0) - len(values))
        return Array([self._pages[page.objgen], Name(fit if fit in FITS else "/Fit"), *values])


def _names(tree: object, depth: int = 0) -> Iterator[tuple[bytes, object]]:
    found = items(part(tree, "/Names"))
    for key, value in zip(found[: 2 * MOST_NAMES : 2], found[1 : 2 * MOST_NAMES : 2], strict=False):
        if isinstance(key, String):
            yield bytes(key), value
    for below in items(part(tree, "/Kids")) if depth < DEEPEST else []:
        yield from _names(below, depth + 1)


def links(page: Object, places: Destinations) -> list[tuple[object, Dictionary]]:
    """The links of a page that lead somewhere we let them: each as it was found, and anew."""
    found = [(one, _link(one, places)) for one in items(part(page, "/Annots"))[:MOST_LINKS]]
    return [(one, link) for one, link in found if link is not None]


def _link(found: object, places: Destinations) -> Dictionary | None:
    area = numbers(part(found, "/Rect"), 4)
    if str(part(found, "/Subtype")) != "/Link" or area is None:
        return None
    action = part(found, "/A")
    address, place = _address(action), places.place(part(found, "/Dest") or _inner_place(action))
    if address is None and place is None:
        return None
    return made(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=area,
        Border=numbers(part(found, "/Border"), 3) or [0, 0, 0],
        C=numbers(part(found, "/C"), 1, 3, 4),
        QuadPoints=numbers(part(found, "/QuadPoints")),
        A=made(S=Name.URI, URI=String(address)) if address else None,
        Dest=None if address else place,
    )


def _address(action: object) -> str | None:
    """An address of the web, in signs that need no guessing."""
    found = part(action, "/URI") if str(part(action, "/S")) == "/URI" else None
    address = bytes(found).decode("latin-1") if isinstance(found, String) else ""
    return address if ADDRESS.fullmatch(address) else None


def _inner_place(action: object) -> object:
    return part(action, "/D") if str(part(action, "/S")) == "/GoTo" else None


def bookmarks(copy: Copy, places: Destinations) -> Object | None:
    """The bookmarks, with their titles and where they lead."""
    root = copy.target.make_indirect(made(Type=Name.Outlines))
    first = part(part(copy.source.Root, "/Outlines"), "/First")
    count = _below(copy, root, first, places, set())
    return root if count else None


def _below(
    copy: Copy, above: Object, found: object, places: Destinations, seen: set[tuple[int, int]], depth: int = 0
) -> int:
    """Puts a row of bookmarks below another one, each with those below it; answers how many there are."""
    row: list[Object] = []
    total = 0
    while isinstance(found, Dictionary) and found.objgen not in seen and len(seen) < MOST_BOOKMARKS and depth < DEEPEST:
        seen |= {found.objgen} if found.is_indirect else {(0, -len(seen))}
        mark = copy.target.make_indirect(_bookmark(found, places))
        mark["/Parent"] = above
        total += 1 + _below(copy, mark, part(found, "/First"), places, seen, depth + 1)
        if row:
            row[-1]["/Next"], mark["/Prev"] = mark, row[-1]
        row.append(mark)
        found = part(found, "/Next")
    if row:
        above["/First"], above["/Last"] = row[0], row[-1]
        above["/Count"] = total if depth == 0 else -total
    return total


def _bookmark(found: Dictionary, places: Destinations) -> Dictionary:
    title = part(found, "/Title")
    return made(
        Title=String(str(title)[:LONGEST_TITLE]) if isinstance(title, String) else String(""),
        Dest=places.place(part(found, "/Dest") or _inner_place(part(found, "/A"))),
        F=whole(part(found, "/F"), 0, 3),
    )
