"""The addresses of proof: the attendance of a meeting, somebody's own certificate and annex, and the check of a number."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("proof", __name__)

from facilitator.proof.views import attendance, check, own  # noqa: E402, F401 – importing is what registers the addresses
