"""Reading the archive: the list, a card with what is said under it, and what moderators look at again.

Promises: whoever is signed in reads what `archive.rules.readable` gives them; everything else is not there, whether it exists
or not.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.accounts.links import absolute
from facilitator.archive import actions, making, search, store
from facilitator.archive.actions import count_due, next_review
from facilitator.archive.charts import charts
from facilitator.archive.files.actions import files_of
from facilitator.archive.forms import RemarkForm, ReviewForm, TrialForm
from facilitator.archive.labels import form_name, method_name, outcome_name, period_name
from facilitator.archive.listing import FITTING, NEWEST, TRIED, Option, Wish, lines, listing, wish_of
from facilitator.archive.models import Card
from facilitator.archive.remarks import questions, tried
from facilitator.archive.rules import keepers, may_choose_themes, may_review, readable, readable_card
from facilitator.archive.talk import is_told
from facilitator.archive.themes import Choice, choice, list_of, names_of
from facilitator.archive.views import blueprint
from facilitator.core import languages
from facilitator.core.db import db, now
from facilitator.core.forms import Form
from facilitator.core.refusals import Refused
from facilitator.core.sealing import KeyIsGone

RELATED = 4


@blueprint.get("/archive")
@sign_in_required
def index() -> ResponseReturnValue:
    """The list, what it can be filtered by, and the charts for whoever would rather look than read."""
    session = db.session()
    wish = wish_of(request.args)
    found = listing(session, me(), wish)
    filters = [
        ("theme", _("Theme"), found.options("theme", str)),
        ("outcome", _("How it went"), found.options("outcome", _outcome)),
        ("form", _("Form"), found.options("form", form_name)),
        ("method", _("Method"), found.options("method", lambda key: method_name(key, me().organisation_id))),
        ("period", _("Period"), found.options("period", period_name)),
        ("language", _("Language"), found.options("locale", languages.name_of)),
    ]
    return render_template(
        "archive/index.html",
        found=found,
        wish=wish,
        filters=filters,
        chips=_chips(filters, found.wish),
        sorts=[(FITTING, _("Fits best")), (NEWEST, _("Newest first")), (TRIED, _("Tried most"))],
        charts=charts(session, me()) if wish.is_empty and found.page == 1 and found.total else None,
        waiting=count_due(session, me(), now().date()) if may_review(me()) else 0,
    )


@blueprint.get("/archive/<card_id>")
@sign_in_required
def card(card_id: str) -> ResponseReturnValue:
    return card_page(readable_or_404(card_id))


def readable_or_404(card_id: str) -> Card:
    found = readable_card(db.session(), me(), card_id)
    if found is None:
        abort(404)
    return found


def card_page(
    found: Card,
    *,
    question: RemarkForm | None = None,
    answer: RemarkForm | None = None,
    to: str = "",
    trial: TrialForm | None = None,
    review: ReviewForm | None = None,
    chosen: Choice | None = None,
) -> ResponseReturnValue:
    """The page of a card; with a form that was not right yet, a 422."""
    session = db.session()
    try:
        content = store.content_of(found)
        said, went = questions(session, found, me()), tried(session, found, me())
    except KeyIsGone:  # taken back this very moment
        abort(404)
    forms: list[Form | None] = [question, answer, trial, review]
    is_wrong = any(form is not None and form.errors for form in forms) or bool(chosen and chosen.problem)
    hits = search.related(session, readable(me()), found.id, RELATED)
    page = render_template(
        "archive/card.html",
        card=found,
        content=content,
        themes=names_of(session, found.id),
        files=files_of(found.id),
        may_edit=making.may_change(me(), found),
        related=lines(session, me(), [hit.card_id for hit in hits]),
        questions=said,
        tried=went,
        question_form=question or RemarkForm.empty(),
        answer_form=answer or RemarkForm.empty(),
        answers_to=to,
        trial_form=trial or TrialForm.of(went),
        review_form=review or ReviewForm.on(next_review(me(), now().date())),
        choice=chosen or (_choice(found) if may_choose_themes(session, me(), found) else None),
        may_review=may_review(me()),
        is_due=found.review_on is not None and found.review_on <= now().date(),
        is_own=me().id in keepers(session, found),
        is_told=is_told(session, found, me()),
        address=absolute("archive.card", card_id=found.id),
    )
    return page, 422 if is_wrong else 200


def _choice(found: Card) -> Choice:
    session = db.session()
    return choice(session, me(), found, list_of(session, me().organisation_id))


def _outcome(value: str) -> str:
    return _("Not known yet") if value == "unknown" else outcome_name(value)


def _chips(filters: list[tuple[str, str, list[Option]]], wish: Wish) -> list[tuple[str, str]]:
    """Each filter that is set, with the address without it."""
    inner = {"language": "locale"}
    return [
        (option.label, wish.without(inner.get(name, name), option.value).href())
        for name, _title, options in filters
        for option in options
        if option.is_chosen
    ]


@blueprint.get("/archive/review")
@moderator_required
def to_review() -> ResponseReturnValue:
    session = db.session()
    due = lines(session, me(), actions.due(session, me(), now().date()))
    return render_template("archive/review.html", lines=due)


@blueprint.post("/archive/<card_id>/review")
@moderator_required
def review(card_id: str) -> ResponseReturnValue:
    card, form = readable_or_404(card_id), ReviewForm()
    day = form.review_on.data
    if not form.is_fine() or day is None:
        return card_page(card, review=form)
    try:
        actions.look_again(me(), card_id, day)
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
