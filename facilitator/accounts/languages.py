"""The language somebody reads: what was chosen on this device, else what their account says, else what it asks for."""

from __future__ import annotations

from flask import has_request_context, request
from werkzeug.wrappers import Response

from facilitator.accounts.access import signed_in

LANGUAGES = ("nl", "en")
COOKIE = "lang"
A_YEAR = 365 * 24 * 3600


def language_of_request() -> str:
    """The locale selector for flask-babel. A command has no reader's language and speaks English."""
    if not has_request_context():
        return "en"
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    user = signed_in()
    if user is not None and user.locale in LANGUAGES:
        return user.locale
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def set_language(answer: Response, language: str) -> None:
    """Remembers a language on this device."""
    answer.set_cookie(COOKIE, language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
