"""The page of a card's owner, as long as the card lives: take it back, or tell how it went.

An owner is whoever holds the case giver's seat or account, whoever made the card, or whoever has the card's own link. To
everybody else there is no such page.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from facilitator.accounts.access import signed_in
from facilitator.archive import consenting, store
from facilitator.archive.cases import own_seats
from facilitator.archive.content import CardContent, Outcome
from facilitator.archive.forms import OutcomeForm
from facilitator.archive.models import Card, Consent
from facilitator.archive.outcomes import suggested
from facilitator.archive.themes.naming import names_of
from facilitator.archive.views import blueprint
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.limits import wrong
from facilitator.core.refusals import Refused
from facilitator.core.sealing import UNREADABLE, hashed

WRONG_LINKS = "40 per minute"


@blueprint.get("/archive/<card_id>/withdraw")
@blueprint.get("/archive/<card_id>/withdraw/<token>")
def own_card(card_id: str, token: str = "") -> ResponseReturnValue:
    """The card as it stands, and what its owner may do with it."""
    card, form = _owned(card_id, token), OutcomeForm()
    form.outcome.data = card.outcome or suggested(db.session(), card)
    return _page(card, token, form)


@blueprint.post("/archive/<card_id>/withdraw")
@blueprint.post("/archive/<card_id>/withdraw/<token>")
def withdraw(card_id: str, token: str = "") -> ResponseReturnValue:
    """Takes it back: from this moment nobody finds it."""
    card = _owned(card_id, token)
    consenting.take_back(card.id)
    return render_template("archive/withdrawn.html")


@blueprint.post("/archive/<card_id>/outcome")
@blueprint.post("/archive/<card_id>/outcome/<token>")
def tell_outcome(card_id: str, token: str = "") -> ResponseReturnValue:
    """Adds how it went."""
    card, form = _owned(card_id, token), OutcomeForm()
    if card.published_on is None:
        abort(404)
    if not form.is_fine():
        return _page(card, token, form)
    try:
        consenting.tell_outcome(card.id, Outcome(form.typed("outcome")), form.typed("why"))
    except Refused as refused:
        abort(refused.status)
    flash(_("How it went now stands on the card."), "success")
    return redirect(f"/archive/{card_id}/withdraw{'/' + token if token else ''}")


def _page(card: Card, token: str, form: OutcomeForm) -> ResponseReturnValue:
    page = render_template(
        "archive/own_card.html",
        card_row=card,
        content=sealing.readable(lambda: store.content_of(card), CardContent(title=str(UNREADABLE))),
        themes=names_of(db.session(), card.id),
        form=form,
        looked_back=card.outcome == "" and bool(suggested(db.session(), card)),
        more=f"/{token}" if token else "",
    )
    return page, 422 if form.errors else 200


def _owned(card_id: str, token: str) -> Card:
    card = db.session.get(Card, card_id)
    if card is None or card.is_withdrawn or not _is_owner(card, token):
        wrong(WRONG_LINKS, "links of cards")
        abort(404)
    return card


def _is_owner(card: Card, token: str) -> bool:
    user = signed_in()
    if user is not None and user.organisation_id == card.organisation_id and card.author_id == user.id:
        return True
    consent = db.session.scalar(select(Consent).where(Consent.card_id == card.id))
    if consent is None:
        return False
    if token:
        return consent.link_hash == hashed(token)
    if user is not None and consent.user_id == user.id:
        return True
    return bool(consent.meeting_id and consent.seat_id in own_seats(consent.meeting_id))
