"""Methods that a test writes itself: TOML as people write it, read and judged like any file, and for a while in the catalogue.

with in_the_catalogue(written(tmp_path, 'kind = "talk"\\nminutes = 5')) as key:
    meeting = cast.meeting(method=key)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facilitator.methods.loader import check_file, load_catalogue, load_file
from facilitator.methods.vocabulary import Method

KEY = "own_method"
HEAD = f"""
key = "{KEY}"
source = "A test"
people_min = 3
people_max = 8

[texts.en]
title = "Our own"
summary = "S"
suits = "S"
avoid = "A"
agreement = ["We keep it."]

[texts.nl]
title = "Van ons"
summary = "S"
suits = "S"
avoid = "A"
agreement = ["We houden het."]
"""


def problems(tmp_path: Path, *phases: str, head: str = "") -> list[str]:
    """What is wrong with a method of these phases, each one what a file says of it."""
    return check_file(_file(tmp_path, phases, head))


def written(tmp_path: Path, *phases: str, head: str = "") -> Method:
    """A method of these phases. It is right."""
    path = _file(tmp_path, phases, head)
    assert check_file(path) == []
    return load_file(path)


@contextmanager
def in_the_catalogue(method: Method) -> Iterator[str]:
    """As if its file lay there; gives its key."""
    load_catalogue()[method.key] = method
    try:
        yield method.key
    finally:
        del load_catalogue()[method.key]


def _file(tmp_path: Path, phases: tuple[str, ...], head: str) -> Path:
    path = tmp_path / f"{KEY}.toml"
    path.write_text(HEAD + head + "".join(f"\n[[phases]]\n{phase}\n" for phase in phases), encoding="utf-8")
    return path
