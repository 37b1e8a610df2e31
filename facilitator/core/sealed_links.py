"""What stands in the link of a mail: for whom and for what it is, sealed, because an address is seen by many.

Promises: nobody but this installation makes one or reads it, one that was made for something opens nothing else, and nothing is kept of it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from facilitator.core.config import settings

NONCE_BYTES = 12


def sealed_link(purpose: str, *ids: str) -> str:
    """A token that says these ids to us and nothing to others."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(_key(purpose)).encrypt(nonce, "/".join(ids).encode(), purpose.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def opened_link(purpose: str, token: str, count: int) -> tuple[str, ...] | None:
    """The ids in a token, or None where it is not one of ours, for this purpose and with so many of them."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        opened = AESGCM(_key(purpose)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()).decode()
    except (ValueError, InvalidTag):
        return None
    ids = tuple(opened.split("/"))
    return ids if len(ids) == count else None


def _key(purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose}:{settings().secret_key}".encode()).digest()
