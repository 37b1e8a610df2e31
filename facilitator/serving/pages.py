"""Pages that belong to no slice: choosing a language, and whom to tell of a hole."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from facilitator.accounts.access import signed_in
from facilitator.accounts.actions import remember_locale
from facilitator.accounts.languages import set_language
from facilitator.accounts.links import local
from facilitator.core import languages
from facilitator.core.config import settings
from facilitator.core.db import now

SECURITY_TEXT_LASTS = timedelta(days=30)
pages = Blueprint("pages", __name__)


@pages.post("/language")
def language() -> ResponseReturnValue:
    """Remembers a language on this device, and with the account if there is one; leads back to where one was."""
    chosen = request.form.get("language", "")
    if chosen not in languages.spoken():
        abort(400)
    user = signed_in()
    if user is not None:
        remember_locale(user.id, chosen)
    answer = redirect(local(request.form.get("next") or request.referrer))
    set_language(answer, chosen)
    return answer


@pages.get("/.well-known/security.txt")
def security_text() -> ResponseReturnValue:
    """Whom to tell of a hole in this installation (RFC 9116); not there unless the host said so."""
    found = settings()
    if found.security_contact is None:
        abort(404)
    lines = [
        f"Contact: {found.security_contact}",
        f"Expires: {now() + SECURITY_TEXT_LASTS:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(languages.spoken())}",
    ]
    if found.is_https:
        lines.append(f"Canonical: {found.public_url}{request.path}")
    return "\n".join(lines) + "\n", {"Content-Type": "text/plain; charset=utf-8"}
