"""Whatever an installation keeps is its owner's alone: made so, mended, or named where it is not ours to mend."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.commands import facilitator
from tests.integration.test_commands import make_mo
from tests.running import running_server

ROOT = Path(__file__).parents[2]


def open_ones(folder: Path) -> list[str]:
    """What others may read or enter, the folder included."""
    every = [folder, *folder.rglob("*")]
    return sorted(path.name for path in every if stat.S_IMODE(path.stat().st_mode) & 0o077)


def test_nothing_that_is_made_is_open_to_others(tmp_path: Path) -> None:
    data, away = tmp_path / "deep" / "data", tmp_path / "away"
    away.mkdir(mode=0o700)
    with running_server(data, is_cold=True):
        assert (data / "facilitator.sqlite-wal").exists()
        assert (data / "keys.sqlite").exists()
        assert open_ones(data) == []
    assert make_mo(data).returncode == 0
    assert facilitator("backup", away / "copy.sqlite", "--data", data).returncode == 0
    assert facilitator("export", away / "archive.zip", "--data", data).returncode == 0
    assert facilitator("restore", away / "copy.sqlite", "--data", data).returncode == 0
    assert {"copy.sqlite", "copy.sqlite.keys", "archive.zip"} <= {path.name for path in away.iterdir()}
    assert open_ones(data.parent) == open_ones(away) == []


def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    keys = f"sqlite:///{elsewhere}/keys.sqlite"
    environ = {"FACILITATOR_KEYS_URL": keys}
    facilitator("doctor", "--data", data)
    with running_server(data, environ):
        for path in (*data.rglob("*"), data, elsewhere / "keys.sqlite"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        (data / "mail").mkdir(exist_ok=True)
        (data / "mail" / "one.eml").touch(0o644)
        (data / "mail" / "one.eml").chmod(0o644)
        assert "facilitator.sqlite-wal" in open_ones(data)
    with running_server(data, environ):
        assert open_ones(data) == []
        assert open_ones(elsewhere) == ["elsewhere"], "the folder of a database that lies elsewhere is not ours"


def test_a_folder_that_holds_something_else_stays_as_it_is_and_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "program").touch(0o755)
    (tmp_path / "program").chmod(0o755)
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "program")
    answer = make_mo(tmp_path)
    assert answer.returncode == 0
    assert open_ones(tmp_path) == sorted([tmp_path.name, "program", "link.sqlite"])
    assert f"others on this machine can get at {tmp_path}: chmod 700 {tmp_path}" in answer.stderr


def test_the_folder_that_comes_with_a_checkout_is_closed_without_a_word(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / ".gitignore").write_bytes((ROOT / "instance/.gitignore").read_bytes())
    (tmp_path / ".gitignore").chmod(0o644)
    answer = make_mo(tmp_path)
    assert answer.returncode == 0
    assert "others on this machine" not in answer.stderr
    assert open_ones(tmp_path) == [".gitignore"], "which says nothing"
