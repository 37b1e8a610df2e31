"""Parses documents back: the text, the structure and the fonts of a PDF, and everything that is packed inside a file."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import docx
import pikepdf
import pypdf

IN_WORD = b"word/document.xml"


def pdf_text(content: bytes) -> str:
    """The words of a PDF, in the order of its pages, words that were broken made whole again."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return text.replace("\u00ad\n", "").replace("\u200b\n", "").replace("\u200b", "")


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


def docx_text(content: bytes) -> str:
    """The words of a DOCX, those of its tables and of the bottom of its pages included."""
    document = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    foot = (paragraph.text for section in document.sections for paragraph in section.footer.paragraphs)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *foot])


def office_text(content: bytes) -> str:
    """The words of a DOCX or an XLSX."""
    return docx_text(content) if IN_WORD in content else "\n".join(cell for row in cells_of(content) for cell in row)


def cells_of(content: bytes) -> list[list[str]]:
    """The texts and numbers of an XLSX, row by row; a formula is an error."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = ET.fromstring(file.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{main}f"))
    return [["".join(cell.itertext()) for cell in row.iter(f"{main}c")] for row in sheet.iter(f"{main}row")]


def words_of(text: str) -> set[str]:
    """Letters, digits and pictures of a text, word by word; what escapes, breaks and parts words aside."""
    joined = "".join(c for c in text.replace("\\n", " ") if unicodedata.category(c)[0] in "LNMSCZ" or c in "\n\t")
    return set(joined.replace("\u200b", "").split())


def everything_in(content: bytes) -> str:
    """What there is to find in a file, as words and as bytes, for a search that must not find something."""
    words = pdf_text(content) if content.startswith(b"%PDF") else office_text(content) if content[:2] == b"PK" else ""
    return words + unpacked(content).decode(errors="replace")


def unpacked(content: bytes) -> bytes:
    """Every byte of a file, and every byte of what is packed inside it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return content + b"".join(name.encode() + file.read(name) for name in file.namelist())
    if not content.startswith(b"%PDF"):
        return content
    with pikepdf.open(io.BytesIO(content)) as document:
        pieces = [_stream(obj) if isinstance(obj, pikepdf.Stream) else obj.unparse() for obj in document.objects]
    return content + b"".join(pieces)


def _stream(stream: pikepdf.Stream) -> bytes:
    """What is packed in a stream; a photo stays as it is, its bytes are no text."""
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())
