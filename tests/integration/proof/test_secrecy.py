"""Proof holds names without content: whatever was said in a meeting is in none of its papers, pages and tables."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from sqlalchemy import select, text

from facilitator.core import sealing
from facilitator.core.db import Base, db
from facilitator.meetings.snapshot import Value
from facilitator.methods.vocabulary import FieldType, Form, InputField
from facilitator.proof import models, store
from tests.cast import Cast, Meeting, Person
from tests.contract.everybody import signed_in
from tests.documents import cells_of, pdf_text
from tests.proof import confirm

ROOT = Path(__file__).parents[3]
TABLES = (models.Sheet, models.Attendance, models.Certificate, models.Annex)


def canary(person: Person, _form: Form, field: InputField) -> Value:
    """A text that gives itself away, in every field that takes one."""
    if field.type is FieldType.SCALE:
        return field.high
    if field.type is FieldType.CHOICE:
        return field.choices[0]
    if field.type is FieldType.DATE:
        return "2031-05-01"
    return f"CANARY {field.name} {person.name}"


@pytest.fixture
def played(cast: Cast) -> Meeting:
    """A whole meeting with a canary in every field, its attendance confirmed."""
    meeting = cast.meeting(group="North")
    meeting.play(canary)
    with meeting.app.app_context(), db.writing() as session:
        session.execute(text("UPDATE transitions SET at = '2026-11-23 11:00:00' WHERE move = 'start'"))
        session.execute(text("UPDATE presences SET came_at = '2026-11-23 10:55:00'"))
        session.execute(text("UPDATE seats SET joined_at = '2026-11-23 10:50:00'"))
    confirm(meeting)
    return meeting


def outputs(meeting: Meeting) -> Iterator[tuple[str, bytes]]:
    """Everything of proof that goes out, to everybody who gets something; files inside a PDF unpacked."""
    pages = ("presence", "attendance.pdf", "proof", "proof.pdf")
    for person in (meeting.mo, meeting.gia, meeting.pete):
        for ending in pages:
            answer = meeting.client(person).get(f"/meetings/{meeting.id}/{ending}")
            if answer.status_code == 200:
                yield f"{person.name} {ending}", unpacked(answer.data) + str(answer.headers).encode()


def unpacked(content: bytes) -> bytes:
    """The bytes as they are, every packed stream in them opened, and the words they show."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    opened = [zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"\x78"]
    words = pdf_text(content).encode() if content.startswith(b"%PDF") else b""
    return b"\n".join((content, *opened, words))


@pytest.mark.promise("proof-and-content-apart")
def test_no_word_of_the_meeting_is_in_any_output(cast: Cast, played: Meeting) -> None:
    assert "CANARY" in played.get(played.mo, "report").text, "there is something to see"
    found = dict(outputs(played))
    assert {"Mo attendance.pdf", "Gia proof.pdf", "Pete proof.pdf", "Mo presence", "Pete proof"} <= set(found)
    assert cast.user is not None
    client = signed_in(cast.app, cast.user)
    found |= {address: unpacked(client.get(address).data) for address in ("/proof", "/proof.csv", "/proof.pdf")}
    found["/proof.xlsx"] = repr(cells_of(client.get("/proof.xlsx").data)).encode()
    for name, content in found.items():
        assert b"CANARY" not in content, name
        assert b"CANARY".hex().encode() not in content.lower(), name
        assert b"Learn to guide a starter" not in content, f"{name}: the goal may tell the case"


@pytest.mark.promise("proof-and-content-apart", "proof-sealed")
def test_no_word_of_the_meeting_is_in_its_tables(played: Meeting) -> None:
    with played.app.app_context(), db.engine.connect() as connection:
        rows = [repr(row) for table in TABLES for row in connection.execute(table.__table__.select())]
    assert rows
    for row in rows:
        for word in ("CANARY", "Gia", "Pete", played.id, played.gia.seat_id):
            assert word not in row


@pytest.mark.promise("proof-and-content-apart")
def test_no_column_leads_to_a_meeting_a_report_or_a_card() -> None:
    tables = {table.__table__.name for table in TABLES}  # type: ignore[attr-defined]  # every model has one by this name
    allowed = {"organisations", "users", *tables}
    for name in tables:
        table = Base.metadata.tables[name]
        assert {key.column.table.name for key in table.foreign_keys} <= allowed
        assert not [column.name for column in table.columns if re.search("meeting_id|seat_id|report|card", column.name)]
        for other in Base.metadata.tables.values():
            if other.name not in tables:
                assert not {key.column.table.name for key in other.foreign_keys} & tables, other.name


CLAIMS = re.compile(r"recogni[sz]|accredit|\berken|certified by|approved by|telt mee voor|valid for", re.IGNORECASE)


@pytest.mark.promise("proof-and-content-apart")
def test_a_mark_is_nothing_to_whoever_lacks_the_key_of_the_installation(cast: Cast, played: Meeting) -> None:
    with played.app.app_context():
        mine = store.mark("meeting", played.id)
        assert mine in set(db.session.scalars(select(models.Sheet.meeting_mark)))
        ring = sealing.keyring()
        played.app.extensions["keyring"] = sealing.Keyring(ring.engine, b"another key of thirty-two bytes.")
        try:
            assert store.mark("meeting", played.id) != mine
        finally:
            played.app.extensions["keyring"] = ring
    assert hashlib.sha256(played.id.encode()).hexdigest() != mine


def test_nothing_claims_that_a_register_thinks_anything_of_it() -> None:
    places = [
        *(ROOT / "facilitator/proof").rglob("*.py"),
        *(ROOT / "facilitator/templates/proof").rglob("*.html"),
        *(ROOT / "facilitator/typst").glob("*.typ"),
    ]
    assert len(places) > 20
    said = {path.name: path.read_text(encoding="utf-8") for path in places}
    assert not {name: CLAIMS.findall(words) for name, words in said.items() if CLAIMS.search(words)}
    dutch = [message.string for message in translations() if message.id and is_said_in(message, said.values())]
    assert len(dutch) > 100
    assert not [words for words in dutch if CLAIMS.search(str(words))]


def translations() -> Catalog:
    """The Dutch of everything."""
    with (ROOT / "facilitator/translations/nl/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="nl")


def is_said_in(message: Message, sources: Iterable[str]) -> bool:
    """Whether a text stands in one of these sources."""
    words = message.id if isinstance(message.id, str) else message.id[0]
    return any(f'"{words}"' in source for source in sources)
