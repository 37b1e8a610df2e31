"""The pages of a group's year: how it works together, by what its members say without their names.

Promises: to whoever does not see the group it is a 404; whoever sees it and is not in it reads when it is asked, and nothing that came out.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.limits import account
from facilitator.core.extensions import limiter
from facilitator.core.forms import Form
from facilitator.core.refusals import Refused
from facilitator.groups import loading
from facilitator.year import evaluation
from facilitator.year.charts import lines
from facilitator.year.forms import EvaluationForm, MomentForm

OFTEN = "60 per hour"

year = Blueprint("year", __name__)


@year.route("/groups/<group_id>/evaluation", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=account, methods=["POST"])
def look(group_id: str) -> ResponseReturnValue:
    """How a group works together: to answer, and what came out."""
    found, form = _standing(group_id), EvaluationForm()
    if request.method == "POST" and not found.is_member:
        abort(403)
    if not form.is_fine():
        return _page(group_id, form, MomentForm(formdata=None))
    try:
        evaluation.answer(me(), group_id, form.scores)
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(str(refused), "attention")
    else:
        flash(_("Your answer is among the others, without your name."), "success")
    return redirect(f"/groups/{group_id}/evaluation")


@year.post("/groups/<group_id>/evaluation/when")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def when(group_id: str) -> ResponseReturnValue:
    """Whoever may edit the group says when the next one begins."""
    found, form = _standing(group_id), MomentForm()
    if not found.may_set:
        abort(403)
    if form.is_fine():
        assert form.opens_on.data is not None
        assert form.days.data is not None
        try:
            evaluation.set_moment(me(), group_id, form.opens_on.data, form.days.data)
        except LookupError:
            abort(404)
        except Refused as refused:
            form.opens_on.errors = [str(refused)]
        else:
            flash(_("Your changes are saved."), "success")
            return redirect(f"/groups/{group_id}/evaluation")
    return _page(group_id, EvaluationForm(formdata=None), form)


def _page(group_id: str, form: EvaluationForm, moment: MomentForm) -> ResponseReturnValue:
    found = _standing(group_id)
    group = loading.group_for(me(), group_id)
    assert group is not None
    if not moment.errors:
        moment.opens_on.data = max(found.next_on, found.soonest)
    page = render_template(
        "year/evaluation.html",
        group=group,
        found=found,
        form=form,
        moment=moment,
        about=evaluation.ABOUT,
        lines=lines(found.results),
        least=evaluation.LEAST,
        withheld=[format_date(result.day, "MMMM y") for result in found.results if not result.count],
        last_day=found.closes_on - timedelta(days=1) if found.closes_on else None,
        lowest=evaluation.LOWEST_MEAN / 10,
        highest=evaluation.HIGHEST_MEAN / 10,
    )
    return page, _status(form, moment)


def _standing(group_id: str) -> evaluation.Standing:
    found = evaluation.standing(me(), group_id)
    if found is None:
        abort(404)
    return found


def _status(*forms: Form) -> int:
    return 422 if any(form.errors for form in forms) else 200
