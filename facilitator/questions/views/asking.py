"""Asking a question, changing one's own, and taking it back.

Promises: a question without a name is answered as any other is; only its cookie, on the asker's own device, tells the two apart.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TypeVar

from flask import abort, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.archive.themes import list_of, sort_key
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.questions import actions, own, store
from facilitator.questions.forms import AskForm, QuestionForm
from facilitator.questions.own import colleague
from facilitator.questions.reading import themes_chosen
from facilitator.questions.views import OFTEN, blueprint, or_404, question_or_404, whose

F = TypeVar("F", bound=QuestionForm)


@blueprint.route("/questions/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def ask() -> ResponseReturnValue:
    form = _offering(AskForm())
    if not form.is_fine():
        return _page(form)
    try:
        question_id, token = actions.ask(me(), form.words, form.theme_ids, form.is_anonymous)
    except Refused as refused:
        form.themes.errors = [str(refused)]
        return _page(form)
    answer = make_response(redirect(f"/questions/{question_id}"))
    if form.is_anonymous:
        own.remember(answer, token)
        day = format_date(actions.opening_day(now(), is_anonymous=True), "full")
        flash(_("Your question is kept without your name. Colleagues see it from %(day)s.", day=day), "success")
    else:
        flash(_("Your question is there. You get a mail when somebody answers."), "success")
    return answer


@blueprint.route("/questions/<question_id>/edit", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def change(question_id: str) -> ResponseReturnValue:
    question = question_or_404(question_id)
    if not colleague().asked(question):
        abort(404)
    words = store.words_of(question)
    chosen = themes_chosen(db.session(), question_id)
    form = _offering(QuestionForm(SimpleNamespace(title=words.title, text=words.text, themes=chosen)))
    if not form.is_fine():
        return _page(form, question_id)
    try:
        or_404(lambda: actions.change(colleague(), question_id, form.words, form.theme_ids))
    except Refused as refused:
        form.themes.errors = [str(refused)]
        return _page(form, question_id)
    flash(_("Your changes are saved."), "success")
    return redirect(f"/questions/{question_id}")


@blueprint.post("/questions/<question_id>/remove")
@sign_in_required
def remove(question_id: str) -> ResponseReturnValue:
    """Takes back one's own question; an administrator takes down anybody's."""
    question_or_404(question_id)
    or_404(lambda: actions.remove(colleague(), question_id))
    flash(_("The question and its answers are gone."), "success")
    return redirect("/questions")


def _offering(form: F) -> F:
    form.offer(sorted(list_of(db.session(), me().organisation_id), key=lambda theme: sort_key(theme.name)))
    return form


def _page(form: QuestionForm, question_id: str = "") -> ResponseReturnValue:
    template = "questions/edit.html" if question_id else "questions/new.html"
    return render_template(template, form=form, question_id=question_id), 422 if form.errors else 200
