"""What somebody wrote as their own learning point: the one thing proof reads of what was said, and only for its writer.

Promises: nothing of anybody else and nothing anonymous; of a meeting that was erased, nothing.
"""

from __future__ import annotations

from facilitator.core import sealing
from facilitator.meetings import loading
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.vocabulary import FieldType, Kind

WORDS = (FieldType.LINE, FieldType.TEXT)


def own_learning(meeting_id: str, seat_id: str, hand_id: str | None = None) -> str:
    """The learning points somebody wrote with their name, one after the other; empty where there are none."""
    try:
        return learning_of(loading.read(meeting_id), seat_id, hand_id)
    except (loading.NoSuchMeeting, sealing.Unreadable):
        return ""


def learning_of(snapshot: Snapshot, seat_id: str, hand_id: str | None = None) -> str:
    """The same, from a snapshot."""
    texts = []
    for step in snapshot.state.steps:
        if step.kind is not Kind.LEARN:
            continue
        forms = {form.key: form for form in snapshot.phases[step.id].forms}
        for item in snapshot.items_of(step):
            form = forms.get(item.form)
            is_theirs = (item.seat_id, item.hand_id) == (seat_id, hand_id)
            if form is None or form.is_anonymous or not is_theirs or item.is_removed or item.is_taken_down:
                continue
            texts += [item.text(field.name) for field in form.fields if field.type in WORDS]
    return "\n".join(text for text in texts if text)
