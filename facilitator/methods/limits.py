"""How much a method may hold: more than anybody needs, and little enough that its pages are drawn and its meetings played in no time.

Promises: pure, and quick whatever a document holds; asked of each document that comes in, before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from facilitator.methods.problem import Problem

MOST: Mapping[str, int] = {"phases": 40, "forms": 12}  # entries of a list of this name
MOST_OF_ANY = 20  # of every other one: fields, choices, on_table, lines of the agreement
MOST_ASKED = 60  # forms, fields and choices of a phase in all
MOST_TEXTS = 120  # that one person may write in a meeting
MOST_LANGUAGES, MOST_WORDS = 6, 240  # entries of `texts`, and of every other table


def most(name: str) -> int:
    """How many entries a list of this name may have."""
    return MOST.get(name, MOST_OF_ANY)


def shape_problems(document: object) -> Iterator[Problem]:
    """Where a document holds more than there is room for, whatever else it is."""
    yield from _piece_problems(document, "", "")
    for number, phase in enumerate(_tables(document, "phases")):
        if (asked := _asked(phase)) > MOST_ASKED:
            yield Problem(
                f"phases[{number}].forms",
                f"{asked} forms, fields and choices in all are more than a phase has room for: {MOST_ASKED}",
            )


def _piece_problems(piece: object, place: str, name: str) -> Iterator[Problem]:
    if not isinstance(piece, list | dict):
        return
    room = most(name) if isinstance(piece, list) else MOST_LANGUAGES if name == "texts" else MOST_WORDS
    if len(piece) > room:
        yield Problem(place, f"{len(piece)} stand here, and there is room for {room}")
    elif isinstance(piece, list):
        for number, one in enumerate(piece):
            yield from _piece_problems(one, f"{place}[{number}]", name)
    else:
        for word, one in piece.items():
            yield from _piece_problems(one, f"{place}.{word}".removeprefix("."), word)


def _asked(phase: object) -> int:
    forms = _tables(phase, "forms")
    fields = [field for form in forms for field in _tables(form, "fields")]
    return len(forms) + len(fields) + sum(len(_tables(field, "choices")) for field in fields)


def _tables(piece: object, name: str) -> list[Any]:
    found = piece.get(name) if isinstance(piece, dict) else None
    return found if isinstance(found, list) else []
