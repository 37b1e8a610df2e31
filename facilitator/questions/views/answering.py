"""Answering a question, changing and taking back one's answer, and saying what helped and what worked."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.core.extensions import limiter
from facilitator.questions import actions, store
from facilitator.questions.forms import AnswerForm
from facilitator.questions.own import colleague
from facilitator.questions.telling import tell_of_answer
from facilitator.questions.views import OFTEN, answer_or_404, blueprint, or_404, question_or_404, whose
from facilitator.questions.views.reading import question_page


@blueprint.post("/questions/<question_id>/answers")
@sign_in_required
@limiter.limit(OFTEN, key_func=whose)
def answer(question_id: str) -> ResponseReturnValue:
    question_or_404(question_id)
    form = AnswerForm()
    if not form.is_fine():
        return question_page(question_id, form)
    said = or_404(lambda: actions.answer(colleague(), question_id, form.typed("text")))
    tell_of_answer(question_id, me())
    flash(_("Your answer is there."), "success")
    return redirect(f"/questions/{question_id}#said-{said}")


@blueprint.route("/questions/<question_id>/answers/<answer_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def change_answer(question_id: str, answer_id: str) -> ResponseReturnValue:
    found = answer_or_404(question_or_404(question_id), answer_id)
    if found.author_id != me().id:
        abort(404)
    form = AnswerForm.with_text(store.text_of(found))
    if not form.is_fine():
        page = render_template("questions/answer.html", form=form, question_id=question_id, answer_id=answer_id)
        return page, 422 if form.errors else 200
    or_404(lambda: actions.change_answer(colleague(), question_id, answer_id, form.typed("text")))
    flash(_("Your changes are saved."), "success")
    return redirect(f"/questions/{question_id}#said-{answer_id}")


@blueprint.post("/questions/<question_id>/answers/<answer_id>/remove")
@sign_in_required
def remove_answer(question_id: str, answer_id: str) -> ResponseReturnValue:
    """Takes back one's own answer; an administrator takes down anybody's."""
    question_or_404(question_id)
    or_404(lambda: actions.remove_answer(colleague(), question_id, answer_id))
    flash(_("It is removed."), "success")
    return redirect(f"/questions/{question_id}#answers")


@blueprint.post("/questions/<question_id>/answers/<answer_id>/helped")
@sign_in_required
@limiter.limit(OFTEN, key_func=whose)
def helped(question_id: str, answer_id: str) -> ResponseReturnValue:
    """Whether an answer helped whoever reads it."""
    question_or_404(question_id)
    or_404(lambda: actions.say_it_helped(colleague(), question_id, answer_id, request.form.get("do") != "stop"))
    return redirect(f"/questions/{question_id}#said-{answer_id}")


@blueprint.post("/questions/<question_id>/answers/<answer_id>/worked")
@sign_in_required
@limiter.limit(OFTEN, key_func=whose)
def worked(question_id: str, answer_id: str) -> ResponseReturnValue:
    """Whether an answer is what worked; for whoever asked."""
    question_or_404(question_id)
    or_404(lambda: actions.say_it_worked(colleague(), question_id, answer_id, request.form.get("do") != "stop"))
    return redirect(f"/questions/{question_id}#said-{answer_id}")
