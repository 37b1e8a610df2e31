"""The addresses of a session report."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)

# They add their addresses.
from facilitator.reports.views import approving, completing, home, reading  # noqa: E402, F401
