"""The addresses of the archive and of what leads into it."""

from flask import Blueprint

from facilitator.archive.words import outcome_name, period_name

blueprint = Blueprint("archive", __name__)
blueprint.add_app_template_global(period_name)
blueprint.add_app_template_global(outcome_name)

from facilitator.archive.views import consent, objection, owning  # noqa: E402,F401 – they add their addresses
