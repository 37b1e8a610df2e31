"""Puts accounts into an application: sign-in, mail, limits and pages, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_date

from facilitator.accounts.limits import limit_sign_in
from facilitator.accounts.mail import init_mail
from facilitator.accounts.sign_in import init_sign_in
from facilitator.accounts.views import accounts

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask_limiter import Limiter


def init_accounts(
    app: Flask, limiter: Limiter, *, mail_url: str | None, mail_folder: Path, public_url: str | None
) -> None:
    """Call it when the database, babel, CSRF protection and the limiter are there."""
    app.config["PUBLIC_URL"] = public_url
    app.jinja_env.globals.setdefault("format_date", format_date)
    init_mail(app, mail_url, mail_folder)
    init_sign_in(app)
    app.register_blueprint(accounts)
    limit_sign_in(app, limiter)
