"""Asking for many rows by key at once. A list as a list of parameters is another question for each length, which PostgreSQL
and its driver read and plan anew: hundreds of keys took longer to write down than to look up. An array is one parameter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")


def among(session: Session, column: InstrumentedAttribute[T], values: Iterable[T]) -> ColumnElement[bool]:
    """The rows whose column has one of these values."""
    if session.get_bind().dialect.name == "postgresql":
        # Without the length of the column: a longer value would be cut, and found.
        kind = String() if isinstance(column.type, String) else column.type
        return column == any_(bindparam(None, list(values), ARRAY(kind)))
    return column.in_(list(values))
