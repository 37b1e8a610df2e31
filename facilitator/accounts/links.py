"""Addresses that leave this server, and addresses that come back to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page, under the public address if there is one, else under the one this request came to."""
    public = current_app.config.get("PUBLIC_URL")
    if public:
        return str(public).rstrip("/") + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def local(address: str | None, otherwise: str = "/") -> str:
    r"""Where to go on after this request: the path of `address` if it is on this host. Never leads elsewhere, because a
    browser reads `//host`, `/\host` and `https:host` as another host."""
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return otherwise
    elsewhere = parts.netloc and parts.netloc != request.host
    if elsewhere or parts.scheme not in ("", "http", "https") or not parts.path.startswith("/"):
        return otherwise
    path = "/" + parts.path.replace("\\", "/").lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path
