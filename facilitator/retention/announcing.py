"""A word before anything is erased: a moderator hears of what was written in their meeting, administrators of all else.

Promises: nothing counts as told before a mail server took the mail, or before it lies in the folder for mails; two workers at
once send one; what could not be sent is tried again every hour, and until then nothing of it goes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import force_locale, format_date
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts import mail
from facilitator.accounts.models import ADMINISTRATOR, Role, User
from facilitator.accounts.once import CLAIMED_FOR, is_held
from facilitator.core.clock import Run, clock
from facilitator.core.db import db, take_turns
from facilitator.retention.deadlines import Deadline, Kind, deadlines
from facilitator.retention.models import Announcement
from facilitator.retention.terms import WARN_BEFORE, told_to_go, warning_is_due

FAILURES_AT_MOST = 3
Notices = dict[tuple[str, str], Announcement]
Claimed = tuple[Deadline, datetime]  # and the moment that is told


def warn_due(moment: datetime) -> int:
    """Tells of what is erased within a week, once each; answers how many mails went out. Raises ClockInDoubt."""
    run = clock().check(moment)
    there, notices = deadlines(run), announcements()
    _forget_what_is_gone(there, notices)
    soon = [found for found in there if warning_is_due(found.goes_at, run.moment) and _is_to_be_told(found, notices)]
    sent = failed = 0
    for some in _by_mail(soon, notices):
        claimed = _claim(some, run.moment)
        mails = _tell(claimed) if claimed else 0
        if mails is None:
            failed += 1
        elif claimed:
            _note_told(claimed, run.moment)
            sent += mails
        if failed == FAILURES_AT_MOST:
            break  # the mail server is away; an hour later it may be back
    return sent


def announcements() -> Notices:
    """What somebody was told of, or is being told of."""
    return {(row.kind, row.thing_id): row for row in db.session.scalars(select(Announcement))}


def may_go(found: Deadline, notices: Notices, run: Run) -> bool:
    """Whether something goes now: its time has come, and a week has passed since somebody was told."""
    notice = notices.get((found.kind, found.thing_id))
    return notice is not None and notice.told_at is not None and max(found.goes_at, notice.goes_at) <= run.moment


def untold(session: Session) -> int:
    """Of how many things nobody could be told, so that they stay."""
    asked = select(func.count()).select_from(Announcement).where(Announcement.told_at.is_(None))
    return session.scalar(asked) or 0


def _is_to_be_told(found: Deadline, notices: Notices) -> bool:
    """Also once more, where it goes so much later than was told that a week before comes again."""
    notice = notices.get((found.kind, found.thing_id))
    return notice is None or notice.told_at is None or notice.goes_at + WARN_BEFORE < found.goes_at


def _by_mail(soon: Iterable[Deadline], notices: Notices) -> list[list[Deadline]]:
    """What is told in one mail. What failed before comes last, so that it keeps nobody else from being told."""
    mails: dict[tuple[str, str], list[Deadline]] = defaultdict(list)
    for found in soon:
        is_meeting = found.kind is Kind.MEETING
        mails[(found.kind, found.thing_id) if is_meeting else ("", found.organisation_id)].append(found)
    return sorted(mails.values(), key=lambda some: any((found.kind, found.thing_id) in notices for found in some))


def _claim(some: Iterable[Deadline], moment: datetime) -> list[Claimed]:
    """Those of which nobody else is telling just now."""
    with db.writing() as session:
        take_turns(session, "announcements")
        claimed = []
        for found in some:
            row = session.get(Announcement, (found.kind.value, found.thing_id))
            if row is None:
                row = Announcement(kind=found.kind.value, thing_id=found.thing_id)
                session.add(row)
            elif not _is_to_be_told(found, {(row.kind, row.thing_id): row}) or _is_claimed(row, moment):
                continue
            row.goes_at, row.claimed_at, row.told_at = told_to_go(found.goes_at, moment), moment, None
            claimed.append((found, row.goes_at))
    return claimed


def _is_claimed(row: Announcement, moment: datetime) -> bool:
    return row.told_at is None and is_held(row.claimed_at, moment, CLAIMED_FOR)


def _tell(claimed: Sequence[Claimed]) -> int | None:
    """Mails whom it concerns; answers how many mails were taken, None if none was. Where there is nobody to tell, 0."""
    found, goes_at = claimed[0]
    creator = db.session.get(User, found.created_by) if found.kind is Kind.MEETING else None
    if creator is not None and creator.active and _tell_moderator(creator, found, goes_at):
        return 1
    others = _administrators(found.organisation_id)
    sent = sum(_tell_administrator(user, claimed) for user in others)
    is_anybody_there = bool(others) or (creator is not None and creator.active)
    return sent if sent or not is_anybody_there else None


def _tell_moderator(user: User, found: Deadline, goes_at: datetime) -> bool:
    with force_locale(user.locale):
        held_on, goes_on = format_date(found.held_at, "long"), format_date(goes_at, "long")
    return mail.is_on_its_way("erasing", user.email, user.locale, name=user.name, held_on=held_on, goes_on=goes_on)


def _tell_administrator(user: User, claimed: Sequence[Claimed]) -> bool:
    counts = Counter(found.kind.value for found, _ in claimed)
    with force_locale(user.locale):
        goes_on = format_date(min(goes_at for _, goes_at in claimed), "long")
    return mail.is_on_its_way("over", user.email, user.locale, name=user.name, goes_on=goes_on, counts=counts)


def _administrators(organisation_id: str) -> list[User]:
    mine = (User.organisation_id == organisation_id, User.active, User.roles.any(Role.id == ADMINISTRATOR))
    return list(db.session.scalars(select(User).where(*mine).order_by(User.id)))


def _note_told(claimed: Iterable[Claimed], moment: datetime) -> None:
    with db.writing() as session:
        for found, _ in claimed:
            row = session.get(Announcement, (found.kind.value, found.thing_id))
            if row is not None:
                row.told_at = moment


def _forget_what_is_gone(there: Iterable[Deadline], notices: Notices) -> None:
    gone = notices.keys() - {(found.kind.value, found.thing_id) for found in there}
    with db.writing() as session:
        for key in gone:
            row = session.get(Announcement, key)
            if row is not None:
                session.delete(row)
