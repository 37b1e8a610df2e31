"""Values of a PDF that say what they are: numbers, names of a known list, lists of numbers. Whatever else stands in their place
is none of them.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from facilitator.core.sandboxed import FileRefused

LARGEST = 10**9
MOST_NUMBERS = 100_000
LARGEST_STREAM = 256 * 1024 * 1024

Number = int | Decimal
Values = dict[str, Any]  # Any: whatever a PDF can hold


def number(found: object) -> Number | None:
    """A number of a size that something on a page may have."""
    if isinstance(found, int | Decimal) and not isinstance(found, bool) and -LARGEST <= found <= LARGEST:
        return found
    return None


def whole(found: object, least: int = 0, most: int = LARGEST) -> int | None:
    """A whole number within bounds."""
    return found if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most else None


def numbers(found: object, *counts: int) -> list[Number] | None:
    """A list of numbers and nothing else, of one of these lengths if any are named."""
    if not isinstance(found, Array) or len(found) > MOST_NUMBERS or (counts and len(found) not in counts):
        return None
    values = [number(one) for one in found.as_list()]
    return None if None in values else values  # type: ignore[return-value]  # none is None


def name(found: object, known: Collection[str]) -> Name | None:
    """One of these names, written here without their slash."""
    return Name(str(found)) if isinstance(found, Name) and str(found)[1:] in known else None


def is_true(found: object) -> bool | None:
    """A yes or no."""
    return found if isinstance(found, bool) else None


def made(**values: object) -> Dictionary:
    """A dictionary of what there is: what is None is not in it."""
    return Dictionary({f"/{key}": value for key, value in values.items() if value is not None})


def part(found: object, key: str) -> Any:
    """What a dictionary or a stream has under a key; none of anything else."""
    return found.get(key) if isinstance(found, Dictionary | Stream) else None


def items(found: object) -> list[object]:
    """What an array has in it; of what is none, nothing."""
    return list(found.as_list()) if isinstance(found, Array) else []


def entries(found: object) -> dict[str, Object]:
    """What a dictionary has in it; of what is none, nothing."""
    return dict(found.items()) if isinstance(found, Dictionary) else {}


def data(found: Stream) -> bytes:
    """What a stream holds, unpacked. Raises FileRefused where it is more than one may."""
    try:
        return found.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    except (pikepdf.PdfError, RuntimeError) as error:
        raise FileRefused("too_much" if "limit" in str(error) else "no_paper") from error
