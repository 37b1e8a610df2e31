"""The addresses of proof: the attendance of a meeting, somebody's own certificate and annex, hours by the year of a register, and the
check of a number.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("proof", __name__)

from facilitator.proof.views import (  # noqa: E402 – importing is what registers the addresses
    annex,  # noqa: F401
    attendance,  # noqa: F401
    check,  # noqa: F401
    files,  # noqa: F401
    own,  # noqa: F401
    registers,  # noqa: F401
)
