"""Tests that did not run are never passed over in silence: the browser tests on a machine without a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "run_tests.py"
NO_APT = "import os; os.geteuid = lambda: 1000\n"
QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
COLLECTS = ("--collect-only", "-q", "-p", "no:cacheprovider", ".")


@dataclass(frozen=True)
class Checkout:
    """A folder with one test and one browser test, on a machine where no browser can be found."""

    folder: Path

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs the script in it."""
        empty = self.folder / "empty"
        nowhere = {"PATH": str(empty), "HOME": str(empty), "PLAYWRIGHT_BROWSERS_PATH": str(empty)}
        kept = {name: value for name, value in os.environ.items() if name not in ("CI", "CHROMIUM")}
        return subprocess.run(
            [sys.executable, str(SCRIPT), *(arguments or COLLECTS)],
            cwd=self.folder,
            env={**kept, **nowhere, **QUICK, "PYTHONPATH": str(self.folder / "site"), **environ},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Nobody may install anything there either."""
    for name in ("empty", "site", "tests/unit", "tests/browser"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_APT)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "tests/unit/test_plain.py").write_text("def test_plain(): pass\n")
    (tmp_path / "tests/browser/test_seen.py").write_text("def test_seen(): pass\n")
    return Checkout(tmp_path)


def test_without_a_browser_the_other_tests_run_and_it_says_loudly_what_was_left_out(checkout: Checkout) -> None:
    done = checkout.run()
    assert done.returncode == 0, done.stderr
    assert "test_plain" in done.stdout
    assert "test_seen" not in done.stdout
    assert "!!! The browser tests were LEFT OUT: no Chromium found (set $CHROMIUM) !!!" in done.stderr


def test_where_tests_must_be_believed_that_is_a_failure_and_nothing_runs(checkout: Checkout) -> None:
    done = checkout.run(CI="true")
    assert done.returncode == 1
    assert "no Chromium, and CI may not leave the browser tests out" in done.stderr
    assert "test_plain" not in done.stdout


@pytest.mark.parametrize("ci", ["", "true"])
def test_with_a_browser_everything_runs_and_nothing_is_said(checkout: Checkout, ci: str) -> None:
    browser = checkout.folder / "chromium"
    browser.touch()
    done = checkout.run(CHROMIUM=str(browser), CI=ci)
    assert done.returncode == 0, done.stderr
    assert "test_plain" in done.stdout
    assert "test_seen" in done.stdout
    assert "LEFT OUT" not in done.stderr


def test_a_test_that_fails_is_said_to_have_failed(checkout: Checkout) -> None:
    (checkout.folder / "tests/unit/test_wrong.py").write_text("def test_wrong(): assert False\n")
    done = checkout.run("-q", "-p", "no:cacheprovider", ".")
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "LEFT OUT" in done.stderr


def test_a_choice_that_leaves_no_test_is_an_error_only_where_tests_must_be_believed(checkout: Checkout) -> None:
    nothing = ("-q", "-p", "no:cacheprovider", "-k", "nothing_is_called_so", ".")
    browser = checkout.folder / "chromium"
    browser.touch()
    assert checkout.run(*nothing).returncode == 0
    assert checkout.run(*nothing, CI="true", CHROMIUM=str(browser)).returncode == 5
