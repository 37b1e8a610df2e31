"""What consent has for a person: a card to decide about, words of theirs on somebody's card, and their own cards.

Promises: how an action went is suggested to the card's owner and to nobody else, until the raw input of the meeting goes.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import store
from facilitator.archive.content import Outcome
from facilitator.archive.models import Card, Consent, Objection
from facilitator.consent.decisions import ASKED
from facilitator.consent.drafts import rounds_of
from facilitator.core import sealing
from facilitator.core.db import db, midnight
from facilitator.core.entries import Entry
from facilitator.meetings.models import Action
from facilitator.meetings.visitor import seats_of
from facilitator.reports import store as reports

# What somebody says of an action says little of its effect; that it was not done says nothing of it at all.
AS_OUTCOME = {"done": Outcome.WORKED, "partly": Outcome.PARTLY}


def entries_for_seat(meeting_id: str, seat_id: str, is_own: bool) -> list[Entry]:
    """What one meeting has for whoever held a seat in it."""
    if not is_own:
        return []
    return [*_to_decide(meeting_id, frozenset({seat_id})), *_asked(meeting_id, frozenset({seat_id})), *_own(seat_id)]


def entries_for_user(user: User) -> list[Entry]:
    """The same for all their seats, and the cards that outlived their meetings."""
    own = {meeting_id: frozenset(seat.id for seat in seats) for meeting_id, seats in seats_of(user).items()}
    entries = [
        entry
        for meeting_id, seat_ids in own.items()
        for entry in (*_to_decide(meeting_id, seat_ids), *_asked(meeting_id, seat_ids))
    ]
    mine = select(Card).join(Consent, Consent.card_id == Card.id).where(Consent.user_id == user.id)
    return entries + _cards(db.session.scalars(mine.where(Card.organisation_id == user.organisation_id)))


def _to_decide(meeting_id: str, seats: frozenset[str]) -> list[Entry]:
    """Offered as long as the case can be shared, whatever was decided: a refusal looks like a page nobody opened."""
    rounds = rounds_of(meeting_id, seats)
    # Where the report is damaged its own entry says so.
    if not rounds or sealing.readable(lambda: reports.approved(meeting_id), None) is None:
        return []
    decided = set(
        db.session.scalars(
            select(Consent.round_id)
            .join(Card, Card.id == Consent.card_id)
            .where(Consent.round_id.in_([r.id for r in rounds]), Card.approved_at.is_not(None))
        )
    )
    text = _("Would you like to share this with the organisation? No is fine too; nobody sees that.")
    title = _("What you learned from your case")
    return [
        Entry(title, text, f"/meetings/{meeting_id}/consent/{found.number}")
        for found in rounds
        if found.id not in decided
    ]


def _asked(meeting_id: str, seats: frozenset[str]) -> list[Entry]:
    """Their words on somebody's card, until they have said something about it."""
    asked = select(Objection.card_id).join(Consent, Consent.card_id == Objection.card_id)
    asked = asked.where(Consent.meeting_id == meeting_id, Objection.seat_id.in_(seats), Objection.answer == ASKED)
    if db.session.scalar(asked.limit(1)) is None:
        return []
    text = _("Somebody wants to share what they learned, and words of yours are in it. Look at them first.")
    return [Entry(_("Words of yours"), text, f"/meetings/{meeting_id}/objection", waits=True)]


def _own(seat_id: str) -> list[Entry]:
    return _cards(
        db.session.scalars(select(Card).join(Consent, Consent.card_id == Card.id).where(Consent.seat_id == seat_id))
    )


def _cards(cards: Iterable[Card]) -> list[Entry]:
    """Their own cards that were agreed to; where nobody knows yet how it went, they are asked."""
    return [_card(card) for card in cards if card.approved_at is not None and not card.is_withdrawn]


def _card(card: Card) -> Entry:
    title = store.shown(card).title
    if card.published_on is None:
        text = _("Your card will be published. Until then you can change it or take it back.")
    elif card.outcome == Outcome.UNKNOWN and suggested(db.session(), card):
        text = _("You or your group looked back on the action. Would you add to your card how it went?")
        return Entry(title, text, f"/archive/{card.id}/withdraw", midnight(card.published_on), waits=True)
    elif card.outcome == Outcome.UNKNOWN:
        text = _("Your card is in the archive. How did it go? You can add that, or take the card back.")
    else:
        text = _("Your card is in the archive. You can take it back whenever you want.")
    moment = midnight(card.published_on) if card.published_on else None
    return Entry(title, text, f"/archive/{card.id}/withdraw", moment)


def suggested(session: Session, card: Card) -> str:
    """What a follow-up in a later meeting suggests, empty where nobody has looked back yet."""
    asked = (
        select(Action.status)
        .join(Consent, Consent.meeting_id == Action.meeting_id)
        .where(Consent.card_id == card.id, Action.owner_id == Consent.seat_id, Action.is_carried.is_(False))
    )
    found = (AS_OUTCOME[status].value for status in session.scalars(asked) if status in AS_OUTCOME)
    return next(found, Outcome.UNKNOWN.value)
