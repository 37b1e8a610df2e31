"""A report as JSON, and the schema that says what may stand in it.

Promises: what is written is what the dataclasses of a report hold, and reads back as the same report; there is no id in it
but the meeting's own, and nothing that leads to a seat. The field `format` changes when an older reader would go wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from facilitator.reports.report import Report

DEEDS: Any = {"__all__": {"key"}}  # Any: as pydantic has it
NO_WORDS: Any = {"report": {"diary": True, "follow_up": DEEDS, "cases": {"__all__": {"actions": DEEDS}}}}
NAME: Literal["facilitator-report/1"] = "facilitator-report/1"


@dataclass(frozen=True, slots=True)
class Document:
    """A session report as data. Moments are in UTC, lengths in seconds; words of the method are in the language `locale`."""

    report: Report
    format: Literal["facilitator-report/1"] = NAME


@cache
def _adapter() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def as_json(report: Report) -> bytes:
    """The report as indented JSON, in UTF-8."""
    return _adapter().dump_json(Document(report), indent=2, exclude=NO_WORDS) + b"\n"


def from_json(content: bytes) -> Report:
    """The report that was written; raises pydantic's ValidationError where it is none."""
    return _adapter().validate_json(content).report


@cache
def schema() -> str:
    described = _adapter().json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{NAME.replace('/', ':')}"}
    return json.dumps(head | described, indent=2, ensure_ascii=False) + "\n"
