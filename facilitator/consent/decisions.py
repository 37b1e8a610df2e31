"""What a case giver decides about the card of their case, and what people whose words it holds say to that.

Promises: agreeing needs a decision, and refusing leaves nothing behind – no row, no log entry, no time – so it cannot be
told from never having looked; silence is never approval, so what nobody agreed to goes with the raw input. Whoever's own words would
be published has a window to object that nobody else can shorten: each decides about their own words only, an objection takes them out
and tells nobody who it was, and who said what is kept no longer than until the card is published or taken back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation
from facilitator.archive import actions, store
from facilitator.archive.content import Form, Outcome
from facilitator.archive.models import Card, CardTheme, Consent, Objection, Theme
from facilitator.archive.themes import MOST_ON_A_CARD
from facilitator.consent.drafts import Draft, OwnCase, draft_of, own_words, put_draft
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.core.sealing import hashed
from facilitator.meetings.machine import REOPEN_WITHIN
from facilitator.meetings.models import Seat
from facilitator.reports.voices import Voice, voices

GROUP, ORGANISATION = "group", "organisation"
ASKED, AGREES, OBJECTS = "asked", "agrees", "objects"
SCOPES = (GROUP, ORGANISATION)
# For whoever's words are used, however short the organisation's cooling-off time is.
WINDOW_AT_LEAST = timedelta(days=3)


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
    draft = draft_of(consent) if consent.draft else None
    return Decided(card, consent, draft, session.scalar(waiting.limit(1)) is not None)


def save(case: OwnCase, change: Callable[[Draft], Draft]) -> None:
    """Keeps a changed draft. Whoever agreed to be published as it was has not agreed to this: it waits to be decided anew."""
    with db.writing() as session:
        found = _find(session, case)
        if found is None:
            found = begin(session, case, random_id())
        card, consent = found
        _require_unpublished(card)
        before = draft_of(consent)
        changed = change(before)
        if changed == before:
            return
        put_draft(consent, changed)
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
        draft = draft_of(consent)
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


def follow_seat(session: Session, again_id: str, first_id: str, _is_proved: bool) -> None:
    """A seat was joined to another one: its card, and what was asked about others', are of that one. A no stays a no."""
    session.execute(update(Consent).where(Consent.seat_id == again_id).values(seat_id=first_id))
    for asked in session.scalars(select(Objection).where(Objection.seat_id == again_id)).all():
        same = session.get(Objection, (asked.card_id, first_id))
        if same is None:
            session.add(Objection(card_id=asked.card_id, seat_id=first_id, answer=asked.answer))
        elif asked.answer == OBJECTS or same.answer == ASKED:
            same.answer = asked.answer
        session.delete(asked)


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
    put_draft(consent, draft)
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


def ask(session: Session, card: Card, needed: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Notes whom to ask; whoever has answered about these very words is not asked again."""
    known = {row.seat_id: row for row in session.scalars(select(Objection).where(Objection.card_id == card.id))}
    for seat_id in known.keys() - needed.keys():
        session.delete(known[seat_id])
    new = needed.keys() - known.keys()
    session.add_all(Objection(card_id=card.id, seat_id=seat_id, answer=ASKED) for seat_id in sorted(new))
    return frozenset(new)


def answer(meeting_id: str, card_id: str, seat_ids: frozenset[str], says: str) -> None:
    """Somebody whose words are used agrees, or takes them out; until it is published they may change their mind."""
    said = voices(meeting_id)
    with db.writing() as session:
        found = hold(session, card_id)
        asked = select(Objection).where(Objection.card_id == card_id, Objection.seat_id.in_(seat_ids))
        rows = session.scalars(asked).all()
        if found is None or not rows or found[0].published_on is not None or says not in (AGREES, OBJECTS):
            raise Refused(_("This has changed meanwhile. Look at it once more."))
        card, consent = found
        draft = draft_of(consent)
        for row in rows:
            row.answer = says
            if says == OBJECTS:
                draft = draft.without(own_words(draft, said, consent.seat_id or "").get(row.seat_id, ()))
        put_draft(consent, draft)
        store.put(card, draft.content())
        stop_if_empty(session, card, draft)


def words_of(consent: Consent, seat_id: str, said: Iterable[Voice]) -> tuple[str, ...]:
    """The lines of a card that hold somebody's own words, as they would appear."""
    draft = draft_of(consent)
    keys = own_words(draft, said, consent.seat_id or "").get(seat_id, ())
    return tuple(piece.text for piece in draft.pieces if piece.key in keys)


def unanswered(session: Session, card: Card) -> list[str]:
    """The seats of those who have not said anything yet."""
    asked = select(Objection.seat_id).where(Objection.card_id == card.id, Objection.answer == ASKED)
    return list(session.scalars(asked))


def hold(session: Session, card_id: str) -> tuple[Card, Consent] | None:
    """A card that came from a case, held until the end of the transaction: its draft is read after that."""
    card = session.get(Card, card_id, with_for_update=True)
    consent = session.get(Consent, card_id) if card else None
    return (card, consent) if card and consent else None


def stop_if_empty(session: Session, card: Card, draft: Draft) -> None:
    """A card that lost its title to an objection waits for its case giver again."""
    if not draft.content().title:
        card.approved_at, card.publish_at = None, None
        session.execute(delete(Objection).where(Objection.card_id == card.id))


def cut_from_meeting(meeting_id: str) -> None:
    """Cuts what leads from cards to a meeting, before its raw input is erased: from then on only the card's own link and the
    case giver's account lead to it. A card that still waits loses the words of whoever has not answered: nobody's window
    is cut short to their disadvantage. A draft that was never agreed to goes.
    """
    said: tuple[Voice, ...] = sealing.readable(partial(voices, meeting_id), ())
    gone = []
    with db.writing() as session:
        for card_id in session.scalars(select(Consent.card_id).where(Consent.meeting_id == meeting_id)).all():
            found = hold(session, card_id)
            if found is None:
                continue
            if _may_outlive(session, *found, said) and _without_unanswered(session, *found, said):
                _cut(session, found[1])
                continue
            actions.withdraw(session, found[0])
            gone.append(card_id)
    actions.let_go(*gone)


def _may_outlive(session: Session, card: Card, consent: Consent, said: tuple[Voice, ...]) -> bool:
    """Whether a card stays when its meeting is erased. Not where somebody has not answered, and nobody can tell any more
    which words were theirs.
    """
    if card.approved_at is None:
        return False
    return bool(said) or consent.draft is None or not unanswered(session, card)


def _without_unanswered(session: Session, card: Card, consent: Consent, said: tuple[Voice, ...]) -> bool:
    """Takes out the words of whoever has not answered; answers whether a card is left."""
    if consent.draft is None or not unanswered(session, card):
        session.execute(delete(Objection).where(Objection.card_id == card.id))
        return True
    draft = sealing.readable(lambda: draft_of(consent), None)
    if draft is None:
        return False
    words = own_words(draft, said, consent.seat_id or "")
    draft = draft.without(key for seat_id in unanswered(session, card) for key in words.get(seat_id, ()))
    put_draft(consent, draft)
    store.put(card, draft.content())
    session.execute(delete(Objection).where(Objection.card_id == card.id))
    return bool(draft.content().title)


def _cut(session: Session, consent: Consent) -> None:
    """Only the card's own link and the case giver's account lead to it from now on."""
    seat = session.get(Seat, consent.seat_id) if consent.seat_id else None
    consent.user_id = consent.user_id or (seat.user_id if seat else None)
    consent.meeting_id, consent.round_id, consent.seat_id = None, None, None
    session.execute(delete(Objection).where(Objection.card_id == consent.card_id))
    store.forget_draft(consent)


def take_back_unreadable() -> int:
    """Takes back every card whose key was destroyed, or that was a draft whose key was, as after an old copy was restored;
    answers how many.
    """
    destroyed = sealing.keyring().destroyed()
    cards = set(db.session.scalars(select(Card.id).where(Card.is_withdrawn.is_(False))))
    gone = (destroyed & cards) | _without_draft(destroyed)
    for card_id in gone:
        with db.writing() as session:
            actions.withdraw(session, session.get_one(Card, card_id))
    actions.let_go(*gone)
    return len(gone)


def _without_draft(destroyed: Set[str]) -> set[str]:
    """Cards that nobody agreed to and whose draft cannot be read. Of those that were agreed to the draft is forgotten."""
    gone = set()
    with db.writing() as session:
        for consent in session.scalars(select(Consent).where(Consent.draft_key.is_not(None))):
            if consent.draft_key in destroyed:
                card = session.get_one(Card, consent.card_id)
                gone |= {card.id} if card.approved_at is None else set()
                consent.draft = consent.draft_key = None
    return gone
