"""Doors without a sign-in: a room screen that is paired, and the moderator's role handed over."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from facilitator.core import codes
from facilitator.core.codes import new_code
from facilitator.core.db import changing, db, now
from facilitator.core.refusals import Refused
from facilitator.core.sealing import hashed
from facilitator.meetings import models, rules
from facilitator.meetings.actions import tables
from facilitator.meetings.actions.base import Change, change, require_moderator
from facilitator.meetings.actions.people import free_name, give_token, require_free_name, seat_to_lead, seats_of
from facilitator.meetings.seats import Holding
from facilitator.meetings.turns import may_lead

PAIRING_LASTS = timedelta(minutes=15)
HANDOVER_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Offer:
    """A hand-over that stands: the token of its link, and until when it works."""

    token: str
    until: datetime


def offer_wall() -> tuple[str, str]:
    """A waiting room screen: (token for its cookie, code to read out). Offers that ran out are swept away."""
    token = secrets.token_urlsafe(32)
    code = new_code(codes.PAIRING)
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
        found.row.is_screen_chosen = True


def take_wall(token: str, locale: str) -> Holding | None:
    """What a waiting room screen asks: its seat, once the moderator has confirmed it; the offer works once."""
    with db.reading() as session:
        invite = session.get(models.Invite, hashed(token))
        if invite is None or invite.kind != "wall" or invite.meeting_id is None or invite.is_used:
            return None
        meeting_id = invite.meeting_id
    with changing(meeting_id) as session:
        invite = session.get(models.Invite, hashed(token))
        if invite is None or invite.is_used:
            return None
        invite.is_used = True
        return _new_wall(session, meeting_id, locale)


def wall_seat(meeting_id: str, locale: str) -> Holding:
    """A room screen's seat for a device that leads the meeting already."""
    with changing(meeting_id) as session:
        return _new_wall(session, meeting_id, locale)


def _new_wall(session: Session, meeting_id: str, locale: str) -> Holding:
    """A room screen's seat; its position is the number by which people tell it from others."""
    before = select(func.max(models.Seat.position)).where(
        models.Seat.meeting_id == meeting_id, models.Seat.kind == "wall"
    )
    seat = models.Seat(meeting_id=meeting_id, kind="wall", locale=locale, joined_at=now(), is_admitted=True)
    seat.position = (session.scalar(before) or 0) + 1
    session.add(seat)
    session.flush()
    return Holding(meeting_id, seat.id, give_token(session, seat.id))


def disconnect_wall(meeting_id: str, moderator_id: str, seat_id: str) -> None:
    """Takes the meeting off a room screen for good; the same computer can be connected anew."""
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        seat = found.seat_row(seat_id)
        if seat.kind != "wall":
            raise Refused("no_such_seat", 404)
        seat.is_expelled = True


def offer_handover(meeting_id: str, moderator_id: str) -> Offer:
    """The way in for somebody else to take the lead: the same one until it is used or over, then another. Once another
    moderator leads, an offer of the one before is worth nothing.
    """
    with change(meeting_id) as found:
        require_moderator(found, moderator_id)
        known = found.session.scalar(
            select(models.Invite).where(models.Invite.meeting_id == meeting_id, models.Invite.kind == "handover")
        )
        if known is not None and known.code and not known.is_used and known.expires_at > now():
            return Offer(_handover_token(meeting_id, known.code), known.expires_at)
        _withdraw_offers(found)
        code = new_code(codes.HANDOVER)
        offer = Offer(_handover_token(meeting_id, code), now() + HANDOVER_LASTS)
        row = models.Invite(token_hash=hashed(offer.token), kind="handover", code=code, meeting_id=meeting_id)
        row.expires_at = offer.until
        found.session.add(row)
        return offer


def _handover_token(meeting_id: str, code: str) -> str:
    """The token of an offer, made of its row and of a secret that is in no database: it can be shown again, but whoever
    reads the database cannot make it.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"handover:{meeting_id}:{code}".encode(), hashlib.sha256).hexdigest()[:40]


def _withdraw_offers(found: Change) -> None:
    found.session.execute(
        delete(models.Invite).where(models.Invite.meeting_id == found.row.id, models.Invite.kind == "handover")
    )


def is_handover(meeting_id: str, token: str) -> bool:
    """Whether a hand-over token still works."""
    with db.reading() as session:
        found = session.get(models.Invite, hashed(token))
        return (
            found is not None
            and found.kind == "handover"
            and found.meeting_id == meeting_id
            and not found.is_used
            and found.expires_at > now()
        )


def take_over(
    meeting_id: str, token: str, name: str, locale: str, participant_id: str | None, user_id: str | None = None
) -> Holding:
    """Takes the lead with a hand-over token; whoever led before leads no longer. Never the case giver of the moment, known
    by the seat of this device or by the account that is signed in on it.
    """
    with change(meeting_id) as found:
        invite = found.session.get(models.Invite, hashed(token))
        if invite is None or invite.kind != "handover" or invite.meeting_id != meeting_id:
            raise Refused("no_such_handover", 404)
        if invite.is_used or invite.expires_at < now():
            raise Refused("handover_over", 410)
        _refuse_case_giver(found, participant_id, user_id)
        invite.is_used = True
        _step_down(found)
        found.session.flush()
        require_free_name(found, name, [participant_id] if participant_id else ())
        if participant_id is not None:
            found.seat_row(participant_id).role = "moderator"
        seat = seat_to_lead(found, name, locale, None)
        tables.follow(found)
        return Holding(meeting_id, seat.id, give_token(found.session, seat.id))


def take_back(meeting_id: str, user_id: str, name: str, locale: str) -> Holding:
    """An account whose meeting it is to lead takes the lead, or takes it again."""
    with change(meeting_id) as found:
        if not may_lead(found.session, user_id, found.row):
            raise Refused("not_moderator", 403)
        _refuse_case_giver(found, None, user_id)
        _withdraw_offers(found)
        _step_down(found)
        found.session.flush()
        own_name = free_name(found, name, seats_of(found, user_id))
        seat = seat_to_lead(found, own_name, locale, user_id)
        tables.follow(found)
        return Holding(meeting_id, seat.id, give_token(found.session, seat.id))


def _refuse_case_giver(found: Change, participant_id: str | None, user_id: str | None) -> None:
    """Nobody leads a meeting in which they give the case now."""
    giver = rules.case_giver(found.before)
    if giver is None or not giver.is_present or found.row.status == "ended":
        return
    if giver.id == participant_id or (user_id is not None and giver.user_id == user_id):
        raise Refused("gives_case")


def _step_down(found: Change) -> None:
    """Whoever leads now leads no longer, at the table neither."""
    for leader in rules.moderators(found.before):
        found.seat_row(leader.id).left_at = now()
    for seat in found.before.seats:
        if seat.kind == "participant" and seat.role == "moderator":
            found.seat_row(seat.id).role = ""
