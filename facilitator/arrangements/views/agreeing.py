"""The pages of arrangements: one's own, proposing, and one with what its people agree and write.

Promises: to whoever is not in it there is no arrangement (404); saying yes, no and that it ends is one tap each.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.limits import account
from facilitator.accounts.models import User
from facilitator.arrangements import actions, offering, reading, talking
from facilitator.arrangements.forms import USUAL_PERIOD, CheckInForm, MomentForm, ProposeForm
from facilitator.arrangements.models import BUDDY, FORMS
from facilitator.arrangements.rules import readable_arrangement
from facilitator.arrangements.views import OFTEN, or_404, together
from facilitator.core.config import settings
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused

PROPOSALS = "20 per hour"


@together.get("/together")
@sign_in_required
def index() -> ResponseReturnValue:
    """One's own; whoever has no buddy sees who offered to be one."""
    session = db.session()
    lines = reading.mine(session, me())
    has_buddy = any(line.form == BUDDY and line.state not in reading.ENDED for line in lines)
    return render_template(
        "arrangements/index.html",
        lines=lines,
        buddies=[] if has_buddy else offering.buddies(session, me()),
        mine=offering.mine(session, me()),
        fewest=reading.FEWEST,
        numbers=reading.numbers(session, me().organisation_id) if me().is_administrator else [],
    )


@together.route("/together/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(PROPOSALS, key_func=account, methods=["POST"])
def propose() -> ResponseReturnValue:
    """Asks a colleague, or two: for what the address says, or what an offer is about."""
    offer_id = request.args.get("offer", "")
    offer = or_404(lambda: offering.may_answer(db.session(), me(), offer_id)) if offer_id else None
    asked = request.args.get("form", "")
    what = offer.form if offer else asked if asked in FORMS else BUDDY
    form = ProposeForm(until=now().date() + USUAL_PERIOD, weeks="2" if what == BUDDY else "0")
    if offer is not None:
        form.known = db.session.get(User, offer.user_id)
        if request.method == "GET":
            form.goal.data = offer.text
    others = form.others(me()) if form.is_fine() else []
    if not others:
        page = render_template("arrangements/new.html", form=form, what=what, offer=offer, forms=FORMS)
        return page, 422 if form.errors else 200
    arrangement_id = actions.propose(me(), others, form.proposal(what))
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
    or_404(lambda: readable_arrangement(db.session(), me(), arrangement_id))
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
    or_404(lambda: readable_arrangement(db.session(), me(), arrangement_id))
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
    row = or_404(lambda: readable_arrangement(session, me(), arrangement_id))
    found = or_404(lambda: reading.whole(session, me(), row))
    today = [one.answers for one in found.check_ins if one.is_mine and one.day == now().date()]
    page = render_template(
        "arrangements/arrangement.html",
        talks=talking.talks(session, me(), row),
        has_talk=row.form in talking.METHODS,
        found=found,
        moment_form=moment_form or MomentForm(formdata=None),
        check_in_form=check_in_form or CheckInForm(formdata=None, obj=next(iter(today), None)),
        today=now().date(),
    )
    return page, 422 if moment_form or check_in_form else 200


def _done(arrangement_id: str, verb: Callable[[], None]) -> ResponseReturnValue:
    """Does it and goes back to the page, which says why where it could not be."""
    try:
        or_404(verb)
    except Refused as refused:
        flash(str(refused), "warning")
    return redirect(f"/together/{arrangement_id}")
