"""What people offer and wish for, and how the two find each other: by words, and by themes of the organisation's list.

Promises: an offer is shown to everybody in the organisation with its name; a wish to nobody but those who offer something like it. Nobody
is ranked, and no order tells who has agreed with whom: of those who offer to be a buddy, chance decides where words and themes do not, for each
reader and day anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.models import Theme
from facilitator.archive.search import alike
from facilitator.archive.themes import sorted_names
from facilitator.arrangements import store
from facilitator.arrangements.models import BUDDY, Arrangement, Offer, OfferTerm, OfferTheme, Party
from facilitator.core import sealing
from facilitator.core.db import db, now, random_id
from facilitator.core.refusals import Refused
from facilitator.groups.models import Member

MOST_OFFERS, MOST_THEMES, MOST_FITTING = 20, 4, 5
THEME_COUNTS = 2  # as many as two words
STARTS = timedelta(weeks=8)  # after somebody came into their first group


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer or a wish. `fitting` are those of others that are like it, where it is one's own."""

    id: str
    form: str
    is_wish: bool
    text: str
    locale: str
    who: str
    user_id: str
    themes: Sequence[str]
    fitting: Sequence[Offered] = ()


def make(by: User, form: str, is_wish: bool, text: str, theme_ids: Iterable[str]) -> str:
    """Offers something, or wishes for it; gives the id. Raises Refused."""
    made = Offer(
        id=random_id(),
        organisation_id=by.organisation_id,
        user_id=by.id,
        form=form,
        is_wish=is_wish,
        locale=by.locale,
        made_on=now().date(),
    )
    wanted = set(theme_ids)
    if len(wanted) > MOST_THEMES:
        raise Refused(_("Choose at most %(most)s themes.", most=MOST_THEMES), status=422, field="themes")
    sealing.keyring().make(made.id)
    made.body = store.seal(made.id, "offer", {"text": text})
    with db.writing() as session:
        session.execute(select(User.id).where(User.id == by.id).with_for_update())
        if (session.scalar(select(func.count()).where(Offer.user_id == by.id)) or 0) >= MOST_OFFERS:
            sealing.keyring().destroy(made.id)
            raise Refused(_("You have %(most)s of them. Take one away first.", most=MOST_OFFERS))
        session.add(made)
        session.flush()
        known = select(Theme.id).where(Theme.organisation_id == by.organisation_id, Theme.id.in_(wanted))
        session.add_all(OfferTheme(offer_id=made.id, theme_id=theme_id) for theme_id in session.scalars(known).all())
        names = alike.names_in(by.organisation_id, by.locale, text)
        session.add_all(OfferTerm(offer_id=made.id, term=name) for name in names)
    return made.id


def take_away(by: User, offer_id: str) -> None:
    """Takes one's own away. Raises LookupError."""
    offer = db.session.get(Offer, offer_id)
    if offer is None or offer.user_id != by.id:
        raise LookupError(offer_id)
    db.session.commit()
    store.erase_offers([offer_id])


def mine(session: Session, user: User) -> list[Offered]:
    """What somebody offers and wishes for, each with what is like it."""
    own = session.scalars(select(Offer).where(Offer.user_id == user.id).order_by(Offer.made_on.desc(), Offer.id)).all()
    return _shown(session, own, {offer.id: _fitting(session, user, offer) for offer in own})


def offers(session: Session, user: User) -> list[Offered]:
    """What colleagues offer, the newest first."""
    return _shown(
        session, session.scalars(_of_others(user, is_wish=False).order_by(Offer.made_on.desc(), Offer.id)).all()
    )


def may_answer(session: Session, user: User, offer_id: str) -> Offered:
    """What somebody may ask its owner about: an offer, or a wish that is like what they offer. Raises LookupError."""
    offer = session.scalar(_of_others(user, is_wish=False).where(Offer.id == offer_id))
    found = _shown(session, [offer]) if offer else [one for own in mine(session, user) for one in own.fitting]
    return next((one for one in found if one.id == offer_id), None) or _nothing(offer_id)


def buddies(session: Session, user: User) -> list[Offered]:
    """Who may be somebody's buddy, of those who offered: what they wish for counts first, then chance, the same all day."""
    wishes = select(Offer).where(Offer.user_id == user.id, Offer.form == BUDDY, Offer.is_wish)
    likes: Counter[str] = Counter()
    for wish in session.scalars(wishes).all():
        likes.update(_likeness(session, user, wish))
    known = set(session.scalars(select(Party.user_id).where(Party.arrangement_id.in_(_of(user)))))
    rows = session.scalars(_of_others(user, is_wish=False).where(Offer.form == BUDDY)).all()
    today = now().date()
    chance = {row.id: sealing.hashed(f"{user.id}/{row.id}/{today}") for row in rows}
    free = [row for row in rows if row.user_id not in known]
    return _shown(session, sorted(free, key=lambda row: (-likes[row.id], chance[row.id]))[:MOST_FITTING])


def is_starting(session: Session, user: User) -> bool:
    """Whether somebody came into their first group a short while ago and has had no buddy."""
    came = session.scalar(select(func.min(Member.added_at)).where(Member.user_id == user.id))
    has_had = select(Arrangement.id).where(Arrangement.id.in_(_of(user)), Arrangement.form == BUDDY)
    return came is not None and came > now() - STARTS and session.scalar(has_had.limit(1)) is None


def _of(user: User) -> Select[str]:
    return select(Party.arrangement_id).where(Party.user_id == user.id)


def _nothing(offer_id: str) -> Offered:
    raise LookupError(offer_id)


def _of_others(user: User, is_wish: bool) -> Select[Offer]:
    there = select(Offer).join(User, User.id == Offer.user_id).where(User.active, Offer.user_id != user.id)
    return there.where(Offer.organisation_id == user.organisation_id, Offer.is_wish.is_(is_wish))


def _likeness(session: Session, user: User, offer: Offer) -> dict[str, int]:
    """How much of the other kind is like one's own, by id; what is not like it at all is left out."""
    there = _of_others(user, not offer.is_wish).where(Offer.form == offer.form).with_only_columns(Offer.id)
    text = sealing.readable(lambda: store.offer_of(offer), "")
    locales = (offer.locale, user.organisation.locale)
    index = (OfferTerm.offer_id, OfferTerm.term)
    found = Counter(alike.sharing(session, *index, there, user.organisation_id, text, locales) if text else {})
    about = select(OfferTheme.theme_id).where(OfferTheme.offer_id == offer.id)
    shared = select(OfferTheme.offer_id, func.count()).where(
        OfferTheme.theme_id.in_(about), OfferTheme.offer_id.in_(there)
    )
    for offer_id, count in session.execute(shared.group_by(OfferTheme.offer_id)):
        found[offer_id] += THEME_COUNTS * count
    return dict(found)


def _fitting(session: Session, user: User, offer: Offer) -> list[Offered]:
    likes = _likeness(session, user, offer)
    rows = session.scalars(select(Offer).where(Offer.id.in_(likes))).all()
    return _shown(session, sorted(rows, key=lambda row: (-likes[row.id], row.id))[:MOST_FITTING])


def _shown(
    session: Session, rows: Sequence[Offer], fitting: Mapping[str, Sequence[Offered]] | None = None
) -> list[Offered]:
    ids = [row.id for row in rows]
    sealing.keyring().open(ids)
    themes: dict[str, list[str]] = defaultdict(list)
    about = select(OfferTheme.offer_id, Theme.name).join(Theme, Theme.id == OfferTheme.theme_id)
    for offer_id, name in session.execute(about.where(OfferTheme.offer_id.in_(ids))):
        themes[offer_id].append(name)
    people = select(User.id, User.name).where(User.id.in_({row.user_id for row in rows}))
    names = {user_id: name for user_id, name in session.execute(people)}  # noqa: C416 – rows are no pairs to mypy

    def offered(row: Offer, text: str) -> Offered:
        return Offered(
            id=row.id,
            form=row.form,
            is_wish=row.is_wish,
            text=text,
            locale=row.locale,
            who=names[row.user_id],
            user_id=row.user_id,
            themes=sorted_names(themes[row.id]),
            fitting=(fitting or {}).get(row.id, ()),
        )

    instead = str(sealing.UNREADABLE)
    return list(sealing.each(rows, lambda row: offered(row, store.offer_of(row)), lambda row: offered(row, instead)))
