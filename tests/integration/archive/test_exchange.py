"""Export and import of the whole archive: back again without loss, and nothing that leads to a person."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
import yaml
from flask import Flask
from PIL import Image
from sqlalchemy import select

from facilitator.accounts.models import Organisation
from facilitator.archive import actions, store
from facilitator.archive.content import Step
from facilitator.archive.exchange.exporting import export
from facilitator.archive.exchange.importing import BroughtIn, bring_in
from facilitator.archive.exchange.reading import NotAnArchive, read
from facilitator.archive.files.actions import attach
from facilitator.archive.models import Card
from facilitator.core.audit import AuditEntry, Deed
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.groups.naming import told_apart
from facilitator.methods.loader import load_catalogue
from facilitator.methods.shortening import document_of
from facilitator.repertoire import actions as methods
from tests.documents import unpacked
from tests.films import film, talkative_mp4
from tests.library import Library
from tests.talkative import CANARY, talkative_paper, webp

pytestmark = pytest.mark.either

TOLD = f"WEBVTT by {CANARY}\n\nNOTE {CANARY}\n\n00:01.000 --> 00:03.000\n<v {CANARY}>Turn it\n".encode()
EVIL = "# <script>\n- [x](javascript:alert(1))\n```\n👩‍🔧 Zażółć مرحبا"


@pytest.fixture
def library(app_for_all_on: Flask) -> Library:
    return Library(app_for_all_on)


def filled(library: Library) -> dict[str, str]:
    """Cards of every kind with talk under them; their ids by title."""
    made = {
        "Full": library.put(
            "Full",
            themes=["Trust", "Work"],
            owner="Gia",
            question=EVIL,
            insights=("One", EVIL),
            advice=("Ask",),
            outcome="worked",
            review_on=date(2028, 11, 1),
            method_key="basis",
            related_form="buddy",
        ),
        "Ours": library.put("Ours", only_group=True, action="Only we know"),
        "Steps": library.put(
            "Steps", form="instruction", steps=(Step("First"), Step(EVIL)), link="https://example.org"
        ),
        "Draft": library.put("Draft", is_published=False, question="kwinkelier"),
    }
    full = made["Full"]
    asked = library.post("Pete", f"/archive/{full}/questions", {"text": EVIL}).location.partition("#said-")[2]
    library.post("Mo", f"/archive/{full}/questions/{asked}", {"text": "An answer"})
    gone = library.post("Mo", f"/archive/{full}/questions", {"text": "Regret"}).location.partition("#said-")[2]
    library.post("Pete", f"/archive/{full}/questions/{gone}", {"text": "Left behind"})
    library.post("Mo", f"/archive/{full}/said/{gone}/remove")
    library.post("Pete", f"/archive/{full}/tried", {"verdict": "worked", "why": "Time."})
    library.post("Ada", f"/archive/{full}/tried", {"verdict": "not", "why": ""})
    return made


def exported(library: Library, folder: Path, name: str = "archive.zip") -> Path:
    file = folder / name
    with library.app.app_context():
        export(db.session.get_one(Organisation, library.organisation_id), file)
    return file


def imported(library: Library, file: Path) -> BroughtIn:
    with library.app.app_context():
        return bring_in(db.session.get_one(Organisation, library.organisation_id), read(file), file)


def contents(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_it_comes_back_without_loss(library: Library, app: Flask, tmp_path: Path) -> None:
    filled(library)
    first = exported(library, tmp_path)
    elsewhere = Library(app)
    assert imported(elsewhere, first) == BroughtIn(3, 0, 0)
    second = exported(elsewhere, tmp_path, "again.zip")
    assert contents(second) == contents(first)
    assert second.read_bytes() == first.read_bytes(), "to the byte"
    assert sorted(elsewhere.titles("Pete")) == ["Full", "Steps"]
    assert elsewhere.titles("Pete", "/archive?q=ask&theme=Trust") == ["Full"], "and is found"
    page = elsewhere.get("Pete", f"/archive/{elsewhere_id(elsewhere, 'Full')}").text
    assert "Pete" in page
    assert "An answer" in page


def test_a_page_names_the_method_that_an_organisation_made_itself(library: Library, tmp_path: Path) -> None:
    document = document_of(load_catalogue()["basis"])
    titled = {code: {**words, "title": f"Talk of ours ({code})"} for code, words in document["texts"].items()}
    with library.app.app_context():
        key = methods.bring(library.people["Mo"], {**document, "texts": titled})
        methods.take_into_use(library.people["Mo"], key)
    library.put("By our own", question="How?", method_key=key)
    (page,) = [page.decode() for name, page in contents(exported(library, tmp_path)).items() if "by-our-own" in name]
    assert yaml.safe_load(page.split("---")[1])["method"] == "Talk of ours (en)"


def elsewhere_id(library: Library, title: str) -> str:
    with library.app.app_context():
        cards = db.session.scalars(select(Card).where(Card.organisation_id == library.organisation_id)).all()
        return next(card.id for card in cards if store.content_of(card).title == title)


def with_files(library: Library) -> str:
    """A card with a picture, captions, a film and a paper."""
    card = library.put("Pump", form="instruction")
    with library.app.app_context():
        kept = [attach(card, kind, source) for kind, source in (("picture", picture()), ("paper", paper()))]
        attach(card, "video", io.BytesIO(film(b"x" * 700_000)))
        attach(card, "captions", io.BytesIO(b"WEBVTT\n\n00:01.000 --> 00:03.000\nTurn it\n"))
        with db.writing() as session:
            row = session.get_one(Card, card)
            store.put(row, replace(store.content_of(row), steps=(Step("Turn it", kept[0], "A valve"),)))
    return card


def picture() -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(target, "PNG")
    target.seek(0)
    return target


def paper() -> io.BytesIO:
    target, found = io.BytesIO(), pikepdf.new()
    found.add_blank_page()
    found.save(target)
    target.seek(0)
    return target


def test_files_come_back_as_well_and_a_neighbour_gets_files_of_its_own(
    library: Library, app: Flask, tmp_path: Path
) -> None:
    with_files(library)
    first = exported(library, tmp_path)
    assert len([name for name in contents(first) if name.startswith("files/")]) == 4
    elsewhere, neighbour = Library(app), Library(library.app)
    assert imported(elsewhere, first) == imported(neighbour, first) == BroughtIn(1, 0, 0)
    assert exported(elsewhere, tmp_path, "again.zip").read_bytes() == first.read_bytes(), "to the byte"
    for where in (elsewhere, neighbour):
        page = where.get("Pete", f"/archive/{elsewhere_id(where, 'Pump')}").text
        paths = set(re.findall(r"/archive/files/[0-9a-z]+", page))
        assert len(paths) == 4
        assert all(where.get("Pete", path).status_code == 200 for path in paths)
    assert all(library.get("Pete", path).status_code == 404 for path in paths), "the last ones are the neighbour's"


def test_a_file_that_is_something_else_stops_the_import(library: Library, app: Flask, tmp_path: Path) -> None:
    with_files(library)
    first, bad = exported(library, tmp_path), tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as packed:
        for name, content in contents(first).items():
            packed.writestr(name, b"<svg onload=alert(1)>" if name.endswith(".webp") else content)
    elsewhere = Library(app)
    with pytest.raises(NotAnArchive, match="not what it says"):
        imported(elsewhere, bad)
    assert elsewhere.titles("Pete") == []


@pytest.mark.promise("files-tell-nothing")
def test_files_of_an_export_are_written_anew_like_any_others(library: Library, app: Flask, tmp_path: Path) -> None:
    with_files(library)
    first, told = exported(library, tmp_path), tmp_path / "told.zip"
    instead = {"webp": webp(), "pdf": talkative_paper(), "mp4": talkative_mp4("h264.mp4"), "vtt": TOLD}
    with zipfile.ZipFile(told, "w") as packed:
        for name, content in contents(first).items():
            packed.writestr(name, instead.get(name.rpartition(".")[2], content))
    assert all(CANARY.encode() in content for content in instead.values())
    elsewhere = Library(app)
    assert imported(elsewhere, told) == BroughtIn(1, 0, 0)
    kept = contents(exported(elsewhere, tmp_path, "again.zip"))
    files = {name: content for name, content in kept.items() if name.startswith("files/")}
    assert len(files) == 4
    for name, content in files.items():
        assert CANARY.encode() not in unpacked(content), name
        assert content != instead[name.rpartition(".")[2]]


def test_cards_of_a_group_stay_with_a_group_of_that_name(library: Library, app: Flask, tmp_path: Path) -> None:
    filled(library)
    elsewhere = Library(app)
    imported(elsewhere, exported(library, tmp_path))
    assert "Ours" in elsewhere.titles("Gia"), "she is in a group of the same name there"
    assert "Ours" not in elsewhere.titles("Pete")


def test_doing_it_twice_changes_nothing(library: Library, app: Flask, tmp_path: Path) -> None:
    filled(library)
    file = exported(library, tmp_path)
    assert imported(library, file) == BroughtIn(0, 3, 0), "where it came from"
    elsewhere = Library(app)
    imported(elsewhere, file)
    assert imported(elsewhere, file) == BroughtIn(0, 3, 0)
    assert contents(exported(elsewhere, tmp_path, "again.zip")) == contents(file)


def test_another_organisation_of_the_same_installation_gets_cards_of_its_own(library: Library, tmp_path: Path) -> None:
    made = filled(library)
    file = exported(library, tmp_path)
    neighbour = Library(library.app)
    assert imported(neighbour, file) == BroughtIn(3, 0, 0)
    assert imported(neighbour, file) == BroughtIn(0, 3, 0)
    assert neighbour.get("Pete", f"/archive/{made['Full']}").status_code == 404
    assert library.get("Pete", f"/archive/{made['Full']}").status_code == 200


def test_what_was_taken_back_does_not_come_back(library: Library, tmp_path: Path) -> None:
    made = filled(library)
    file = exported(library, tmp_path)
    with library.app.app_context():
        with db.writing() as session:
            actions.withdraw(session, session.get_one(Card, made["Full"]))
        store.destroy_key(made["Full"])
    assert imported(library, file) == BroughtIn(0, 2, 1)
    assert "Full" not in library.titles("Pete")
    assert "Full" not in json.dumps(json.loads(contents(exported(library, tmp_path))["archive.json"]))


@pytest.mark.promise("consent-rows")
def test_nothing_in_it_leads_to_a_person_but_the_names_of_those_who_spoke(library: Library, tmp_path: Path) -> None:
    filled(library)
    file = exported(library, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    everything = b"\n".join(contents(file).values()).decode()
    assert "Pete" in everything
    for who, user in library.people.items():
        assert user.id not in everything
        assert user.email not in everything
        if who in ("Gia", "Ada", "Ola"):
            assert who not in everything, who
    assert library.organisation_id not in everything
    assert library.group_id not in everything
    assert "kwinkelier" not in everything, "a draft"


def test_it_can_be_read_without_this_product(library: Library, tmp_path: Path) -> None:
    made = filled(library)
    pages = contents(exported(library, tmp_path))
    name = next(name for name in pages if name.endswith(f"full-{made['Full']}.md"))
    page = pages[name].decode()
    _, front, text = page.split("---\n", 2)
    assert yaml.safe_load(front)["themes"] == ["Trust", "Work"]
    assert yaml.safe_load(front)["outcome"] == "worked"
    assert "# Full" in text
    assert "\n# <script>" not in text, "a text of somebody is no heading"
    assert "An answer" in text
    assert name in pages["README.md"].decode()


@pytest.mark.promise("audit-log-names-things")
def test_it_is_in_the_log(library: Library, tmp_path: Path) -> None:
    filled(library)
    exported(library, tmp_path)
    with library.app.app_context():
        query = select(AuditEntry.deed).where(AuditEntry.thing_id == library.organisation_id)
        assert Deed.EXPORTED in db.session.scalars(query).all()


def test_a_broken_end_leaves_nothing_behind(
    library: Library, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(library)
    file = exported(library, tmp_path)
    elsewhere = Library(app)
    with monkeypatch.context() as broken:
        broken.setattr("facilitator.archive.exchange.importing.put_all", broken_off)
        with pytest.raises(BrokenPipeError):
            imported(elsewhere, file)
    assert elsewhere.titles("Gia") == []
    with app.app_context():
        assert not db.session.scalars(select(Card.id).where(Card.organisation_id == elsewhere.organisation_id)).all()
    assert imported(elsewhere, file) == BroughtIn(3, 0, 0), "and it can be done again"
    assert contents(exported(elsewhere, tmp_path, "again.zip")) == contents(file)


def broken_off(*_: object) -> None:
    raise BrokenPipeError


def test_two_groups_of_one_name_are_told_apart() -> None:
    groups = [Group(id=str(number), name=name) for number, name in enumerate(["N", "N", "N (2)", "Z", "N", "N (2)"])]
    assert list(told_apart(groups).values()) == ["N", "N (3)", "N (2)", "Z", "N (4)", "N (2) (2)"]
