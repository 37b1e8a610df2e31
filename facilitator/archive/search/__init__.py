"""The archive's search engine: the same hits, in the same order, on SQLite and PostgreSQL.

What others use: `put` and `take_out` inside their transaction, `find` and `related` with the cards somebody may read, `marked` and
`snippet` to show why. How it works: docs/search.md.
"""

from __future__ import annotations

from facilitator.archive.search.finding import Found, Hit, find, related
from facilitator.archive.search.highlighting import Segment, marked, snippet
from facilitator.archive.search.index import TABLES, put, take_out
from facilitator.archive.search.query import Query

__all__ = ["TABLES", "Found", "Hit", "Query", "Segment", "find", "marked", "put", "related", "snippet", "take_out"]
