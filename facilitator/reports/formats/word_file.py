"""The file a word processor opens: an empty one in the house's styles, and what stands in it.

python-docx keeps the package; its template brings a picture of somebody's page, a bibliography and two hundred styles, so
everything in it is replaced (word_parts/*.xml). The pieces are made as elements at once: looking up a style for each of some
hundred paragraphs would take longer than all the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from facilitator.core import languages
from facilitator.core.text import is_from_right, printable

PARTS = Path(__file__).parent / "word_parts"
OURS = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.NUMBERING, RELATIONSHIP_TYPE.SETTINGS}
ABOUT = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Facilitator</Application></Properties>"
)


def new_file(title: str, locale: str, moment: datetime) -> WordDocument:
    """An empty document with its title and language."""
    document = Document(io.BytesIO(_blank()))
    language = languages.tag_of(locale)
    for found in document.styles.element.iter(name("w:lang")):
        found.set(name("w:val"), language)
    about = document.core_properties
    about.title, about.language = printable(title)[:255], language
    about.created = about.modified = moment.replace(tzinfo=None)
    return document


@cache
def _blank() -> bytes:
    document = Document()
    package = document.part.package
    for key in [key for key, found in package.rels.items() if found.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del package.rels[key]
    for key, found in list(document.part.rels.items()):
        del document.part.rels[key]
        if found.reltype in OURS:
            ours = (PARTS / Path(found.target_part.partname).name).read_bytes()
            document.part.relate_to(_in_place_of(found.target_part, ours), found.reltype)
    for key, found in list(package.rels.items()):
        if found.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
            del package.rels[key]
            package.relate_to(_in_place_of(found.target_part, ABOUT.encode()), found.reltype)
    _say_nothing_of_us(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(24)
    return as_bytes(document)


def _in_place_of(part: Part, content: bytes) -> Part:
    made: Part = part.load(part.partname, part.content_type, content, part.package)
    return made


def _say_nothing_of_us(document: WordDocument) -> None:
    about = document.core_properties
    about.author = about.comments = about.last_modified_by = ""
    about.revision = 1
    for found in document.element.iter():
        for key in [key for key in found.attrib if "rsid" in key]:
            del found.attrib[key]


def as_bytes(document: WordDocument) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def put_foot(document: WordDocument, foot: BaseOxmlElement) -> None:
    """What stands at the bottom of each page."""
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    root = footer.part.element
    root[:] = [foot]


def name(short: str) -> str:
    """The full name of an element or attribute, as in "w:val"."""
    from docx.oxml.ns import qn

    return str(qn(short))


# -- What stands in it -------------------------------------------------------------------------------------------------


def element(tag: str, *children: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    """An element of the main vocabulary: `element("w:jc", val="end")`."""
    made = OxmlElement(tag, {name(f"w:{key}"): value for key, value in attributes.items()})
    made.extend(children)
    return made


def paragraph(
    style: str,
    *runs: BaseOxmlElement,
    is_from_right: bool = False,
    at_end: bool = False,
    is_with_next: bool = False,
) -> BaseOxmlElement:
    """A paragraph in one of our styles. `is_with_next`: no page begins after it."""
    about = [element("w:pStyle", val=style)]
    about += [element("w:keepNext")] if is_with_next else []
    about += [element("w:bidi")] if is_from_right else []
    about += [element("w:jc", val="end")] if at_end else []
    return element("w:p", element("w:pPr", *about), *runs)


def written(style: str, text: str, *more: BaseOxmlElement, at_end: bool = False) -> BaseOxmlElement:
    """A paragraph with what somebody wrote, from the right where it is written so, and what we add to it."""
    from_right = is_from_right(text)
    return paragraph(style, run(text, is_from_right=from_right), *more, is_from_right=from_right, at_end=at_end)


def run(text: str, style: str = "", *, is_from_right: bool = False) -> BaseOxmlElement:
    """A piece of text with its own line breaks."""
    about = [element("w:rStyle", val=style)] if style else []
    about += [element("w:rtl")] if is_from_right else []
    return element("w:r", *([element("w:rPr", *about)] if about else []), *_lines(text))


def _lines(text: str) -> Iterator[BaseOxmlElement]:
    for index, line in enumerate(printable(text).split("\n")):
        if index:
            yield element("w:br")
        made = element("w:t")
        made.text = line
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        yield made


def tab() -> BaseOxmlElement:
    """On to the next stop of the paragraph."""
    return element("w:r", element("w:tab"))


def field(code: str) -> BaseOxmlElement:
    """What the word processor fills in, such as the number of the page."""
    return element("w:fldSimple", run("1"), instr=f" {code} ")


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], *, has_total: bool
) -> BaseOxmlElement:
    """A table with a row of heads that every page repeats. `widths` are shares of 100; narrow columns hold figures."""
    look = element("w:tblLook", val="0060" if has_total else "0020", firstRow="1", lastRow=str(int(has_total)))
    about = element("w:tblPr", element("w:tblStyle", val="ReportTable"), element("w:tblW", w="5000", type="pct"), look)
    grid = element("w:tblGrid", *(element("w:gridCol", w=str(width * 92)) for width in widths))
    made = [_row(row, widths, is_head=index == 0) for index, row in enumerate((heads, *rows))]
    return element("w:tbl", about, grid, *made)


def _row(cells: Sequence[str], widths: Sequence[int], *, is_head: bool) -> BaseOxmlElement:
    about = [element("w:cantSplit"), *([element("w:tblHeader")] if is_head else [])]
    made = (_cell(text, width) for text, width in zip(cells, widths, strict=True))
    return element("w:tr", element("w:trPr", *about), *made)


def _cell(text: str, width: int) -> BaseOxmlElement:
    about = element("w:tcPr", element("w:tcW", w=str(width * 50), type="pct"))
    return element("w:tc", about, written("Cell", text, at_end=width <= 20))
