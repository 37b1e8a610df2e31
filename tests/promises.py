"""What docs/confidentiality.md promises, and the tests that hold it to its word.

A sentence and a row of a table end with what they rest on: `[^an-id]`, which names tests, or one of two remarks that promise
nothing – `<!-- context -->` explains, `<!-- limit -->` admits. A test says which promise it holds:
`@pytest.mark.promise("an-id")`. The list at the end of the document follows from the tests:

    .venv/bin/python -m tests.promises
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs/confidentiality.md"
LIST = "## The tests"
MARK = r"(?:\[\^[a-z0-9-]+\]|\s*<!-- \w+ -->)"
ENDS = re.compile(rf"([.?!]\)?(?:\*\*)?)({MARK}*)(?=\s|$)")
CODE = re.compile(r"`[^`]+`")
LINK = re.compile(r"\[([^\]^][^\]]*)\]\([^)]+\)")


@dataclass(frozen=True)
class Statement:
    """A sentence or a row, the promises it names, and its remarks."""

    words: str
    promises: tuple[str, ...]
    remarks: tuple[str, ...]


def statements(text: str) -> list[Statement]:
    """Everything the document says above its list of tests, but headings."""
    return [statement(piece) for block in blocks(text.partition(LIST)[0]) for piece in pieces(block)]


def blocks(text: str) -> Iterator[str]:
    """Paragraphs, entries of lists and rows of tables, each on one line. The head of a table says nothing."""
    for part in re.split(r"\n\s*\n", re.sub(r"^#.*$", "\n", text, flags=re.MULTILINE)):
        lines = part.strip().splitlines()
        if lines and lines[0].startswith("|"):
            yield from lines[2:]
        else:
            yield from (" ".join(entry.split()) for entry in re.split(r"^\s*(?:[-*]|\d+\.) ", part, flags=re.MULTILINE))


def pieces(block: str) -> Iterator[str]:
    """A row as it is; of anything else each sentence with the marks behind it."""
    if block.startswith("|"):
        yield block
        return
    plain = LINK.sub(r"\1", CODE.sub("`code`", block))
    begin = 0
    for end in ENDS.finditer(plain):
        yield plain[begin : end.end()].strip()
        begin = end.end()
    if plain[begin:].strip():
        yield plain[begin:].strip()


def statement(piece: str) -> Statement:
    """A piece and what it rests on."""
    words = re.sub(MARK, "", piece)
    return Statement(words, tuple(re.findall(r"\[\^([^\]]+)\]", piece)), tuple(re.findall(r"<!-- (.*?) -->", piece)))


def listed(text: str) -> dict[str, list[str]]:
    """The tests that the document names, by promise."""
    lines = text.partition(LIST)[2].splitlines()
    entries = [line[2:].split("]: ") for line in lines if line.startswith("[^")]
    return {name: tests.replace("`", "").split(", ") for name, tests in entries}


def held() -> dict[str, list[str]]:
    """The tests that say which promise they hold, by promise, read from their files."""
    found: dict[str, list[str]] = {}
    for path in sorted(ROOT.glob("tests/**/test_*.py")):
        source = path.read_text(encoding="utf-8")
        for test, name in marked(source) if "mark.promise" in source else ():
            found.setdefault(name, []).append(f"{path.relative_to(ROOT)}::{test}")
    return dict(sorted(found.items()))


def marked(source: str) -> Iterator[tuple[str, str]]:
    """A test and a promise it holds."""
    for test in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        for mark in test.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise":
                yield from ((test.name, ast.literal_eval(name)) for name in mark.args)


def footnotes() -> str:
    """The list at the end of the document, as it should be."""
    return "\n".join(f"[^{name}]: {', '.join(f'`{test}`' for test in tests)}" for name, tests in held().items()) + "\n"


def write_list() -> None:
    """Brings the list in the document up to date."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, heading, after = text.partition(LIST)
    said = re.split(r"^(?:\[\^|<{7})", after, maxsplit=1, flags=re.MULTILINE)[
        0
    ]  # or what two who changed it left behind
    DOCUMENT.write_text(before + heading + said + footnotes(), encoding="utf-8")


if __name__ == "__main__":
    write_list()
