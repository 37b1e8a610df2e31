"""The link by which somebody says whether they come, without signing in.

Promises: what is in the database makes no link, because each is signed with the secret of this installation; it is for one person and
one meeting; it is not used up.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app

from facilitator.calendar.models import Guest
from facilitator.core.db import db

SIGNATURE = 32


def token_of(guest_id: str) -> str:
    return f"{guest_id}{_signature(guest_id)}"


def guest_of(token: str) -> Guest | None:
    """Whose link it is, if it is anybody's."""
    guest_id, signature = token[:-SIGNATURE], token[-SIGNATURE:]
    if not hmac.compare_digest(_signature(guest_id).encode(), signature.encode()):
        return None
    return db.session.get(Guest, guest_id)


def _signature(guest_id: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"who comes:{guest_id}".encode(), hashlib.sha256).hex()[:SIGNATURE]
