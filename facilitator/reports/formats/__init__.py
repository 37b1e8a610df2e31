"""Every format a report leaves in. A format joins in the table here: its ending, its media type, what draws it.

Promises: a format gets the report and its words, both of which hold what may be read and nothing else, and gives bytes.
None asks the meeting, and none knows who reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from facilitator.reports.blocks import Sheet
from facilitator.reports.formats.typeset import pdf
from facilitator.reports.markdown import markdown
from facilitator.reports.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """`draw` makes the file, in the language of the request: the sheet's words already are."""

    media_type: str
    draw: Callable[[Report, Sheet], bytes]


FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", pdf),
    "md": Format("text/markdown; charset=utf-8", lambda _report, sheet: markdown(sheet).encode()),
}
