"""Writing an export: the whole archive of one organisation as a zip.

Promises: the file is there when it is whole, and its owner alone reads it; the same archive gives the same bytes; that it was
made is in the log.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import BinaryIO

from facilitator.accounts.models import Organisation
from facilitator.archive.exchange.document import Document
from facilitator.archive.exchange.gathering import gathered
from facilitator.archive.exchange.pages import card_page, card_path, readme
from facilitator.audit import Deed, note
from facilitator.db import db

ALWAYS = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: when a file was written tells nothing
OWNER_ONLY = 0o600


def export(organisation: Organisation, file: Path) -> int:
    """Writes FILE; answers how many cards are in it."""
    with db.reading() as session:
        document = gathered(session, organisation.id)
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as raw:
            pack(document, organisation.locale, raw)
            raw.flush()
            os.fsync(raw.fileno())
        with db.writing() as session:
            note(session, organisation.id, None, Deed.EXPORTED, "archive", organisation.id)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return len(document.cards)


def pack(document: Document, locale: str, into: BinaryIO) -> None:
    """The zip itself."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        _add(packed, "README.md", readme(document, locale))
        _add(packed, "archive.json", document.model_dump_json(indent=1) + "\n")
        for record in document.cards:
            _add(packed, card_path(record), card_page(record))


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, ALWAYS)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, OWNER_ONLY << 16
    packed.writestr(entry, text.encode())
