"""Pages that belong to no slice: choosing a language."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from facilitator.accounts.access import signed_in
from facilitator.accounts.actions import remember_locale
from facilitator.accounts.languages import LANGUAGES, set_language
from facilitator.accounts.links import local

pages = Blueprint("pages", __name__)


@pages.post("/language")
def language() -> ResponseReturnValue:
    """Remembers a language on this device, and with the account if there is one; leads back to where one was."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    user = signed_in()
    if user is not None:
        remember_locale(user.id, chosen)
    answer = redirect(local(request.form.get("next") or request.referrer))
    set_language(answer, chosen)
    return answer
