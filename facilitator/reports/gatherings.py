"""Which reports somebody may open from a group's page: what `meetings.gatherings` asks."""

from __future__ import annotations

from collections.abc import Sequence

from facilitator.accounts.models import User
from facilitator.reports.access import find_reader
from facilitator.reports.store import approved


def readable_reports(_user: User, meeting_ids: Sequence[str]) -> set[str]:
    """Those of these meetings whose report this browser may open now: a draft by whoever sees drafts, else what is approved."""
    return {meeting_id for meeting_id in meeting_ids if _may_open(meeting_id)}


def _may_open(meeting_id: str) -> bool:
    reader = find_reader(meeting_id)
    return reader is not None and (reader.sees_draft or approved(meeting_id) is not None)
