"""A method's file as text: TOML in the look of the catalogue. What is written is read as the same document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

LONGEST_LINE = 140
MOST_LABELS_IN_A_LINE = 2
BARE = re.compile(r"[A-Za-z0-9_-]+")
Table = Mapping[str, object]


def written(document: Table) -> str:
    """The document as a file."""
    return "\n".join(_table(document, "")).strip() + "\n"


def _table(table: Table, name: str) -> Iterator[str]:
    """What stands under the head of a table: its own words first, then tables within it."""
    inner = {word: value for word, value in table.items() if _has_a_head(value)}
    yield from (f"{_key(word)} = {_value(value)}" for word, value in table.items() if word not in inner)
    for word, value in inner.items():
        place = f"{name}{_key(word)}"
        if isinstance(value, Mapping):
            if any(not _has_a_head(one) for one in value.values()):
                yield from ("", f"[{place}]")
            yield from _table(value, f"{place}.")
        else:
            assert isinstance(value, Sequence)
            for one in value:
                yield from ("", f"[[{place}]]")
                yield from _table(one, f"{place}.")


def _has_a_head(value: object) -> bool:
    """Whether something gets lines of its own: texts and phases do, forms and what else is small do not."""
    if isinstance(value, Mapping):
        return any(map(_is_table, value.values())) or len(value) > MOST_LABELS_IN_A_LINE
    return isinstance(value, list) and any(isinstance(one, Mapping) and "kind" in one for one in value)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _value(value: object, depth: int = 0) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if value == round(value) else repr(value)
    if isinstance(value, Mapping):
        return _inline(value, depth)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list(value, depth)
    return _text(str(value))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(table: Table, depth: int) -> str:
    """On one line, but for a list of tables in it, which comes last."""
    last_first = sorted(table.items(), key=lambda one: isinstance(one[1], list) and any(map(_is_table, one[1])))
    inside = ", ".join(f"{_key(word)} = {_value(value, depth)}" for word, value in last_first)
    return f"{{ {inside} }}" if inside else "{}"


def _list(values: Sequence[object], depth: int) -> str:
    line = f"[{', '.join(_value(one, depth) for one in values)}]"
    if len(line) <= LONGEST_LINE and "\n" not in line:
        return line
    margin = "  " * (depth + 1)
    return "[\n" + "".join(f"{margin}{_value(one, depth + 1)},\n" for one in values) + "  " * depth + "]"


def _key(word: str) -> str:
    return word if BARE.fullmatch(word) else _text(word)
