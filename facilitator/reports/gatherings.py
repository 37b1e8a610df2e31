"""Which reports somebody who is signed in may open: what a group's page asks (`meetings.gatherings`)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.db import db
from facilitator.meetings.models import Meeting


def readable_reports(user: User, meeting_ids: Sequence[str]) -> set[str]:
    """Those of these meetings whose report this account may open: of the meetings it set up."""
    own = (Meeting.id.in_(meeting_ids), Meeting.created_by == user.id)
    return set(db.session.scalars(select(Meeting.id).where(*own)))
