"""What a case giver decides about the card of their case, and what people whose words it holds say to that.

Promises: agreeing needs a decision, and refusing leaves nothing behind – no row, no log entry, no time – so it cannot be
told from never having looked. Whoever's own words would be published has a window to object that nobody can shorten but
themselves; an objection takes those words out and tells nobody who it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation
from facilitator.accounts.refusals import Refused
from facilitator.archive import actions, store
from facilitator.archive.cases import OwnCase
from facilitator.archive.content import Form, Outcome
from facilitator.archive.drafts import Draft
from facilitator.archive.likeness import own_words
from facilitator.archive.models import Card, Consent, Objection
from facilitator.db import db, now, random_id
from facilitator.meetings.models import Seat
from facilitator.meetings.sealing import hashed
from facilitator.reports.voices import Voice, voices

GROUP, ORGANISATION = "group", "organisation"
ASKED, AGREES, OBJECTS = "asked", "agrees", "objects"
REOPENS_FOR = timedelta(hours=1)  # as long as an ended meeting may be reopened nothing is published
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
        return self.card.approved_at is not None and self.card.published_at is None


def decided(case: OwnCase) -> Decided | None:
    """What there is of a case's card, if its case giver began one."""
    session = db.session
    consent = session.scalar(select(Consent).where(Consent.round_id == case.round_id))
    if consent is None:
        return None
    card = session.get_one(Card, consent.card_id)
    waiting = select(Objection).where(Objection.card_id == card.id, Objection.answer == ASKED)
    draft = store.draft_of(consent) if consent.draft else None
    return Decided(card, consent, draft, session.scalar(waiting.limit(1)) is not None)


def save(case: OwnCase, change: Callable[[Draft], Draft]) -> None:
    """Keeps a changed draft. Whoever agreed to be published as it was has not agreed to this: it waits to be decided anew."""
    card_id = random_id()
    is_new = decided(case) is None
    if is_new:
        store.make_key(card_id)
    with db.writing() as session:
        found = _find(session, case.round_id)
        if found is None:
            found = _new(session, case, card_id)
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


def decide(case: OwnCase, scope: str, *, at_once: bool) -> list[str]:
    """The case giver agrees: for their group or for the organisation, after the cooling-off time or at once. Answers with
    the accounts of those who are asked about their words by it.
    """
    if scope not in (GROUP, ORGANISATION) or (scope == GROUP and case.group_id is None):
        raise Refused(_("Choose for whom this is."), status=422)
    said = voices(case.meeting_id)
    with db.writing() as session:
        card, consent = _require(session, case.round_id)
        _require_unpublished(card)
        draft = store.draft_of(consent)
        if not draft.content().title:
            raise Refused(_("A card needs a title. Give it one, or include the question."), status=422)
        needed = own_words(draft, said, case.seat_id)
        _require_reachable(needed, said)
        asked = _ask(session, card, needed)
        card.scope, card.group_id = scope, case.group_id if scope == GROUP else None
        card.approved_at = now()
        card.publish_at = _moment(session, case, at_once=at_once, others=bool(needed))
        store.put(card, draft.content())
        if card.publish_at <= now():
            actions.publish(session, card)
    return sorted({voice.user_id for voice in said if voice.user_id and voice.seat_id in asked})


def publish_now(case: OwnCase) -> None:
    """The case giver waits no longer. Not before everybody whose words are used has agreed, and not in the hour in which
    the meeting may be reopened.
    """
    with db.writing() as session:
        card, _consent = _require(session, case.round_id)
        if card.approved_at is None or card.published_at is not None:
            raise Refused(_("This has changed meanwhile. Look at it once more."))
        if ASKED in session.scalars(select(Objection.answer).where(Objection.card_id == card.id)).all():
            raise Refused(_("Words of others are in it, and they can still say something about that."))
        card.publish_at = _moment(session, case, at_once=True, others=False)
        if card.publish_at <= now():
            actions.publish(session, card)


def refuse(case: OwnCase) -> None:
    """Nobody gets to see it, and nothing tells that it was asked: what there was is gone."""
    found = decided(case)
    if found is not None:
        take_back(found.card.id)


def take_back(card_id: str) -> None:
    """Takes a card back, published or not; the caller has checked that it is theirs."""
    with db.writing() as session:
        card = session.get(Card, card_id, with_for_update=True)
        if card is None or card.withdrawn_at is not None:
            return
        actions.withdraw(session, card)
    store.destroy_key(card_id)


def make_link(card_id: str) -> str:
    """A link to take the card back that lives as long as the card; gives its token, which is not kept. An earlier one ends."""
    token = secrets.token_urlsafe(32)
    with db.writing() as session:
        consent = session.get(Consent, card_id)
        if consent is None:
            raise Refused(_("This card was taken back."), status=404)
        consent.link_hash = hashed(token)
    return token


def answer(meeting_id: str, card_id: str, seat_ids: frozenset[str], says: str) -> None:
    """Somebody whose words are used agrees, or takes them out; until it is published they may change their mind."""
    said = voices(meeting_id)
    with db.writing() as session:
        asked = select(Objection).where(Objection.card_id == card_id, Objection.seat_id.in_(seat_ids))
        rows = session.scalars(asked).all()
        consent = session.get(Consent, card_id)
        card = session.get(Card, card_id)
        if (
            not rows
            or consent is None
            or card is None
            or card.published_at is not None
            or says not in (AGREES, OBJECTS)
        ):
            raise Refused(_("This has changed meanwhile. Look at it once more."))
        draft = store.draft_of(consent)
        for row in rows:
            row.answer = says
            if says == OBJECTS:
                draft = draft.without(own_words(draft, said, consent.seat_id or "").get(row.seat_id, ()))
        store.put_draft(consent, draft)
        store.put(card, draft.content())
        _stop_if_empty(session, card, draft)


def words_of(consent: Consent, seat_id: str, said: Iterable[Voice]) -> tuple[str, ...]:
    """The lines of a card that hold somebody's own words, as they would appear."""
    draft = store.draft_of(consent)
    keys = own_words(draft, said, consent.seat_id or "").get(seat_id, ())
    return tuple(piece.text for piece in draft.pieces if piece.key in keys)


def let_go(meeting_id: str) -> None:
    """Cuts what leads from cards to a meeting, before its raw input is erased: from then on only the card's own link and the
    case giver's account lead to it. A card that still waits loses the words of whoever has not answered: nobody's window
    is cut short to their disadvantage. A draft that was never agreed to goes.
    """
    said = voices(meeting_id)
    gone = []
    with db.writing() as session:
        for consent in session.scalars(select(Consent).where(Consent.meeting_id == meeting_id)).all():
            card = session.get_one(Card, consent.card_id)
            if card.approved_at is None:
                actions.withdraw(session, card)
                gone.append(card.id)
                continue
            _take_out_unanswered(session, card, consent, said)
            seat = session.get(Seat, consent.seat_id) if consent.seat_id else None
            consent.user_id = consent.user_id or (seat.user_id if seat else None)
            consent.meeting_id, consent.round_id, consent.seat_id = None, None, None
    for card_id in gone:
        store.destroy_key(card_id)


def tell_outcome(card_id: str, outcome: Outcome, why: str) -> None:
    """The owner of a published card says how it went."""
    with db.writing() as session:
        card = session.get(Card, card_id, with_for_update=True)
        if card is None or card.published_at is None or card.withdrawn_at is not None:
            raise Refused(_("This card was taken back."), status=404)
        actions.tell_outcome(session, card, outcome, why)


def _find(session: Session, round_id: str) -> tuple[Card, Consent] | None:
    consent = session.scalar(select(Consent).where(Consent.round_id == round_id))
    return (session.get_one(Card, consent.card_id, with_for_update=True), consent) if consent else None


def _require(session: Session, round_id: str) -> tuple[Card, Consent]:
    found = _find(session, round_id)
    if found is None:
        raise Refused(_("This has changed meanwhile. Look at it once more."))
    return found


def _require_unpublished(card: Card) -> None:
    if card.published_at is not None:
        raise Refused(_("This card is in the archive already. Take it back to change it."))


def _require_reachable(needed: Mapping[str, tuple[str, ...]], said: tuple[Voice, ...]) -> None:
    """Whoever cannot be asked has not agreed."""
    if any(voice.seat_id in needed and not voice.can_answer for voice in said):
        raise Refused(
            _("Words of somebody who had no phone are in it, and they cannot be asked. Say it in your own words."),
            status=422,
        )


def _new(session: Session, case: OwnCase, card_id: str) -> tuple[Card, Consent]:
    draft = case.draft()
    card = Card(
        id=card_id,
        organisation_id=case.organisation_id,
        form=Form.CONSULTATION.value,
        method_key=case.method_key,
        locale=case.locale,
        period=case.period,
        scope=ORGANISATION,
        created_at=now(),
    )
    consent = Consent(
        card_id=card_id, meeting_id=case.meeting_id, round_id=case.round_id, seat_id=case.seat_id, user_id=case.user_id
    )
    store.put(card, draft.content())
    store.put_draft(consent, draft)
    session.add(card)
    session.flush()
    session.add(consent)
    session.flush()
    return card, consent


def _ask(session: Session, card: Card, needed: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Notes whom to ask; whoever has answered about these very words is not asked again."""
    known = {row.seat_id: row for row in session.scalars(select(Objection).where(Objection.card_id == card.id))}
    for seat_id in known.keys() - needed.keys():
        session.delete(known[seat_id])
    new = needed.keys() - known.keys()
    session.add_all(Objection(card_id=card.id, seat_id=seat_id, answer=ASKED) for seat_id in sorted(new))
    return frozenset(new)


def _moment(session: Session, case: OwnCase, *, at_once: bool, others: bool) -> datetime:
    """When a card that was agreed to now is published."""
    days = session.get_one(Organisation, case.organisation_id).cooling_off_days
    wait = timedelta(0) if at_once else timedelta(days=days)
    if others:
        wait = max(timedelta(days=days), WINDOW_AT_LEAST)
    moment = now()
    return max(moment + wait, (case.ended_at or moment) + REOPENS_FOR)


def _stop_if_empty(session: Session, card: Card, draft: Draft) -> None:
    """A card that lost its title to an objection waits for its case giver again."""
    if not draft.content().title:
        card.approved_at, card.publish_at = None, None
        session.execute(delete(Objection).where(Objection.card_id == card.id))


def _take_out_unanswered(session: Session, card: Card, consent: Consent, said: tuple[Voice, ...]) -> None:
    if consent.draft is None:
        return
    draft = store.draft_of(consent)
    unanswered = select(Objection.seat_id).where(Objection.card_id == card.id, Objection.answer == ASKED)
    words = own_words(draft, said, consent.seat_id or "")
    draft = draft.without(key for seat_id in session.scalars(unanswered) for key in words.get(seat_id, ()))
    store.put_draft(consent, draft)
    store.put(card, draft.content())
    session.execute(delete(Objection).where(Objection.card_id == card.id))
