"""Collects every text of the product and brings the catalogues up to date: `make texts`.

English is what the code says; every other language has a catalogue. Nothing is guessed: a changed text is a missing one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from facilitator.core import languages

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "facilitator" / "translations"
KEYWORDS = ("_l", "lazy_gettext", "gettext", "ngettext:1,2", "lazy_ngettext:1,2")


def translated() -> list[str]:
    """The languages that have a catalogue: those of the interface but the one in the code."""
    return [code for code in languages.spoken() if code != languages.FALLBACK]


def catalogue(language: str) -> Path:
    """Where a language's translations are."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def extract(target: Path) -> None:
    """Writes every text of code and templates to a template catalogue."""
    keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    pybabel(
        "extract",
        "-F",
        str(TRANSLATIONS / "babel.cfg"),
        *keywords,
        "--no-location",
        "--sort-output",
        "--project=Facilitator",
        "--omit-header",
        "-o",
        str(target),
        ".",
    )


def update(template: Path, language: str) -> None:
    """Adds what is new to a language's catalogue and drops what is gone."""
    found = catalogue(language)
    found.parent.mkdir(parents=True, exist_ok=True)
    verb = "update" if found.exists() else "init"
    options = ["--no-fuzzy-matching", "--ignore-obsolete"] if verb == "update" else []
    pybabel(verb, "--width=120", *options, "-i", str(template), "-o", str(found), "-l", language)


def pybabel(*words: str) -> None:
    """Runs Babel's command."""
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "--quiet", *words], cwd=ROOT, check=True)


def main() -> None:
    """Collects, and updates every language."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        for language in translated():
            update(template, language)


if __name__ == "__main__":
    main()
