"""The addresses of the archive."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort

from facilitator.archive.labels import form_name, method_name, outcome_name, period_name

blueprint = Blueprint("archive", __name__)
for name in (form_name, method_name, outcome_name, period_name):
    blueprint.add_app_template_global(name)

T = TypeVar("T")


def or_404(verb: Callable[[], T]) -> T:
    """What may be done; it may have been taken back, or a membership ended, at this very moment."""
    try:
        return verb()
    except LookupError:
        abort(404)


# They add their addresses.
from facilitator.archive.views import feed, making, reading, talk, themes  # noqa: E402, F401
