"""A meeting to try a method with: simulated people around a table, and whoever tries it in the lead.

Promises: it belongs to nobody and to an organisation nobody is in, so no list, register, figure, report, proof, card or search comes by
it; it is erased after a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from facilitator.accounts.models import NO_PASSWORD, NOBODYS, Organisation, User
from facilitator.core import languages
from facilitator.core.clock import clock
from facilitator.core.db import db
from facilitator.core.one_by_one import one_by_one
from facilitator.demo.saying import sayings
from facilitator.meetings import table_ids
from facilitator.meetings.actions import people, setting_up, steering, table
from facilitator.meetings.actions.erasing import erase, forget
from facilitator.meetings.demo_mark import is_real, new_demo_id
from facilitator.meetings.models import Meeting, is_whole
from facilitator.meetings.seats import Holding
from facilitator.methods import timing
from facilitator.methods.vocabulary import Kind, Method

LASTS = timedelta(days=1)
AROUND_THE_TABLE = 5


@dataclass(frozen=True)
class Tried:
    """A meeting that was set up: its id, the lead, and the phone of one of the people."""

    meeting_id: str
    lead: Holding
    phone: Holding


def begin(method: Method, name: str, language: str) -> Tried:
    """Sets a meeting up in its lobby, everybody there; `name` is of whoever leads it."""
    _make_nobodys()
    words = sayings(language)
    count = min(max(AROUND_THE_TABLE, method.people_min, 2 * (method.table_size or 0)), method.people_max)
    plan = setting_up.Plan(
        organisation_id=NOBODYS,
        user_id=NOBODYS,
        goal=words.goal,
        method=method,
        minutes=tuple(phase.minutes for phase in method.phases),
        locale=language,
        capacity=max(14, method.people_max),
        turns=timing.turns(method, count),
    )
    meeting_id = setting_up.create(plan, new_demo_id())
    lead = people.moderator_seat(meeting_id, name, language, None)
    steering.steer(meeting_id, lead.seat_id, "open", 0)
    steering.show(meeting_id, lead.seat_id, "screen", True)
    called = [words.names[number % len(words.names)] for number in range(count)]
    seats = [people.join(meeting_id, one, language, has_agreed=True, is_again=True) for one in called]
    if all(phase.kind is not Kind.PICK for phase in method.phases):
        table.name_case_giver(meeting_id, lead.seat_id, seats[0].seat_id)
    return Tried(meeting_id, lead, seats[-1])


def erase_due(moment: datetime) -> int:
    """Erases the meetings with simulated people that are a day old; answers how many. Raises ClockInDoubt."""
    over = select(Meeting.id).where(~is_real(), is_whole(), Meeting.created_at <= clock().check(moment).moment - LASTS)
    count, failed = one_by_one(partial(_erase, one) for one in db.session.scalars(over).all())
    if failed is not None:
        raise failed
    return count


def _erase(meeting_id: str) -> bool:
    """A meeting and its tables; it goes last, so that none is left behind."""
    tables = Meeting.id.like(f"{meeting_id}{table_ids.MARK}%")
    for one in (*db.session.scalars(select(Meeting.id).where(tables)).all(), meeting_id):
        erase(one)
        forget(one)
    return True


def _make_nobodys() -> None:
    """The organisation and the account that such meetings are of: nobody can sign in with it."""
    with db.writing() as session:
        if session.get(User, NOBODYS) is None:
            session.add(Organisation(id=NOBODYS, name=NOBODYS, locale=languages.FALLBACK))
            session.flush()
            session.add(
                User(
                    id=NOBODYS,
                    organisation_id=NOBODYS,
                    name=NOBODYS,
                    email=f"nobody@{NOBODYS}.invalid",
                    password=NO_PASSWORD,
                    active=False,
                    locale=languages.FALLBACK,
                )
            )
