"""How often somebody may try a password or ask for a mail.

A whole meeting room shares one address, so an address alone is limited only loosely; a person's e-mail address is
limited more tightly together with the address it is tried from, so that nobody can shut out somebody else from afar.
Only what was refused counts against signing in.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response


def limit_sign_in(app: Flask, limiter: Limiter) -> None:
    """Puts the limits on the sign-in and reset pages."""
    refused: dict[str, Any] = {"methods": ["POST"], "deduct_when": was_refused}
    _limit(app, limiter, "security.login", "10 per 5 minutes", here_and_email, **refused)
    _limit(app, limiter, "security.login", "60 per 15 minutes", email, **refused)
    _limit(app, limiter, "security.login", "200 per 15 minutes", here, **refused)
    _limit(app, limiter, "security.forgot_password", "5 per 15 minutes", email, methods=["POST"])
    _limit(app, limiter, "security.forgot_password", "60 per 15 minutes", here, methods=["POST"])
    _limit(app, limiter, "accounts.ask_link", "5 per 15 minutes", email, methods=["POST"])
    _limit(app, limiter, "accounts.ask_link", "60 per 15 minutes", here, methods=["POST"])
    _limit(app, limiter, "accounts.use_link", "60 per 15 minutes", here, deduct_when=was_refused)
    _limit(app, limiter, "security.reset_password", "60 per 15 minutes", here, methods=["POST"])
    _limit(app, limiter, "security.change_password", "10 per 5 minutes", account, **refused)


def _limit(app: Flask, limiter: Limiter, endpoint: str, rule: str, key: Any, **options: Any) -> None:
    decorate: Any = limiter.limit(rule, key_func=key, **options)
    app.view_functions[endpoint] = decorate(app.view_functions[endpoint])


def was_refused(response: Response) -> bool:
    """Whether this try failed."""
    return response.status_code >= 400


def here() -> str:
    """Where the request comes from."""
    return f"from:{request.remote_addr}"


def email() -> str:
    """Whose account is tried; a hash, because limits are kept in Redis too."""
    typed = str(request.form.get("email", "")).strip().lower()
    return "email:" + hashlib.sha256(typed.encode()).hexdigest()[:32]


def here_and_email() -> str:
    """Whose account is tried, and from where."""
    return f"{here()} {email()}"


def account() -> str:
    """Who is signed in."""
    from facilitator.accounts.access import signed_in

    user = signed_in()
    return f"account:{user.id}" if user else here()
