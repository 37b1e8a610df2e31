"""What a case giver decides about the card of their case, and what people whose words it holds say to that.

Promises: agreeing needs a decision, and refusing leaves nothing behind – no row, no log entry, no time – so it cannot be
told from never having looked. Whoever's own words would be published has a window to object that nobody else can shorten.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation
from facilitator.archive import actions, store
from facilitator.archive.beginning import ORGANISATION, begin, put_under
from facilitator.archive.cases import OwnCase
from facilitator.archive.content import Outcome
from facilitator.archive.drafts import Draft
from facilitator.archive.likeness import own_words
from facilitator.archive.models import Card, Consent, Objection
from facilitator.archive.objecting import ASKED, ask, hold
from facilitator.core.clock import clock
from facilitator.core.db import db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.core.sealing import empty_log, hashed
from facilitator.meetings.machine import REOPEN_WITHIN
from facilitator.meetings.models import Seat
from facilitator.reports.voices import Voice, voices

GROUP = "group"
SCOPES = (GROUP, ORGANISATION)
WINDOW_AT_LEAST = timedelta(
    days=3
)  # for whoever's words are used, however short the organisation's cooling-off time is


@dataclass(frozen=True)
class Decided:
    """A card as its case giver left it: the row, who may decide about it, and its draft while it has one."""

    card: Card
    consent: Consent
    draft: Draft | None
    waits_for_others: bool

    @property
    def is_on_its_way(self) -> bool:
        """Agreed to, and waiting for its time."""
        return self.card.approved_at is not None and self.card.published_on is None


def decided(case: OwnCase) -> Decided | None:
    """What there is of a case's card, if its case giver began one."""
    session = db.session
    consent = session.scalar(select(Consent).where(Consent.round_id == case.round_id, Consent.seat_id == case.seat_id))
    if consent is None:
        return None
    card = session.get_one(Card, consent.card_id)
    waiting = select(Objection).where(Objection.card_id == card.id, Objection.answer == ASKED)
    draft = store.draft_of(consent) if consent.draft else None
    return Decided(card, consent, draft, session.scalar(waiting.limit(1)) is not None)


def save(case: OwnCase, change: Callable[[Draft], Draft]) -> None:
    """Keeps a changed draft. Whoever agreed to be published as it was has not agreed to this: it waits to be decided anew."""
    with db.writing() as session:
        found = _find(session, case)
        if found is None:
            found = begin(session, case, random_id())
        card, consent = found
        _require_unpublished(card)
        before = store.draft_of(consent)
        changed = change(before)
        if changed == before:
            return
        store.put_draft(consent, changed)
        store.put(card, changed.content())
        card.approved_at, card.publish_at = None, None
        session.execute(delete(Objection).where(Objection.card_id == card.id))


def decide(case: OwnCase, scope: str, *, at_once: bool, themes: Collection[str] = ()) -> list[str]:
    """The case giver agrees: for their group or for the organisation, after the cooling-off time or at once, under themes
    of the organisation's list. Answers with the accounts of those who are asked about their words by it.
    """
    if scope not in SCOPES or (scope == GROUP and case.group_id is None):
        raise Refused(_("Choose for whom this is."), status=422)
    said, is_held = voices(case.meeting_id), clock().is_held(now())
    with db.writing() as session:
        card, consent = _require(session, case)
        _require_unpublished(card)
        draft = store.draft_of(consent)
        if not draft.content().title:
            raise Refused(_("A card needs a title. Give it one, or include the question."), status=422)
        needed = own_words(draft, said, case.seat_id)
        _require_reachable(needed, said)
        asked = ask(session, card, needed)
        card.scope, card.group_id = scope, case.group_id if scope == GROUP else None
        card.approved_at = now()
        card.publish_at = _moment(session, case, at_once=at_once, others=bool(needed))
        store.put(card, draft.content())
        put_under(session, card, themes)
        if card.publish_at <= now() and not is_held:
            actions.publish(session, card)
    return sorted({voice.user_id for voice in said if voice.user_id and voice.seat_id in asked})


def publish_now(case: OwnCase) -> None:
    """The case giver waits no longer. Not before everybody whose words are used has agreed, and not in the hour in which
    the meeting may be reopened.
    """
    is_held = clock().is_held(now())
    with db.writing() as session:
        card, _consent = _require(session, case)
        if card.approved_at is None or card.published_on is not None:
            raise Refused(_("This has changed meanwhile. Look at it once more."))
        if ASKED in session.scalars(select(Objection.answer).where(Objection.card_id == card.id)).all():
            raise Refused(_("Words of others are in it, and they can still say something about that."))
        card.publish_at = _moment(session, case, at_once=True, others=False)
        if card.publish_at <= now() and not is_held:
            actions.publish(session, card)


def refuse(case: OwnCase) -> None:
    """Nobody gets to see it, and nothing tells that it was asked: what there was is gone."""
    card_id = db.session.scalar(select(Consent.card_id).where(Consent.round_id == case.round_id))
    if card_id is not None:  # also of a draft that cannot be read any more
        take_back(card_id)


def take_back(card_id: str) -> None:
    """Takes a card back, published or not; the caller has checked that it is theirs. Whose it was is in no row and no log."""
    with db.writing() as session:
        card = session.get(Card, card_id, with_for_update=True)
        if card is None or card.is_withdrawn:
            return
        actions.withdraw(session, card)
    actions.let_go(card_id)
    empty_log(db.engine)


def make_link(card_id: str) -> str:
    """A link to take the card back that lives as long as the card; gives its token, which is not kept. An earlier one ends."""
    token = secrets.token_urlsafe(32)
    with db.writing() as session:
        consent = session.get(Consent, card_id)
        if consent is None:
            raise Refused(_("This card was taken back."), status=404)
        consent.link_hash = hashed(token)
    return token


def tell_outcome(card_id: str, outcome: Outcome, why: str) -> None:
    """The owner of a published card says how it went."""
    with db.writing() as session:
        card = session.get(Card, card_id, with_for_update=True)
        if card is None or card.published_on is None or card.is_withdrawn:
            raise Refused(_("This card was taken back."), status=404)
        actions.tell_outcome(session, card, outcome, why)


def follow_account(seat_id: str) -> None:
    """After somebody said whose account a seat is, or that it is not: the card of their case is that account's, or nobody's."""
    with db.writing() as session:
        seat = session.get(Seat, seat_id)
        for consent in session.scalars(select(Consent).where(Consent.seat_id == seat_id)).all():
            consent.user_id = seat.user_id if seat else None


def _find(session: Session, case: OwnCase) -> tuple[Card, Consent] | None:
    """The card of a case, held until the end of the transaction: its draft is read after that, so no answer is lost. Nobody
    else begins the same card meanwhile: a double tap makes one.
    """
    take_turns(session, f"consent:{case.round_id}")
    found = session.scalar(select(Consent).where(Consent.round_id == case.round_id))
    if found is not None and found.seat_id != case.seat_id:
        raise Refused(_("This has changed meanwhile. Look at it once more."))
    return hold(session, found.card_id) if found else None


def _require(session: Session, case: OwnCase) -> tuple[Card, Consent]:
    found = _find(session, case)
    if found is None:
        raise Refused(_("This has changed meanwhile. Look at it once more."))
    return found


def _require_unpublished(card: Card) -> None:
    if card.published_on is not None:
        raise Refused(_("This card is in the archive already. Take it back to change it."))


def _require_reachable(needed: Mapping[str, tuple[str, ...]], said: tuple[Voice, ...]) -> None:
    """Whoever cannot be asked has not agreed."""
    if any(voice.seat_id in needed and not voice.can_answer for voice in said):
        raise Refused(
            _("Words of somebody who cannot be asked are in it. Say it in your own words."),
            status=422,
        )


def _moment(session: Session, case: OwnCase, *, at_once: bool, others: bool) -> datetime:
    """When a card that was agreed to now is published."""
    days = session.get_one(Organisation, case.organisation_id).cooling_off_days
    wait = timedelta(0) if at_once else timedelta(days=days)
    if others:
        wait = max(timedelta(days=days), WINDOW_AT_LEAST)
    moment = now()
    return max(moment + wait, min(case.ended_at or moment, moment) + REOPEN_WITHIN)
