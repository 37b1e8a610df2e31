"""What people say under a card: questions, answers, how it went, and whether they want to hear of it.

Promises: who may not read the card gets a 404; what was typed is kept when it was not right yet; mails go out after the commit.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required, signed_in
from facilitator.archive import talk
from facilitator.archive.forms import RemarkForm, TrialForm
from facilitator.archive.views import blueprint, or_404
from facilitator.archive.views.reading import card_page, readable_or_404
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.limits import here, wrong

TALK = "30 per 10 minutes"
WRONG_LINKS = "40 per minute"


def _is_person() -> str:
    user = signed_in()
    return f"talk:{user.id}" if user else here()


@blueprint.post("/archive/<card_id>/questions")
@sign_in_required
@limiter.limit(TALK, key_func=_is_person)
def ask(card_id: str) -> ResponseReturnValue:
    card, form = readable_or_404(card_id), RemarkForm()
    if not form.is_fine():
        return card_page(card, question=form)
    said = or_404(lambda: talk.ask(me(), card_id, form.typed("text")))
    talk.tell(card_id, me())
    flash(_("Your question is there. You get a mail when somebody answers."), "success")
    return redirect(f"/archive/{card_id}#said-{said}")


@blueprint.post("/archive/<card_id>/questions/<question_id>")
@sign_in_required
@limiter.limit(TALK, key_func=_is_person)
def answer(card_id: str, question_id: str) -> ResponseReturnValue:
    card, form = readable_or_404(card_id), RemarkForm()
    if not form.is_fine():
        return card_page(card, answer=form, to=question_id)
    said = or_404(lambda: talk.answer(me(), card_id, question_id, form.typed("text")))
    talk.tell(card_id, me())
    flash(_("Your answer is there."), "success")
    return redirect(f"/archive/{card_id}#said-{said}")


@blueprint.route("/archive/<card_id>/said/<remark_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(TALK, key_func=_is_person, methods=["POST"])
def change(card_id: str, remark_id: str) -> ResponseReturnValue:
    card = readable_or_404(card_id)
    own = or_404(lambda: talk.own_words(db.session(), me(), card_id, remark_id))
    form = RemarkForm.with_text(own)
    if not form.is_fine():
        page = render_template("archive/remark.html", form=form, card=card, remark_id=remark_id)
        return page, 422 if form.errors else 200
    or_404(lambda: talk.change(me(), card_id, remark_id, form.typed("text")))
    flash(_("Your changes are saved."), "success")
    return redirect(f"/archive/{card_id}#said-{remark_id}")


@blueprint.post("/archive/<card_id>/said/<remark_id>/remove")
@sign_in_required
def remove(card_id: str, remark_id: str) -> ResponseReturnValue:
    """Takes back one's own question or answer; an administrator removes anybody's."""
    readable_or_404(card_id)
    or_404(lambda: talk.remove(me(), card_id, remark_id))
    flash(_("It is removed."), "success")
    return redirect(f"/archive/{card_id}#talk")


@blueprint.post("/archive/<card_id>/tried")
@sign_in_required
@limiter.limit(TALK, key_func=_is_person)
def tell_tried(card_id: str) -> ResponseReturnValue:
    """How it went for somebody who tried it, or that they take that back."""
    card, form = readable_or_404(card_id), TrialForm()
    if request.form.get("do") == "forget":
        or_404(lambda: talk.forget_how_it_went(me(), card_id))
        flash(_("You took back that you tried this."), "success")
    elif not form.is_fine():
        return card_page(card, trial=form)
    else:
        or_404(lambda: talk.tell_how_it_went(me(), card_id, form.typed("verdict"), form.typed("why")))
        flash(_("Thank you. It stands under the card, without your name."), "success")
    return redirect(f"/archive/{card_id}#tried")


@blueprint.post("/archive/<card_id>/follow")
@sign_in_required
def follow(card_id: str) -> ResponseReturnValue:
    """Whether somebody wants to hear of new questions and answers."""
    readable_or_404(card_id)
    if request.form.get("do") == "stop":
        or_404(lambda: talk.stop_following(me().id, card_id))
        flash(_("You get no more mails about this card."), "success")
    else:
        or_404(lambda: talk.follow(me(), card_id))
        flash(_("You get a mail when somebody asks or answers something here."), "success")
    return redirect(f"/archive/{card_id}#talk")


@blueprint.route("/archive/quiet/<token>", methods=["GET", "POST"])
def quiet(token: str) -> ResponseReturnValue:
    """The link in a mail to get no more of them; asks first, because mail programs open links by themselves."""
    meant = talk.read_token(token)
    if meant is None:
        wrong(WRONG_LINKS, "links to stop mails")
        abort(404)
    card_id, user_id = meant
    if request.method == "POST":
        or_404(lambda: talk.stop_following(user_id, card_id))
    return render_template(
        "accounts/stop_mails.html",
        is_done=request.method == "POST",
        asks=_("No more mails about this card?"),
        done=_("You get no more mails about this card"),
        on=_("Mails about other cards go on."),
    )
