"""A report as Markdown. Pure: words in, text out.

Promises: whatever people wrote stays what it is, characters in a line of text. None of it becomes a heading, a list, a
table, a link, code or HTML, in CommonMark and in the dialects that turn addresses, names and signs into links by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from facilitator.core.text import printable
from facilitator.reports.blocks import Block, Facts, Lines, Part, Scales, Sheet, Times, Words

MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&@$=^]")
STARTS = re.compile(r"^([-+:]|\d{1,9}(?=[.)]))")
ADDRESSES = re.compile(r"(?<=\w)\.(?=[^\W\d])|:(?=[^\s\d])")
BREAK = "\\\n"


def markdown(sheet: Sheet) -> str:
    """The whole report; ends with a line break."""
    blocks = [f"# {line(sheet.name)}: {line(sheet.title)}" if sheet.title else f"# {line(sheet.name)}"]
    if sheet.state:
        blocks.append(f"*{line(sheet.state)}*")
    blocks += [_facts(sheet.facts), *(text for part in sheet.parts for text in _part(part))]
    return "\n\n".join(text for text in blocks if text) + "\n"


def _part(part: Part) -> Iterator[str]:
    yield f"{'#' * part.level} {line(part.title)}"
    yield from (_block(block) for block in part.blocks)


def _block(block: Block) -> str:
    match block:
        case Words():
            return f"*{line(block.text)}*" if block.is_quiet else lines(block.text)
        case Facts():
            return _facts(block)
        case Lines():
            return _list(block)
        case Scales():
            return _scales(block)
        case Times():
            return _times(block)


def _facts(facts: Facts) -> str:
    return "\n".join(f"- **{line(label)}:** {lines(value, '  ')}" for label, value in facts.rows)


def _list(found: Lines) -> str:
    texts = []
    for row in found.rows:
        remark = f" **({line(row.remark)})**" if row.remark else ""
        texts.append(f"- {lines(row.text, '  ')}{remark}")
        texts += [f"  - {lines(text, '    ')}" for text in row.under]
    return "\n".join(texts)


def _scales(scales: Scales) -> str:
    label, mean, answers = (line(head) for head in scales.heads)
    rows = [f"| {label} | {mean} | {answers} |", "| --- | ---: | --- |"]
    rows += [f"| {line(row.label)} | {line(row.mean)} | {line(row.in_words)} |" for row in scales.rows]
    ends = dict.fromkeys(row.ends for row in scales.rows if row.ends)
    return "\n".join(rows) + "".join(f"\n\n{line(text)}" for text in ends)


def _times(times: Times) -> str:
    title, planned, used = (line(head) for head in times.heads)
    rows = [f"| {title} | {planned} | {used} |", "| --- | ---: | ---: |"]
    for row in (*times.rows, times.total):
        remark = f" ({line(row.remark)})" if row.remark else ""
        rows.append(f"| {line(row.title)}{remark} | {line(row.planned)} | {line(row.used)} |")
    return "\n".join(rows)


def line(text: str) -> str:
    """A text in one line, as nothing but text."""
    return _escaped(" ".join(_cleaned(text)))


def lines(text: str, indent: str = "") -> str:
    """A text with its own line breaks, as nothing but text; the lines after the first begin with `indent`."""
    return f"{BREAK}{indent}".join(_escaped(one) for one in _cleaned(text))


def _cleaned(text: str) -> list[str]:
    """The lines of a text, without space at both ends."""
    found = (one.strip() for one in printable(text).split("\n"))
    return [one for one in found if one]


def _escaped(text: str) -> str:
    safe = MARKUP.sub(r"\\\g<0>", text)
    safe = ADDRESSES.sub(lambda found: f"\\{found.group(0)}", safe)
    return STARTS.sub(_at_the_start, safe)


def _at_the_start(found: re.Match[str]) -> str:
    sign = found.group(0)
    return f"{sign}\\" if sign[0].isdigit() else f"\\{sign}"
