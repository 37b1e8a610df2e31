"""One-time links: the token travels, only its hash stays here."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What the database keeps. A plain hash is enough for something random that nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()
