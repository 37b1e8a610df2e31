"""What happens to a card: it is published, its outcome becomes known, somebody looks at it again, it is taken back.

Promises: what is found – in search, beside other cards, in the feed – changes in the transaction that publishes or takes
back, so there is no moment in between; the log says that it happened and never whose card it is; what was taken back
cannot be read again, here or in an older copy. Only cards the moderator may read come up for review.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import Organisation, User
from facilitator.archive import search, store
from facilitator.archive.content import CardContent, Outcome
from facilitator.archive.models import Card, CardTheme, Consent, Objection
from facilitator.archive.rules import may_review, readable, readable_card
from facilitator.archive.talk import clear
from facilitator.archive.themes import names_of
from facilitator.core import sealing
from facilitator.core.audit import AuditEntry, Deed, note
from facilitator.core.clock import Run, clock, looked_at
from facilitator.core.db import Base, db, now
from facilitator.core.one_by_one import one_by_one
from facilitator.core.refusals import Refused
from facilitator.core.sightings import counted, forget
from facilitator.meetings.machine import REOPEN_WITHIN
from facilitator.meetings.models import Meeting

LAST_DAY_EVERYWHERE = 28
LATEST_YEARS = 10
MOST_SHOWN = 200
MOST_WRITING_MILLISECONDS = 2000  # while somebody waits for their card to be taken back


def publish(session: Session, card: Card) -> None:
    """Puts an approved card into the archive now. Whoever was asked about their words is not kept any longer, nor is the
    draft: what stays of the way here is who may take the card back.
    """
    today = now().date()
    organisation = session.get_one(Organisation, card.organisation_id)
    card.published_on, card.publish_at = today, None
    card.review_on = months_later(today, organisation.review_months)
    session.execute(delete(Objection).where(Objection.card_id == card.id))
    session.flush()
    search.put(session, card, store.content_of(card), names_of(session, card.id))
    note(session, card.organisation_id, card.author_id, Deed.PUBLISHED, "card", card.id)
    forget_draft(session, card.id)


def forget_draft(session: Session, card_id: str) -> None:
    """What its case giver saw on the way to a card, and left out."""
    consent = session.get(Consent, card_id)
    if consent is not None:
        store.forget_draft(consent)
        session.flush()


def withdraw(session: Session, card: Card) -> None:
    """Takes a card back: at once it is in no list, no search and no feed. Once this is committed the caller calls `let_go`,
    which destroys the key; until then the row tells that it has to go.
    """
    session.execute(delete(Objection).where(Objection.card_id == card.id))
    forget_draft(session, card.id)
    session.execute(delete(Consent).where(Consent.card_id == card.id))
    session.execute(delete(CardTheme).where(CardTheme.card_id == card.id))
    clear(session, card.id)
    forget(session, "card", card.id)
    search.take_out(session, card.id)
    card.is_withdrawn, card.publish_at = True, None
    card.body, card.outcome, card.group_id = b"", "", None
    if card.published_on is None:
        return
    note(session, card.organisation_id, card.author_id, Deed.WITHDREW, "card", card.id)


def let_go(*card_ids: str) -> None:
    """Destroys the keys of cards that were taken back and then, of those that were never published, their rows; the database lets go
    of whose they were, of who said something under them, and of what stood of them in the index.
    """
    if not card_ids:
        return
    for card_id in card_ids:
        store.destroy_key(card_id)
    with db.writing() as session:
        never = (Card.published_on.is_(None), Card.is_withdrawn)
        session.execute(delete(Card).where(Card.id.in_(card_ids), *never))
        was_indexed = session.scalar(select(func.count()).where(Card.id.in_(card_ids)))
    tables = (*_about_cards(), *(search.TABLES if was_indexed else ()))
    sealing.let_go_of_deleted(db.engine, *tables, most_milliseconds=MOST_WRITING_MILLISECONDS)


def _about_cards() -> list[str]:
    """Every table with rows of a card, the index apart."""
    own = Card.__table__
    every = [
        t.name for t in Base.metadata.tables.values() if t is own or any(k.column.table is own for k in t.foreign_keys)
    ]
    return [name for name in every if name not in search.TABLES]


def finish_taking_back() -> None:
    """Lets go of cards where an interruption left a key, or a row without one."""
    taken_back = select(Card.id, Card.published_on).where(Card.is_withdrawn)
    found = db.session.execute(taken_back).all()
    let_go(*(card_id for card_id, published_on in found if published_on is None or sealing.keyring().holds(card_id)))


def _let_go_again(run: Run) -> None:
    """Where cards were taken back since the last hour, somebody may have been reading at that moment, or it took too long."""
    with db.writing() as session:
        before = looked_at(session, "index", run.moment)
        taken_back = (AuditEntry.deed == Deed.WITHDREW.value, AuditEntry.thing == "card")
        latest = session.scalar(select(func.max(AuditEntry.at)).where(*taken_back))
    if latest is not None and (before is None or latest >= before):
        sealing.let_go_of_deleted(db.engine, *_about_cards(), *search.TABLES)


def tell_outcome(session: Session, card: Card, outcome: Outcome, why: str) -> None:
    """Adds how the action of a published card went, and why."""
    content = store.content_of(card)
    changed = CardContent(**{**{name: getattr(content, name) for name in content.__slots__}, "outcome": why})
    store.put(card, changed)
    card.outcome = outcome.value
    session.flush()
    search.put(session, card, changed, names_of(session, card.id))


def publish_due(moment: datetime) -> int:
    """Publishes every card whose time has come; answers how many. Also finishes taking back what an interruption left. Raises
    ClockInDoubt.
    """
    finish_taking_back()
    run = clock().check(moment)
    _let_go_again(run)
    published, failed = one_by_one(partial(_publish_if_due, *found, run.moment) for found in _due(run))
    if failed is not None:
        raise failed
    return published


def _due(run: Run) -> list[tuple[str, datetime]]:
    """The cards that were thought over for as long as they were to be, and when they were agreed to. A clock that was wrong
    meanwhile does not shorten that.
    """
    asked = select(Card.id, Card.approved_at, Card.publish_at)
    waiting = (Card.approved_at.is_not(None), Card.published_on.is_(None), Card.is_withdrawn.is_(False))
    found = {
        card_id: (agreed_at, publish_at - agreed_at)
        for card_id, agreed_at, publish_at in db.session.execute(asked.where(*waiting))
        if agreed_at and publish_at
    }
    since = counted(run, "card", {card_id: agreed_at for card_id, (agreed_at, _) in found.items()})
    return [(card_id, agreed_at) for card_id, (agreed_at, wait) in found.items() if since[card_id] + wait <= run.moment]


def _publish_if_due(card_id: str, agreed_at: datetime, moment: datetime) -> bool:
    """Asks again inside of the transaction: meanwhile somebody may have taken it back or changed it, or reopened the meeting."""
    with db.writing() as session:
        card = session.get(Card, card_id, with_for_update=True)
        if card is None or card.published_on or card.is_withdrawn or card.approved_at != agreed_at:
            return False
        consent = session.get(Consent, card_id)
        meeting = session.get(Meeting, consent.meeting_id) if consent and consent.meeting_id else None
        if meeting is not None and (meeting.ended_at is None or abs(moment - meeting.ended_at) < REOPEN_WITHIN):
            return False
        publish(session, card)
    return True


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the 28th where that month may have none."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, LAST_DAY_EVERYWHERE))


def due(session: Session, user: User, today: date) -> list[str]:
    """The ids of the cards that should be looked at, the longest waiting first."""
    query = readable(user).where(Card.review_on <= today).order_by(Card.review_on, Card.id).limit(MOST_SHOWN)
    return [card.id for card in session.scalars(query)]


def count_due(session: Session, user: User, today: date) -> int:
    query = readable(user).where(Card.review_on <= today).with_only_columns(func.count())
    return session.scalar(query) or 0


def next_review(user: User, today: date) -> date:
    """When a card that holds is looked at again, if nobody says otherwise."""
    return months_later(today, user.organisation.review_months)


def look_again(user: User, card_id: str, on: date) -> None:
    """Says that a card holds until a day."""
    today = now().date()
    if not today < on <= today + timedelta(days=365 * LATEST_YEARS):
        raise Refused(
            _("Choose a day after today, within %(years)s years.", years=LATEST_YEARS), status=422, field="review_on"
        )
    with db.writing() as session:
        card = readable_card(session, user, card_id)
        if card is None or not may_review(user):
            raise LookupError(card_id)
        card.review_on = on
        note(session, card.organisation_id, user.id, Deed.CHANGED, "card", card.id)
