"""`facilitator doctor` and `/readyz` try what they say works: whatever is lost, foreign or broken is named, and nothing is changed by
looking.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator import create_app
from facilitator.accounts.models import User
from facilitator.archive.content import Form
from facilitator.archive.files import vault
from facilitator.archive.making import begin
from facilitator.archive.models import Attachment
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import db, random_id
from facilitator.core.private import close_to_others
from facilitator.meetings.models import Contribution
from facilitator.methods.loader import load_catalogue
from facilitator.methods.shortening import document_of
from facilitator.operations import doctor
from facilitator.operations.installation import prepare
from facilitator.repertoire import actions as methods
from facilitator.repertoire.models import MethodVersion
from tests.accounts_cast import make_moderator
from tests.cast import Cast
from tests.commands import facilitator, weak
from tests.houses import empty_house
from tests.integration.test_commands import make_mo
from tests.integration.test_lost_secrets import KEYS, LOSSES, TEXTS
from tests.running import running_server


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a meeting, an account and an uploaded file, as a server left it."""
    folder = tmp_path_factory.mktemp("lived") / "data"
    with empty_house(prepare(Settings.load(folder, {}))) as app:
        furnish(app)
        with app.app_context():
            for engine in (db.engine, sealing.keyring().engine):
                sealing.let_go_of_deleted(engine)
    assert close_to_others(folder) == []
    return folder


def furnish(app: Flask) -> None:
    """Two pieces of a film, and a question."""
    cast = Cast(app, make_moderator(app))
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="What happened then?")
    assert cast.user is not None
    with app.app_context():
        card, file, size = begin(cast.user, Form.VIDEO, "Pump"), random_id(), vault.PIECE_BYTES + 1
        vault.put(card, file, _film(size))
        with db.writing() as session:
            row = Attachment(id=file, card_id=card, kind="video", media_type="video/mp4", size=size)
            session.add(row)


def _film(size: int) -> BinaryIO:
    return BytesIO(bytes(size))


@pytest.fixture
def here(lived_in: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(lived_in, tmp_path / "data")
    return tmp_path / "data"


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """All that lies in a folder: rights, when it was written, and what is in it; but for what those who have one database open
    tell each other.
    """
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in (folder, *folder.rglob("*"))
        if not path.name.endswith("-shm")
    }


def failed(here: Path, *arguments: str | Path, **environ: str) -> dict[str, str]:
    """What the doctor finds to be wrong; it fails exactly then, in a sentence for each, and changes nothing."""
    before = tree(here.parent)
    answer = facilitator("doctor", "--data", here, *arguments, FACILITATOR_PORT=str(free_port()), **environ)
    found = [line.removeprefix("FAILED ").partition(": ") for line in answer.stdout.splitlines() if "FAILED" in line]
    assert answer.stderr == ""
    assert answer.returncode == (1 if found else 0)
    assert "unforeseen" not in answer.stdout
    assert {line[:6].strip() for line in answer.stdout.splitlines()} <= {"ok", "FAILED", "unsure"}
    assert tree(here.parent) == before
    return {what: says for what, _, says in found if what != "address"}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_all_is_well_where_all_is_well(here: Path) -> None:
    assert failed(here) == {}


def test_a_folder_without_anything_stays_one(tmp_path: Path) -> None:
    assert failed(tmp_path / "none") == {}
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir(mode=0o700)
    assert failed(tmp_path / "empty") == {}
    (tmp_path / "file").touch()
    assert "cannot be made" in failed(tmp_path / "file" / "below")["data folder"]


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
def test_whatever_is_lost_or_foreign_is_named(here: Path, lose: Callable[[Path], None]) -> None:
    lose(here)
    before = tree(here)
    answer = facilitator("doctor", "--data", here)
    assert answer.returncode == 1
    assert LOSSES[lose] in answer.stdout + answer.stderr
    assert tree(here) == before


WITH_NOTHING_SEALED: dict[str, tuple[str, ...]] = {
    "keys.sqlite: empty or gone": (KEYS,),
    "facilitator.sqlite: empty or gone": (TEXTS,),
    "facilitator.sqlite and ": (TEXTS, KEYS),
}


@pytest.mark.parametrize("told", WITH_NOTHING_SEALED)
@pytest.mark.parametrize("is_used", [True, False])
def test_a_database_that_is_lost_is_missed_where_nothing_was_sealed_as_well(
    tmp_path: Path, told: str, is_used: bool
) -> None:
    here = tmp_path / "data"
    if is_used:
        make_mo(here)
    else:
        prepare(Settings.load(here, {}))
    for name in WITH_NOTHING_SEALED[told]:
        (here / name).unlink()
    assert told in failed(here)["keys"]
    for command in (("clock",), ("run", "--port", "0", "--host", "127.0.0.1")):
        answer = facilitator(*command, "--data", here)
        assert (answer.returncode, answer.stderr.count("\n"), told in answer.stderr) == (1, 1, True)
    assert not [name for name in WITH_NOTHING_SEALED[told] if (here / name).exists()]
    (here / "secrets" / "begun").unlink()
    if len(WITH_NOTHING_SEALED[told]) == 2:
        assert facilitator("clock", "--data", here).returncode == 0, "whoever wants to begins anew"


@pytest.mark.parametrize("name", [TEXTS, KEYS, "secrets", "secrets/master_key", "uploads", ""])
def test_what_others_can_get_at_is_named(here: Path, name: str) -> None:
    path = here / name
    path.chmod(0o755 if path.is_dir() else 0o644)
    assert f"chmod {700 if path.is_dir() else 600} {path}" in failed(here)["files"]


def test_what_does_not_open_is_counted(here: Path) -> None:
    with closing(sqlite3.connect(here / TEXTS)) as connection:
        connection.execute("UPDATE contributions SET body = x'00'")
        connection.commit()
    assert failed(here)["texts"].startswith("1 things that are sealed cannot be read (1 in contributions)")


@pytest.mark.parametrize("name", [TEXTS, KEYS])
def test_a_page_that_is_damaged_is_named(here: Path, name: str) -> None:
    content = bytearray((here / name).read_bytes())
    for page in range(4096 * (3 if name == TEXTS else 1), len(content), 4096):
        content[page : page + 100] = b"\xa5" * 100
    (here / name).write_bytes(content)
    assert "damaged" in " ".join(failed(here).values())


def test_a_method_that_this_version_does_not_offer_any_more_is_named(here: Path) -> None:
    document = document_of(load_catalogue()["gossip"])
    with create_app(Settings.load(here, {})).app_context():
        mo = db.session().scalars(select(User)).first()
        assert mo is not None
        key = methods.bring(mo, document)
        methods.take_into_use(mo, key)
    assert "methods" not in failed(here)
    with create_app(Settings.load(here, {})).app_context(), db.writing() as session:
        version = session.scalars(select(MethodVersion)).one()
        version.document = {**version.document, "people_min": 99}
    assert key in failed(here)["methods"]
    with create_app(Settings.load(here, {})).app_context():
        methods.put_away(mo, key, is_put_away=True)
    assert "methods" not in failed(here), "nobody misses what was put away"


def test_a_newer_version_is_named(here: Path) -> None:
    with closing(sqlite3.connect(here / TEXTS)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert "newer version" in failed(here)["database"]


@pytest.mark.parametrize("how", ["gone", "cut off", "changed", "empty"])
def test_a_file_that_was_uploaded_is_opened(here: Path, how: str) -> None:
    (path,) = (here / "uploads").iterdir()
    content = path.read_bytes()
    path.unlink()
    if how != "gone":
        path.write_bytes({"cut off": content[:-9], "changed": content[:-1] + b"?", "empty": b""}[how])
        path.chmod(0o600)
    assert failed(here)["uploads"].startswith("1 of 1 files are gone or do not open")


@pytest.mark.parametrize("name", ["", "uploads", TEXTS])
def test_what_cannot_be_written_is_named(here: Path, name: str) -> None:
    path = here / name
    path.chmod(0o500 if path.is_dir() else 0o400)
    before = tree(here)
    answer = weak("doctor", "--data", here)
    path.chmod(0o700 if path.is_dir() else 0o600)
    assert answer.returncode == 1
    assert f"FAILED data folder: {path}: it is not open to this user" in answer.stdout, answer.stdout
    path.chmod(0o500 if path.is_dir() else 0o400)
    assert tree(here) == before


@pytest.mark.parametrize("name", [TEXTS, KEYS, "secrets/master_key"])
def test_what_cannot_be_read_is_named(here: Path, name: str) -> None:
    (here / name).chmod(0)
    answer = weak("doctor", "--data", here)
    assert answer.returncode == 1
    assert str(here / name) in answer.stdout + answer.stderr
    assert "unforeseen" not in answer.stdout + answer.stderr


def test_a_disk_without_room_is_named(here: Path) -> None:
    answer = weak("doctor", "--data", here, most_bytes=4000)
    assert answer.returncode == 1
    assert f"FAILED data folder: {here}" in answer.stdout, answer.stdout


# -- Backups -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def copies(here: Path) -> Path:
    """A folder with a backup."""
    folder = here.parent / "copies"
    folder.mkdir(mode=0o700)
    assert facilitator("backup", folder / "monday", "--data", here).returncode == 0
    return folder


def test_it_says_that_nobody_said_where_backups_lie(here: Path) -> None:
    answer = facilitator("doctor", "--data", here, FACILITATOR_PORT=str(free_port()))
    assert "unsure backup: nobody said where backups lie: name the folder in FACILITATOR_BACKUPS" in answer.stdout
    assert answer.returncode == 0


def test_the_newest_backup_is_put_back_elsewhere_and_read(here: Path, copies: Path) -> None:
    assert failed(here, FACILITATOR_BACKUPS=str(copies)) == {}
    nowhere = {"FACILITATOR_BACKUPS": str(here / "secrets")}
    assert "there is none" in failed(here, **nowhere)["backup"]
    assert failed(here, "--backup", copies / "monday", **nowhere) == {}
    (copies / "monday.keys").unlink()
    assert failed(here, FACILITATOR_BACKUPS=str(copies)) == {}, "whoever keeps them apart has those that are here"
    with closing(sqlite3.connect(here / KEYS)) as connection:
        connection.execute("DELETE FROM meeting_keys WHERE meeting_id = (SELECT max(meeting_id) FROM meeting_keys)")
        connection.commit()
    assert "cannot be read" in failed(here, FACILITATOR_BACKUPS=str(copies))["backup"]


def keys_that_are_empty(copy: Path) -> None:
    copy.with_name("monday.keys").write_bytes(b"")


def half_a_copy(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])


def no_copy(copy: Path) -> None:
    copy.write_bytes(b"no database at all " * 500)


def half_the_uploads(copy: Path) -> None:
    packed = copy.with_name("monday.uploads")
    packed.write_bytes(packed.read_bytes()[:100_000])


def a_text_that_does_not_open(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE contributions SET body = x'00'")
        connection.commit()


def one_of_last_month(copy: Path) -> None:
    for path in copy.parent.iterdir():
        os.utime(path, (path.stat().st_mtime - 30 * 86_400,) * 2)


BROKEN: dict[Callable[[Path], None], str] = {
    keys_that_are_empty: "monday.keys is damaged",
    half_a_copy: "take another copy",
    no_copy: "take another copy",
    half_the_uploads: "monday.uploads is damaged",
    a_text_that_does_not_open: "1 things in",
    one_of_last_month: "is 30 days old",
}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_backup_that_is_worth_nothing_is_named(here: Path, copies: Path, broken: Callable[[Path], None]) -> None:
    broken(copies / "monday")
    assert BROKEN[broken] in failed(here, FACILITATOR_BACKUPS=str(copies))["backup"]


@pytest.mark.parametrize(
    "broken", [half_a_copy, no_copy, half_the_uploads, keys_that_are_empty], ids=lambda b: b.__name__
)
def test_it_is_not_restored_either(here: Path, copies: Path, broken: Callable[[Path], None]) -> None:
    broken(copies / "monday")
    before = tree(here.parent)
    answer = facilitator("restore", copies / "monday", "--data", here)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert tree(here.parent) == before


# -- Others that have to answer ----------------------------------------------------------------------------------------


def test_a_server_that_runs_is_no_fault(here: Path) -> None:
    with running_server(here) as server:
        answer = facilitator("doctor", "--data", here, FACILITATOR_PORT=str(server.port))
        assert f"ok     port: Facilitator answers on {server.port}" in answer.stdout


def test_a_mail_server_has_to_let_us_in(here: Path) -> None:
    with mail_server(b"220 here", b"421 go away") as port:
        assert "takes no mails" in failed(here, FACILITATOR_MAIL_URL=f"smtp://127.0.0.1:{port}")["mail"]
    with mail_server(b"220 here", b"250 hello", b"250 fine", b"221 bye") as port:
        assert failed(here, FACILITATOR_MAIL_URL=f"smtp://127.0.0.1:{port}") == {}
    assert "takes no mails" in failed(here, FACILITATOR_MAIL_URL=f"smtp://me:geheim@127.0.0.1:{port}")["mail"]


@contextmanager
def mail_server(*lines: bytes) -> Iterator[int]:
    """Says its lines one after the other, to one visitor."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            visitor, _ = listener.accept()
            with visitor:
                for number, line in enumerate(lines):
                    if number:
                        visitor.recv(1000)
                    visitor.sendall(line + b"\r\n")

        threading.Thread(target=talk, daemon=True).start()
        yield int(listener.getsockname()[1])


@pytest.mark.parametrize("asked", [True, False])
def test_a_taken_port_is_a_fault_only_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch, asked: bool) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.delenv("FACILITATOR_PORT", raising=False)
        if asked:
            monkeypatch.setenv("FACILITATOR_PORT", str(port))
        assert doctor.free_port(port, may_move=True).is_fine is not asked
        assert not doctor.free_port(port, may_move=False).is_fine


# -- A server that runs ------------------------------------------------------------------------------------------------


@pytest.fixture
def served(here: Path) -> Iterator[Flask]:
    """An application that has its databases open."""
    app = create_app(prepare(Settings.load(here, {})))
    try:
        assert not_ready(app) == []
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
            sealing.keyring().engine.dispose()


def not_ready(app: Flask) -> list[str]:
    """The names of what fails, which is all that is said."""
    answer = app.test_client().get("/readyz")
    assert answer.json is not None
    failing: list[str] = answer.json["failing"]
    assert answer.json == {"ready": not failing, "failing": failing}
    assert answer.status_code == (503 if failing else 200)
    return failing


@pytest.mark.parametrize("names", [(TEXTS,), (KEYS,), (TEXTS, KEYS)])
def test_a_database_that_is_gone_or_exchanged_is_noticed_at_once(
    served: Flask, here: Path, names: tuple[str, ...]
) -> None:
    for name in names:
        (here / name).rename(here / f"{name} away")
    assert not_ready(served) == ["database", "keys"]
    for name in names:
        shutil.copyfile(here / f"{name} away", here / name)
    assert "database" in not_ready(served), "what is written now goes to the file that was taken away"
    for name in names:
        (here / f"{name} away").rename(here / name)
    assert not_ready(served) == []


@pytest.mark.parametrize("name", [TEXTS, KEYS])
def test_a_database_that_was_overwritten_is_noticed(served: Flask, here: Path, name: str) -> None:
    with (here / name).open("r+b") as file:
        file.write(b"no database at all " * 1000)
    assert not_ready(served)


def test_keys_that_were_emptied_are_noticed(served: Flask) -> None:
    with served.app_context(), sealing.keyring().engine.begin() as connection:
        connection.execute(sealing.meeting_keys.delete())
    assert not_ready(served) == ["keys"]


def test_keys_of_another_master_key_are_noticed(served: Flask) -> None:
    with served.app_context(), sealing.keyring().engine.begin() as connection:
        connection.execute(sealing.proofs.update().values(proof=b"another"))
        connection.execute(sealing.meeting_keys.update().values(wrapped=bytes(60)))
    assert not_ready(served) == ["keys"]


def test_one_damaged_text_makes_nobody_unready(served: Flask) -> None:
    with served.app_context(), db.writing() as session:
        for row in session.query(Contribution):
            row.body = b"\0" * 40
    assert not_ready(served) == []
