"""A report as DOCX, for whoever wants to go on working in it.

Promises: headings, lists and tables are real ones, in styles that every word processor knows; the file says its title and
its language, and nothing of who or what made it. Charts are tables here.
"""

from __future__ import annotations

from collections.abc import Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

from facilitator.accounts.languages import readers_language
from facilitator.core.db import now
from facilitator.core.text import is_from_right
from facilitator.reports.blocks import Block, Facts, Lines, Part, Scales, Sheet, Times, Words
from facilitator.reports.formats.title_and_footer import document_title, footer, line_in_words
from facilitator.reports.formats.word_file import (
    as_bytes,
    field,
    new_file,
    paragraph,
    put_foot,
    run,
    tab,
    table,
    written,
)
from facilitator.reports.report import Report


def docx(report: Report, sheet: Sheet) -> bytes:
    """The whole report, in the language that the sheet's words are in."""
    document = new_file(document_title(sheet), readers_language(), now())
    body = document.element.body
    for made in (*_head(report, sheet), *(one for part in sheet.parts for one in _part(part))):
        body.insert(len(body) - 1, made)  # the last one is about the pages
    numbers = (tab(), field("PAGE"), run(" / "), field("NUMPAGES"))
    put_foot(document, written("Footer", footer(sheet), *numbers))
    return as_bytes(document)


def _head(report: Report, sheet: Sheet) -> Iterator[BaseOxmlElement]:
    if sheet.title.strip():
        yield written("Subtitle", sheet.name)
    yield written("Heading1", sheet.title.strip() or sheet.name)
    if sheet.state:
        yield written("Notice", sheet.state)
    yield from _facts(sheet.facts)
    if told := line_in_words(report):
        yield written("Quiet", told)


def _part(part: Part) -> Iterator[BaseOxmlElement]:
    yield written(f"Heading{part.level}", part.title)
    for block in part.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[BaseOxmlElement]:
    match block:
        case Words():
            yield written("Quiet" if block.is_quiet else "Normal", block.text)
        case Facts():
            yield from _facts(block)
        case Lines():
            yield from _list(block)
        case Scales():
            yield from _scales(block)
        case Times():
            yield from _times(block)


def _facts(facts: Facts) -> Iterator[BaseOxmlElement]:
    for index, (label, value) in enumerate(facts.rows, 1):
        told = run(value, is_from_right=is_from_right(value))
        yield paragraph("Fact", run(label, "Label"), tab(), told, is_with_next=index < len(facts.rows))


def _list(lines: Lines) -> Iterator[BaseOxmlElement]:
    for row in lines.rows:
        remark = [run(f" ({row.remark})", "Strong")] if row.remark else []
        yield written("ListBullet", row.text, *remark)
        for text in row.under:
            yield written("ListBullet2", text)


def _scales(scales: Scales) -> Iterator[BaseOxmlElement]:
    yield table(
        scales.heads, [(row.label, row.mean, row.in_words) for row in scales.rows], (46, 20, 34), has_total=False
    )
    for ends in dict.fromkeys(row.ends for row in scales.rows if row.ends):
        yield written("Quiet", ends)


def _times(times: Times) -> Iterator[BaseOxmlElement]:
    rows = [
        (f"{row.title} ({row.remark})" if row.remark else row.title, row.planned, row.used)
        for row in (*times.rows, times.total)
    ]
    yield table(times.heads, rows, (60, 20, 20), has_total=True)
