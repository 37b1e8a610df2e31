"""What a server is deployed from: the wheel serves with what run.txt lists, and with nothing to build with."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.unit.test_dependencies import pinned

ROOT = Path(__file__).parents[2]
# In a process of its own, where whatever run.txt does not list cannot be imported.
SERVE = """
import pkgutil, re, sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

unpacked, data, allowed = Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3].split())
normal = lambda name: re.sub("[-_.]+", "-", name).lower()
needed = {module for module, owners in packages_distributions().items() if allowed & {normal(o) for o in owners}}
known = {module for module, owners in packages_distributions().items()} - needed - {"facilitator"}

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in known:
            raise ImportError(f"{name} is not for servers")

sys.meta_path.insert(0, Refuse())
sys.path.insert(0, str(unpacked))
import facilitator
assert Path(facilitator.__file__).is_relative_to(unpacked)
for module in pkgutil.walk_packages(facilitator.__path__, "facilitator."):
    if not module.name.endswith(("__main__", "migrations.env")):
        __import__(module.name)

from facilitator.core.config import Settings
from facilitator.operations.installation import prepare
app = facilitator.create_app(prepare(Settings.load(data, {})))
phone = app.test_client()
page = phone.get("/", headers={"Accept-Language": "nl"})
assert page.status_code == 200 and 'lang="nl"' in page.text, page.status_code
files = re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text)
assert all(phone.get(file).status_code == 200 for file in files)
print(page.text)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made as `make wheel` makes it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_it_holds_what_was_built_and_not_what_it_was_built_from(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for built in ("static/dist/manifest.json", "translations/nl/LC_MESSAGES/messages.mo", "typst/fonts/OFL.txt"):
        assert f"facilitator/{built}" in names
    assert any(re.fullmatch(r"facilitator/static/dist/live-\w+\.js\.br", name) for name in names)
    assert not [name for name in names if "/static/src/" in name or name.endswith((".po", ".pyc", ".cfg"))]


def test_it_serves_with_what_a_server_installs_and_nothing_else(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "unpacked")
    given = [str(tmp_path / "unpacked"), str(tmp_path / "data"), " ".join(sorted(pinned("run")))]
    answer = subprocess.run(
        [sys.executable, "-c", SERVE, *given], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert answer.returncode == 0, answer.stderr
    assert "/static/app-" in answer.stdout
    assert "Doe mee aan een bijeenkomst" in answer.stdout, "translations are there"
