"""The language somebody reads: what was chosen on this device, else what their account says, else what it asks for."""

from __future__ import annotations

from flask import has_request_context, request
from flask_babel import get_locale
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from facilitator.accounts.access import signed_in
from facilitator.core import languages

COOKIE = "lang"
A_YEAR = 365 * 24 * 3600


def language_of_request() -> str:
    """The locale selector for flask-babel. A command has no reader's language and speaks that of the code."""
    if not has_request_context():
        return languages.FALLBACK
    spoken = languages.spoken()
    chosen = request.cookies.get(COOKIE)
    if chosen in spoken:
        return chosen
    user = signed_in()
    if user is not None and user.locale in spoken:
        return user.locale
    return request.accept_languages.best_match(spoken) or languages.DEFAULT


def readers_language() -> str:
    """The language of whoever reads what is made now, of those the interface speaks."""
    found = get_locale()
    return languages.spoken_or(found.language, languages.DEFAULT) if found else languages.DEFAULT


def language_choices() -> list[SelectChoice]:
    """The languages of the interface, for a field, each by its own name."""
    return [SelectChoice(code, languages.name_of(code)) for code in languages.spoken()]


def set_language(answer: Response, language: str) -> None:
    answer.set_cookie(COOKIE, language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
