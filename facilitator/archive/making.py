"""Knowledge that people add themselves: instruction cards, films, presentations. A draft is its maker's alone until it is
published.

Promises: what was typed is kept with every press, whether or not everything is right yet; a card of a case is never made or
changed here; nothing that is saved lets more people read than its maker chose; what was taken back meanwhile stays away.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import actions, search, store
from facilitator.archive.content import CardContent, Form
from facilitator.archive.files.actions import detach, files_of
from facilitator.archive.models import Card
from facilitator.archive.rules import readable_card
from facilitator.archive.themes import names_of
from facilitator.core.db import db, now, random_id
from facilitator.groups.rules import is_member

KINDS = (Form.INSTRUCTION, Form.VIDEO, Form.PRESENTATION, Form.PLATFORM)


def begin(user: User, kind: Form, title: str) -> str:
    """A draft with a title; gives its id."""
    card_id = random_id()
    store.make_key(card_id)
    moment = now()
    quarter = f"{moment.year}-Q{(moment.month - 1) // 3 + 1}"
    card = Card(
        id=card_id,
        organisation_id=user.organisation_id,
        author_id=user.id,
        form=kind.value,
        locale=user.locale,
        period=quarter,
        made_on=moment.date(),
    )
    store.put(card, CardContent(title=title))
    with db.writing() as session:
        session.add(card)
    return card_id


def save(card_id: str, user: User, content: CardContent, group_id: str | None) -> None:
    """Keeps what was typed; of a published card it is read from now on. `group_id`: only this group reads it – one the
    person is in, or the one that reads it already.
    """
    with db.writing() as session:
        card = _held(session, user, card_id)
        if group_id is not None and group_id != card.group_id and not is_member(session, user.id, group_id):
            raise LookupError(group_id)
        store.put(card, content)
        card.scope, card.group_id = "organisation" if group_id is None else "group", group_id
        session.flush()
        if card.published_on is not None:
            search.put(session, card, content, names_of(session, card.id))
    _drop_unused_pictures(card_id, content)


def publish(card_id: str, user: User) -> None:
    """Puts a draft into the archive; one that is there already stays as it is."""
    with db.writing() as session:
        card = _held(session, user, card_id)
        if card.published_on is None:
            card.approved_at = now()
            actions.publish(session, card)


def remove(card_id: str, user: User) -> None:
    """Takes a card back, or throws a draft away, with all its files."""
    with db.writing() as session:
        actions.withdraw(session, _held(session, user, card_id))
    for found in files_of(card_id):
        detach(card_id, found.id)
    actions.let_go(card_id)


def own(session: Session, user: User, card_id: str) -> Card:
    """A card somebody may change. Raises LookupError for every other."""
    mine = select(Card).where(Card.id == card_id, Card.organisation_id == user.organisation_id)
    card = session.scalar(mine)
    if card is None or not may_change(user, card):
        raise LookupError(card_id)
    if card.author_id != user.id and readable_card(session, user, card_id) is None:
        raise LookupError(card_id)
    return card


def _held(session: Session, user: User, card_id: str) -> Card:
    """The same, held until the end of the transaction: of a press to save and one to take it back one comes first."""
    session.get(Card, card_id, with_for_update=True)
    return own(session, user, card_id)


def may_change(user: User, card: Card) -> bool:
    """Whether somebody may change a card of their organisation: one they made themselves and, once it is published, an
    administrator who may read it. A card of a case is changed by nobody here.
    """
    if card.form not in KINDS or card.is_withdrawn:
        return False
    return card.author_id == user.id or (card.published_on is not None and user.is_administrator)


def drafts_of(user: User) -> list[tuple[Card, CardContent]]:
    """What somebody has begun and not published, the newest first."""
    mine = select(Card).where(
        Card.author_id == user.id, Card.published_on.is_(None), Card.is_withdrawn.is_(False), Card.form.in_(KINDS)
    )
    cards = db.session.scalars(mine.order_by(Card.made_on.desc(), Card.id))
    return list(store.each(cards, lambda card, content: (card, content), lambda card: (card, store.shown(card))))


def _drop_unused_pictures(card_id: str, content: CardContent) -> None:
    used = {step.picture_id for step in content.steps}
    for found in files_of(card_id):
        if found.kind == "picture" and found.id not in used:
            detach(card_id, found.id)


def lacks(form: Form, kinds: Collection[str], has_steps: bool, link: str, is_silent: bool) -> str:
    """What is missing, as a sentence; empty where nothing is. `kinds`: those of its files."""
    if form == Form.INSTRUCTION and not has_steps:
        return str(_("Write at least one step."))
    if form == Form.PRESENTATION and "paper" not in kinds:
        return str(_("Choose the presentation as PDF."))
    if form == Form.VIDEO and not link and "video" not in kinds:
        return str(_("Choose a video, or fill in a link to one."))
    if form == Form.VIDEO and "video" in kinds and "captions" not in kinds and not is_silent:
        return str(_("Add captions for whoever cannot hear it, or say that nobody speaks in it."))
    return ""
