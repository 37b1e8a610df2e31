"""The addresses of the archive."""

from flask import Blueprint

from facilitator.archive.words import form_name, method_name, outcome_name, period_name

blueprint = Blueprint("archive", __name__)
for name in (form_name, method_name, outcome_name, period_name):
    blueprint.add_app_template_global(name)

# They add their addresses.
from facilitator.archive.views import (  # noqa: E402
    feed,  # noqa: F401
    making,  # noqa: F401
    reading,  # noqa: F401
    reviewing,  # noqa: F401
    talk,  # noqa: F401
    themes,  # noqa: F401
)
