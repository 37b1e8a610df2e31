"""The commands: exit codes, one line on standard error, and backups that come back."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from facilitator.core.atomic import written
from tests.commands import cold, facilitator, weak

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


@pytest.mark.parametrize(
    ("language", "questions"),
    [
        (
            "nl",
            "Zou je niet eens met haar praten?\nIs hij vaak ziek?\nDat is toch niet normaal?\nWie was erbij en wat zei hij?\nWat gebeurde er?",
        ),
        (
            "en",
            "Why don’t you ask her?\r\nIs he often ill?\r\nThat's not normal, is it?\r\nWho was there and what did he say?\r\nWhat happened?\r\n",
        ),
    ],
)
def test_questions_are_told_apart_line_by_line(language: str, questions: str) -> None:
    answer = cold("hint", language, given=questions)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.split("\n") == ["advice", "closed", "leading", "stacked", "open", ""]


def test_a_language_whose_questions_nobody_told_apart_is_a_sentence() -> None:
    answer = facilitator("hint", "xx")
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "nl" in answer.stderr


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


def account(**other: str) -> list[str]:
    """The options for Ada's account, but for what is wrong with them."""
    words = {"name": "Ada", "email": "ada@example.org", "organisation": "Werkplaats"}
    words |= {"password": "vier woorden zijn genoeg", **other}
    return [word for name, value in words.items() for word in (f"--{name}", value)]


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
    "a backup into a file": (1, ("backup", "{folder}/empty/file")),
    "a backup without a name": (2, ("backup", "")),
    "a name that no database can have": (2, ("backup", "{folder}/what?")),
    "a name that is too long": (1, ("export", "{folder}/" + "x" * 255)),
    "letters that are none": (2, ("backup", "{folder}/\udcff")),
    "a backup in place of a pipe": (2, ("backup", "{folder}/pipe")),
    "an export in place of a pipe": (2, ("export", "{folder}/pipe")),
    "an export in place of a link that leads nowhere": (2, ("export", "{folder}/loop")),
    "a backup in place of the database": (1, ("backup", "{folder}/data/facilitator.sqlite")),
    "an export in place of the keys": (1, ("export", "{folder}/data/keys.sqlite")),
    "an export in place of a log of the database": (1, ("export", "{folder}/data/../data/facilitator.sqlite-wal")),
    "an export in place of a secret": (1, ("export", "{folder}/data/secrets/master_key")),
    "a backup among the uploads": (1, ("backup", "{folder}/data/uploads/copy")),
    "a copy that is the database itself": (1, ("restore", "{folder}/data/facilitator.sqlite")),
    "a copy that is a text": (1, ("restore", "{folder}/text")),
    "a copy that is a zip": (1, ("restore", "{folder}/zip")),
    "half a copy": (1, ("restore", "{folder}/half")),
    "a database of something else": (1, ("restore", "{folder}/other")),
    "a copy that is a pipe": (2, ("restore", "{folder}/pipe")),
    "an import of a database": (1, ("import", "{folder}/other")),
    "an import of a text": (1, ("import", "{folder}/text")),
    "an import of a zip of something else": (1, ("import", "{folder}/zip")),
    "an import of a pipe": (2, ("import", "{folder}/pipe")),
    "an organisation that nobody knows": (1, ("export", "{folder}/file", "--organisation", "Elsewhere")),
    "a day that the calendar does not have": (2, ("clock", "--today", "2026-02-30")),
    "a day long ago": (1, ("clock", "--today", "0001-01-01")),
    "a day far ahead": (1, ("clock", "--today", "9999-12-31")),
    "a host that is none": (1, ("run", "--host", "nowhere.invalid")),
    "a host that can be none": (1, ("run", "--host", "é" * 80)),
    "erasing without saying what": (2, ("erase",)),
    "a language that nobody speaks here": (2, ("demo", "--language", "xx")),
    "an example where people are": (1, ("demo",)),
    "a name that nobody sees": (1, ("user", "create", *account(name="\u200b"))),
    "a name that is much too long": (1, ("user", "create", *account(name="x" * 5000))),
    "an address that is none": (1, ("user", "create", *account(email="ada@"))),
    "an address that is taken": (1, ("user", "create", *account(email="mo@example.org"))),
    "a role that is none": (1, ("user", "create", *account(role="king"))),
    "a password that is too short": (1, ("user", "create", *account(password="short"))),
    "a password that is too long": (1, ("user", "create", *account(password="x" * 5000))),
    "an account of which nothing is said": (1, ("user", "create")),
}


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_is_one_sentence_on_standard_error(tmp_path: Path, what: str) -> None:
    code, words = WRONG[what]
    data = tmp_path / "data"
    make_mo(data)
    lay_out(tmp_path)
    before = tables(data)
    options = () if words[:1] in (("dance",), ("methods",)) else ("--data", data)
    answer = facilitator(*(word.format(folder=tmp_path) for word in words), *options)
    assert (answer.returncode in (1, 2), answer.stderr.count("\n")) == (True, 1), answer.stderr
    assert answer.stderr.startswith("Error: "), answer.stderr
    assert answer.returncode == code, answer.stderr
    assert "unforeseen" not in answer.stderr
    assert "Traceback" not in answer.stderr
    assert tables(data) == before, "nothing of it was done"
    assert not list(tmp_path.rglob("*.part*"))


def lay_out(folder: Path) -> None:
    """Things that are no backup, no export and no method."""
    (folder / "empty").touch()
    (folder / "text").write_text("no database at all, " * 500)
    with zipfile.ZipFile(folder / "zip", "w") as packed:
        packed.writestr("something.txt", "else")
    with closing(sqlite3.connect(folder / "other")) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")
        connection.commit()
    (folder / "half").write_bytes((folder / "data" / "facilitator.sqlite").read_bytes()[:9000])
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder / "loop")


def tables(folder: Path) -> list[str]:
    """Every row of the databases; but for when the clock was last looked at, and that keys may have come."""
    found: list[str] = []
    for name in ("facilitator.sqlite", "keys.sqlite"):
        with closing(sqlite3.connect(folder / name)) as connection:
            found += [
                line
                for line in connection.iterdump()
                if not re.match(r'INSERT INTO "?(clock|looks|key_generation)', line)
            ]
    return found


@pytest.mark.parametrize("url", ["mysql://here/there", "postgresql://127.0.0.1:1/none", "nonsense"])
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, url: str) -> None:
    answer = facilitator("erase", "--due", "--data", tmp_path, FACILITATOR_DATABASE_URL=url, FACILITATOR_KEYS_URL=url)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("place", ["file", "file/folder", "/proc/nothing", "/dev/null"])
@pytest.mark.parametrize("words", [("run", "--port", "0"), ("demo",), ("erase", "--due"), ("reindex",), ("clock",)])
def test_where_there_can_be_no_folder_it_is_one_sentence(tmp_path: Path, words: tuple[str, ...], place: str) -> None:
    (tmp_path / "file").touch()
    answer = facilitator(*words, "--data", tmp_path / place)
    assert (answer.returncode in (1, 2), answer.stdout, answer.stderr.count("\n")) == (True, "", 1), answer
    assert place.rpartition("/")[2] in answer.stderr
    assert "unforeseen" not in answer.stderr


@pytest.mark.parametrize("name", ["uploads", "mail"])
def test_what_would_fail_later_is_said_at_the_start(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    answer = facilitator("run", "--port", "0", "--data", tmp_path)
    assert (answer.returncode, answer.stderr) == (1, f"Error: {tmp_path / name}: Not a directory\n")


def test_a_folder_that_nobody_writes_to_is_named_before_anything_is_tried(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_mo(data)
    before = tables(data)
    data.chmod(0o500)
    for words in (("run", "--port", "0"), ("user", "create", *account()), ("reindex",)):
        answer = weak(*words, "--data", data)
        assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
        assert answer.stderr.startswith(f"Error: {data}: it is not open to this user"), answer.stderr
    data.chmod(0o700)
    assert tables(data) == before


NO_ROOM: dict[str, tuple[str, ...]] = {
    "an account": ("user", "create", *account()),
    "a backup": ("backup", "{folder}/copy.sqlite"),
    "an export": ("export", "{folder}/archive.zip"),
    "an import": ("import", "{folder}/good.zip"),
    "a restore": ("restore", "{folder}/good.sqlite"),
    "an index": ("reindex",),
}


@pytest.mark.parametrize("what", NO_ROOM)
def test_without_room_it_is_a_sentence_and_nothing_half_done_stays(tmp_path: Path, what: str) -> None:
    data = tmp_path / "data"
    make_mo(data)
    assert facilitator("backup", tmp_path / "good.sqlite", "--data", data).returncode == 0
    assert facilitator("export", tmp_path / "good.zip", "--data", data).returncode == 0
    before, names = tables(data), sorted(path.name for path in tmp_path.iterdir())
    words = (word.format(folder=tmp_path) for word in NO_ROOM[what])
    answer = weak(*words, "--data", data, most_bytes=500 if what == "an export" else 4000)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert answer.stderr.startswith("Error: "), answer.stderr
    assert "unforeseen" not in answer.stderr
    assert tables(data) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("right", [0o000, 0o400])
@pytest.mark.parametrize("name", ["facilitator.sqlite", "keys.sqlite", "secrets/master_key", "secrets", ""])
def test_what_rights_forbid_is_a_sentence(tmp_path: Path, name: str, right: int) -> None:
    data = tmp_path / "data"
    make_mo(data)
    (data / name).chmod(right)
    answer = weak("user", "create", *account(), "--data", data)
    (data / name).chmod(0o700)
    if (name, right) in (("secrets/master_key", 0o400), ("keys.sqlite", 0o400)):
        assert answer.returncode == 0, "for an account reading is enough"
        return
    assert (answer.returncode in (1, 2), answer.stderr.count("\n")) == (True, 1), answer.stderr
    assert answer.stderr.startswith("Error: "), answer.stderr
    assert "unforeseen" not in answer.stderr
    assert users(data) == ["Mo"]


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ("DELETE FROM organisations", "its rows do not fit together"),
        ("DROP TABLE users", "its tables are not those of its version"),
        ("UPDATE alembic_version SET version_num = '0003'", ""),
    ],
)
def test_a_copy_whose_rows_or_tables_are_odd_changes_nothing(tmp_path: Path, odd: str, told: str) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    make_mo(data)
    assert facilitator("backup", copy, "--data", data).returncode == 0
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(odd)
        connection.commit()
    before = tables(data)
    answer = facilitator("restore", copy, "--data", data)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert "unforeseen" not in answer.stderr, answer.stderr
    assert told in answer.stderr
    assert tables(data) == before


def to(out: int, *arguments: str | Path) -> tuple[int, str]:
    """Its exit code and what it complained, with its output going somewhere."""
    done = subprocess.run(
        [sys.executable, "-m", "facilitator", *map(str, arguments)],
        stdout=out,
        stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin"},
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_whoever_stops_reading_hears_nothing_of_it() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    assert to(writing, "methods") == (1, "")
    os.close(writing)


def test_what_cannot_be_printed_is_said_once() -> None:
    with Path("/dev/full").open("w") as full:
        assert to(full.fileno(), "methods") == (1, "Error: the disk is full; make room and try again\n")


def test_without_a_terminal_it_works_as_well() -> None:
    closed = (
        f"import os; os.close(1); os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'facilitator', 'methods'])"
    )
    done = subprocess.run([sys.executable, "-c", closed], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_ctrl_c_in_the_middle_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "facilitator", "demo", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env={}, text=True) as running:
        assert running.stderr is not None
        assert running.stderr.readline().endswith(" …\n"), "it is at work"
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        assert running.wait(20) == 1
    complained = [line for line in said.splitlines() if line and not line.endswith(" …")]
    assert complained == ["Error: stopped before it was done"]


def test_ctrl_c_while_libraries_are_read_is_silent() -> None:
    code = "import signal, facilitator.__main__; print(signal.getsignal(signal.SIGINT) is signal.SIG_DFL)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n"


def write_half(file: Path, what: type[BaseException]) -> None:
    with written(file) as part:
        part.write_text("new")
        part.with_name("copy.part-wal").touch()
        raise what


@pytest.mark.parametrize("what", [KeyboardInterrupt, OSError])
def test_a_file_is_there_when_it_is_whole(tmp_path: Path, what: type[BaseException]) -> None:
    file = tmp_path / "copy"
    file.write_text("older")
    with pytest.raises(what):
        write_half(file, what)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("copy", "older")]
    with written(file) as part:
        part.write_text("new")
        assert file.read_text() == "older"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("copy", "new")]


def test_an_option_that_postgresql_does_not_know_is_a_sentence(tmp_path: Path) -> None:
    answer = facilitator("clock", "--data", tmp_path, FACILITATOR_DATABASE_URL="postgresql://127.0.0.1:1/x?dance=yes")
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert "an option that PostgreSQL does not know" in answer.stderr
