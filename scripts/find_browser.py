"""Finds a Chromium for the browser tests, and installs Debian's where the machine allows it.

Asked in this order: $CHROMIUM, the PATH, the one Playwright keeps, `apt-get install` (only as root). A Chromium without
windows, the headless shell, goes first: it shows the same pages with a fraction of the work.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
KEPT_BY_PLAYWRIGHT = ("chromium_headless_shell-*/*/*headless*shell", "chromium-*/chrome-linux*/chrome")
PACKAGES = ("chromium-headless-shell", "chromium")


def find_browser(*, install: bool = False) -> Path | None:
    """The path of a Chromium, or None; with `install` the package manager is asked as a last resort."""
    return chosen() or on_path() or from_playwright() or (from_apt() if install else None)


def chosen() -> Path | None:
    """What the developer asked for."""
    path = os.environ.get("CHROMIUM")
    return Path(path) if path and Path(path).is_file() else None


def on_path() -> Path | None:
    """The first known name on the PATH."""
    found = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in found if path), None)


def from_playwright() -> Path | None:
    """The newest Chromium that `playwright install` left behind."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    found = (sorted(cache.glob(pattern), reverse=True) for pattern in KEPT_BY_PLAYWRIGHT)
    return next((path for paths in found for path in paths), None)


def from_apt() -> Path | None:
    """Debian's packages, the small one first, where we may install them."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], *(["install", "-qq", "-y", package] for package in PACKAGES)):
        if on_path() is None:
            subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)
    return on_path()


if __name__ == "__main__":
    browser = find_browser(install="--install" in sys.argv)
    if browser is None:
        sys.exit("no Chromium found: install one, or name it in $CHROMIUM")
    print(browser)
