"""Built files: their hashed names, and how they are served.

A hashed file never changes, so browsers may keep it for ever; everything is served compressed beforehand.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

BUILT = Path(__file__).parents[1] / "static" / "dist"
PREFIX = "/static/"
HASHED = re.compile(r"-[0-9A-Z]{8}\.[a-z0-9]+$")


def serve_assets(app: Flask) -> None:
    """Serve the built files and give templates `asset(name)`."""
    names = hashed_names()

    @app.template_global()
    def asset(name: str) -> str:
        """The address of a built file."""
        return PREFIX + names.get(name, name)

    server = WhiteNoise(
        app.wsgi_app,
        max_age=3600,
        allow_all_origins=False,
        immutable_file_test=is_hashed,
    )
    if BUILT.is_dir():
        server.add_files(str(BUILT), prefix=PREFIX)
    app.wsgi_app = server  # type: ignore[method-assign]  # Flask's own way to add a layer


def hashed_names() -> dict[str, str]:
    """Plain name → built name; empty before the first build."""
    manifest = BUILT / "manifest.json"
    return dict(json.loads(manifest.read_text())) if manifest.is_file() else {}


def is_hashed(_path: str, url: str) -> bool:
    """Does the name change with the content?"""
    return HASHED.search(url) is not None
