"""Puts accounts into an application: sign-in, mail, limits and pages, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_date

from facilitator.accounts.limits import limit_sign_in
from facilitator.accounts.mail import init_mail
from facilitator.accounts.rules import PASSWORD_SHORTEST
from facilitator.accounts.sign_in import init_sign_in
from facilitator.accounts.views import accounts

if TYPE_CHECKING:
    from flask import Flask

    from facilitator.core.config import Settings


def init_accounts(app: Flask, settings: Settings) -> None:
    """Call it when the database, babel, CSRF protection and the limiter are there."""
    app.config["PUBLIC_URL"] = settings.public_url
    app.config["SECURITY_PASSWORD_SALT"] = settings.password_salt
    app.config["REMEMBER_COOKIE_SECURE"] = settings.is_https
    app.jinja_env.globals.setdefault("format_date", format_date)
    app.jinja_env.globals["password_shortest"] = PASSWORD_SHORTEST
    init_mail(app, settings.mail_url, settings.mail_from, settings.data_dir / "mail")
    init_sign_in(app)
    app.register_blueprint(accounts)
    limit_sign_in(app)
