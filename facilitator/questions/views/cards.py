"""Making a card of an answered question: one page and one press, and what may still tell who it is about is asked first."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import sign_in_required
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.questions import to_card
from facilitator.questions.forms import CardForm
from facilitator.questions.own import colleague
from facilitator.questions.reading import asked
from facilitator.questions.views import OFTEN, blueprint, or_404, question_or_404, whose


@blueprint.route("/questions/<question_id>/card", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def card(question_id: str) -> ResponseReturnValue:
    session, by, question = db.session(), colleague(), question_or_404(question_id)
    shown = or_404(lambda: asked(session, by, question))
    if shown.card_id:
        return redirect(f"/archive/{shown.card_id}")
    if not to_card.may_become_card(shown):
        abort(404)
    form = CardForm(to_card.draft(session, by, shown) if request.method == "GET" else None)
    is_right = form.is_fine()
    left = to_card.still_there(session, by, form.draft, shown.locale)
    if not is_right or (left and not form.is_sure.data):
        if is_right:
            form.is_sure.errors = [_("Look at these words first, and change them or say that they tell nothing.")]
        page = render_template("questions/card.html", form=form, question_id=question_id, left=left)
        return page, 422 if form.errors else 200
    card_id = to_card.publish(by, question_id, form.draft)
    flash(_("It is in the archive now."), "success")
    return redirect(f"/archive/{card_id}")
