"""Putting what proof says away and getting it out again: sealed on the way in, opened here and nowhere else.

Promises: whoever reads the database alone cannot bring a sheet together with a meeting: marks are made with the
installation's master key.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TypeVar

from pydantic import TypeAdapter

from facilitator.core import sealing
from facilitator.proof.content import Confirmed, Held, Particulars, Proof, Reflection
from facilitator.proof.models import Annex, Attendance, Certificate, Sheet

T = TypeVar("T")
HELD = TypeAdapter(Held)
CONFIRMED = TypeAdapter(Confirmed)
PARTICULARS = TypeAdapter(Particulars)
PROOF = TypeAdapter(Proof)
REFLECTION = TypeAdapter(Reflection)


def mark(kind: str, row_id: str) -> str:
    """By what a `meeting` or a `seat` is known here: the same every time, and nothing to whoever lacks the key."""
    return hmac.new(sealing.keyring().master, f"proof:{kind}:{row_id}".encode(), hashlib.sha256).hexdigest()


def make_key(owner_id: str) -> None:
    """Makes the key of a new sheet or annex, before its row is written and outside of any transaction."""
    sealing.keyring().make(owner_id)


def destroy_key(owner_id: str) -> None:
    """Makes what a sheet or an annex holds unreadable for good, in old copies as well."""
    sealing.keyring().destroy(owner_id)


def held_of(sheet: Sheet) -> Held | None:
    """The meeting as it was confirmed; None before that."""
    return _open(HELD, sheet.id, "sheet", sheet.body) if sheet.body else None


def put_held(sheet: Sheet, held: Held) -> None:
    """Seals the meeting as it was confirmed."""
    sheet.body = _seal(HELD, sheet.id, "sheet", held)


def confirmed_of(row: Attendance) -> Confirmed | None:
    """What was confirmed of one person; None before that."""
    return _open(CONFIRMED, row.sheet_id, f"attendance:{row.id}", row.confirmed) if row.confirmed else None


def put_confirmed(row: Attendance, confirmed: Confirmed) -> None:
    """Seals what was confirmed of one person."""
    row.confirmed = _seal(CONFIRMED, row.sheet_id, f"attendance:{row.id}", confirmed)


def particulars_of(row: Attendance) -> Particulars:
    """What somebody wants printed of themselves; empty where they said nothing."""
    if not row.particulars:
        return Particulars()
    return _open(PARTICULARS, row.sheet_id, f"particulars:{row.id}", row.particulars)


def put_particulars(row: Attendance, particulars: Particulars) -> None:
    """Seals what somebody wants printed of themselves."""
    row.particulars = _seal(PARTICULARS, row.sheet_id, f"particulars:{row.id}", particulars)


def proof_of(row: Certificate, sheet_id: str) -> Proof:
    return _open(PROOF, sheet_id, f"certificate:{row.id}", row.body)


def sealed_proof(certificate_id: str, sheet_id: str, proof: Proof) -> bytes:
    """What a new certificate says, sealed."""
    return _seal(PROOF, sheet_id, f"certificate:{certificate_id}", proof)


def reflection_of(annex: Annex) -> Reflection:
    """What somebody wrote down for themselves. Only pages of its holder call this."""
    return _open(REFLECTION, annex.id, "annex", annex.body)


def put_reflection(annex: Annex, reflection: Reflection) -> None:
    """Seals what somebody wrote down, with a key that belongs to nothing else."""
    annex.body = _seal(REFLECTION, annex.id, "annex", reflection)


def _seal(kind: TypeAdapter[T], owner_id: str, place: str, what: T) -> bytes:
    return sealing.seal(owner_id, place, {"content": kind.dump_json(what).decode()})


def _open(kind: TypeAdapter[T], owner_id: str, place: str, sealed: bytes) -> T:
    return sealing.unseal_as(kind, owner_id, place, sealed)
