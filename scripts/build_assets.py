"""Bundles scripts and styles, gathers the icons, and compresses it all beforehand into facilitator/static/dist.

Built beside the old files and swapped in at the end, so that a server that is running never misses one.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "facilitator/static/src"
BUILT = ROOT / "facilitator/static/dist"
ENTRIES = ("js/before_load.js", "js/live.js", "js/wall.js", "js/pages.js", "css/app.css", "css/pages.css")
COMPRESSED = {".css", ".js", ".svg"}
HASH_IN_NAME = re.compile(r"-[0-9A-Z]{8}(?=\.[a-z0-9]+$)")


def main() -> int:
    """Answers 0, or 1 when a bundle has an error (esbuild has then said which)."""
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILT.parent, prefix=".dist-") as folder:
        target = Path(folder) / "dist"
        target.mkdir()
        if not bundle(target):
            return 1
        gather_icons(target)
        copy_pictures(target)
        write_manifest(target)
        compress(target)
        swap_in(target)
    return 0


def bundle(target: Path) -> bool:
    """Scripts and styles, minified, with the fonts that the styles name."""
    entries = [str(SOURCE / entry) for entry in ENTRIES if (SOURCE / entry).is_file()]
    if not entries:
        return True
    command = [
        str(esbuild()),
        *entries,
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2020",
        "--loader:.woff2=file",
        "--loader:.svg=dataurl",
        "--entry-names=[name]-[hash]",
        "--asset-names=[name]-[hash]",
        "--legal-comments=none",
        "--log-level=warning",
        f"--outdir={target}",
    ]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def esbuild() -> Path:
    """The program itself, from the package for this platform: it needs no node to run."""
    programs = [*ROOT.glob("node_modules/@esbuild/*/bin/esbuild"), *ROOT.glob("node_modules/@esbuild/*/esbuild.exe")]
    if not programs:
        sys.exit("esbuild is missing: run `make setup`")
    return programs[0]


def gather_icons(target: Path) -> None:
    """One sprite of all icons; each is asked for as icons.svg#name."""
    symbols = [as_symbol(path) for path in sorted((SOURCE / "icons").glob("*.svg"))]
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()
    (target / f"icons-{fingerprint(sprite)}.svg").write_bytes(sprite)


def as_symbol(path: Path) -> str:
    """The drawing of one icon; colour and stroke come from the style of the page."""
    text = path.read_text()
    box = re.search(r'viewBox="([^"]+)"', text)
    inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if not (box and inner):
        sys.exit(f"{path} is no icon: it needs a viewBox")
    drawing = re.sub(r">\s+<", "><", inner[1].strip())
    return f'<symbol id="{path.stem}" viewBox="{box[1]}">{drawing}</symbol>'


def copy_pictures(target: Path) -> None:
    """Pictures that pages name themselves, such as the favicon."""
    for path in sorted((SOURCE / "pictures").glob("*.*")):
        content = path.read_bytes()
        (target / f"{path.stem}-{fingerprint(content)}{path.suffix}").write_bytes(content)


def fingerprint(content: bytes) -> str:
    """Eight characters, of the alphabet that esbuild uses."""
    return hashlib.sha256(content).hexdigest()[:8].upper()


def write_manifest(target: Path) -> None:
    """Plain name → built name."""
    names = {HASH_IN_NAME.sub("", path.name): path.name for path in sorted(target.iterdir())}
    (target / "manifest.json").write_text(json.dumps(names, indent=1))


def compress(target: Path) -> None:
    """As small as it gets: it happens once, here."""
    for path in [path for path in target.iterdir() if path.suffix in COMPRESSED]:
        content = path.read_bytes()
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def swap_in(target: Path) -> None:
    """New files first, the manifest last, what nobody names any more at the end."""
    BUILT.mkdir(exist_ok=True)
    fresh = {path.name for path in target.iterdir()}
    for name in sorted(fresh, key=lambda name: name == "manifest.json"):
        (target / name).replace(BUILT / name)
    for path in BUILT.iterdir():
        if path.name not in fresh:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    sys.exit(main())
