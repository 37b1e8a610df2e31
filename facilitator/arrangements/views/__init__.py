"""The addresses of what people agree with each other."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort

from facilitator.arrangements.saying import form_of, goal_of, kinds_of_offers

OFTEN = "60 per 10 minutes"
T = TypeVar("T")

together = Blueprint("together", __name__)
together.app_template_global("form_of")(form_of)
together.app_template_global("asked_of_goal")(goal_of)
together.app_template_global("kinds_of_offers")(kinds_of_offers)


def or_404(verb: Callable[[], T]) -> T:
    """What may be done; of what is not theirs, or gone by now, there is nothing."""
    try:
        return verb()
    except LookupError:
        abort(404)


# They add their addresses.
from facilitator.arrangements.views import agreeing, offering, talking  # noqa: E402, F401
