"""Members swap turns among themselves: one asks, the other says yes, each with one tap.

Promises: only turns of one role are swapped, so everybody has as many as before; every rule is asked again at the moment of the yes, and
of two swaps at once the later one is refused in words; nobody answers but who is asked. Whoever is asked gets one mail, and whoever asked
one with the answer; neither says who, what or when. The link of the mail needs no sign-in, and changes nothing by being opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.accounts.once import send_once, send_until_taken, was_sent
from facilitator.calendar.models import NO, UNSAID, YES, Appointment, Swap
from facilitator.calendar.rota import Slot, Why
from facilitator.calendar.turns import Rota, give, rota_of, take_all_turns
from facilitator.core.clock import clock
from facilitator.core.db import db, now, random_id
from facilitator.core.refusals import Refused
from facilitator.core.sealed_links import opened_link, sealed_link
from facilitator.groups.models import Group
from facilitator.meetings.addresses import base_of
from facilitator.meetings.models import Meeting

PURPOSE = "swap"
CHANGED = "swap_changed"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: their turn in one meeting for the turn in another."""

    role: str
    gives_id: str
    wants_id: str

    @property
    def gives(self) -> Slot:
        return self.gives_id, self.role

    @property
    def wants(self) -> Slot:
        return self.wants_id, self.role


def possible(rota: Rota, user_id: str, gives: Slot) -> Iterator[Wish]:
    """What somebody can ask for a turn of theirs, in the order of time."""
    for one in rota.appointments:
        wish = Wish(gives[1], gives[0], one.meeting_id or "")
        other = rota.stands.get(wish.wants)
        if other and not problem(rota, wish, user_id, other)[0]:
            yield wish


def problem(rota: Rota, wish: Wish, asked_by: str, asked_of: str) -> tuple[str, str]:
    """Why two people cannot swap as things stand: the code of a refusal, and of whom it speaks. Empty where they can."""
    stands = rota.stands
    if asked_by == asked_of or stands.get(wish.gives) != asked_by or stands.get(wish.wants) != asked_of:
        return CHANGED, ""
    given = {**stands, wish.gives: asked_of, wish.wants: asked_by}
    for slot, user_id in ((wish.gives, asked_of), (wish.wants, asked_by)):
        if code := rota.refusal(slot, user_id, given):
            return code, rota.members.get(user_id, "")
    return "", ""


def ask(user: User, group: Group, wish: Wish) -> None:
    """Asks for a swap; once, however often it is pressed. Raises `Refused` where it is not possible."""
    with db.writing() as session:
        take_all_turns(session, group.id, (wish.gives_id, wish.wants_id))
        rota = rota_of(group, now())
        other = rota.stands.get(wish.wants, "")
        _require(rota, wish, user.id, other)
        known = session.scalar(
            select(Swap).where(Swap.gives_id == wish.gives_id, Swap.wants_id == wish.wants_id, Swap.role == wish.role)
        )
        if known is not None and (known.asked_by, known.asked_of, known.answer) == (user.id, other, UNSAID):
            return
        if known is not None:
            session.delete(known)
            session.flush()
        session.add(
            Swap(
                id=random_id(),
                role=wish.role,
                gives_id=wish.gives_id,
                wants_id=wish.wants_id,
                asked_by=user.id,
                asked_of=other,
            )
        )


def answer(swap_id: str, user_id: str, says: str) -> None:
    """Whoever is asked says yes or no. Raises `Refused` where it was answered, taken back or is not possible any more."""
    if says not in (YES, NO):
        raise Refused("no_such_move", 422)
    with db.writing() as session:
        swap, group = _taken(session, swap_id)
        if swap is None or group is None or swap.asked_of != user_id or swap.answer:
            raise Refused(CHANGED)
        wish = wish_of(swap)
        if says == YES:
            _require(rota_of(group, now()), wish, swap.asked_by, swap.asked_of)
            give(session, wish.gives, swap.asked_of, Why.SWAPPED)
            give(session, wish.wants, swap.asked_by, Why.SWAPPED)
            session.execute(delete(Swap).where(_about(wish), Swap.id != swap_id, Swap.answer == UNSAID))
        session.get_one(Swap, swap_id, populate_existing=True).answer = says


def take_back(swap_id: str, user_id: str) -> None:
    """Whoever asked asks no more. Raises `Refused` where it was answered meanwhile."""
    with db.writing() as session:
        swap, _group = _taken(session, swap_id)
        if swap is None or swap.asked_by != user_id or swap.answer:
            raise Refused(CHANGED)
        session.delete(swap)


def _taken(session: Session, swap_id: str) -> tuple[Swap | None, Group | None]:
    """A swap as it is once nobody else is at it, and its group."""
    swap = session.get(Swap, swap_id)
    group = group_of(session, swap) if swap is not None else None
    if swap is None or group is None:
        return None, None
    take_all_turns(session, group.id, (swap.gives_id, swap.wants_id))
    return session.get(Swap, swap_id, populate_existing=True), group


def _require(rota: Rota, wish: Wish, asked_by: str, asked_of: str) -> None:
    code, name = problem(rota, wish, asked_by, asked_of)
    if code:
        raise Refused(code, name=name)


def _about(wish: Wish) -> ColumnElement[bool]:
    """The swaps that one of two turns is in."""
    both = (wish.gives_id, wish.wants_id)
    return and_(Swap.role == wish.role, or_(Swap.gives_id.in_(both), Swap.wants_id.in_(both)))


def wish_of(swap: Swap) -> Wish:
    return Wish(swap.role, swap.gives_id, swap.wants_id)


def group_of(session: Session, swap: Swap) -> Group | None:
    query = select(Group).join(Meeting, Meeting.group_id == Group.id).where(Meeting.id == swap.gives_id)
    return session.scalar(query)


def open_swaps(user_id: str, rota: Rota) -> list[Swap]:
    """What is asked of somebody or by them in a group, and still possible."""
    ids = [one.meeting_id for one in rota.appointments]
    query = select(Swap).where(or_(Swap.asked_by == user_id, Swap.asked_of == user_id), Swap.answer == UNSAID)
    found = db.session.scalars(query.where(Swap.gives_id.in_(ids), Swap.wants_id.in_(ids)).order_by(Swap.id))
    return [swap for swap in found if not problem(rota, wish_of(swap), swap.asked_by, swap.asked_of)[0]]


def link_of(swap: Swap) -> str:
    """The token by which whoever is asked answers without signing in."""
    return sealed_link(PURPOSE, swap.id, swap.asked_of)


def swap_of(token: str) -> tuple[Swap | None, str] | None:
    """The swap of a link and whose link it is; None where it is no link of ours."""
    found = opened_link(PURPOSE, token, 2)
    if found is None:
        return None
    return db.session.get(Swap, found[0], populate_existing=True), found[1]


def tell_due(moment: datetime) -> int:
    """Mails whoever is asked, and whoever asked once there is an answer; answers how many mails went out."""
    if clock().is_held(moment):
        return 0
    return send_until_taken(_mails(moment))


def _mails(moment: datetime) -> Iterator[Callable[[], bool]]:
    ahead = select(Appointment.meeting_id).join(Meeting, Meeting.id == Appointment.meeting_id)
    ahead = ahead.where(Meeting.status == "planned", Appointment.is_cancelled.is_(False))
    untold = select(Swap).where(Swap.told.is_distinct_from(Swap.answer))
    query = untold.where(Swap.gives_id.in_(ahead), Swap.wants_id.in_(ahead)).order_by(Swap.id)
    for swap in db.session.scalars(query).all():
        yield partial(_mail, swap.id, moment)


def _mail(swap_id: str, moment: datetime) -> bool:
    swap = db.session.get(Swap, swap_id, populate_existing=True)
    group = group_of(db.session(), swap) if swap is not None else None
    user = db.session.get(User, swap.asked_by if swap.answer else swap.asked_of) if swap is not None else None
    if swap is None or group is None or user is None or not user.active:
        return False
    if not swap.answer and problem(rota_of(group, moment), wish_of(swap), swap.asked_by, swap.asked_of)[0]:
        return False
    base = base_of(None)
    path = f"/groups/{group.id}/rota" if swap.answer else f"/swap/{link_of(swap)}"
    about, said, link = f"{swap.id}/{swap.answer}", swap.answer, f"{base}{path}" if base else ""
    has_gone = send_once(about, "swap", user, moment, name=user.name, answer=said, link=link)
    if has_gone or was_sent(about, "swap", user):  # whoever sent it may have been cut off before it stood here
        with db.writing() as session:
            session.execute(update(Swap).where(Swap.id == swap_id).values(told=said))
    return has_gone
