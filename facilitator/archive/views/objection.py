"""The page of somebody whose own words a card would hold: they agree, or take them out.

Promises: it shows nobody else's words and tells nobody what somebody said; to whoever was in the meeting and is not asked
anything it looks the same, whatever others were asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from facilitator.archive import objecting
from facilitator.archive.cases import own_seats
from facilitator.archive.models import Card, Consent, Objection
from facilitator.archive.views import blueprint
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.meetings.seats import whose
from facilitator.meetings.visitor import seat_query
from facilitator.reports.voices import voices

OFTEN = "60 per minute"


@dataclass(frozen=True)
class Asked:
    """A card on its way that holds somebody's words: those words as they would appear, for whom, and until when to say so."""

    card_id: str
    scope: str
    until: datetime | None
    answer: str
    lines: tuple[str, ...]


@blueprint.get("/meetings/<meeting_id>/objection")
def objection(meeting_id: str) -> ResponseReturnValue:
    """What is asked of whoever sent this request."""
    seats = own_seats(meeting_id)
    if not seats:
        abort(404)
    return render_template("archive/objection.html", meeting_id=meeting_id, asked=asked_of(meeting_id, seats))


@blueprint.post("/meetings/<meeting_id>/objection")
@limiter.limit(OFTEN, key_func=whose)
def object_or_agree(meeting_id: str) -> ResponseReturnValue:
    """Their answer; it may be changed until the card is published."""
    seats, says = own_seats(meeting_id), request.form.get("do", "")
    if not seats:
        abort(404)
    try:
        objecting.answer(meeting_id, request.form.get("card", ""), seats, says)
    except Refused as refused:
        flash(str(refused), "error")
    else:
        took_out = _("Your words are not on the card. Nobody hears that it was you.")
        flash(took_out if says == objecting.OBJECTS else _("Thank you. Your words may be used."), "success")
    return redirect(f"/meetings/{meeting_id}/objection{seat_query()}")


def asked_of(meeting_id: str, seats: frozenset[str]) -> list[Asked]:
    """The cards on their way that hold words of these seats."""
    query = select(Card, Consent, Objection).join(Consent, Consent.card_id == Card.id)
    query = query.join(Objection, Objection.card_id == Card.id).where(
        Consent.meeting_id == meeting_id, Objection.seat_id.in_(seats), Card.approved_at.is_not(None)
    )
    found = db.session.execute(query.where(Objection.answer != objecting.OBJECTS).order_by(Card.id)).all()
    said = voices(meeting_id) if found else ()
    return [
        Asked(card.id, card.scope, card.publish_at, row.answer, objecting.words_of(consent, row.seat_id, said))
        for card, consent, row in found
    ]
