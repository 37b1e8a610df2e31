"""The organisation's own list of themes, which of them a card is about, and which it could be about.

Promises: whatever changes in the list changes in the index in the same transaction, for published cards and no others; two
themes never differ in capitals or accents only. Who chose the themes of a card stands in the log for those whose task that is,
and never for whoever the card comes from. A theme is proposed where the card has every word of its name, in whatever form; a word is
proposed where the card says it more than once and hardly another card does. Nothing is ever chosen by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import search, store
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, CardTheme, Theme
from facilitator.archive.rules import may_choose_themes, readable, readable_card
from facilitator.archive.search.tokens import Token, is_stop_word, language_of, stems, words_of
from facilitator.core.audit import Deed, note
from facilitator.core.db import Base, db, take_turns
from facilitator.core.refusals import Refused
from facilitator.core.text import name_key

SHORTEST_WORD = 6
SAID_AT_LEAST = 2
MOST_WORDS = 4
COMMON = 0.2  # a word that more than a fifth of the other cards say sets none of them apart
MOST_THEMES = 200
MOST_ON_A_CARD = 8
COMPARED_WITH = 60  # of the newest cards: enough to know which words are said everywhere


def sorted_names(names: Iterable[str]) -> list[str]:
    """In the order of a dictionary: capitals and accents make no difference at first."""
    return sorted(names, key=sort_key)


def sort_key(name: str) -> tuple[str, str]:
    return name_key(name), name


def fitting_themes(content: CardContent, locale: str, names: Iterable[str]) -> list[str]:
    """The themes of the list whose words a card says."""
    language = language_of(locale)
    said = _stems_of(content, language)
    return [name for name in sorted_names(names) if _is_said(name, said, language)]


def telling_words(content: CardContent, locale: str, others: Sequence[CardContent], names: Iterable[str]) -> list[str]:
    """Words that could be a theme which is not on the list yet, the most telling first."""
    language = language_of(locale)
    known = {stem for name in names for token in words_of(name) for stem in _stems(token, language)}
    elsewhere = Counter(stem for other in others for stem in _stems_of(other, language))
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for token in words_of(text_of(content)):
        if _could_be_a_theme(token, language):
            stem = min(_stems(token, language))
            counts[stem] += 1
            written.setdefault(stem, token.word)
    telling = [
        stem
        for stem, count in counts.items()
        if count >= SAID_AT_LEAST and stem not in known and elsewhere[stem] <= COMMON * len(others)
    ]
    telling.sort(key=lambda stem: (-counts[stem], elsewhere[stem], stem))
    return [written[stem] for stem in telling[:MOST_WORDS]]


def text_of(content: CardContent) -> str:
    one = (content.title, content.question, content.summary, content.context, content.tried, content.action)
    more = (content.outcome, content.when_to_use, content.when_not, *content.insights, *content.advice)
    return "\n".join((*one, *more, *(step.text for step in content.steps)))


def _could_be_a_theme(token: Token, language: str) -> bool:
    word = token.word
    return len(word) >= SHORTEST_WORD and not word.isdecimal() and not is_stop_word(word, language)


def _is_said(name: str, said: frozenset[str], language: str) -> bool:
    wanted = [token for token in words_of(name) if not is_stop_word(token.word, language)]
    return bool(wanted) and all(stems(token.word, language) & said for token in wanted)


def _stems_of(content: CardContent, language: str) -> frozenset[str]:
    return frozenset(stem for token in words_of(text_of(content)) for stem in _stems(token, language))


def _stems(token: Token, language: str) -> frozenset[str]:
    return frozenset(stem for word in (token.word, *token.parts) for stem in stems(word, language))


def themes_of(session: Session, card_ids: Sequence[str]) -> dict[str, list[str]]:
    """The themes of each card, sorted as in a dictionary."""
    query = select(CardTheme.card_id, Theme.name).join(Theme, Theme.id == CardTheme.theme_id)
    found: dict[str, list[str]] = {}
    for card_id, name in session.execute(query.where(CardTheme.card_id.in_(card_ids))):
        found.setdefault(card_id, []).append(name)
    return {card_id: sorted_names(names) for card_id, names in found.items()}


def names_of(session: Session, card_id: str) -> list[str]:
    return themes_of(session, [card_id]).get(card_id, [])


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
        _move(session, theme_id, into_id)
        session.delete(theme)
        session.flush()
        put_again(session, cards)
        note(session, user.organisation_id, user.id, Deed.CHANGED, "themes", into_id)


def _move(session: Session, theme_id: str, into_id: str) -> None:
    """What else stands under a theme that goes up in another one: whatever table leads to themes, its rows lead to that one."""
    for table in Base.metadata.sorted_tables:
        if table.name == CardTheme.__tablename__ or "theme_id" not in table.columns:
            continue
        (other,) = [column for column in table.primary_key if column.name != "theme_id"]
        there = select(other).where(table.c.theme_id == into_id).scalar_subquery()
        moving = (table.c.theme_id == theme_id, other.not_in(there))
        session.execute(update(table).where(*moving).values(theme_id=into_id))


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
            raise Refused(
                _("Choose at most %(most)s themes: a card about everything is found for nothing.", most=MOST_ON_A_CARD)
            )
        session.execute(delete(CardTheme).where(CardTheme.card_id == card_id))
        session.add_all(CardTheme(card_id=card_id, theme_id=theme_id) for theme_id in sorted(wanted))
        session.flush()
        put_again(session, [card])
        by_id = user.id if user.is_moderator else None
        note(session, card.organisation_id, by_id, Deed.CHANGED, "card", card_id)


def list_of(session: Session, organisation_id: str) -> list[Theme]:
    return list(session.scalars(select(Theme).where(Theme.organisation_id == organisation_id)))


def put_again(session: Session, cards: Iterable[Card]) -> None:
    """Makes published cards findable under the themes they have now. All are held before the first goes into the index, so
    that none that is taken back at this moment comes back there.
    """
    ids = [card.id for card in cards]
    held = select(Card).where(Card.id.in_(ids)).order_by(Card.id).with_for_update()
    every = session.scalars(held.execution_options(populate_existing=True))
    there = [card for card in every if card.published_on is not None and not card.is_withdrawn]
    for card, content in store.each(there, lambda card, content: (card, content)):
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


@dataclass(frozen=True, slots=True)
class Offered:
    """A theme of the list, and whether it is chosen or its words are in the card."""

    id: str
    name: str
    is_chosen: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen; `words` could be added to the list. `problem`: why the last choice was not taken."""

    themes: tuple[Offered, ...]
    words: tuple[str, ...] = ()
    problem: str = ""


def choice(
    session: Session,
    user: User,
    card: Card,
    themes: Iterable[Theme],
    wanted: Iterable[str] | None = None,
    problem: str = "",
) -> Choice:
    """For one card; `wanted` is what somebody just chose, otherwise what is chosen already."""
    every = sorted(themes, key=lambda theme: sort_key(theme.name))
    chosen = set(wanted) if wanted is not None else _chosen(session, card)
    content = store.content_of(card)
    names = [theme.name for theme in every]
    fitting = set(fitting_themes(content, card.locale, names))
    offered = (Offered(t.id, t.name, t.id in chosen, t.name in fitting and t.id not in chosen) for t in every)
    words = telling_words(content, card.locale, _others(session, user, card), names) if user.is_moderator else []
    return Choice(tuple(offered), tuple(words), problem)


def _chosen(session: Session, card: Card) -> set[str]:
    return set(session.scalars(select(CardTheme.theme_id).where(CardTheme.card_id == card.id)))


def _others(session: Session, user: User, card: Card) -> list[CardContent]:
    """Cards to compare with: in the same language, of those the person may read."""
    query = readable(user).where(Card.id != card.id, Card.locale == card.locale)
    others = session.scalars(query.order_by(Card.published_on.desc(), Card.id).limit(COMPARED_WITH))
    return list(store.each(others, lambda _, content: content))


@dataclass(frozen=True, slots=True)
class Counted:
    id: str
    name: str
    cards: int


def counted(session: Session, user: User) -> list[Counted]:
    """The whole list, as in a dictionary."""
    mine = readable(user).with_only_columns(Card.id)
    counts = select(CardTheme.theme_id, func.count()).where(CardTheme.card_id.in_(mine)).group_by(CardTheme.theme_id)
    cards = dict(session.execute(counts).all())
    themes = session.scalars(select(Theme).where(Theme.organisation_id == user.organisation_id))
    every = [Counted(theme.id, theme.name, cards.get(theme.id, 0)) for theme in themes]
    return sorted(every, key=lambda theme: sort_key(theme.name))
