"""Looking at cards again. For moderators and administrators; what is due is only what they may read."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from facilitator.accounts.access import me, moderator_required
from facilitator.archive import reviewing
from facilitator.archive.listing import lines
from facilitator.archive.talk.forms import ReviewForm
from facilitator.archive.views import blueprint
from facilitator.archive.views.reading import card_page, readable_or_404
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused


@blueprint.get("/archive/review")
@moderator_required
def to_review() -> ResponseReturnValue:
    """Which cards should be looked at."""
    session = db.session()
    due = lines(session, me(), reviewing.due(session, me(), now().date()))
    return render_template("archive/review.html", lines=due)


@blueprint.post("/archive/<card_id>/review")
@moderator_required
def review(card_id: str) -> ResponseReturnValue:
    """Says that a card holds until a day."""
    card, form = readable_or_404(card_id), ReviewForm()
    day = form.review_on.data
    if not form.is_fine() or day is None:
        return card_page(card, review=form)
    try:
        reviewing.look_again(me(), card_id, day)
    except LookupError:
        abort(404)
    except Refused as refused:
        form.review_on.errors = [str(refused)]
        return card_page(card, review=form)
    flash(
        _("This card holds. Somebody looks at it again on %(day)s.", day=format_date(day, "long")),
        "success",
    )
    return redirect(f"/archive/{card_id}")
