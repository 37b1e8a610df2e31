"""Reporting what identifies somebody, and the administrators' list of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import administrator_required, me, sign_in_required
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.questions import reporting
from facilitator.questions.forms import ReportForm
from facilitator.questions.own import colleague
from facilitator.questions.views import OFTEN, blueprint, or_404, question_or_404, whose


@blueprint.route("/questions/<question_id>/report", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def report(question_id: str) -> ResponseReturnValue:
    """Of the question or, with `?answer=`, of an answer to it."""
    question, answer_id, form = question_or_404(question_id), request.args.get("answer", ""), ReportForm()
    if not form.is_fine():
        page = render_template("questions/report.html", form=form, question_id=question.id, answer_id=answer_id)
        return page, 422 if form.errors else 200
    or_404(lambda: reporting.report(colleague(), question_id, answer_id, form.typed("why")))
    reporting.tell_administrators(me())
    flash(_("It is covered until an administrator has looked. Who reported it is not kept."), "success")
    return redirect(f"/questions/{question_id}#answers" if answer_id else "/questions")


@blueprint.get("/questions/reported")
@administrator_required
def reported() -> ResponseReturnValue:
    return render_template("questions/reported.html", reported=reporting.reported(db.session(), me()))


@blueprint.post("/questions/<question_id>/put-back")
@administrator_required
def put_back(question_id: str) -> ResponseReturnValue:
    """An administrator has looked, and it identifies nobody."""
    question_or_404(question_id)
    or_404(lambda: reporting.put_back(colleague(), question_id, request.form.get("answer", "")))
    flash(_("It is there for everybody again."), "success")
    return redirect("/questions/reported")
