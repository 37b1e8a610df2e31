"""Whose words the texts of a report are, for the one question that needs it: whom to ask before those words go further.

Promises: only named texts that came out have a voice – of an anonymous one nobody knows whose it is – and after the raw
input was erased nobody has one. Where one of them is damaged nobody can say whose words are used, so nothing is answered at all.
No page and no format shows this.
"""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.core import sealing
from facilitator.meetings import loading
from facilitator.meetings.showing.texts import public_fields
from facilitator.meetings.snapshot import Snapshot
from facilitator.reports.texts import is_out


@dataclass(frozen=True, slots=True)
class Voice:
    """A text somebody wrote under their name. `can_answer`: they have a phone or an account, so they can be asked. Nobody can
    ask whoever was taken out.
    """

    seat_id: str
    user_id: str | None
    text: str
    can_answer: bool


def voices(meeting_id: str) -> tuple[Voice, ...]:
    """Every named text of a meeting that came out; none where the raw input is gone. Raises `sealing.Damaged`."""
    try:
        return voices_in(loading.read(meeting_id))
    except (loading.NoSuchMeeting, sealing.KeyIsGone):
        return ()


def voices_in(snapshot: Snapshot) -> tuple[Voice, ...]:
    """The same, of a meeting that was read already. Pure."""
    found = []
    for item in snapshot.items:
        seat = snapshot.seat(item.seat_id)
        if item.is_damaged and seat is not None and is_out(item):
            raise sealing.Damaged(f"contribution:{item.id}")
        text = " ".join(public_fields(snapshot, item))
        if seat is not None and text and is_out(item):
            has_device = seat.has_phone or seat.user_id is not None
            found.append(Voice(seat.id, seat.user_id, text, has_device and not seat.is_expelled))
    return tuple(found)
