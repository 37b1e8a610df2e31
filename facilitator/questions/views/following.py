"""Following themes, and the link in a mail to hear no more of them.

Promises: everybody sees and changes what they follow themselves; opening the link alone stops nothing, because mail programs open links.
"""

from __future__ import annotations

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.archive.talk import read_token
from facilitator.archive.themes import list_of, sort_key
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.limits import wrong
from facilitator.questions import following
from facilitator.questions.forms import AT_ONCE, DAILY, FollowForm
from facilitator.questions.telling import THEMES
from facilitator.questions.views import OFTEN, blueprint, whose

WRONG_LINKS = "40 per minute"


@blueprint.route("/questions/following", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def follow() -> ResponseReturnValue:
    session = db.session()
    pace = AT_ONCE if following.hears_at_once(session, me()) else DAILY
    form = FollowForm(SimpleNamespace(themes=following.followed(session, me()), pace=pace))
    form.offer(sorted(list_of(session, me().organisation_id), key=lambda theme: sort_key(theme.name)))
    if not form.is_fine():
        return render_template("questions/following.html", form=form), 422 if form.errors else 200
    following.follow(me(), form.themes.data or (), form.typed("pace") == AT_ONCE)
    flash(_("Your changes are saved."), "success")
    return redirect("/questions")


@blueprint.route("/questions/quiet/<token>", methods=["GET", "POST"])
def quiet(token: str) -> ResponseReturnValue:
    """Hears no more of any theme."""
    thing, user_id = read_token(token) or ("", "")
    if thing != THEMES:
        wrong(WRONG_LINKS, "links to stop mails")
        abort(404)
    if request.method == "POST":
        with db.writing() as session:
            following.stop(session, user_id)
    return render_template(
        "accounts/stop_mails.html",
        is_done=request.method == "POST",
        asks=_("No more mails about themes?"),
        done=_("You get no more mails about themes"),
        on=_("You can follow themes again on the page of questions."),
    )
