"""The addresses of the archive."""

from flask import Blueprint

from facilitator.archive.labels import form_name, method_name, outcome_name, period_name

blueprint = Blueprint("archive", __name__)
for name in (form_name, method_name, outcome_name, period_name):
    blueprint.add_app_template_global(name)

# They add their addresses.
from facilitator.archive.views import feed, making, reading, talk, themes  # noqa: E402, F401
