"""Writes docs/report.schema.json, the description of a report as JSON; a test says when that is due."""

import sys
from pathlib import Path

from facilitator.reports.formats.data import schema

WRITTEN = Path(__file__).resolve().parents[1] / "docs/report.schema.json"


def main() -> int:
    WRITTEN.write_text(schema(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
