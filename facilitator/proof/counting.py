"""What a meeting's own rows say of who was there and when. It reads no text anybody wrote, so it works just as well after
the meeting was erased.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from facilitator.core.text import is_same_name
from facilitator.groups.models import Group
from facilitator.meetings import loading, models, table_ids
from facilitator.meetings.titles import Named, methods_of, title
from facilitator.methods.vocabulary import Part
from facilitator.proof.content import Held, Moderator, Role
from facilitator.proof.presence import Span, Stay, net_minutes, running, stay, united


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat, when they were there, and what counts of it; None where that was not while the meeting ran. `gave_by`: the
    key of the method of the case they gave, where that is not the one of the meeting.
    """

    seat_id: str
    user_id: str | None
    name: str
    role: Role
    gave_by: str
    has_phone: bool
    has_agreed: bool
    is_expelled: bool
    there: tuple[Span, ...]
    stay: Stay | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A meeting as it was counted. `held` is None before it began; `is_over` is whether it can be confirmed."""

    meeting_id: str
    organisation_id: str
    is_over: bool
    held: Held | None
    ran: tuple[Span, ...]
    people: tuple[Person, ...]

    def person(self, seat_id: str) -> Person | None:
        return next((person for person in self.people if person.seat_id == seat_id), None)


def count(session: Session, meeting: models.Meeting, moment: datetime) -> Counted:
    """Everybody of a meeting in the order of the table, those who led it last; up to `moment` while it goes on."""
    moves = session.execute(
        select(models.Transition.move, models.Transition.at)
        .where(models.Transition.meeting_id == meeting.id)
        .order_by(models.Transition.turn)
    )
    ran = running(((move, at) for move, at in moves if at), moment)
    everybody = _everybody(session, meeting)
    seats, leading = _counted_once(everybody), _leading(meeting, everybody)
    times, givers = _times(session, meeting, ran), _case_givers(session, meeting)
    return Counted(
        meeting_id=meeting.id,
        organisation_id=meeting.organisation_id,
        is_over=meeting.status == "ended" and bool(ran),
        held=_held(session, meeting, leading, ran) if ran else None,
        ran=ran,
        people=tuple(_person(seat, ran, times, givers) for seat in seats if seat.is_admitted),
    )


def _person(
    seat: models.Seat, ran: tuple[Span, ...], times: dict[str, list[Span]], givers: Mapping[str, str]
) -> Person:
    there = united(_there(seat, ran, times))
    return Person(
        seat_id=seat.id,
        user_id=seat.user_id,
        name=seat.name,
        role=_role(seat, givers),
        gave_by=givers.get(seat.id, ""),
        has_phone=seat.has_phone,
        has_agreed=seat.has_agreed,
        is_expelled=seat.is_expelled,
        there=there,
        stay=stay(there, ran),
    )


def _role(seat: models.Seat, givers: Collection[str]) -> Role:
    if seat.id in givers:
        return Role.CASE_GIVER
    return Role.MODERATOR if seat.kind == "moderator" or seat.role == "moderator" else Role.PEER


def _there(seat: models.Seat, ran: tuple[Span, ...], times: dict[str, list[Span]]) -> list[Span]:
    """When somebody was there. Whoever leads has no coming and going of their own: from the seat to giving it up."""
    if seat.kind != "moderator":
        return times[seat.id]
    return [Span(seat.joined_at, seat.left_at or ran[-1].end)] if ran else []


def _everybody(session: Session, meeting: models.Meeting) -> list[models.Seat]:
    """All seats of people, those at the table first. Whoever lost the turn to moderate before the start led nothing."""
    led = and_(models.Seat.kind == "moderator", models.Seat.is_expelled.is_(False))
    query = select(models.Seat).where(models.Seat.meeting_id == meeting.id, or_(models.Seat.kind == "participant", led))
    return sorted(session.scalars(query), key=lambda seat: (seat.kind == "moderator", seat.position, seat.id))


def _counted_once(seats: list[models.Seat]) -> list[models.Seat]:
    """The same; whoever leads and sits at the table too is counted once, at the table."""
    at_table = [seat for seat in seats if seat.kind == "participant" and seat.role == "moderator" and seat.is_admitted]
    return [seat for seat in seats if seat.kind == "participant" or not any(_is_same(seat, one) for one in at_table)]


def _is_same(leading: models.Seat, at_table: models.Seat) -> bool:
    """Whether a seat that leads and one at the table that leads are one person's: by account, or by the name of whoever leads
    now. Somebody who led before and is called the same is somebody else.
    """
    if leading.user_id is not None and at_table.user_id is not None:
        return leading.user_id == at_table.user_id
    return leading.left_at is None and is_same_name(leading.name, at_table.name)


def _times(session: Session, meeting: models.Meeting, ran: tuple[Span, ...]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    rows = session.execute(
        select(models.Presence.seat_id, models.Presence.came_at, models.Presence.went_at)
        .join(models.Seat, models.Seat.id == models.Presence.seat_id)
        .where(models.Seat.meeting_id == meeting.id)
    )
    for seat_id, came, went in rows:
        if ran:
            found[seat_id].append(Span(came, went or ran[-1].end))
    return found


def _case_givers(session: Session, meeting: models.Meeting) -> dict[str, str]:
    """Whose case was taken up, also at a table, because a phase of it was held, and by which method if not that of the meeting."""
    taken_up = select(models.Round).where(
        _is_of(models.Round.meeting_id, meeting),
        models.Round.case_giver_id.is_not(None),
        models.Round.id.in_(_begun(meeting)),
    )
    found: dict[str, str] = {}
    for one in session.scalars(taken_up.order_by(models.Round.number)):
        giver = table_ids.seat_of(one.case_giver_id or "")
        found.setdefault(giver, "" if one.method_key == meeting.method_key else one.method_key)
    return found


def _is_of(meeting_id: ColumnElement[str] | InstrumentedAttribute[str], meeting: models.Meeting) -> ColumnElement[bool]:
    """Whether something is of this meeting, or of one of its tables."""
    return or_(meeting_id == meeting.id, meeting_id.like(f"{meeting.id}{table_ids.MARK}%"))


def _begun(meeting: models.Meeting) -> Select[str | None]:
    """The cases that a phase was held of, choosing them aside; of one that was stopped it is enough that a phase began."""
    around = models.Round.__table__.alias()
    return (
        select(models.Step.round_id)
        .join(around, around.c.id == models.Step.round_id)
        .where(
            _is_of(models.Step.meeting_id, meeting),
            models.Step.has_begun,
            or_(~models.Step.is_skipped, around.c.is_stopped),
            models.Step.phase["part"].as_string() == Part.ROUND.value,
        )
    )


def _held(session: Session, meeting: models.Meeting, leading: list[str], ran: tuple[Span, ...]) -> Held:
    group = session.get(Group, meeting.group_id) if meeting.group_id else None
    methods = _methods(session, meeting)
    first, *further = [(one.method_key, title(one.method_key, one.method_titles, meeting.locale)) for one in methods]
    return Held(
        started_at=ran[0].start,
        ended_at=ran[-1].end,
        minutes=net_minutes(ran, ran),
        method_key=first[0],
        method=first[1],
        further=tuple(further),
        methods=tuple(methods),
        group=group.name if group else "",
        number=loading.number_of(session, meeting),
        place=meeting.place,
        moderator=Moderator(", ".join(leading)),
    )


def _methods(session: Session, meeting: models.Meeting) -> list[Named]:
    """The method of the meeting, and those by which further cases were taken up, by their names."""
    of_meeting = select(models.Round).where(models.Round.meeting_id == meeting.id).order_by(models.Round.number)
    begun = frozenset(session.scalars(_begun(meeting)))
    taken_up = [one for one in session.scalars(of_meeting) if one.number == 1 or one.id in begun]
    of_all = methods_of(taken_up, loading.method_of(meeting))
    named = {one.method_key: Named(one.method_key, one.method_titles, one.method_roles) for one in reversed(of_all)}
    return [named[key] for key in dict.fromkeys(one.method_key for one in of_all)]


def _leading(meeting: models.Meeting, everybody: list[models.Seat]) -> list[str]:
    """The names of those who lead, or led at last. Under pseudonyms by the seat they lead from, which has their own name."""
    if meeting.uses_pseudonyms:
        led = [s for s in everybody if s.kind == "moderator"]
    else:
        led = [s for s in _counted_once(everybody) if s.kind == "moderator" or s.role == "moderator"]
    return [s.name for s in led if s.left_at is None and not s.is_expelled] or [s.name for s in led]
