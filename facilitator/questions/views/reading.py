"""Reading questions: the list, and one with its answers."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from facilitator.accounts.access import me, sign_in_required
from facilitator.archive.themes import list_of, sort_key
from facilitator.core.db import db
from facilitator.questions.forms import AnswerForm
from facilitator.questions.own import colleague
from facilitator.questions.reading import ALL, SHOWS, Wish, asked, listing
from facilitator.questions.views import blueprint, or_404, question_or_404


@blueprint.get("/questions")
@sign_in_required
def index() -> ResponseReturnValue:
    themes = sorted(list_of(db.session(), me().organisation_id), key=lambda theme: sort_key(theme.name))
    wish = _wish({theme.id for theme in themes})
    found = listing(db.session(), colleague(), wish)
    return render_template("questions/index.html", found=found, wish=wish, themes=themes)


@blueprint.get("/questions/<question_id>")
@sign_in_required
def question(question_id: str) -> ResponseReturnValue:
    return question_page(question_id)


def question_page(question_id: str, answer: AnswerForm | None = None) -> ResponseReturnValue:
    """The page of a question; with an answer that was not right yet, a 422."""
    found = question_or_404(question_id)
    shown = or_404(lambda: asked(db.session(), colleague(), found))
    page = render_template("questions/question.html", question=shown, form=answer or AnswerForm.empty())
    return page, 422 if answer is not None and answer.errors else 200


def _wish(theme_ids: set[str]) -> Wish:
    """What the address asks for; what it may not say counts for nothing."""
    show, theme_id = request.args.get("show", ALL), request.args.get("theme", "")
    page = request.args.get("page", 1, type=int)
    return Wish(show if show in SHOWS else ALL, theme_id if theme_id in theme_ids else "", min(max(page, 1), 10_000))
