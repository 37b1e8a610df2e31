"""Reading an export, with distrust: it may have been made by anybody.

Promises: nothing is unpacked to disk and nothing is read that is larger than it may be, whatever the file says about itself; it is
taken apart in a process of its own, and only files whose entries were found right there are read here, piece by piece; whatever is
wrong is one sentence, before anything is written.
"""

from __future__ import annotations

import codecs
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pydantic import ValidationError

from facilitator.archive.exchange.document import FORMAT, VERSION, Document, FileRecord
from facilitator.archive.files.kinds import MOST_BYTES
from facilitator.core import sandbox
from facilitator.core.sandboxed import MEGABYTE, FileRefused, WorkLimits, work

MOST_FILES = 250_000
LARGEST_FILE = 64 * 1024 * 1024
LARGEST_DOCUMENT = 256 * 1024 * 1024
LARGEST_WHOLE = 1024 * 1024 * 1024
LARGEST_UPLOAD = max(MOST_BYTES.values())
DOCUMENT = "archive.json"
FOLDERS = ("cards/", "files/")
FILES = ("README.md", DOCUMENT)
UPLOADS = "files/"
IN_MEMORY = 1024 * 1024
WAYS_OF_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SMALLEST_PART = 50
WORK = "facilitator.archive.exchange.reading:document"
codecs.lookup("cp437")  # for names in a zip; where it is taken apart, it could not be looked for any more
# Whoever imports waits for it: minutes are no matter.
LIMITS = WorkLimits(memory=4096 * MEGABYTE, output=2 * LARGEST_DOCUMENT, processor_seconds=600, seconds=1200)


class NotAnArchive(Exception):
    """Why a file is not taken."""


def read(file: Path) -> Document:
    """The document of an export. Raises NotAnArchive with what is wrong."""
    try:
        with file.open("rb") as source, sandbox.run(WORK, source, LIMITS).content as content:
            return Document.model_validate_json(content.read())
    except FileRefused as refused:
        raise NotAnArchive(sentence(file, refused)) from refused


def sentence(file: Path, refused: FileRefused) -> str:
    match refused.code:
        case "wrong":
            return refused.detail
        case "too_much":
            return f"{file} holds more than this machine can take in"
        case "busy" | "no_room":
            return f"{file} cannot be read now: this machine has too little memory or disk left"
    return f"{file} is not a zip that can be read"


@work()
def document(source: BinaryIO, target: BinaryIO) -> None:
    """Writes what an export says, as we write it ourselves. Raises FileRefused."""
    try:
        with zipfile.ZipFile(source) as packed:
            _check_entries(packed)
            found, names = parsed(_content(packed)), set(packed.namelist())
        _check_files(found, names)
    except NotAnArchive as wrong:
        raise FileRefused("wrong", str(wrong)) from wrong
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise FileRefused("no_zip") from error
    target.write(found.model_dump_json().encode())


def _check_files(document: Document, names: Collection[str]) -> None:
    for card in document.cards:
        for record in card.files:
            if record.path not in names:
                raise NotAnArchive(f"the zip has no {record.path}, which card {card.id} names")


def opened(packed: zipfile.ZipFile, record: FileRecord) -> BinaryIO:
    """A file of an export, read with the limit in hand. Raises NotAnArchive."""
    limit = MOST_BYTES[record.kind]
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 – whoever asked reads it
    try:
        with packed.open(record.path) as source:
            while piece := source.read(IN_MEMORY):
                target.write(piece)
                if target.tell() > limit:
                    raise NotAnArchive(f"{record.path} is too large")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise NotAnArchive(f"{record.path} is damaged") from error
    target.seek(0)
    return target  # type: ignore[return-value]  # a file as good as any


def parsed(content: bytes) -> Document:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise NotAnArchive(f"{DOCUMENT} is not UTF-8") from error
    try:
        document = Document.model_validate_json(content)
    except ValidationError as error:
        raise NotAnArchive(_first_problem(error)) from error
    if document.version != VERSION:
        raise NotAnArchive(f"{DOCUMENT} has version {document.version}; this installation reads version {VERSION}")
    _check_ids(document)
    _check_days(document)
    return document


def _check_days(document: Document) -> None:
    """What is dated ahead would make everybody doubt the clock; somewhere on earth it is tomorrow already."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    for card in document.cards:
        said = [one for question in card.questions for one in (question, *question.answers)]
        if max([card.published_on, *(one.written_on for one in said)]) > tomorrow:
            raise NotAnArchive(f"{DOCUMENT}: card {card.id} is dated in the future, or the clock here is behind")


def _check_entries(packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    pages = [entry for entry in entries if not entry.filename.startswith(UPLOADS)]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in pages) > LARGEST_WHOLE:
        raise NotAnArchive("the zip holds more than an archive can")
    names = Counter(entry.filename for entry in entries)
    for entry in entries:
        name = entry.filename
        limit = {DOCUMENT: LARGEST_DOCUMENT}.get(name, LARGEST_UPLOAD if name.startswith(UPLOADS) else LARGEST_FILE)
        if not _is_ours(name) or names[name] > 1 or entry.is_dir():
            raise NotAnArchive(f"the zip holds something that does not belong there: {name[:80]!r}")
        if entry.file_size > limit:
            raise NotAnArchive(f"{name[:80]} is too large")
        if entry.flag_bits & 0x1:
            raise NotAnArchive("the zip has a password")
        if entry.compress_type not in WAYS_OF_PACKING:
            raise NotAnArchive(f"{name[:80]} is packed in a way that is not read here")
    if DOCUMENT not in names:
        raise NotAnArchive(f"the zip has no {DOCUMENT}")
    _check_places(entries)


def _check_places(entries: list[zipfile.ZipInfo]) -> None:
    """What lies in a zip once counts once: pictures, films and papers hardly become smaller in it."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise NotAnArchive("the zip holds one thing within another")
        end = entry.header_offset + entry.compress_size
        if entry.filename.startswith(UPLOADS) and entry.file_size > entry.compress_size * SMALLEST_PART + MEGABYTE:
            raise NotAnArchive(f"{entry.filename[:80]} holds far more than its size says")


def _is_ours(name: str) -> bool:
    if name in FILES:
        return True
    path = PurePosixPath(name)
    is_below = any(name.startswith(folder) for folder in FOLDERS)
    return is_below and len(path.parts) == 2 and ".." not in path.parts and not set(name) & set("\\:\0")


def _content(packed: zipfile.ZipFile) -> bytes:
    """Read with the limit in hand: what the zip says about its sizes may be untrue."""
    with packed.open(DOCUMENT) as file:
        content = file.read(LARGEST_DOCUMENT + 1)
    if len(content) > LARGEST_DOCUMENT:
        raise NotAnArchive(f"{DOCUMENT} is too large")
    return content


def _first_problem(error: ValidationError) -> str:
    """Where it is and what it is; never what stands there, because a screen and a log are read by others."""
    detail = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in detail["loc"])
    if place == "format" or (detail["type"] == "missing" and place in ("cards", "format")):
        return f"{DOCUMENT} is not a {FORMAT}"
    return f"{DOCUMENT}: {place}: {detail['msg']}" if place else f"{DOCUMENT}: {detail['msg']}"


def _check_ids(document: Document) -> None:
    remarks = (
        said.id for card in document.cards for question in card.questions for said in (question, *question.answers)
    )
    files = (file.id for card in document.cards for file in card.files)
    for what, ids in (("card", (c.id for c in document.cards)), ("question or answer", remarks), ("file", files)):
        doubles = [one for one, count in Counter(ids).items() if count > 1]
        if doubles:
            raise NotAnArchive(f"{DOCUMENT}: a {what} is there twice: {doubles[0]}")
    for card in document.cards:
        if (card.for_whom == "group") != bool(card.group):
            raise NotAnArchive(f"{DOCUMENT}: card {card.id} does not say for which group it is")
