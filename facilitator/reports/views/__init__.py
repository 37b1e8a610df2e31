"""The addresses of a session report."""

from flask import Blueprint

from facilitator.reports.how_far import report_states

blueprint = Blueprint("reports", __name__)
# The list of meetings is of a room below, so it asks by a name in its template.
blueprint.app_template_global()(report_states)

# They add their addresses.
from facilitator.reports.views import approving, completing, reading  # noqa: E402, F401
