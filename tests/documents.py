"""Parses documents back: the text, the structure and the fonts of a PDF, and everything that is packed inside a file."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdf


def pdf_text(content: bytes) -> str:
    """The words of a PDF, in the order of its pages, without the places where a word may break."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return text.replace("\u200b", "").replace("\u00ad", "")


def structure(content: bytes) -> list[str]:
    """The kinds of the elements of a tagged PDF, in reading order, its role map applied."""
    with pikepdf.open(io.BytesIO(content)) as document:
        root = document.Root.StructTreeRoot
        roles = {str(k): str(v) for k, v in root.get("/RoleMap", pikepdf.Dictionary()).items()}
        return [roles.get(str(e.S), str(e.S)).removeprefix("/") for e in _elements(root)]


def alternatives(content: bytes) -> list[str]:
    """What is read out in place of the drawings of a PDF."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return [str(e.Alt) for e in _elements(document.Root.StructTreeRoot) if "/Alt" in e]


def _elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    kids = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def embedded_fonts(content: bytes) -> set[str]:
    """The names of the fonts of a PDF; each of them is asserted to be in it."""
    names = set()
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            for font in page.resources.get("/Font", pikepdf.Dictionary()).values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                described = inner.FontDescriptor
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()), font.BaseFont
                names.add(str(font.BaseFont))
    return names
