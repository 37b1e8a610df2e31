"""Instruction cards, films and presentations that people add themselves, and the files that belong to them."""

from __future__ import annotations

import io
import re
import threading
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from facilitator.accounts.models import User
from facilitator.archive import making, store
from facilitator.archive.content import CardContent
from facilitator.archive.files import vault
from facilitator.archive.files.actions import tidy
from facilitator.archive.models import Card
from facilitator.core import sandbox
from facilitator.core.db import db, now
from facilitator.core.sealing import SEAL_BYTES
from facilitator.groups.models import Group, Member
from facilitator.operations.backups import back_up, put_back
from tests.accounts_cast import csrf_token, english, make_administrator, make_member, make_outsider, sign_in
from tests.films import film

CANARY = b"Kanarievogel"
MP4 = film(CANARY + b"\x00" * 600_000 + b"the end")
ANOTHER = film(CANARY + b"\x00" * 600_000 + b"another")
VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\nTurn the valve\n"


def picture(colour: str = "teal") -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(target, "PNG")
    target.seek(0)
    return target


def paper() -> io.BytesIO:
    target, found = io.BytesIO(), pikepdf.new()
    found.add_blank_page()
    found.save(target)
    target.seek(0)
    return target


def device_of(app: Flask, user: User) -> FlaskClient:
    client = english(app.test_client())
    sign_in(client, user)
    return client


@pytest.fixture
def pete(app: Flask) -> FlaskClient:
    return device_of(app, make_member(app))


@pytest.fixture
def ada(app: Flask, pete: FlaskClient) -> FlaskClient:
    """A colleague of Pete's."""
    return device_of(app, make_member(app, "Ada"))


@pytest.fixture
def ola(app: Flask) -> FlaskClient:
    return device_of(app, make_outsider(app))


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    data = {"csrf_token": csrf_token(client), **fields}
    return client.post(path, data=data, content_type="multipart/form-data")


def begin(client: FlaskClient, kind: str, title: str = "Venting the pump") -> str:
    answer = send(client, "/archive/new", kind=kind, title=title)
    assert answer.status_code == 302
    return str(answer.location).split("/")[2]


def files_in(page: TestResponse) -> list[str]:
    return re.findall(r"/archive/files/[0-9a-z]+", page.text)


def test_an_instruction_card_with_a_picture_is_read_by_colleagues_once_published(
    pete: FlaskClient, ada: FlaskClient, ola: FlaskClient
) -> None:
    card = begin(pete, "instruction")
    steps = {"steps": "3", "step_0": "Close the valve", "picture_0": (picture(), "a.exe"), "step_2": "Open it again"}
    saved = send(pete, f"/archive/{card}/edit", title="Venting the pump", go="save", **steps)
    assert saved.status_code == 302
    assert ada.get(f"/archive/{card}").status_code == 404, "a draft is its maker's alone"
    (thumb,) = set(files_in(pete.get(f"/archive/{card}/edit")))
    assert pete.get(thumb).status_code == 200
    assert ada.get(thumb).status_code == 404
    kept = {"steps": "2", "step_0": "Close the valve", "picture_id_0": thumb.split("/")[-1], "step_1": "Open it again"}
    assert send(pete, f"/archive/{card}/edit", title="Venting the pump", go="publish", **kept).status_code == 302
    page = ada.get(f"/archive/{card}")
    assert "Close the valve" in page.text
    assert f"/archive/{card}" in ada.get("/archive?q=venting").text
    assert Image.open(io.BytesIO(ada.get(thumb).data)).format == "WEBP"
    for path in (f"/archive/{card}", thumb, f"/archive/{card}.pdf", f"/archive/{card}/edit"):
        assert ola.get(path).status_code == 404
    assert ada.get(f"/archive/{card}/edit").status_code == 404, "a colleague reads it and changes nothing"


def test_what_was_typed_and_the_files_that_were_right_stay_when_something_else_is_wrong(pete: FlaskClient) -> None:
    card = begin(pete, "instruction")
    fields = {
        "title": "",
        "steps": "2",
        "step_0": "Close the valve",
        "picture_0": (picture(), "a.png"),
        "step_1": "Open it",
        "picture_1": (io.BytesIO(b"<svg onload=alert(1)>"), "b.png"),
    }
    answer = send(pete, f"/archive/{card}/edit", go="publish", **fields)
    assert answer.status_code == 422
    assert "Give it a title." in answer.text
    assert "This is no picture we can show." in answer.text
    assert "Close the valve" in answer.text
    assert len(set(files_in(answer))) == 1


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("instruction", "Write at least one step."),
        ("video", "Choose a video, or fill in a link to one."),
        ("presentation", "Choose the presentation as PDF."),
    ],
)
def test_a_card_that_helps_nobody_yet_is_not_published(pete: FlaskClient, kind: str, sentence: str) -> None:
    card = begin(pete, kind)
    answer = send(pete, f"/archive/{card}/edit", title="Pump", go="publish")
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_a_film_needs_captions_and_is_sent_in_stretches(pete: FlaskClient, ada: FlaskClient) -> None:
    card = begin(pete, "video")
    answer = send(pete, f"/archive/{card}/edit", title="Pump", go="publish", video=(io.BytesIO(MP4), "a.mov"))
    assert "Add captions" in answer.text
    assert (
        send(pete, f"/archive/{card}/edit", title="Pump", go="publish", captions=(io.BytesIO(VTT), "a.vtt")).status_code
        == 302
    )
    page = ada.get(f"/archive/{card}")
    assert "<track" in page.text
    path = next(path for path in files_in(page) if ada.get(path).mimetype == "video/mp4")
    whole = ada.get(path)
    assert whole.data == MP4
    part = ada.get(path, headers={"Range": f"bytes={len(MP4) - 7}-"})
    assert (part.status_code, part.data) == (206, b"the end")
    assert part.headers["Content-Range"] == f"bytes {len(MP4) - 7}-{len(MP4) - 1}/{len(MP4)}"
    assert ada.get(path, headers={"Range": f"bytes={len(MP4)}-"}).status_code == 416
    for stretch in ("bytes=-7", "bytes=262140-262150", "bytes=0-0", "lines=1-2", "bytes=x-y"):
        assert ada.get(path, headers={"Range": stretch}).status_code in (200, 206)


def test_nothing_of_a_file_can_run_and_no_page_elsewhere_may_use_it(pete: FlaskClient) -> None:
    card = begin(pete, "presentation")
    send(pete, f"/archive/{card}/edit", title="Pump", go="publish", paper=(paper(), "a.pdf"))
    (path,) = set(files_in(pete.get(f"/archive/{card}")))
    headers = pete.get(path).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_link_that_could_run_is_refused(pete: FlaskClient) -> None:
    card = begin(pete, "video")
    for link in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "https://"):
        answer = send(pete, f"/archive/{card}/edit", title="Pump", go="save", link=link)
        assert answer.status_code == 422
    assert (
        send(pete, f"/archive/{card}/edit", title="Pump", go="publish", link="https://example.org/a").status_code == 302
    )


@pytest.mark.promise("uploads")
def test_files_lie_sealed_and_go_with_their_card(app: Flask, pete: FlaskClient) -> None:
    card = begin(pete, "video")
    fields = {"video": (io.BytesIO(MP4), "a.mp4"), "is_silent": "y"}
    assert send(pete, f"/archive/{card}/edit", title="Pump", go="publish", **fields).status_code == 302
    with app.app_context():
        folder = vault.folder()
    (file,) = [path for path in folder.iterdir() if path.is_file()]
    assert file.stat().st_size > len(MP4) + SEAL_BYTES
    assert CANARY not in file.read_bytes()
    (path,) = set(files_in(pete.get(f"/archive/{card}")))
    assert pete.get(path).status_code == 200
    assert send(pete, f"/archive/{card}/remove").status_code == 302
    assert not list(folder.iterdir())
    for gone in (f"/archive/{card}", path, f"/archive/{card}.pdf"):
        assert pete.get(gone).status_code == 404


def test_a_backup_takes_files_along_sealed_and_brings_them_back(app: Flask, pete: FlaskClient, tmp_path: Path) -> None:
    card = begin(pete, "video")
    fields = {"video": (io.BytesIO(MP4), "a.mp4"), "is_silent": "y"}
    send(pete, f"/archive/{card}/edit", title="Pump", go="publish", **fields)
    (path,) = set(files_in(pete.get(f"/archive/{card}")))
    settings = app.extensions["settings"]
    back_up(settings, tmp_path / "copy.sqlite")
    assert CANARY not in (tmp_path / "copy.sqlite.uploads").read_bytes()
    with app.app_context():
        vault.drop(path.split("/")[-1])
    assert pete.get(path).status_code == 503, "it is lost, and that is said"
    put_back(settings, tmp_path / "copy.sqlite")
    assert pete.get(path).data == MP4


def test_files_that_nobody_knows_go_after_an_hour(app: Flask) -> None:
    with app.app_context():
        left: Path = vault.folder() / "abc.part"
        left.write_bytes(b"x")
        assert tidy(now()) == 0
        assert tidy(now() + timedelta(days=1)) == 1
        assert not left.exists()
        assert db.engine is not None


def test_only_somebody_signed_in_may_send_much(app: Flask) -> None:
    visitor = english(app.test_client())
    data = {"csrf_token": csrf_token(visitor), "title": "x" * 3_000_000}
    assert visitor.post("/archive/guessed/edit", data=data).status_code in (302, 400, 413)


def test_any_card_makes_an_instruction_card_of_one_page(pete: FlaskClient) -> None:
    card = begin(pete, "instruction", "Ventilą żółć 😀")
    steps = {
        "steps": "2",
        "step_0": "Close the valve",
        "picture_0": (picture(), "a.png"),
        "step_1": "Open it again " * 30,
    }
    send(pete, f"/archive/{card}/edit", title="Ventilą żółć 😀", go="publish", when_to_use="Always", **steps)
    answer = pete.get(f"/archive/{card}.pdf")
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert len(pages) == 1
    assert "Close the valve" in pages[0].extract_text()
    assert "Ventilą żółć" in pages[0].extract_text()


# -- For a group only --------------------------------------------------------------------------------------------------


def in_group(app: Flask, user: User) -> str:
    """A group with one person in it; its id."""
    with app.app_context(), db.writing() as session:
        group = Group(organisation_id=user.organisation_id, name="Ploeg", created_at=now())
        session.add(group)
        session.flush()
        session.add(Member(group_id=group.id, user_id=user.id, added_at=now()))
        return group.id


def leaves(app: Flask, user: User, group_id: str) -> None:
    with app.app_context(), db.writing() as session:
        session.scalars(
            select(Member).where(Member.user_id == user.id, Member.group_id == group_id)
        ).one().left_at = now()


def published_for(client: FlaskClient, group_id: str) -> str:
    card = begin(client, "instruction")
    fields = {"steps": "1", "step_0": "Close the Kanarievogel valve", "group": group_id}
    assert send(client, f"/archive/{card}/edit", title="Pump", go="publish", **fields).status_code == 302
    return card


@pytest.mark.promise("stays-with-the-group")
def test_an_administrator_neither_reads_nor_changes_what_is_for_a_group_they_are_not_in(app: Flask) -> None:
    user = make_member(app)
    pete, ada = device_of(app, user), device_of(app, make_administrator(app, "Ada"))
    open_to_all, card = published_for(pete, ""), published_for(pete, in_group(app, user))
    assert "Kanarievogel" in ada.get(f"/archive/{open_to_all}/edit").text, "what everybody reads she may mend"
    assert ada.get(f"/archive/{card}/edit").status_code == 404
    fields = {"steps": "1", "step_0": "Mine", "group": ""}
    assert send(ada, f"/archive/{card}/edit", title="Mine", go="save", **fields).status_code == 404
    assert send(ada, f"/archive/{card}/remove").status_code == 404
    assert "Kanarievogel" in pete.get(f"/archive/{card}").text


def test_whoever_left_a_group_does_not_open_its_card_to_everybody_by_saving_it(app: Flask) -> None:
    user = make_member(app)
    pete, ada = device_of(app, user), device_of(app, make_member(app, "Ada"))
    group_id = in_group(app, user)
    card = published_for(pete, group_id)
    leaves(app, user, group_id)
    page = pete.get(f"/archive/{card}/edit").text
    chosen = re.search(r'<option selected value="([^"]*)"', page)
    assert chosen is not None
    assert chosen.group(1) == group_id, "the form still says for whom it is"
    fields = {"steps": "1", "step_0": "Open it", "group": chosen.group(1)}
    assert send(pete, f"/archive/{card}/edit", title="Pump", go="save", **fields).status_code == 302
    assert ada.get(f"/archive/{card}").status_code == 404


def test_a_membership_that_ends_while_saving_leaves_the_card_as_it_was(app: Flask) -> None:
    user = make_member(app)
    card, group_id = begin(device_of(app, user), "instruction"), in_group(app, user)
    leaves(app, user, group_id)
    with app.app_context():
        with pytest.raises(LookupError):
            making.save(card, user, CardContent("Other words"), group_id)
        row = db.session.get_one(Card, card)
        assert (row.scope, store.content_of(row).title) == ("organisation", "Venting the pump")


# -- Files made to break it --------------------------------------------------------------------------------------------


def paper_that_runs() -> io.BytesIO:
    """A paper whose bookmark runs a script, with a file hanging on it and notes that are no notes."""
    target, found = io.BytesIO(), pikepdf.new()
    found.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('Kanarievogel')"))
    mark = found.make_indirect(pikepdf.Dictionary(Title=pikepdf.String("Chapter"), A=script))
    found.Root.Outlines = found.make_indirect(pikepdf.Dictionary(First=mark, Last=mark, Count=1))
    hidden = pikepdf.Dictionary(F=pikepdf.String("Kanarievogel"), EF=pikepdf.Dictionary(F=found.make_stream(CANARY)))
    found.Root.AF = pikepdf.Array([found.make_indirect(hidden)])
    found.pages[0].obj.Annots = pikepdf.Array([7, pikepdf.Name.None_, pikepdf.Dictionary(Subtype=pikepdf.Name.Text)])
    found.save(target)
    target.seek(0)
    return target


def test_a_paper_keeps_its_bookmarks_and_loses_what_they_run_and_what_hangs_on_it(pete: FlaskClient) -> None:
    assert b"EmbeddedFile" in paper_that_runs().read() or b"/EF" in paper_that_runs().read()
    card = begin(pete, "presentation")
    fields = {"paper": (paper_that_runs(), "a.pdf")}
    assert send(pete, f"/archive/{card}/edit", title="Pump", go="publish", **fields).status_code == 302
    (path,) = set(files_in(pete.get(f"/archive/{card}")))
    with pikepdf.open(io.BytesIO(pete.get(path).data)) as kept:
        every = b"".join(thing.unparse(resolved=True) for thing in kept.objects)
        streams = [thing.read_bytes() for thing in kept.objects if isinstance(thing, pikepdf.Stream)]
        assert str(kept.Root.Outlines.First.Title) == "Chapter"
        assert "/Annots" not in kept.pages[0].obj
    assert CANARY not in every + b"".join(streams)
    assert b"JavaScript" not in every


# A picture whose place on the map is broken: the library that turns it upright raises a TypeError about it.
BROKEN_PICTURE = b64decode(
    "UklGRtIAAABXRUJQVlA4WAoAAAAIAAAAJwAAHQAAVlA4ID4AAABwAwCdASooAB4APm02l0ikIyIhJWgAgA2JZwDQvoAAMavheAAA"
    "/u7T3+3Yu3Vb//TSP+NI/40j5X5oFtcAAEVYSUZuAAAATU0AKgAAAAgAAwEOAAIAAAAGAAAAMgESAAMAAAABAAYAAIglAAQAAAAB"
    "AAAAOAAAAABoZWxsbwAA/wABAAIAAAACTgAAAAACAAUAAAADAAAAVgAAAAAAAAABAAAAAQAAAAIAAAABAAAAAwAAAAE="
)


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("presentation", "paper", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>"),
        ("instruction", "picture_0", BROKEN_PICTURE),
        ("video", "captions", b"WEBVTT\n\n99999999999999999999:00.000 --> 00:01.000\nx\n"),
    ],
)
def test_a_broken_file_is_said_in_a_sentence(pete: FlaskClient, kind: str, name: str, content: bytes) -> None:
    card = begin(pete, kind)
    fields = {"steps": "1", name: (io.BytesIO(content), "a")}
    answer = send(pete, f"/archive/{card}/edit", title="Pump", go="save", **fields)
    assert answer.status_code == 422


def test_where_many_send_at_once_one_is_asked_to_wait_and_nothing_typed_is_lost(
    pete: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, steps = begin(pete, "presentation"), begin(pete, "instruction")
    monkeypatch.setattr(sandbox, "_waiting", threading.BoundedSemaphore(1))
    with sandbox._waiting:
        for card, name, content in ((talk, "paper", paper()), (steps, "picture_0", picture())):
            fields = {"steps": "1", "step_0": "Close the Kanarievogel valve", name: (content, "a")}
            answer = send(pete, f"/archive/{card}/edit", title="Pump", summary="Kanarievogel", go="save", **fields)
            assert answer.status_code == 503
            assert "Others are sending files at this moment." in answer.text
            assert "Kanarievogel" in answer.text


# -- How much may be sent ----------------------------------------------------------------------------------------------

MUCH = 3_000_000


def test_much_is_taken_only_for_a_card_that_one_may_change(app: Flask, pete: FlaskClient, ada: FlaskClient) -> None:
    card, ola = begin(pete, "video"), device_of(app, make_outsider(app))
    long_film = film(b"\0" * MUCH)
    for client, path in (
        (ada, f"/archive/{card}/edit"),
        (ola, f"/archive/{card}/edit"),
        (pete, "/archive/guessed/edit"),
        (pete, "/archive/new"),
    ):
        answer = send(client, path, title="Pump", go="save", video=(io.BytesIO(long_film), "a.mp4"))
        assert answer.status_code == 413, path
    mine = send(pete, f"/archive/{card}/edit", title="Pump", go="save", video=(io.BytesIO(long_film), "a.mp4"))
    assert mine.status_code == 302
    send(pete, f"/archive/{card}/remove")
    answer = send(pete, f"/archive/{card}/edit", title="Pump", go="save", video=(io.BytesIO(long_film), "a.mp4"))
    assert answer.status_code == 413, "what was taken back is nobody's"


@pytest.fixture
def narrow(app: Flask) -> Flask:
    """The application, with room for one film of a good half megabyte and not for two."""
    app.extensions["settings"] = replace(app.extensions["settings"], uploads_megabytes=1)
    return app


def lying(app: Flask) -> int:
    """How many files there are."""
    with app.app_context():
        return len(vault.names())


def test_an_organisation_has_room_for_so_much_and_what_was_typed_stays(
    narrow: Flask, pete: FlaskClient, ada: FlaskClient
) -> None:
    first, second = begin(pete, "video"), begin(ada, "video")
    fields = {"video": (io.BytesIO(MP4), "a.mp4"), "is_silent": "y"}
    assert send(pete, f"/archive/{first}/edit", title="Pump", go="publish", **fields).status_code == 302
    fields = {"video": (io.BytesIO(MP4), "a.mp4"), "is_silent": "y", "summary": "Kanarievogel"}
    answer = send(ada, f"/archive/{second}/edit", title="Valve", go="publish", **fields)
    assert answer.status_code == 422
    assert "It has 0.57 MB, and 0.43 MB is left of the 1 MB" in answer.text
    assert "Kanarievogel" in answer.text
    assert lying(narrow) == 1, "what found no room does not stay"
    fields = {"video": (io.BytesIO(MP4), "a.mp4"), "is_silent": "y"}
    send(pete, f"/archive/{first}/remove")
    assert send(ada, f"/archive/{second}/edit", title="Valve", go="publish", **fields).status_code == 302


def test_a_film_is_replaced_where_there_is_no_room_for_both(narrow: Flask, pete: FlaskClient) -> None:
    card = begin(pete, "video")
    for one in (MP4, ANOTHER):
        fields = {"video": (io.BytesIO(one), "a.mp4"), "is_silent": "y"}
        assert send(pete, f"/archive/{card}/edit", title="Pump", go="publish", **fields).status_code == 302
    (path,) = set(files_in(pete.get(f"/archive/{card}")))
    assert pete.get(path).data == ANOTHER
    assert lying(narrow) == 1


def test_another_organisation_has_room_of_its_own(narrow: Flask, pete: FlaskClient, ola: FlaskClient) -> None:
    for client in (pete, ola):
        fields = {"video": (io.BytesIO(MP4), "a.mp4"), "is_silent": "y"}
        card = begin(client, "video")
        assert send(client, f"/archive/{card}/edit", title="Pump", go="publish", **fields).status_code == 302
    assert lying(narrow) == 2


# -- What colleagues use already stays usable --------------------------------------------------------------------------


def published_film(client: FlaskClient) -> str:
    card = begin(client, "video")
    fields = {"video": (io.BytesIO(MP4), "a.mp4"), "captions": (io.BytesIO(VTT), "a.vtt")}
    assert send(client, f"/archive/{card}/edit", title="Pump", go="publish", **fields).status_code == 302
    return card


@pytest.mark.parametrize("press", ["save", "step", "publish", "anything"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"drop_video": "1"}, "Choose a video, or fill in a link to one."),
        ({"drop_captions": "1"}, "Add captions"),
        ({"drop_video": "1", "drop_captions": "1", "is_silent": "y"}, "Choose a video, or fill in a link to one."),
    ],
)
def test_a_published_film_loses_neither_itself_nor_its_captions(
    pete: FlaskClient, ada: FlaskClient, change: dict[str, str], sentence: str, press: str
) -> None:
    card = published_film(pete)
    had = set(files_in(ada.get(f"/archive/{card}")))
    answer = send(pete, f"/archive/{card}/edit", title="Other", go=press, summary="Kanarievogel", **change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kanarievogel" in answer.text, "what was typed stays"
    page = ada.get(f"/archive/{card}")
    assert set(files_in(page)) == had
    assert len(had) == 2
    assert "Other" not in page.text, "and nothing is saved"


def test_a_published_instruction_keeps_a_step_and_a_presentation_its_paper(pete: FlaskClient, ada: FlaskClient) -> None:
    steps, talk = begin(pete, "instruction"), begin(pete, "presentation")
    first = {"steps": "1", "step_0": "Close the valve"}
    assert send(pete, f"/archive/{steps}/edit", title="Pump", go="publish", **first).status_code == 302
    fields = {"paper": (paper(), "a.pdf")}
    assert send(pete, f"/archive/{talk}/edit", title="Pump", go="publish", **fields).status_code == 302
    emptied = {"steps": "1", "step_0": " "}
    assert send(pete, f"/archive/{steps}/edit", title="Pump", go="save", **emptied).status_code == 422
    assert "Close the valve" in ada.get(f"/archive/{steps}").text
    assert send(pete, f"/archive/{talk}/edit", title="Pump", go="save", drop_paper="1").status_code == 422
    assert files_in(ada.get(f"/archive/{talk}"))
    drawn = {"steps": "1", "picture_0": (picture(), "a.png")}
    assert send(pete, f"/archive/{steps}/edit", title="Pump", go="save", **drawn).status_code == 302
    assert files_in(ada.get(f"/archive/{steps}")), "a picture is a step as well"


def test_a_published_film_may_get_another_film_a_link_or_be_a_silent_one(pete: FlaskClient, ada: FlaskClient) -> None:
    card = published_film(pete)
    another = {"video": (io.BytesIO(ANOTHER), "a.mp4"), "drop_video": "1"}
    assert send(pete, f"/archive/{card}/edit", title="Pump", go="save", **another).status_code == 302
    silent = {"drop_captions": "1", "is_silent": "y"}
    assert send(pete, f"/archive/{card}/edit", title="Pump", go="save", **silent).status_code == 302
    (path,) = set(files_in(ada.get(f"/archive/{card}")))
    assert ada.get(path).data.endswith(b"another")
    assert re.search(
        r'<input[^>]*name="is_silent"[^>]*checked|<input[^>]*checked[^>]*name="is_silent"',
        pete.get(f"/archive/{card}/edit").text,
    ), "that nobody speaks in it was said"
    linked = {"drop_video": "1", "link": "https://example.org/film"}
    assert send(pete, f"/archive/{card}/edit", title="Pump", go="save", **linked).status_code == 302
    assert not files_in(ada.get(f"/archive/{card}"))
