"""Writing an export: the whole archive of one organisation as a zip.

Promises: the file is there when it is whole, and its owner alone reads it; the same archive gives the same bytes; that it was
made is in the log. What cannot be read is left out and counted.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from facilitator.accounts.models import Organisation
from facilitator.archive.exchange.document import Document, FileRecord
from facilitator.archive.exchange.gathering import gathered
from facilitator.archive.exchange.pages import card_page, card_path, readme
from facilitator.archive.files import vault
from facilitator.archive.files.models import Attachment
from facilitator.core.audit import Deed, note
from facilitator.core.db import db
from facilitator.core.whole import written

ALWAYS = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: when a file was written tells nothing
OWNER_ONLY = 0o600


def export(organisation: Organisation, file: Path) -> tuple[int, int]:
    """Writes FILE; answers how many cards are in it, and how many things that are damaged are not."""
    with db.reading() as session:
        document, damaged = gathered(session, organisation.id)
    with written(file) as part:
        with part.open("wb") as raw:
            pack(document, organisation.locale, raw, content_of_file)
        with db.writing() as session:
            note(session, organisation.id, None, Deed.EXPORTED, "archive", organisation.id)
    return len(document.cards), damaged


def content_of_file(card_id: str, record: FileRecord) -> Iterator[bytes]:
    """What a file of a card holds, piece by piece; of one whose card was taken back this very moment nothing."""
    found = db.session.get(Attachment, record.id)
    return vault.read(card_id, record.id, 0, found.size) if found else iter(())


def no_files(_card_id: str, _record: FileRecord) -> Iterator[bytes]:
    """For an archive that has none."""
    return iter(())


def pack(
    document: Document, locale: str, into: BinaryIO, contents: Callable[[str, FileRecord], Iterator[bytes]] = no_files
) -> None:
    """The zip itself."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        _add(packed, "README.md", readme(document, locale))
        _add(packed, "archive.json", document.model_dump_json(indent=1) + "\n")
        for record in document.cards:
            _add(packed, card_path(record), card_page(record))
        for record in document.cards:
            for file in record.files:
                _add_file(packed, file.path, contents(record.id, file))


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    packed.writestr(_entry(name, zipfile.ZIP_DEFLATED), text.encode())


def _add_file(packed: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> None:
    """As it is: pictures, films and papers are small already."""
    with packed.open(_entry(name, zipfile.ZIP_STORED), "w") as target:
        for piece in pieces:
            target.write(piece)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ALWAYS)
    entry.compress_type, entry.create_system, entry.external_attr = compression, 3, OWNER_ONLY << 16
    return entry
