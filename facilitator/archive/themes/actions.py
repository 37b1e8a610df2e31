"""The verbs of themes: add, rename, merge, remove, and choose for a card.

Promises: whatever changes in the list changes in the index in the same transaction, for published cards and no others; two
themes never differ in capitals or accents only. Who chose the themes of a card stands in the log for those whose task that is,
and never for whoever the card comes from.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import search, store
from facilitator.archive.models import Card, CardTheme, Theme
from facilitator.archive.rules import may_choose_themes, readable_card
from facilitator.archive.themes.naming import names_of
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, take_turns
from facilitator.core.refusals import Refused
from facilitator.core.sealing import Unreadable
from facilitator.core.text import name_key

MOST_THEMES = 200
MOST_ON_A_CARD = 8


def add(user: User, name: str) -> str:
    """Puts a theme on the list. Returns its id."""
    with db.writing() as session:
        lock(session, user.organisation_id)
        every = list_of(session, user.organisation_id)
        if len(every) >= MOST_THEMES:
            raise Refused(
                _("The list is full. Merge themes first: in a list this long nobody finds the right one."), field="name"
            )
        _require_new(every, name)
        theme = Theme(organisation_id=user.organisation_id, name=name)
        session.add(theme)
        session.flush()
        note(session, user.organisation_id, user.id, Deed.CHANGED, "themes", theme.id)
    return theme.id


def rename(user: User, theme_id: str, name: str) -> None:
    """Gives a theme another name, on all its cards."""
    with db.writing() as session:
        lock(session, user.organisation_id)
        theme = _theme(session, user, theme_id)
        _require_new([one for one in list_of(session, user.organisation_id) if one.id != theme_id], name)
        theme.name = name
        session.flush()
        put_again(session, _cards_of(session, theme_id))
        note(session, user.organisation_id, user.id, Deed.CHANGED, "themes", theme_id)


def merge(user: User, theme_id: str, into_id: str) -> None:
    """Makes two themes one: cards of the first get the second, and the first is gone."""
    with db.writing() as session:
        lock(session, user.organisation_id)
        theme, into = _theme(session, user, theme_id), _theme(session, user, into_id)
        if theme is into:
            raise Refused(_("Choose another theme to merge it with."), field="into")
        cards = _cards_of(session, theme_id)
        has_already = set(session.scalars(select(CardTheme.card_id).where(CardTheme.theme_id == into_id)))
        session.execute(delete(CardTheme).where(CardTheme.theme_id == theme_id))
        session.add_all(CardTheme(card_id=card.id, theme_id=into_id) for card in cards if card.id not in has_already)
        session.delete(theme)
        session.flush()
        put_again(session, cards)
        note(session, user.organisation_id, user.id, Deed.CHANGED, "themes", into_id)


def remove(user: User, theme_id: str) -> None:
    """Takes a theme off the list and off its cards; the cards stay."""
    with db.writing() as session:
        lock(session, user.organisation_id)
        theme = _theme(session, user, theme_id)
        cards = _cards_of(session, theme_id)
        session.execute(delete(CardTheme).where(CardTheme.theme_id == theme_id))
        session.delete(theme)
        session.flush()
        put_again(session, cards)
        note(session, user.organisation_id, user.id, Deed.ERASED, "themes", theme_id)


def choose(user: User, card_id: str, theme_ids: Iterable[str]) -> None:
    """Says what a card is about."""
    wanted = set(theme_ids)
    with db.writing() as session:
        lock(session, user.organisation_id)
        session.get(Card, card_id, with_for_update=True)
        card = readable_card(session, user, card_id)
        if card is None or not may_choose_themes(session, user, card):
            raise LookupError(card_id)
        known = {theme.id for theme in list_of(session, user.organisation_id)}
        if not wanted <= known:
            raise Refused(_("One of these themes is not on the list any more. Choose again."))
        if len(wanted) > MOST_ON_A_CARD:
            raise Refused(_("Choose at most eight themes: a card about everything is found for nothing."))
        session.execute(delete(CardTheme).where(CardTheme.card_id == card_id))
        session.add_all(CardTheme(card_id=card_id, theme_id=theme_id) for theme_id in sorted(wanted))
        session.flush()
        put_again(session, [card])
        by_id = user.id if user.is_moderator else None
        note(session, card.organisation_id, by_id, Deed.CHANGED, "card", card_id)


def list_of(session: Session, organisation_id: str) -> list[Theme]:
    """The organisation's list."""
    return list(session.scalars(select(Theme).where(Theme.organisation_id == organisation_id)))


def put_again(session: Session, cards: Iterable[Card]) -> None:
    """Makes published cards findable under the themes they have now. All are held before the first goes into the index, so
    that none that is taken back at this moment comes back there.
    """
    ids = [card.id for card in cards]
    held = select(Card).where(Card.id.in_(ids)).order_by(Card.id).with_for_update()
    for card in session.scalars(held.execution_options(populate_existing=True)).all():
        if card.published_on is None or card.is_withdrawn:
            continue
        try:
            content = store.content_of(card)
        except Unreadable:  # taken back this very moment, or damaged
            continue
        search.put(session, card, content, names_of(session, card.id))


def lock(session: Session, organisation_id: str) -> None:
    """Until the end of the transaction nobody else changes this organisation's list."""
    take_turns(session, f"themes:{organisation_id}")


def _theme(session: Session, user: User, theme_id: str) -> Theme:
    theme = session.get(Theme, theme_id)
    if theme is None or theme.organisation_id != user.organisation_id:
        raise LookupError(theme_id)
    return theme


def _cards_of(session: Session, theme_id: str) -> list[Card]:
    query = select(Card).join(CardTheme, CardTheme.card_id == Card.id).where(CardTheme.theme_id == theme_id)
    return list(session.scalars(query.order_by(Card.id)))


def _require_new(every: Iterable[Theme], name: str) -> None:
    if name_key(name) in {name_key(theme.name) for theme in every}:
        raise Refused(_("This theme is on the list already."), field="name")
