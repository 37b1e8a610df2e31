"""The commands: exit codes, one line on standard error, and backups that come back."""

from __future__ import annotations

import socket
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import cold, facilitator

METHOD = Path("facilitator/methods/catalogue")


def make_mo(folder: Path) -> subprocess.CompletedProcess[str]:
    return facilitator(
        *("user", "create", "--name", "Mo", "--email", "mo@example.org", "--organisation", "Werkplaats"),
        *("--password", "vier woorden zijn genoeg", "--data", folder),
    )


def users(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "facilitator.sqlite")) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM users")]


def password_of_mo(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "facilitator.sqlite")) as connection:
        return str(connection.execute("SELECT password FROM users").fetchone()[0])


def test_an_account_is_made_once(tmp_path: Path) -> None:
    assert make_mo(tmp_path).returncode == 0
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in password_of_mo(tmp_path), "dear to guess, as the product has it"
    again = make_mo(tmp_path)
    assert again.returncode == 1
    assert again.stderr.startswith("Error: ")
    assert len(again.stderr.splitlines()) == 1


def test_wrong_usage_is_2() -> None:
    assert facilitator("run", "--port", "many").returncode == 2
    assert facilitator("fly").returncode == 2


def test_a_bad_setting_is_one_line(tmp_path: Path) -> None:
    answer = facilitator("run", "--data", tmp_path, FACILITATOR_PUBLIC_URL="meet.example.org")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "FACILITATOR_PUBLIC_URL" in answer.stderr


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = facilitator("run", "--host", "127.0.0.1", "--port", str(port), "--data", tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert str(port) in answer.stderr


def test_methods_are_listed_and_judged(tmp_path: Path) -> None:
    listed = facilitator("methods")
    assert listed.returncode == 0
    keys = [line.split()[0] for line in listed.stdout.splitlines()]
    assert keys == sorted(path.stem for path in METHOD.glob("*.toml"))
    bad = tmp_path / "bad.toml"
    bad.write_text('key = "bad"\n')
    judged = facilitator("methods", "check", bad)
    assert judged.returncode == 1
    assert "bad.toml" in judged.stderr
    for path in METHOD.glob("*.toml"):
        assert facilitator("methods", "check", path).returncode == 0


def test_a_backup_comes_back(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.sqlite"
    make_mo(data)
    assert cold("backup", copy, "--data", data).returncode == 0
    for path in (copy, tmp_path / "copy.sqlite.keys"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(data / "facilitator.sqlite")) as connection:
        connection.execute("UPDATE users SET name = 'Somebody else'")
        connection.commit()
    assert users(data) == ["Somebody else"]
    assert cold("restore", copy, "--data", data).returncode == 0
    assert users(data) == ["Mo"]


def test_what_is_no_backup_replaces_nothing(tmp_path: Path) -> None:
    make_mo(tmp_path)
    (tmp_path / "note.txt").write_text("this is no database, " * 100)
    answer = facilitator("restore", tmp_path / "note.txt", "--data", tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert users(tmp_path) == ["Mo"]


def test_there_is_nothing_to_back_up_before_the_first_start(tmp_path: Path) -> None:
    answer = facilitator("backup", tmp_path / "copy", "--data", tmp_path / "data")
    assert answer.returncode == 1
    assert not (tmp_path / "copy").exists()


def test_the_doctor_finds_secrets_that_others_can_read(tmp_path: Path) -> None:
    make_mo(tmp_path)
    (tmp_path / "secrets" / "secret_key").chmod(0o644)
    answer = facilitator("doctor", "--data", tmp_path)
    assert answer.returncode == 1
    assert "FAILED secrets" in answer.stdout


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0"])
def test_the_doctor_finds_a_redis_that_does_not_answer(tmp_path: Path, url: str) -> None:
    answer = facilitator("doctor", "--data", tmp_path, FACILITATOR_REDIS_URL=url)
    assert answer.returncode == 1
    assert "FAILED Redis" in answer.stdout


def test_the_archive_goes_out_and_comes_in(tmp_path: Path) -> None:
    here, file = tmp_path / "here", tmp_path / "archive.zip"
    assert facilitator("export", file, "--data", here).returncode == 1, "there is no organisation yet"
    make_mo(here)
    assert facilitator("export", file, "--data", here).stdout.startswith(f"Cards in {file}: 0.")
    assert facilitator("import", file, "--data", here).stdout.startswith("New cards: 0;")
    another = facilitator("export", file, "--data", here, "--organisation", "Elsewhere")
    assert another.returncode == 1
    assert "Werkplaats" in another.stderr
    file.write_bytes(b"no zip")
    broken = facilitator("import", file, "--data", here)
    assert broken.returncode == 1
    assert len(broken.stderr.splitlines()) == 1


def doctor_says(folder: Path, *more: str | Path, **settings: str) -> tuple[int, str]:
    """What the doctor answers, and says."""
    answer = facilitator("doctor", "--data", folder, *more, **settings)
    assert answer.stderr == ""
    return answer.returncode, answer.stdout


def test_the_doctor_makes_nothing_where_nothing_is(tmp_path: Path) -> None:
    _code, said = doctor_says(tmp_path / "new")
    assert "FAILED keys" not in said
    assert not (tmp_path / "new").exists()


def test_the_doctor_finds_what_does_not_belong_together_and_changes_nothing(tmp_path: Path) -> None:
    make_mo(tmp_path)
    assert "ok     keys" in doctor_says(tmp_path)[1]
    (tmp_path / "secrets" / "master_key").rename(tmp_path / "taken_away")
    code, said = doctor_says(tmp_path)
    assert (code, "FAILED keys" in said) == (1, True)
    assert not (tmp_path / "secrets" / "master_key").exists(), "it makes no other in its place"


def test_the_doctor_restores_the_newest_backup_elsewhere(tmp_path: Path) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    make_mo(data)
    copies.mkdir()
    assert "FAILED backup" in doctor_says(data, "--backup", copies)[1]
    assert facilitator("backup", copies / "monday", "--data", data).returncode == 0
    before = (data / "facilitator.sqlite").read_bytes()
    assert f"ok     backup: {copies / 'monday'} was restored, and read" in doctor_says(data, "--backup", copies)[1]
    assert (data / "facilitator.sqlite").read_bytes() == before
    (copies / "monday.keys").write_bytes(b"")
    code, said = doctor_says(data, "--backup", copies)
    assert (code, "FAILED backup" in said) == (1, True)


def test_the_doctor_finds_files_that_others_can_read(tmp_path: Path) -> None:
    make_mo(tmp_path)
    (tmp_path / "facilitator.sqlite").chmod(0o644)
    code, said = doctor_says(tmp_path)
    assert (code, "FAILED files" in said) == (1, True)


WRONG: dict[str, tuple[int, tuple[str, ...]]] = {
    "no such command": (2, ("dance",)),
    "no such option": (2, ("doctor", "--dance")),
    "an argument too few": (2, ("backup",)),
    "a port that is none": (2, ("run", "--port", "many")),
    "a folder in place of a file": (2, ("restore", "{folder}")),
    "a file that is not there": (2, ("restore", "{folder}/none")),
    "an empty file": (1, ("restore", "{folder}/empty")),
    "an import of nothing": (1, ("import", "{folder}/empty")),
    "an import that is not there": (2, ("import", "{folder}/none")),
    "a method that is not there": (2, ("methods", "check", "{folder}/none")),
    "a day that is none": (2, ("clock", "--today", "soon")),
    "an export into a folder that is not there": (1, ("export", "{folder}/none/file")),
    "a backup into a folder that is not there": (1, ("backup", "{folder}/none/file")),
}


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_is_one_sentence_on_standard_error(tmp_path: Path, what: str) -> None:
    code, words = WRONG[what]
    data = tmp_path / "data"
    make_mo(data)
    (tmp_path / "empty").write_bytes(b"")
    options = () if words[:1] in (("dance",), ("methods",)) else ("--data", data)
    answer = facilitator(*(word.format(folder=tmp_path) for word in words), *options)
    assert (answer.returncode in (1, 2), answer.stderr.count("\n")) == (True, 1), answer.stderr
    assert answer.stderr.startswith("Error: "), answer.stderr
    assert answer.returncode == code, answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("url", ["mysql://here/there", "postgresql://127.0.0.1:1/none", "nonsense"])
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, url: str) -> None:
    answer = facilitator("erase", "--due", "--data", tmp_path, FACILITATOR_DATABASE_URL=url, FACILITATOR_KEYS_URL=url)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert "Traceback" not in answer.stderr
