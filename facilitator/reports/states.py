"""How a report stands, for the page of whoever completes or approves it. Nobody else is told whose yes is awaited: doing
nothing is fine, and nobody is to be urged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from facilitator.core.db import db
from facilitator.meetings.models import Seat
from facilitator.meetings.personal import code_since, needs_code
from facilitator.meetings.seats import whose_seat
from facilitator.reports.drafts import Draft, needed, words_asked
from facilitator.reports.reading import Reading
from facilitator.reports.store import Standing, Version


@dataclass(frozen=True, slots=True)
class Case:
    """A case and whose yes it needs. `may_be_beside`: they have no phone, so they say it beside the moderator with their
    personal code; `lacks_code`: they got none, so nobody can. `can_be_told`: an offer reaches them, on their phone or in their
    account."""

    number: int
    name: str
    is_done: bool
    is_own: bool
    is_stopped: bool
    is_dropped: bool
    may_be_beside: bool
    lacks_code: bool
    can_be_told: bool
    seen: str


@dataclass(frozen=True, slots=True)
class State:
    """What stands above a report. `may_finish`: the moderator approves what is nobody's case. `read_now` is the version the
    group reads now, if any."""

    is_draft: bool
    number: int
    offered_at: datetime | None
    cases: tuple[Case, ...]
    waits_for: tuple[str, ...]
    may_edit: bool
    may_offer: bool
    may_finish: bool
    seen_to_finish: str
    may_reopen: bool
    read_now: Version | None
    versions: tuple[Version, ...]


def state_of(found: Reading) -> State | None:
    """The state for a moderator or a case giver, None for everybody else and while the meeting runs."""
    standing = found.standing
    if standing is None or not standing.is_over:
        return None
    draft, leads = standing.draft, found.reader.is_moderator
    waits = standing.waits_for
    cases = _cases(standing, draft, found.reader.cases) if draft else ()
    return State(
        is_draft=draft is not None,
        number=standing.number,
        offered_at=standing.offered_at,
        cases=cases,
        waits_for=tuple(case.name for case in cases if case.number in waits),
        may_edit=draft is not None,
        may_offer=leads
        and standing.offered_at is None
        and any(case.can_be_told for case in cases if case.number in waits),
        may_finish=leads and 0 in waits,
        seen_to_finish=words_asked(draft, 0) if draft and leads and 0 in waits else "",
        may_reopen=draft is None,
        read_now=standing.versions[0] if standing.is_current else None,
        versions=standing.versions,
    )


def _cases(standing: Standing, draft: Draft, own: tuple[int, ...]) -> tuple[Case, ...]:
    ids = [giver.seat_id for giver in draft.givers if giver.seat_id]
    seats = {seat.id: seat for seat in db.session.scalars(select(Seat).where(Seat.id.in_(ids)))}
    found = []
    for case in draft.report.cases:
        giver = draft.giver(case.number)
        seat = seats.get(giver.seat_id or "") if giver else None
        seat = whose_seat(db.session(), seat) if seat is not None else None
        is_beside = seat is not None and needs_code(db.session(), seat) and case.number in needed(draft)
        has_code = seat is not None and code_since(db.session(), seat) is not None
        found.append(
            Case(
                number=case.number,
                name=seat.name if seat else case.case_giver,
                is_done=case.number in standing.done,
                is_own=case.number in own,
                is_stopped=case.is_stopped,
                is_dropped=case.number in draft.dropped,
                may_be_beside=is_beside and has_code,
                lacks_code=is_beside and not has_code,
                can_be_told=seat is not None and (seat.has_phone or seat.user_id is not None),
                seen=words_asked(draft, case.number),
            )
        )
    return tuple(found)
