"""What every answer tells the browser: nothing inline, nothing from elsewhere, nothing kept.

Promises: pages are not stored by browsers or proxies, and what needs TLS is only said where there is TLS.
"""

from __future__ import annotations

from flask import Flask, Response, request

from facilitator.config import Settings

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), screen-wake-lock=(self), fullscreen=(self)"
A_YEAR = 365 * 24 * 3600


def send_security_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        # A file that somebody uploaded comes with a stricter one.
        headers.setdefault("Content-Security-Policy", content_policy(request.host, is_https=settings.is_https))
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Cache-Control"] = "no-store"  # whatever a library thinks
        if settings.is_https:
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
        return response


def content_policy(host: str, *, is_https: bool) -> str:
    """The content security policy for a page on this host. Older Safari does not count a socket as 'self'."""
    rules = [
        "default-src 'self'",
        "img-src 'self' data:",
        f"connect-src 'self' ws://{host} wss://{host}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    return "; ".join([*rules, "upgrade-insecure-requests"] if is_https else rules)
