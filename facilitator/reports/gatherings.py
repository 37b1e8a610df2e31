"""Which reports somebody may open from a group's page: what `meetings.gatherings` asks."""

from __future__ import annotations

from collections.abc import Sequence

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.reports.access import find_reader
from facilitator.reports.store import approved


def readable_reports(_user: User, meeting_ids: Sequence[str]) -> set[str]:
    """Those of these meetings whose report this browser may open now: a draft by whoever sees drafts, else what is approved."""
    return {meeting_id for meeting_id in meeting_ids if _may_open(meeting_id)}


def _may_open(meeting_id: str) -> bool:
    reader = find_reader(meeting_id)
    if reader is None or reader.sees_draft:
        return reader is not None
    # Of one that is damaged the page itself says so.
    return any(sealing.each((meeting_id,), lambda one: approved(one) is not None, lambda _: True))
