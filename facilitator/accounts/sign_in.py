"""Signing in with Flask-Security: its rules and its pages' logic, our tables, forms, words and templates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import Security, SQLAlchemySessionUserDatastore
from flask_security.mail_util import MailUtil
from flask_wtf import FlaskForm
from werkzeug.local import LocalProxy

from facilitator.accounts import mail
from facilitator.accounts.forms import ForgottenForm, PasswordForm, ResetForm, SignInForm
from facilitator.accounts.hashing import ARGON2, PooledHashing
from facilitator.accounts.links import absolute
from facilitator.accounts.messages import MESSAGES
from facilitator.accounts.models import Role, User
from facilitator.accounts.rules import EMAIL_CHECKS, PASSWORD_SHORTEST
from facilitator.core.db import db

RESET_WITHIN = timedelta(hours=2)
SETTINGS: dict[str, object] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
    "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_SHORTEST,
    # Hashes the argon2 hash into the reset token; the default would take a quarter of a second for that.
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
    "SECURITY_RECOVERABLE": True,
    "SECURITY_RESET_PASSWORD_WITHIN": RESET_WITHIN,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_CHANGE_URL": "/account/password",
    "SECURITY_POST_CHANGE_VIEW": "accounts.account",
    "SECURITY_LOGOUT_CSRF": True,
    # The same answer whether or not an address has an account.
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_EMAIL_VALIDATOR_ARGS": dict(EMAIL_CHECKS),
    "SECURITY_JOIN_USER_ROLES": False,  # loaded with the person by the model
    # We write the mails ourselves, in the reader's language.
    "SECURITY_EMAIL_PLAINTEXT": False,
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_I18N_DOMAIN": "messages",
    "SECURITY_I18N_DIRNAME": [str(Path(__file__).parents[1] / "translations")],
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_DURATION": timedelta(days=30),
}


class Mails(MailUtil):
    """Sends the library's mails as ours."""

    def send_mail(self, template: str, *_: Any, **context: Any) -> None:
        """Sends the mail that stands for one of the library's templates."""
        user: User = context["user"]
        if template.endswith("reset_instructions"):
            link = absolute("security.reset_password", token=context["reset_token"])
            mail.send("reset", user.email, user.locale, name=user.name, link=link, works_for=RESET_WITHIN)
        else:
            link = absolute("security.forgot_password")
            mail.send("changed", user.email, user.locale, name=user.name, link=link)


def init_sign_in(app: Flask) -> None:
    """Adds /login, /logout, /reset and /account/password. CSRF protection and the database come before this."""
    app.config.update(SETTINGS)
    app.config.update({f"SECURITY_MSG_{key}": message for key, message in MESSAGES.items()})
    session = LocalProxy(lambda: db.session)  # the library wants one when it starts, ours belongs to a request
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(session, User, Role),  # type: ignore[arg-type]  # a proxy of what it wants
        login_form=SignInForm,
        forgot_password_form=ForgottenForm,
        reset_password_form=ResetForm,
        change_password_form=PasswordForm,
        mail_util_cls=Mails,
        render_template=render,  # type: ignore[arg-type]  # its views hand the answer on as it is
    )
    security.pwd_context = PooledHashing(security.pwd_context)
    app.view_functions["security.verify"] = no_such_page  # the library's own way to come in anew; ours is a fresh link
    security.want_json(lambda _request: False)
    security.reauthn_handler(lambda _within, _grace: come_in_anew())


def no_such_page() -> Response:
    """An address of the library that leads nowhere here: it would try passwords past the limits."""
    abort(404)


def come_in_anew() -> Response:
    """Whoever has no password chooses the first one soon after coming in by a link; later they fetch a new link."""
    flash(gettext("For this, sign in once more. We send you a link."), "info")
    return make_response(redirect(url_for("accounts.ask_link", next=url_for("accounts.account"))))


def render(template: str, **context: Any) -> ResponseReturnValue:  # Any: the library's context
    """The library's pages with our templates; a form with errors is a 422."""
    forms = [value for value in context.values() if isinstance(value, FlaskForm)]
    refused = request.method == "POST" and any(form.errors for form in forms)
    return render_template(template, form=forms[0] if forms else None, **context), 422 if refused else 200
