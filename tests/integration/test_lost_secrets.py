"""Secrets, keys and texts that do not belong together: nothing starts, nothing is made in place of what is lost, and one line says
what to do.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from facilitator.core import sealing
from facilitator.core.config import Settings, new_key
from facilitator.core.db import db
from facilitator.operations.installation import DoNotBelongTogether, prepare
from tests.accounts_cast import make_moderator
from tests.cast import Cast
from tests.commands import facilitator
from tests.houses import empty_house
from tests.running import running_server

TEXTS, KEYS = "facilitator.sqlite", "keys.sqlite"


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a meeting and an account, as a server left it."""
    folder = tmp_path_factory.mktemp("lived") / "data"
    with empty_house(prepare(Settings.load(folder, {}))) as app:
        meeting = Cast(app, make_moderator(app)).meeting()
        meeting.advance_to("clarify")
        meeting.write(meeting.pete, "question", question="What happened then?")
        with app.app_context():
            for engine in (db.engine, sealing.keyring().engine):
                sealing.let_go_of_deleted(engine)
    return folder


@pytest.fixture
def here(lived_in: Path, tmp_path: Path) -> Path:
    """A copy of it to lose something of."""
    folder = tmp_path / "data"
    shutil.copytree(lived_in, folder)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, but for what SQLite keeps beside a database while it is open."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def all_secrets(here: Path) -> None:
    shutil.rmtree(here / "secrets")


def the_master_key(here: Path) -> None:
    (here / "secrets" / "master_key").unlink()


def another_master_key(here: Path) -> None:
    (here / "secrets" / "master_key").write_text(new_key())


def half_a_master_key(here: Path) -> None:
    path = here / "secrets" / "master_key"
    path.write_text(path.read_text()[:20])


def an_empty_master_key(here: Path) -> None:
    (here / "secrets" / "master_key").write_text("")


def a_folder_for_a_key(here: Path) -> None:
    (here / "secrets" / "master_key").unlink()
    (here / "secrets" / "master_key").mkdir()


def no_text_for_a_key(here: Path) -> None:
    (here / "secrets" / "master_key").write_bytes(b"\xff\xfe\x00" * 20)


def the_salt(here: Path) -> None:
    (here / "secrets" / "password_salt").unlink()


def another_salt(here: Path) -> None:
    (here / "secrets" / "password_salt").write_text("another salt, long enough")


def the_keys(here: Path) -> None:
    (here / KEYS).unlink()


def empty_keys(here: Path) -> None:
    (here / KEYS).write_bytes(b"")


def keys_without_rows(here: Path) -> None:
    with closing(sqlite3.connect(here / KEYS)) as connection:
        for table in ("meeting_keys", "proofs"):
            connection.execute(f"DELETE FROM {table}")
        connection.commit()


def keys_that_are_no_database(here: Path) -> None:
    (here / KEYS).write_bytes(b"no database at all " * 300)


def keys_of_somebody_else(here: Path) -> None:
    other = here.parent / "other"
    prepare(Settings.load(other, {}))
    shutil.copyfile(other / KEYS, here / KEYS)


def keys_of_somebody_else_with_our_master_key(here: Path) -> None:
    with closing(sqlite3.connect(here / KEYS)) as connection:
        connection.execute("UPDATE meeting_keys SET meeting_id = 'else' || substr(meeting_id, 5)")
        connection.commit()


def the_texts(here: Path) -> None:
    (here / TEXTS).unlink()


def texts_that_are_no_database(here: Path) -> None:
    (here / TEXTS).write_bytes(b"no database at all " * 300)


def secrets_and_keys(here: Path) -> None:
    all_secrets(here)
    the_keys(here)


def half_the_keys(here: Path) -> None:
    (here / KEYS).write_bytes((here / KEYS).read_bytes()[:6000])


def both_databases(here: Path) -> None:
    (here / TEXTS).unlink()
    (here / KEYS).unlink()


LOSSES: dict[Callable[[Path], None], str] = {
    all_secrets: "master_key is gone",
    the_master_key: "master_key is gone",
    another_master_key: "the master key does not open the keys",
    half_a_master_key: "not 32 bytes",
    an_empty_master_key: "is empty",
    a_folder_for_a_key: "cannot read",
    no_text_for_a_key: "it is no text",
    the_salt: "password_salt is gone",
    another_salt: "the password salt is not the one",
    the_keys: "is empty or gone, and with it the keys",
    empty_keys: "is empty or gone, and with it the keys",
    keys_without_rows: "is empty or gone, and with it the keys",
    keys_that_are_no_database: "it is damaged: move it away",
    keys_of_somebody_else: "the master key does not open the keys",
    keys_of_somebody_else_with_our_master_key: "has none of the keys",
    the_texts: "is empty, but there are keys",
    texts_that_are_no_database: "it is damaged: move it away",
    secrets_and_keys: "master_key is gone",
    half_the_keys: "it is damaged: move it away",
    both_databases: "though this installation was in use",
}


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
@pytest.mark.parametrize(
    "command", [("run", "--port", "0", "--host", "127.0.0.1"), ("clock",), ("backup",)], ids=lambda c: c[0]
)
def test_nothing_starts_and_nothing_is_made_in_place_of_it(
    here: Path, lose: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    lose(here)
    before = everything(here)
    extra = [here.parent / "copy"] if command == ("backup",) else []
    answer = facilitator(*command, *extra, "--data", here)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert answer.stderr.count("\n") == 1, answer.stderr
    told = answer.stderr
    assert LOSSES[lose] in told or (command == ("backup",) and "nothing to back up yet" in told), told
    assert everything(here) == before, "nothing was made, and nothing changed"
    assert not [path for path in here.parent.iterdir() if path.name.startswith("copy")]


def test_what_is_put_back_opens_everything_again(here: Path, lived_in: Path) -> None:
    for lose in (all_secrets, another_salt, the_keys, the_texts):
        lose(here)
        assert facilitator("clock", "--data", here).returncode == 1, lose.__name__
        shutil.copytree(lived_in, here, dirs_exist_ok=True)
        assert facilitator("clock", "--data", here).returncode == 0, lose.__name__


@pytest.mark.parametrize(
    ("name", "value"), [("MASTER_KEY", "A" * 43 + "="), ("PASSWORD_SALT", "another salt, long enough")]
)
def test_a_setting_that_changed_is_refused_as_well(here: Path, name: str, value: str) -> None:
    answer = facilitator("clock", "--data", here, **{f"FACILITATOR_{name}": value})
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert facilitator("clock", "--data", here).returncode == 0, "and nothing was kept of it"


def test_another_key_for_cookies_is_said_once_and_opens_everything_else(here: Path) -> None:
    another = {"FACILITATOR_SECRET_KEY": "another key for cookies"}
    first, second = (facilitator("clock", "--data", here, **another) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert "everybody signs in anew" in first.stderr
    assert second.stderr == ""
    (here / "secrets" / "secret_key").unlink()
    again = facilitator("clock", "--data", here)
    assert (again.returncode, "everybody signs in anew" in again.stderr) == (0, True)


def test_a_salt_that_is_lost_for_good_costs_the_passwords_and_nothing_else(here: Path) -> None:
    the_salt(here)
    assert facilitator("user", "forget-passwords", "--data", here).stdout.startswith("Passwords forgotten: 1.")
    answer = facilitator("clock", "--data", here)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert (here / "secrets" / "password_salt").exists()


def test_a_fresh_folder_starts_also_twice_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as both:
        started = list(both.map(lambda _: prepare(Settings.load(tmp_path / "new", {})), range(4)))
    assert all(settings == started[0] for settings in started)
    with running_server(tmp_path / "new") as server:
        assert server.welcome_url


def test_a_second_worker_needs_the_same_secrets(here: Path) -> None:
    """As on PostgreSQL, where the databases lie elsewhere and the folder is another one."""
    urls = {
        "FACILITATOR_DATABASE_URL": f"sqlite:///{here / TEXTS}",
        "FACILITATOR_KEYS_URL": f"sqlite:///{here / KEYS}",
    }
    with pytest.raises(DoNotBelongTogether, match="master_key is gone"):
        prepare(Settings.load(here.parent / "second", urls))
    assert not (here.parent / "second" / "secrets").exists()
    shutil.copytree(here / "secrets", here.parent / "second" / "secrets")
    prepare(Settings.load(here.parent / "second", urls))


# -- Putting back ------------------------------------------------------------------------------------------------------


@pytest.fixture
def copy(here: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    file = tmp_path / "copy.sqlite"
    assert facilitator("backup", file, "--data", here).returncode == 0
    return file


def test_a_backup_without_its_keys_is_a_sentence_where_they_are_not_here_either(copy: Path, tmp_path: Path) -> None:
    copy.with_name("copy.sqlite.keys").unlink()
    answer = facilitator("restore", copy, "--data", tmp_path / "elsewhere")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "could not be read: its keys are not here" in answer.stderr
    assert not (tmp_path / "elsewhere").exists()


def test_keys_of_another_master_key_are_not_put_back(copy: Path, here: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    answer = facilitator("restore", copy, "--data", elsewhere)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"put the secrets/ that belong to it in {elsewhere / 'secrets'} first" in answer.stderr
    assert not elsewhere.exists()
    shutil.copytree(here / "secrets", elsewhere / "secrets")
    assert facilitator("restore", copy, "--data", elsewhere).returncode == 0
    assert facilitator("clock", "--data", elsewhere).returncode == 0


@pytest.mark.parametrize("lose", [the_keys, empty_keys, the_texts], ids=lambda lose: lose.__name__)
def test_a_backup_heals_what_was_lost(copy: Path, here: Path, lose: Callable[[Path], None]) -> None:
    lose(here)
    answer = facilitator("restore", copy, "--data", here)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert facilitator("clock", "--data", here).returncode == 0


def test_a_good_copy_is_not_overwritten_by_one_that_nothing_opens(copy: Path, here: Path) -> None:
    before = {path.name: path.read_bytes() for path in copy.parent.glob("copy.sqlite*")}
    keys_without_rows(here)
    assert facilitator("backup", copy, "--data", here).returncode == 1
    assert {path.name: path.read_bytes() for path in copy.parent.glob("copy.sqlite*")} == before


def test_a_backup_says_how_much_of_it_cannot_be_read(copy: Path, here: Path) -> None:
    with closing(sqlite3.connect(here / TEXTS)) as connection:
        connection.execute("UPDATE contributions SET body = x'00'")
        connection.commit()
    answer = facilitator("backup", copy, "--data", here)
    assert answer.returncode == 1
    assert answer.stderr == "Error: 1 things in it cannot be read: see `facilitator doctor`\n"
