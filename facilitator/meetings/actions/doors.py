"""Doors without a sign-in: a room screen that is paired, and the moderator's role handed over."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from facilitator.db import changing, db, now
from facilitator.meetings import models, rules
from facilitator.meetings.actions.base import Change, Refused, change, require_moderator
from facilitator.meetings.actions.people import Holding, give_token
from facilitator.meetings.actions.setting_up import CODE_ALPHABET
from facilitator.meetings.sealing import hashed

PAIRING_LASTS = timedelta(minutes=15)
HANDOVER_LASTS = timedelta(minutes=10)
PAIR_CODE_LENGTH = 6


def offer_wall() -> tuple[str, str]:
    """A waiting room screen: (token for its cookie, code to read out). Offers that ran out are swept away."""
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(PAIR_CODE_LENGTH))
    with db.writing() as session:
        session.execute(delete(models.Invite).where(models.Invite.expires_at < now()))
        session.add(models.Invite(token_hash=hashed(token), kind="wall", code=code, expires_at=now() + PAIRING_LASTS))
    return token, code


def offered_code(token: str) -> str | None:
    """The code of an offer that still stands."""
    with db.reading() as session:
        found = session.get(models.Invite, hashed(token))
        stands = found is not None and found.kind == "wall" and found.expires_at > now()
        return found.code if found is not None and stands else None


def pair_wall(meeting_id: str, moderator_id: str, code: str) -> None:
    """The moderator confirms, on their own device, the code a room screen shows."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        query = select(models.Invite).where(models.Invite.kind == "wall", models.Invite.code == code)
        # Locked: another meeting's moderator may confirm the same code at this moment, and only one gets the screen.
        invite = found.session.scalar(query.with_for_update())
        if invite is None or invite.expires_at < now() or invite.meeting_id not in (None, meeting_id):
            raise Refused("no_such_wall", 404)
        invite.meeting_id = meeting_id
        found.row.screen_chosen_at = found.row.screen_chosen_at or now()


def take_wall(token: str, locale: str) -> Holding | None:
    """What a waiting room screen asks: its seat, once the moderator has confirmed it; the offer works once."""
    with db.reading() as session:
        invite = session.get(models.Invite, hashed(token))
        if invite is None or invite.kind != "wall" or invite.meeting_id is None or invite.used_at is not None:
            return None
        meeting_id = invite.meeting_id
    with changing(meeting_id) as session:
        invite = session.get(models.Invite, hashed(token))
        if invite is None or invite.used_at is not None:
            return None
        invite.used_at = now()
        seat = models.Seat(meeting_id=meeting_id, kind="wall", locale=locale, joined_at=now(), admitted_at=now())
        session.add(seat)
        session.flush()
        return Holding(meeting_id, seat.id, give_token(session, seat.id))


def wall_seat(meeting_id: str, locale: str) -> Holding:
    """A room screen's seat for a device that leads the meeting already."""
    with changing(meeting_id) as session:
        seat = models.Seat(meeting_id=meeting_id, kind="wall", locale=locale, joined_at=now(), admitted_at=now())
        session.add(seat)
        session.flush()
        return Holding(meeting_id, seat.id, give_token(session, seat.id))


def offer_handover(meeting_id: str, moderator_id: str) -> str:
    """A one-time token with which somebody else takes the lead; an earlier one stops working."""
    token = secrets.token_urlsafe(24)
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        found.session.execute(
            delete(models.Invite).where(models.Invite.meeting_id == meeting_id, models.Invite.kind == "handover")
        )
        found.session.add(
            models.Invite(
                token_hash=hashed(token), kind="handover", meeting_id=meeting_id, expires_at=now() + HANDOVER_LASTS
            )
        )
    return token


def is_handover(meeting_id: str, token: str) -> bool:
    """Whether a hand-over token still works."""
    with db.reading() as session:
        found = session.get(models.Invite, hashed(token))
        return (
            found is not None
            and found.kind == "handover"
            and found.meeting_id == meeting_id
            and found.used_at is None
            and found.expires_at > now()
        )


def take_over(meeting_id: str, token: str, name: str, locale: str, participant_id: str | None) -> Holding:
    """Takes the lead with a hand-over token; whoever led before leads no longer. Never the case giver of the moment."""
    with change(meeting_id) as found:
        invite = found.session.get(models.Invite, hashed(token))
        if invite is None or invite.kind != "handover" or invite.meeting_id != meeting_id:
            raise Refused("no_such_handover", 404)
        if invite.used_at is not None or invite.expires_at < now():
            raise Refused("handover_over", 410)
        giver = rules.case_giver(found.before)
        if giver is not None and giver.id == participant_id and found.row.status != "ended":
            raise Refused("gives_case")
        invite.used_at = now()
        _step_down(found)
        if participant_id is not None:
            found.seat_row(participant_id).role = "moderator"
        seat_row = models.Seat(meeting_id=meeting_id, kind="moderator", name=name, locale=locale, position=10_000)
        seat_row.joined_at = seat_row.admitted_at = now()
        found.session.add(seat_row)
        found.session.flush()
        return Holding(meeting_id, seat_row.id, give_token(found.session, seat_row.id))


def take_back(meeting_id: str, user_id: str, name: str, locale: str) -> Holding:
    """The account that set the meeting up takes the lead again."""
    with change(meeting_id) as found:
        if found.row.created_by != user_id:
            raise Refused("not_moderator", 403)
        _step_down(found)
        seat = models.Seat(meeting_id=meeting_id, kind="moderator", name=name, locale=locale, user_id=user_id)
        seat.joined_at = seat.admitted_at = now()
        seat.position = 10_000
        found.session.add(seat)
        found.session.flush()
        return Holding(meeting_id, seat.id, give_token(found.session, seat.id))


def _step_down(found: Change) -> None:
    """Whoever leads now leads no longer, at the table neither."""
    for leader in rules.moderators(found.before):
        found.seat_row(leader.id).left_at = now()
    for seat in found.before.seats:
        if seat.kind == "participant" and seat.role == "moderator":
            found.seat_row(seat.id).role = ""
