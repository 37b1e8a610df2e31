"""The pages of arrangements: one's own, proposing, and one with what its people agree and write.

Promises: to whoever is not in it there is no arrangement (404); saying yes, no and that it ends is one tap each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.limits import account
from facilitator.arrangements import actions, reading
from facilitator.arrangements.forms import USUAL_PERIOD, CheckInForm, MomentForm, ProposeForm
from facilitator.arrangements.models import BUDDY
from facilitator.arrangements.rules import readable_arrangement
from facilitator.arrangements.saying import form_of
from facilitator.core.config import settings
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused

PROPOSALS = "20 per hour"
OFTEN = "60 per 10 minutes"
T = TypeVar("T")

together = Blueprint("together", __name__)
together.app_template_global("form_of")(form_of)


@together.get("/together")
@sign_in_required
def index() -> ResponseReturnValue:
    lines = reading.mine(db.session(), me())
    return render_template("arrangements/index.html", lines=lines)


@together.route("/together/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(PROPOSALS, key_func=account, methods=["POST"])
def propose() -> ResponseReturnValue:
    """Asks a colleague, or two."""
    form = ProposeForm(until=now().date() + USUAL_PERIOD)
    others = form.others(me()) if form.is_fine() else []
    if not others:
        return render_template("arrangements/new.html", form=form), 422 if form.errors else 200
    arrangement_id = actions.propose(me(), others, form.proposal(BUDDY))
    flash(_("Your colleague gets a mail, and says yes or no."), "success")
    return redirect(f"/together/{arrangement_id}")


@together.get("/together/<arrangement_id>")
@sign_in_required
def arrangement(arrangement_id: str) -> ResponseReturnValue:
    return _page(arrangement_id)


@together.post("/together/<arrangement_id>/accept")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def accept(arrangement_id: str) -> ResponseReturnValue:
    return _done(arrangement_id, lambda: actions.accept(me(), arrangement_id))


@together.post("/together/<arrangement_id>/end")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def end(arrangement_id: str) -> ResponseReturnValue:
    """Declines or ends it; nobody is asked why."""
    return _done(arrangement_id, lambda: actions.end(me(), arrangement_id))


@together.post("/together/<arrangement_id>/moments")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def add_moment(arrangement_id: str) -> ResponseReturnValue:
    """Proposes a moment."""
    _or_404(lambda: readable_arrangement(db.session(), me(), arrangement_id))
    form = MomentForm()
    if not form.is_fine():
        return _page(arrangement_id, moment_form=form)
    zone, minutes = settings().timezone, form.minutes.data or 0
    return _done(
        arrangement_id,
        lambda: actions.add_moment(me(), arrangement_id, form.begins, zone, minutes, form.typed("place")),
    )


@together.post("/together/<arrangement_id>/moments/<moment_id>/suits")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def suits(arrangement_id: str, moment_id: str) -> ResponseReturnValue:
    """Says yes to a moment."""
    return _done(arrangement_id, lambda: actions.suits(me(), arrangement_id, moment_id))


@together.post("/together/<arrangement_id>/moments/<moment_id>/remove")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def remove_moment(arrangement_id: str, moment_id: str) -> ResponseReturnValue:
    """Takes a moment away."""
    return _done(arrangement_id, lambda: actions.take_away(me(), arrangement_id, moment_id))


@together.post("/together/<arrangement_id>/check-ins")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def check_in(arrangement_id: str) -> ResponseReturnValue:
    """Answers the three questions."""
    _or_404(lambda: readable_arrangement(db.session(), me(), arrangement_id))
    form = CheckInForm()
    if not form.is_fine():
        return _page(arrangement_id, check_in_form=form)
    return _done(arrangement_id, lambda: actions.check_in(me(), arrangement_id, form.answers))


@together.post("/together/<arrangement_id>/check-ins/<check_in_id>/remove")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def remove_check_in(arrangement_id: str, check_in_id: str) -> ResponseReturnValue:
    """Takes back what one wrote oneself."""
    return _done(arrangement_id, lambda: actions.take_back(me(), arrangement_id, check_in_id))


def _page(
    arrangement_id: str, moment_form: MomentForm | None = None, check_in_form: CheckInForm | None = None
) -> ResponseReturnValue:
    session = db.session()
    row = _or_404(lambda: readable_arrangement(session, me(), arrangement_id))
    page = render_template(
        "arrangements/arrangement.html",
        found=_or_404(lambda: reading.whole(session, me(), row)),
        moment_form=moment_form or MomentForm(formdata=None),
        check_in_form=check_in_form or CheckInForm(formdata=None),
        today=now().date(),
    )
    return page, 422 if moment_form or check_in_form else 200


def _done(arrangement_id: str, verb: Callable[[], None]) -> ResponseReturnValue:
    """Does it and goes back to the page, which says why where it could not be."""
    try:
        _or_404(verb)
    except Refused as refused:
        flash(str(refused), "warning")
    return redirect(f"/together/{arrangement_id}")


def _or_404(verb: Callable[[], T]) -> T:
    try:
        return verb()
    except LookupError:
        abort(404)
