"""The feed of new cards, and the page where somebody makes their address for it."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from facilitator.accounts import reading_addresses
from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.limits import account
from facilitator.accounts.links import absolute
from facilitator.archive import feed as feeds
from facilitator.archive.models import FeedToken
from facilitator.archive.views import blueprint
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.limits import wrong

FRESH = "fresh_feed"
WRONG_KEYS = "40 per minute"
ADDRESSES = "20 per 15 minutes"


@blueprint.get("/archive/feed.atom")
def feed() -> ResponseReturnValue:
    reader = reading_addresses.reader_of(FeedToken, db.session(), request.args.get("key", ""))
    if reader is None:
        wrong(WRONG_KEYS, "keys of feeds")
        abort(404)
    with force_locale(reader.locale):
        title = _("New knowledge cards")
    content = feeds.atom(
        feeds.items(db.session(), reader),
        title=title,
        by=reader.organisation.name,
        organisation_id=reader.organisation_id,
        home=absolute("archive.index"),
    )
    answer = Response(content, content_type="application/atom+xml; charset=utf-8")
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.route("/archive/feed", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(ADDRESSES, key_func=account, methods=["POST"])
def feed_address() -> ResponseReturnValue:
    """Somebody's own address of the feed: made, shown once, renewed, ended."""
    if request.method == "POST":
        if request.form.get("do") == "end":
            reading_addresses.end_address(FeedToken, me())
            flash(_("Your address has ended. Nobody can read with it any more."), "success")
        else:
            session[FRESH] = reading_addresses.make_address(FeedToken, me())
        return redirect("/archive/feed")
    token = session.pop(FRESH, None)
    address = absolute("archive.feed", key=token) if token else ""
    return render_template("archive/feed.html", address=address, made_on=reading_addresses.made_on(FeedToken, me()))
