"""How often somebody may try a password or ask for a mail.

A whole meeting room shares one address, so an address alone is limited only loosely; a person's e-mail address is
limited more tightly together with the address it is tried from, so that nobody can shut out somebody else from afar.
Only what was refused counts against signing in.
"""

from __future__ import annotations

import hashlib

from flask import Flask, make_response, request
from flask.typing import ResponseReturnValue

from facilitator.accounts.access import signed_in
from facilitator.accounts.rules import email_address
from facilitator.core.limits import Limit, Page, here, refuse_after, tries
from facilitator.core.refusals import Refused

ASKING = ("5 per 15 minutes", "600 per 15 minutes")  # for one account; from one address


def limit_sign_in(app: Flask) -> None:
    """Puts the limits on the pages of the sign-in library."""
    _guard(
        app,
        "security.login",
        Limit("10 per 5 minutes", here_and_email),
        Limit("60 per 15 minutes", email),
        Limit("600 per 15 minutes", here),
    )
    _guard(app, "security.change_password", Limit("10 per 5 minutes", account))
    _guard(app, "security.reset_password", Limit("600 per 15 minutes", here))
    _ask_first(app, "security.forgot_password")


def limit_asking() -> None:
    """Counts that a mail is asked for; raises 429 where that was too often."""
    for_one, from_one = ASKING
    if key := email():
        refuse_after(for_one, "mails", key)
    refuse_after(from_one, "mails", here())


def _guard(app: Flask, endpoint: str, *limits: Limit) -> None:
    app.view_functions[endpoint] = tries(app.view_functions[endpoint], endpoint, limits)


def _ask_first(app: Flask, endpoint: str) -> None:
    page: Page = app.view_functions[endpoint]

    def asked(*args: object, **kwargs: object) -> ResponseReturnValue:
        if request.method == "POST":
            limit_asking()
        return make_response(page(*args, **kwargs))

    app.view_functions[endpoint] = asked


def email() -> str:
    """The account that is looked up, however its address was typed; nothing for what is no address, which has none. A hash,
    because tries are counted in Redis too.
    """
    try:
        address = email_address(request.form.get("email", ""))
    except Refused:
        return ""
    return "email:" + hashlib.sha256(address.encode()).hexdigest()[:32]


def here_and_email() -> str:
    """Which account is looked up, and from where."""
    found = email()
    return f"{here()} {found}" if found else ""


def account() -> str:
    user = signed_in()
    return f"account:{user.id}" if user else here()
