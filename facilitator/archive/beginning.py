"""A card of a case in its first moment: its row, who decides about it, its draft, and the themes it comes under."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.archive import store
from facilitator.archive.cases import OwnCase
from facilitator.archive.content import Form
from facilitator.archive.models import Card, CardTheme, Consent, Theme
from facilitator.archive.themes.actions import MOST_ON_A_CARD
from facilitator.core.db import now, random_id
from facilitator.meetings.models import Seat

ORGANISATION = "organisation"


def begin(session: Session, case: OwnCase, card_id: str) -> tuple[Card, Consent]:
    """Makes the card of a case, its keys first."""
    draft, draft_key = case.draft(), random_id()
    for owner_id in (card_id, draft_key):
        store.make_key(owner_id)
    # Held: whoever connects an account at this moment, or says that it is not theirs, is followed afterwards.
    user_id = session.scalar(select(Seat.user_id).where(Seat.id == case.seat_id).with_for_update())
    card = Card(
        id=card_id,
        organisation_id=case.organisation_id,
        form=Form.CONSULTATION.value,
        method_key=case.method_key,
        locale=case.locale,
        period=case.period,
        scope=ORGANISATION,
        made_on=now().date(),
    )
    consent = Consent(
        card_id=card_id,
        meeting_id=case.meeting_id,
        round_id=case.round_id,
        seat_id=case.seat_id,
        user_id=user_id,
        draft_key=draft_key,
    )
    store.put(card, draft.content())
    store.put_draft(consent, draft)
    session.add(card)
    session.flush()
    session.add(consent)
    session.flush()
    return card, consent


def put_under(session: Session, card: Card, themes: Collection[str]) -> None:
    """Chooses the themes of a card, of those that are on the list."""
    session.execute(delete(CardTheme).where(CardTheme.card_id == card.id))
    known = select(Theme.id).where(Theme.organisation_id == card.organisation_id, Theme.id.in_(themes))
    chosen = sorted(session.scalars(known))[:MOST_ON_A_CARD]
    session.add_all(CardTheme(card_id=card.id, theme_id=theme_id) for theme_id in chosen)
