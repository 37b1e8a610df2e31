"""The order in which a paper is read aloud: headings, paragraphs, lists, tables (its tags), made anew around what is drawn.

Kept: which piece is what, in which order and language, and how cells of a table belong together. Not kept: texts that are not on the page
(alternatives, expansions, titles, identifiers): programs write names and paths there by themselves, and nobody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pikepdf import Array, Dictionary, Name, Object, String

from facilitator.rewriting.pdf.objects import Copy, entries, items, made, name, part, whole

ROLES = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "P",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Annot",
        "Ruby",
        "RB",
        "RT",
        "RP",
        "Warichu",
        "WT",
        "WP",
        "Figure",
        "Formula",
        "Form",
    ]
)
EMPTY_ROLES = ("TR", "TH", "TD", "LI", "Lbl", "LBody")  # an empty one has a place among the others
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4}|-[0-9]{3}){0,2}")
NUMBERINGS = ("None", "Disc", "Circle", "Square", "Decimal", "UpperRoman", "LowerRoman", "UpperAlpha", "LowerAlpha")
SCOPES = ("Row", "Column", "Both")
DEEPEST, MOST_ELEMENTS, FURTHEST_ROLE = 60, 50_000, 8


@dataclass
class Leaf:
    """A page as tags see it: the new one, its pieces that were written, its links, and the element each of them belongs to."""

    page: Object
    number: int
    pieces: set[int]
    links: dict[tuple[int, int], Object]
    owners: dict[int, Object] = field(default_factory=dict)


class Tags:
    """The tags of a paper on their way. `leaves` are its pages by the numbers of the old ones."""

    def __init__(self, copy: Copy, leaves: Mapping[tuple[int, int], Leaf]) -> None:
        self._copy = copy
        self._leaves = leaves
        self._found = part(copy.source.Root, "/StructTreeRoot")
        self._roles = entries(part(self._found, "/RoleMap"))
        self._seen: set[tuple[int, int]] = set()
        self._links: list[tuple[Object, Object]] = []

    def done(self) -> Object | None:
        """The root of the new tags, its pages and links told where they belong; none, if nothing is tagged."""
        root = self._copy.target.make_indirect(made(Type=Name.StructTreeRoot))
        below = list(self._below(part(self._found, "/K"), root, None, 0))
        if not below:
            return None
        root["/K"] = Array(below)
        root["/ParentTree"] = self._copy.target.make_indirect(made(Nums=Array(self._owners())))
        return root

    def _owners(self) -> list[object]:
        """By number: of a page its pieces' elements, of a link its own."""
        found: list[object] = []
        for leaf in self._leaves.values():
            if leaf.owners:
                leaf.page["/StructParents"], leaf.page["/Tabs"] = leaf.number, Name.S
                found += [leaf.number, Array([leaf.owners.get(at) for at in range(max(leaf.owners) + 1)])]
        for number, (link, owner) in enumerate(self._links, len(self._leaves)):
            link["/StructParent"] = number
            found += [number, owner]
        return found

    def _below(self, kids: object, above: Object, leaf: Leaf | None, depth: int) -> Iterator[Object | int]:
        if depth > DEEPEST:
            return
        for kid in items(kids) if isinstance(kids, Array) else [kids]:
            made_of_it = self._kid(kid, above, leaf, depth)
            if made_of_it is not None:
                yield made_of_it

    def _kid(self, kid: object, above: Object, leaf: Leaf | None, depth: int) -> Object | int | None:
        if (number := whole(kid)) is not None:
            return number if leaf is not None and _claims(leaf, number, above) else None
        if not isinstance(kid, Dictionary):
            return None
        own = self._leaf(kid) or leaf
        match str(part(kid, "/Type")):
            case "/MCR":
                return _piece(kid, above, own, leaf)
            case "/OBJR":
                return self._link(kid, above, own)
        return self._element(kid, above, own, depth)

    def _leaf(self, found: Dictionary) -> Leaf | None:
        page = part(found, "/Pg")
        return self._leaves.get(page.objgen) if isinstance(page, Dictionary) else None

    def _element(self, found: Dictionary, above: Object, leaf: Leaf | None, depth: int) -> Object | None:
        if found.objgen in self._seen or len(self._seen) > MOST_ELEMENTS:
            return None
        self._seen |= {found.objgen} if found.is_indirect else set()
        role = self._role(str(part(found, "/S"))[1:])
        element = self._copy.target.make_indirect(
            made(
                Type=Name.StructElem,
                S=Name(f"/{role}"),
                P=above,
                Pg=leaf and leaf.page,
                Lang=language(part(found, "/Lang")),
                A=_attributes(part(found, "/A")),
            )
        )
        below = list(self._below(part(found, "/K"), element, leaf, depth + 1))
        if below:
            element["/K"] = Array(below)
        return element if below or role in EMPTY_ROLES else None

    def _role(self, called: str) -> str:
        for _step in range(FURTHEST_ROLE):
            if called in ROLES:
                return called
            called = str(self._roles.get(f"/{called}", "/"))[1:]
        return "NonStruct"

    def _link(self, found: Dictionary, above: Object, leaf: Leaf | None) -> Object | None:
        thing = part(found, "/Obj")
        link = leaf.links.get(thing.objgen) if leaf and isinstance(thing, Dictionary) and thing.is_indirect else None
        if link is None or leaf is None or "/StructParent" in link:
            return None
        link["/StructParent"] = 0  # taken; its number follows
        self._links.append((link, above))
        return made(Type=Name.OBJR, Obj=link, Pg=leaf.page)


def _claims(leaf: Leaf, number: int, owner: Object) -> bool:
    """Whether a piece is there, and nobody else's."""
    if number not in leaf.pieces or number in leaf.owners:
        return False
    leaf.owners[number] = owner
    return True


def _piece(found: Dictionary, above: Object, leaf: Leaf | None, around: Leaf | None) -> Object | int | None:
    number = whole(part(found, "/MCID"))
    if leaf is None or number is None or not _claims(leaf, number, above):
        return None
    return number if leaf is around else made(Type=Name.MCR, Pg=leaf.page, MCID=number)


def _attributes(found: object) -> Dictionary | None:
    """How a cell or a list stands among others."""
    for one in items(found) if isinstance(found, Array) else [found]:
        match str(part(one, "/O")):
            case "/Table":
                spans = {key: whole(part(one, f"/{key}"), 1, 1000) for key in ("RowSpan", "ColSpan")}
                return made(O=Name.Table, Scope=name(part(one, "/Scope"), SCOPES), **spans)
            case "/List":
                return made(O=Name.List, ListNumbering=name(part(one, "/ListNumbering"), NUMBERINGS))
    return None


def language(found: object) -> String | None:
    """A language by its code, and nothing else."""
    called = str(found) if isinstance(found, String) else ""
    return String(called) if LANGUAGE.fullmatch(called) else None
