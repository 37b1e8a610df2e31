"""Work on what comes from elsewhere happens in a process of its own, which can do that work and nothing else."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from facilitator.core import sandbox
from facilitator.core.sandbox import Done
from facilitator.core.sandboxed import MEGABYTE, FileRefused, WorkLimits

LIMITS = WorkLimits(memory=300 * MEGABYTE, output=10 * MEGABYTE, processor_seconds=1, seconds=60)
HURRIED = WorkLimits(memory=300 * MEGABYTE, output=10 * MEGABYTE, processor_seconds=60, seconds=1)
SECRET = "Kanarievogel"


def does(work: str, *words: str, content: bytes = b"foreign", limits: WorkLimits = LIMITS) -> Done:
    return sandbox.run(f"tests.foreign_work:{work}", io.BytesIO(content), limits, *words)


def told() -> dict[str, Any]:
    answer = does("tells").answer
    assert isinstance(answer, dict)
    return answer


def test_it_gives_what_the_work_answers_and_writes_and_nothing_that_a_library_prints() -> None:
    done = does("copies", "a word", "ein Wörtchen")
    assert done.answer == ["a word", "ein Wörtchen"]
    assert done.content.read() == b"foreign"


@pytest.mark.parametrize("size", [0, 100, 3_000_000])
def test_a_file_is_read_from_its_beginning_wherever_it_lies(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "file").write_bytes(content)
    with (tmp_path / "file").open("rb") as on_disk, tempfile.SpooledTemporaryFile(max_size=MEGABYTE) as spooled:
        spooled.write(content)
        for source in (on_disk, spooled, io.BytesIO(content)):
            source.seek(size // 2)
            done = sandbox.run("tests.foreign_work:copies", source, LIMITS)  # type: ignore[arg-type]  # files all of them
            assert done.content.read() == content


def test_it_is_another_process_with_no_setting_of_ours_and_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACILITATOR_MASTER_KEY", SECRET)
    found = told()
    assert found["process"] != os.getpid()
    assert not [name for name in found["settings"] if name.startswith(("FACILITATOR", "PYTHON", "HOME", "PATH"))]
    assert found["folder"] == "/"
    assert found["patience"] > os.nice(0)
    assert not {"flask", "sqlalchemy", "gevent"} & set(found["modules"])


def test_its_limits_stand_before_it_reads_anything() -> None:
    limits = told()["limits"]
    assert limits["RLIMIT_AS"] == LIMITS.memory
    assert limits["RLIMIT_CPU"] == LIMITS.processor_seconds
    assert limits["RLIMIT_CORE"] == limits["RLIMIT_NOFILE"] == 0


def test_it_can_open_neither_files_nor_connections_and_inherits_none(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as listening, secret.open() as inherited:
        os.set_inheritable(inherited.fileno(), True)
        port = listening.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), 5).close()  # there is somebody to talk to
        assert does("reaches_out", str(secret), str(port)).answer == []
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_work_that_needs_files_of_ours_says_so(tmp_path: Path) -> None:
    (tmp_path / "template").write_text("ours")
    assert does("reads", str(tmp_path / "template")).content.read() == b"ours"


@pytest.mark.parametrize("work", ["eats", "spins", "writes", "talks", "dives"])
def test_what_takes_more_than_it_may_is_refused(work: str) -> None:
    with pytest.raises(FileRefused) as refused:
        does(work)
    assert refused.value.code == "too_much"


def test_what_takes_no_end_of_time_is_ended() -> None:
    with pytest.raises(FileRefused) as refused:
        does("sleeps", limits=HURRIED)
    assert refused.value.code == "too_much"


@pytest.mark.parametrize("work", ["falls", "leaves", "fails", "unmarked", "nowhere"])
def test_what_fails_is_refused_without_a_word_of_the_file(work: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FileRefused) as refused:
        does(work, content=SECRET.encode())
    assert (refused.value.code, refused.value.detail) == ("broken", "")
    assert capfd.readouterr() == ("", "")


def test_the_work_may_refuse_for_a_reason_of_its_own() -> None:
    with pytest.raises(FileRefused) as refused:
        does("refuses")
    assert (refused.value.code, refused.value.detail) == ("no_paper", "and more")


def test_only_what_is_ours_can_be_named() -> None:
    for name in ("os:getcwd", "tests.foreign_work:Path", "tests.foreign_work:", ""):
        with pytest.raises(FileRefused):
            sandbox.run(name, io.BytesIO(), LIMITS)


def test_nothing_it_reads_or_writes_has_a_name_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    done = does("copies", content=b"x" * MEGABYTE)
    assert list(tmp_path.iterdir()) == []
    assert done.content.read() == b"x" * MEGABYTE
    with pytest.raises(FileRefused):
        does("falls", content=b"x" * MEGABYTE)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_said_to_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/dev/full")
    with pytest.raises(FileRefused) as refused:
        does("copies")
    assert refused.value.code == "no_room"


def test_only_so_many_work_at_once_and_the_rest_is_told_that_it_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(sandbox, "_waiting", threading.BoundedSemaphore(2))
    monkeypatch.setattr(sandbox, "LONGEST_WAIT_SECONDS", 0.0)
    with sandbox._a_place():
        with pytest.raises(FileRefused) as refused:
            does("copies")
        assert refused.value.code == "busy"
    assert does("copies").content.read() == b"foreign", "and a place is given back"
    with sandbox._waiting, sandbox._waiting, pytest.raises(FileRefused) as refused:
        does("copies")
    assert refused.value.code == "busy"


BESIDE_THE_LOOP = """
from facilitator.__main__ import patch_all
import io, gevent
from facilitator.core import sandbox
from tests.unit.core.test_sandbox import LIMITS

told = []

def meeting():
    for _ in range(20):
        gevent.sleep(0.001)
    told.append("meeting")

def upload():
    sandbox.run("tests.foreign_work:sleeps", io.BytesIO(b""), LIMITS, "1")
    told.append("upload")

def broken():
    try:
        sandbox.run("tests.foreign_work:spins", io.BytesIO(b""), LIMITS)
    except sandbox.FileRefused as refused:
        told.append(refused.code)

gevent.joinall([gevent.spawn(upload), gevent.spawn(broken), gevent.spawn(meeting)])
print(*told)
"""


def test_meetings_go_on_meanwhile() -> None:
    command = [sys.executable, "-c", BESIDE_THE_LOOP]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    told = done.stdout.split()
    assert told[0] == "meeting", "it was done before the work was"
    assert sorted(told) == ["meeting", "too_much", "upload"]
    assert done.stderr == ""
