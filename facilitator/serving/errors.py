"""Errors in words: what happened, and what to do. Never a traceback, never a detail about anybody.

If even the page cannot be made, plain words go out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import Flask, current_app, g, jsonify, render_template, request
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from facilitator.core.db import Busy
from facilitator.core.logs import error_of
from facilitator.core.op_ids import with_op
from facilitator.core.sealing import Damaged, KeyIsGone
from facilitator.core.text import cleaned
from facilitator.editor.rows import known
from facilitator.editor.views import editor
from facilitator.editor.words import in_words
from facilitator.meetings.views.pages import typed

logger = logging.getLogger(__name__)

Words = tuple[LazyString, LazyString]

WORDS = {
    400: (_l("This cannot be read"), _l("Go back, reload the page and try again.")),
    403: (_l("This is not open to you"), _l("Perhaps you are signed in with another account, or no longer take part.")),
    404: (_l("This page does not exist"), _l("Perhaps the link is incomplete, or what it led to was removed.")),
    405: (_l("This does not work that way"), _l("Go to the start page and try from there.")),
    409: (_l("Something changed meanwhile"), _l("Reload the page to see how things stand now.")),
    410: (_l("This is over"), _l("The meeting has ended, or the link was used before.")),
    413: (_l("This is too big"), _l("Send a shorter text or a smaller file.")),
    429: (_l("That was a lot at once"), _l("Wait a minute and try again.")),
    500: (_l("Something went wrong on our side"), _l("What was sent and confirmed is stored. Try again in a moment.")),
    503: (_l("One moment, please"), _l("It is busy just now. Try again in a few seconds.")),
}
DAMAGED = (
    _l("This cannot be read"),
    _l(
        "Something is damaged where it is kept. Nothing else is lost. Tell whoever runs this server: they can look into it."
    ),
)
NO_COOKIES = (
    _l("This browser keeps no cookies"),
    _l(
        "Without a cookie of this page nobody can take part or sign in. Allow cookies for this address, or use another browser or an"
        " ordinary window instead of a private one. Then load the page again."
    ),
)
OUT_OF_REACH = (
    _l("One moment, please"),
    _l(
        "What is kept here cannot be reached just now. Try again in a minute. If it lasts, tell whoever runs this server."
    ),
)


def show_errors_in_words(app: Flask) -> None:
    """Give every error a page."""
    app.log_exception = log_exception  # type: ignore[method-assign]  # Flask's own quotes the address of the page
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(Busy, lambda _error: answer_to(503))
    app.register_error_handler(KeyIsGone, lambda _error: answer_to(410))
    app.register_error_handler(Damaged, lambda _error: answer_to(503, DAMAGED))
    app.register_error_handler(DatabaseError, without_database)
    app.register_error_handler(CSRFError, without_token)


def log_exception(exc_info: object) -> None:
    """What kind of thing went wrong, and where."""
    logger.error("a request failed", exc_info=error_of(exc_info))


def show(error: HTTPException) -> BaseResponse:
    """The answer to an HTTP error; redirects and ready answers pass. Headers such as Retry-After are kept."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    answer = answer_to(error.code)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def without_token(error: CSRFError) -> BaseResponse:
    """A form of an old page; or of a browser that did not bring back the cookie that came with it."""
    has_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return show(error) if has_cookie else answer_to(400, NO_COOKIES)


def without_database(error: DatabaseError) -> BaseResponse:
    """A database that is away, locked, full or damaged is nobody's mistake; a question that it refuses is ours."""
    if isinstance(error, DataError) and "NUL" in str(error.orig):
        return answer_to(404)  # PostgreSQL is asked for an id that holds one, and has none such
    if isinstance(error, IntegrityError | ProgrammingError | DataError):
        raise error
    logger.error("a database cannot be used: %s", type(error.orig))
    g._login_user = AnonymousUserMixin()  # noqa: SLF001 – else the page would ask it again who is signed in
    return answer_to(503, OUT_OF_REACH)


def answer_to(code: int, words: Words | None = None) -> BaseResponse:
    """A page for whoever opened one, a sentence for the script of a live page."""
    return with_op(notice(code, words)) if is_from_live_page() else page(code, words)


def is_from_live_page() -> bool:
    """Whether the script of a live page sent this, not a person who opened an address."""
    return request.method == "POST" and "X-View" in request.headers


def notice(code: int, words: Words | None = None) -> BaseResponse:
    """What happened and what to do, as the live pages show it."""
    title, text = words or words_for(code)
    answer = jsonify({"notice": f"{title}. {text}"})
    answer.status_code = code
    return answer


def words_for(code: int) -> Words:
    """What happened, and what to do."""
    return WORDS.get(code) or WORDS[400 if code < 500 else 500]


def page(code: int, words: Words | None = None) -> BaseResponse:
    """An error page, with what was typed into a form; in plain words if the page itself fails."""
    title, text = words or words_for(code)
    try:
        html = render_template("errors/error.html", title=title, text=text, texts=_typed())
        return BaseResponse(html, code, mimetype="text/html")
    except Exception:
        logger.exception("the page for error %s could not be made", code)
        return BaseResponse(f"{gettext('Something went wrong on our side')} ({code})", code, mimetype="text/plain")


def _typed() -> tuple[str, ...]:
    """The words that somebody sent, unless they are too many to be read: whatever a page had to say instead, they are not lost."""
    try:
        if request.method == "POST" and request.blueprint == editor.name:
            return tuple(f"{place}: {words}" for place, words in in_words(known(request.form)))
        sent = typed() if request.method == "POST" else ()
        return sent if "plain" in request.form else _sentences(sent)
    except RequestEntityTooLarge:
        return ()


def _sentences(sent: Iterable[str]) -> tuple[str, ...]:
    """Of what was sent, what takes a while to type again, and no password."""
    secret = {cleaned(text).strip() for name, text in request.form.items() if "password" in name}
    return tuple(text for text in sent if text not in secret and any(map(str.isspace, text)))
