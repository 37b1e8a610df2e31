"""Trying a method: a meeting with simulated people begins, and they do the next thing when whoever leads it says so.

Promises: of a meeting with simulated people nothing answers but its live pages and what they send; only an account begins one.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.languages import readers_language
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.demo.acting import act, act_all
from facilitator.demo.trying import begin
from facilitator.meetings import seats
from facilitator.meetings.demo_mark import is_demo
from facilitator.meetings.views.answers import Sender, screen_answer, verb
from facilitator.repertoire.store import methods_for

TRIES = "10 per hour; 30 per day"
LIVE = "meetings."
# Of the pages of live meetings those by which a real person or an account would come into one.
NOT_HERE = frozenset(
    f"{LIVE}{name}"
    for name in (
        "handover",
        "takeover",
        "takeback",
        "second",
        "plan",
        "open_lobby",
        "delete",
        "members",
        "personal_code",
    )
)
demo = Blueprint("demo", __name__)


@demo.before_app_request
def keep_to_the_live_pages() -> None:
    """Whatever else there is of meetings is not there for these."""
    endpoint = request.endpoint or ""
    if is_demo((request.view_args or {}).get("meeting_id")):
        is_live = endpoint.startswith(LIVE) and endpoint not in NOT_HERE
        if not (is_live or endpoint == "demo.go_on"):
            abort(404)


@demo.post("/methods/<key>/try")
@sign_in_required
@limiter.limit(TRIES, key_func=seats.whose)
def try_method(key: str) -> BaseResponse:
    """A meeting by a method with simulated people, led by whoever asked for it on this very device."""
    method = methods_for(me().organisation_id).get(key) or abort(404)
    tried = begin(method, me().name, readers_language())
    answer = redirect(f"/meetings/{tried.meeting_id}/console")
    seats.keep(answer, "console", tried.lead)
    seats.keep(answer, "phone", tried.phone)
    return answer


@demo.post("/meetings/<meeting_id>/demo")
@verb("console")
def go_on(sender: Sender) -> Response | None:
    """Somebody does the next thing, or everybody all they can; where nothing is left, it says whose move it is."""
    if not is_demo(sender.meeting_id):
        raise Refused("no_such_meeting", 404)
    done = act_all(sender.meeting_id) if request.form.get("all") else act(sender.meeting_id)
    if done:
        return None
    return screen_answer(sender, notice=_("They have nothing left to do now. It is your move."))
