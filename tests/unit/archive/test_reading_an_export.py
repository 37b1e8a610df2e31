"""Whatever is wrong with an export is one sentence, said before anything is written."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from facilitator.archive.content import Form
from facilitator.archive.exchange import reading
from facilitator.archive.exchange.document import FORMAT, VERSION, CardRecord, ContentRecord, Document
from facilitator.archive.exchange.reading import NotAnArchive, document, read, sentence
from facilitator.core.sandboxed import FileRefused

CARD = CardRecord(
    id="0123456789abcdefghjkmn",
    language="nl",
    form=Form.CONSULTATION,
    published_on=date(2026, 11, 25),
    content=ContentRecord(title="Full"),
)
DOCUMENT = Document(format=FORMAT, version=VERSION, themes=("Trust",), cards=(CARD,))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An export that is fine."""
    file = tmp_path / "archive.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.md", "# Archive\n")
        packed.writestr("archive.json", DOCUMENT.model_dump_json())
        packed.writestr("cards/full.md", "# Full\n")
    return file


def contents(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path, Path], Path]:
    """A file with something changed in it."""

    def make(source: Path, target: Path) -> Path:
        pages = contents(source)
        change(pages)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in pages.items():
                packed.writestr(name, content)
        return target

    return make


def in_document(change: Callable[[dict[str, object]], object]) -> Callable[[Path, Path], Path]:
    def inside(pages: dict[str, bytes]) -> None:
        document = json.loads(pages["archive.json"])
        change(document)
        pages["archive.json"] = json.dumps(document).encode()

    return repacked(inside)


def in_card(**values: object) -> Callable[[Path, Path], Path]:
    return in_document(lambda document: document["cards"][0].update(values))  # type: ignore[index]


def packed_as(way: int, source: Path, target: Path) -> Path:
    """The same, packed otherwise."""
    with zipfile.ZipFile(target, "w", way) as packed:
        for name, content in contents(source).items():
            packed.writestr(name, content)
    return target


def overlapping(source: Path, target: Path) -> Path:
    """A zip that says twice of one stretch that a file lies there: so it can hold what it has no room for."""
    packed_as(zipfile.ZIP_STORED, source, target)
    with zipfile.ZipFile(target, "a") as packed:
        twin = copy(packed.getinfo("cards/full.md"))
        twin.filename = "cards/twin.md"
        packed.filelist.append(twin)
        packed.NameToInfo[twin.filename] = twin
        packed.writestr("cards/last.md", "so that it is written anew")
    return target


BROKEN: dict[str, Callable[[Path, Path], Path]] = {
    "no zip": lambda _, target: (target.write_bytes(b"PK no zip"), target)[1],
    "empty": lambda _, target: (target.write_bytes(b""), target)[1],
    "half": lambda source, target: (target.write_bytes(source.read_bytes()[:300]), target)[1],
    "no document": repacked(lambda pages: pages.pop("archive.json")),
    "bad utf-8": repacked(lambda pages: pages.update({"archive.json": b'{"format": "\xff"}'})),
    "no json": repacked(lambda pages: pages.update({"archive.json": b"{"})),
    "deep json": repacked(lambda pages: pages.update({"archive.json": b"[" * 100_000})),
    "another json": repacked(lambda pages: pages.update({"archive.json": b"{}"})),
    "path above": repacked(lambda pages: pages.update({"cards/../../evil.md": b"x"})),
    "absolute path": repacked(lambda pages: pages.update({"/etc/evil": b"x"})),
    "backslashes": repacked(lambda pages: pages.update({"cards/..\\evil.md": b"x"})),
    "something else": repacked(lambda pages: pages.update({"evil.exe": b"x"})),
    "a folder too deep": repacked(lambda pages: pages.update({"cards/a/b.md": b"x"})),
    "a bomb": repacked(lambda pages: pages.update({"cards/bomb.md": b"\0" * (65 * 1024 * 1024)})),
    "a bomb among the pictures": repacked(lambda pages: pages.update({"files/bomb.webp": b"\0" * (9 * 1024 * 1024)})),
    "two things in one place": overlapping,
    "packed in a rare way": lambda source, target: packed_as(zipfile.ZIP_LZMA, source, target),
    "newer version": in_document(lambda document: document.update(version=2)),
    "another format": in_document(lambda document: document.update(format="something")),
    "unknown field": in_card(owner="Gia"),
    "card twice": in_document(lambda document: document["cards"].append(document["cards"][0])),  # type: ignore[attr-defined, index]
    "bad id": in_card(id="../../etc"),
    "bad form": in_card(form="poem"),
    "bad period": in_card(period="2026-Q7"),
    "bad outcome": in_card(outcome="maybe"),
    "bad day": in_card(published_on="2026-02-31"),
    "a day that is a number": in_card(published_on=20260201),
    "a day of another calendar": in_card(published_on="0001-01-01"),
    "a day that is no end": in_card(review_on="9999-12-31"),
    "a day to come": in_card(published_on="2199-12-31"),
    "group without a name": in_card(for_whom="group", group=""),
    "a theme that nobody sees": in_card(themes=["\u200b\0"]),
    "half a character": repacked(
        lambda pages: pages.update({"archive.json": pages["archive.json"].replace(b'"Full"', b'"\\ud800"')})
    ),
    "a link that runs": in_card(content={"title": "Full", "link": "javascript:alert(1)"}),
    "a link of two lines": in_card(content={"title": "Full", "link": "javascript:alert(1)//\nhttps://example.org"}),
    "a theme too long": in_card(themes=["x" * 61]),
}


def test_what_is_fine_is_read(source: Path) -> None:
    assert read(source) == DOCUMENT


def test_a_link_to_the_web_is_taken(tmp_path: Path, source: Path) -> None:
    content = {"title": "Full", "link": "HTTPS://example.org/a?b=c#d"}
    changed = in_card(content=content)(source, tmp_path / "changed.zip")
    assert read(changed).cards[0].content.link == content["link"]


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_refused_in_one_sentence(tmp_path: Path, what: str, source: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    broken = BROKEN[what](source, folder / "broken.zip")
    with broken.open("rb") as file, pytest.raises(FileRefused) as refused:
        document(file, io.BytesIO())
    assert len(sentence(broken, refused.value).splitlines()) == 1
    assert [file.name for file in tmp_path.rglob("*") if "evil" in file.name] == []


@pytest.mark.parametrize(
    ("what", "says"), [("a bomb", "too large"), ("half", "not a zip"), ("no document", "no archive.json")]
)
def test_it_is_taken_apart_in_a_process_of_its_own_and_says_the_same(
    tmp_path: Path, what: str, says: str, source: Path
) -> None:
    with pytest.raises(NotAnArchive, match=says):
        read(BROKEN[what](source, tmp_path / "broken.zip"))


def test_what_this_machine_cannot_take_in_is_refused(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMITS", replace(reading.LIMITS, output=10))
    with pytest.raises(NotAnArchive, match="more than this machine can take in"):
        read(source)
