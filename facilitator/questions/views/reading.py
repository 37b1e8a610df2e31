"""Reading questions: the list, and one with its answers."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from facilitator.accounts.access import me, sign_in_required
from facilitator.archive.themes import list_of, sort_key
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.text import one_line
from facilitator.questions import to_card
from facilitator.questions.forms import AnswerForm
from facilitator.questions.own import colleague
from facilitator.questions.reading import ALL, SHOWS, Wish, asked, listing
from facilitator.questions.reporting import reported
from facilitator.questions.similar import similar
from facilitator.questions.views import blueprint, or_404, question_or_404, whose

WHILE_TYPING = "300 per 10 minutes"
LONGEST_TYPED, LONGEST_SEARCH = 2200, 200


@blueprint.get("/questions")
@sign_in_required
def index() -> ResponseReturnValue:
    themes = sorted(list_of(db.session(), me().organisation_id), key=lambda theme: sort_key(theme.name))
    wish = _wish({theme.id for theme in themes})
    text = one_line(request.args.get("q"))[:LONGEST_SEARCH]
    return render_template(
        "questions/index.html",
        found=listing(db.session(), colleague(), wish),
        wish=wish,
        themes=themes,
        text=text,
        similar=similar(db.session(), colleague(), text) if text else None,
        waiting=len(reported(db.session(), me())) if me().is_administrator else 0,
    )


@blueprint.post("/questions/new/similar")
@sign_in_required
@limiter.limit(WHILE_TYPING, key_func=whose)
def like_this() -> ResponseReturnValue:
    """What is like a question that somebody is typing, as a piece of their page. What was sent is kept nowhere."""
    text = one_line(f"{request.form.get('title', '')} {request.form.get('text', '')}")[:LONGEST_TYPED]
    return render_template("questions/_similar.html", similar=similar(db.session(), colleague(), text))


@blueprint.get("/questions/<question_id>")
@sign_in_required
def question(question_id: str) -> ResponseReturnValue:
    return question_page(question_id)


def question_page(question_id: str, answer: AnswerForm | None = None) -> ResponseReturnValue:
    """The page of a question; with an answer that was not right yet, a 422."""
    found = question_or_404(question_id)
    shown = or_404(lambda: asked(db.session(), colleague(), found))
    page = render_template(
        "questions/question.html",
        question=shown,
        form=answer or AnswerForm.empty(),
        may_become_card=to_card.may_become_card(shown),
    )
    return page, 422 if answer is not None and answer.errors else 200


def _wish(theme_ids: set[str]) -> Wish:
    """What the address asks for; what it may not say counts for nothing."""
    show, theme_id = request.args.get("show", ALL), request.args.get("theme", "")
    page = request.args.get("page", 1, type=int)
    return Wish(show if show in SHOWS else ALL, theme_id if theme_id in theme_ids else "", min(max(page, 1), 10_000))
