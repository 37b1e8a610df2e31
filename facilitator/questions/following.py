"""Who follows which themes, and how they want to hear of new questions. Seen by themselves, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.models import Theme
from facilitator.core.db import db
from facilitator.questions.models import News, Pace, ThemeFollow


def followed(session: Session, user: User) -> list[str]:
    """The ids of the themes somebody follows."""
    return list(session.scalars(select(ThemeFollow.theme_id).where(ThemeFollow.user_id == user.id)))


def hears_at_once(session: Session, user: User) -> bool:
    """Whether somebody is told of each question at once; else they get one mail a day."""
    pace = session.get(Pace, user.id)
    return pace is not None and pace.is_at_once


def follow(user: User, theme_ids: Iterable[str], is_at_once: bool) -> None:
    """Follows these themes and no others; of what waits to be told, what is followed no more is not told."""
    wanted = set(theme_ids)
    with db.writing() as session:
        session.execute(select(User.id).where(User.id == user.id).with_for_update())
        mine = select(Theme.id).where(Theme.organisation_id == user.organisation_id, Theme.id.in_(wanted))
        known = set(session.scalars(mine))
        session.execute(delete(ThemeFollow).where(ThemeFollow.user_id == user.id))
        session.add_all(ThemeFollow(user_id=user.id, theme_id=theme_id) for theme_id in sorted(known))
        pace = session.get(Pace, user.id) or Pace(user_id=user.id)
        pace.is_at_once = is_at_once
        session.add(pace)
        if not known:
            stop(session, user.id)


def stop(session: Session, user_id: str) -> None:
    """Nothing is followed any more, and nothing waits."""
    session.execute(delete(ThemeFollow).where(ThemeFollow.user_id == user_id))
    session.execute(delete(News).where(News.user_id == user_id))
