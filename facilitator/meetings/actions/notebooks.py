"""Everybody's own notes: one text for each seat, which stays through the whole meeting.

Promises: they are in no reading of a meeting, so nothing that is made from one – screens, pushes, reports, cards – can hold them, and
only the device that wrote them opens them, also where two seats were joined. Nothing that was accepted is lost: where notes were
written on two pages at once, both stay.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from facilitator.core import lengths, sealing
from facilitator.core.db import db, random_id
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from facilitator.meetings.actions.base import change, require_present


@dataclass(frozen=True)
class Notes:
    """What somebody noted. `version` names what it grew from; `is_damaged`: it does not open, and nothing is known of it."""

    text: str = ""
    version: str = ""
    is_damaged: bool = False


def notes_of(device_id: str) -> Notes:
    """The notes of the seat that a device came in with. Raises `sealing.KeyIsGone` of a meeting that was erased."""
    return _read(db.session(), device_id)


def keep_notes(meeting_id: str, seat_id: str, op: str, base: str, text: str) -> Notes:
    """Stores notes that grew from the version `base`; answers with what there is now. Two texts that were put together may be too
    long: they stay whole, and are refused only what makes them longer.
    """
    if not op:
        raise Refused("no_op", 400)
    with change(meeting_id) as found:
        seat = require_present(found, seat_id)
        if found.row.status not in ("running", "ended"):
            raise Refused("not_running")
        known, version = _read(found.session, seat.hand_id or seat.id), sealing.hashed(op)
        if known.version == version:
            return known
        if len(text) > max(lengths.NOTES, len(known.text)):
            raise Refused("too_long", 422)
        if base != known.version:
            text = _together(known.text, text)
            if len(known.text) > lengths.NOTES and len(text) > len(known.text):
                raise Refused("too_long", 422)
        _write(found.session, meeting_id, seat.hand_id or seat.id, Notes(text, version))
        return Notes(text, version)


def put_together(session: Session, meeting_id: str, from_id: str, to_id: str) -> None:
    """Leaves the notes of two seats that are one person's, by proof, with the second one. Pages that are open show one half: their
    versions end here, so that what they send next is put beside the whole and not in its place.
    """
    row = session.get(models.Notebook, from_id)
    if row is None:
        return
    old, new = _read(session, to_id), _read(session, from_id)
    _write(session, meeting_id, to_id, Notes(_together(old.text, new.text), sealing.hashed(random_id())))
    session.delete(row)


def _together(first: str, second: str) -> str:
    if first in second:
        return second
    return first if second in first else f"{first}\n\n{second}"


def _read(session: Session, device_id: str) -> Notes:
    row = session.get(models.Notebook, device_id)
    if row is None:
        return Notes()
    try:
        found = sealing.unseal(row.meeting_id, _place(device_id), row.body)
    except sealing.Damaged:
        return Notes("", row.version, is_damaged=True)
    return Notes(str(found.get("text") or ""), row.version)


def _write(session: Session, meeting_id: str, device_id: str, notes: Notes) -> None:
    body = sealing.seal(meeting_id, _place(device_id), {"text": notes.text})
    row = session.get(models.Notebook, device_id)
    if row is None:
        session.add(models.Notebook(seat_id=device_id, meeting_id=meeting_id, body=body, version=notes.version))
    else:
        row.body, row.version = body, notes.version


def _place(device_id: str) -> str:
    return f"notebook:{device_id}"
