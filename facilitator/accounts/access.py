"""Who may come in: decorators for pages, and the person who is signed in.

Not signed in leads to the sign-in page and back; signed in without the right is a 403. A page of another organisation
is a 404, and that is the page's own work: it asks within `me().organisation_id`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user

from facilitator.accounts.models import User

P = ParamSpec("P")
Page = Callable[P, ResponseReturnValue]


def signed_in() -> User | None:
    """The person who is signed in, if anybody is."""
    user = current_user._get_current_object()  # noqa: SLF001 – the way to the person behind the proxy
    return user if isinstance(user, User) else None


def me() -> User:
    """The person who is signed in, on a page that needs one."""
    user = signed_in()
    assert user is not None, "this page needs a decorator of facilitator.accounts.access"
    return user


def _needing(may: Callable[[User], bool]) -> Callable[[Page[P]], Page[P]]:
    def guard(page: Page[P]) -> Page[P]:
        @wraps(page)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            user = signed_in()
            if user is None:
                answer: ResponseReturnValue = current_app.extensions["security"]._unauthn_handler(["session"])  # noqa: SLF001
                return answer
            if not may(user):
                abort(403)
            return page(*args, **kwargs)

        return guarded

    return guard


def sign_in_required(page: Page[P]) -> Page[P]:
    """Anybody with an account."""
    return _needing(lambda _user: True)(page)


def moderator_required(page: Page[P]) -> Page[P]:
    """Moderators, and administrators too."""
    return _needing(lambda user: user.is_moderator)(page)


def administrator_required(page: Page[P]) -> Page[P]:
    return _needing(lambda user: user.is_administrator)(page)
