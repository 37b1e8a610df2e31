"""The pages of what colleagues offer, and of offering or wishing for something oneself."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.limits import account
from facilitator.archive.themes import list_of, sort_key
from facilitator.arrangements import offering
from facilitator.arrangements.forms import OfferForm
from facilitator.arrangements.views import OFTEN, or_404, together
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused


@together.get("/together/offers")
@sign_in_required
def offers() -> ResponseReturnValue:
    """What colleagues offer."""
    return render_template("arrangements/offers.html", offers=offering.offers(db.session(), me()))


@together.route("/together/offers/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=account, methods=["POST"])
def offer() -> ResponseReturnValue:
    """Offers something, or wishes for it."""
    form = OfferForm()
    form.offer(sorted(list_of(db.session(), me().organisation_id), key=lambda theme: sort_key(theme.name)))
    if form.is_fine():
        try:
            what, is_wish = form.form_and_wish
            offering.make(me(), what, is_wish, form.typed("text"), form.themes.data or ())
        except Refused as refused:
            form.themes.errors = [str(refused)]
        else:
            flash(_("It is there. What is like it stands beside it as soon as a colleague says it."), "success")
            return redirect("/together#offers")
    return render_template("arrangements/offer.html", form=form), 422 if form.errors else 200


@together.post("/together/offers/<offer_id>/remove")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def remove_offer(offer_id: str) -> ResponseReturnValue:
    """Takes one's own away."""
    or_404(lambda: offering.take_away(me(), offer_id))
    flash(_("It is removed."), "success")
    return redirect("/together#offers")
