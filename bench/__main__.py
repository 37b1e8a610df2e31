"""Measures, prints a table, writes bench/results/latest.json and says which figures fall short."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench import burst, documents, fanout, search, shares, starting, visit
from bench.figures import table

PARTS = {
    "fanout": fanout.figures,
    "shares": shares.figures,
    "burst": burst.figures,
    "visit": visit.figures,
    "search": search.figures,
    "start": starting.figures,
    "documents": documents.figures,
}
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(wanted: list[str]) -> int:
    """Exit code 0 also where goals are missed: timings on a busy machine prove nothing by themselves. 2: wrong usage."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        print(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    found = [figure for name, figures in PARTS.items() if not wanted or name in wanted for figure in figures()]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([{**asdict(f), "is_reached": f.is_reached} for f in found], indent=2) + "\n")
    print(table(found))
    short = [figure.name for figure in found if not figure.is_reached]
    print(f"\nfalls short: {'; '.join(short)}" if short else "\nevery goal is reached")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
