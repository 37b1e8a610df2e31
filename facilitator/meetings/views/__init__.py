"""The addresses of the live meeting: pages that people open, and the verbs their pages send."""

from flask import Blueprint

blueprint = Blueprint("meetings", __name__)

from facilitator.meetings.views import doors, joining, live, planning, posts  # noqa: E402,F401 – they add their addresses
