"""Gathers the typefaces of typeset documents into facilitator/typst/fonts, from the packages that package-lock.json pins.

They lie beside the templates and not among the files a browser may ask for: no page needs them.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules/@expo-google-fonts"
BUILT = ROOT / "facilitator/typst/fonts"
FAMILIES = (
    "atkinson-hyperlegible-next",
    "noto-sans",
    "ibm-plex-sans-arabic",
    "noto-sans-arabic",
    "noto-sans-hebrew",
    "noto-emoji",
)
WEIGHTS = ("400Regular", "600SemiBold")


def main() -> int:
    """Answers 0, or 1 when a typeface is missing."""
    files = [found for family in FAMILIES for weight in WEIGHTS for found in (PACKAGES / family / weight).glob("*.ttf")]
    if len(files) != len(FAMILIES) * len(WEIGHTS):
        print("a typeface is missing: run `make setup`", file=sys.stderr)
        return 1
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, BUILT / path.name)
    (BUILT / "OFL.txt").write_text(licences(), encoding="utf-8")
    return 0


def licences() -> str:
    """Whose the typefaces are, and the licence that goes with every copy of them."""
    texts = ((PACKAGES / family / "LICENSE_FONT").read_text(encoding="utf-8").strip() for family in FAMILIES)
    return "\n\n----\n\n".join(texts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
