"""One row that does not open takes nothing else along: whatever is damaged, every page is still there, lists show the rest,
and what is about the damaged thing itself says so in a sentence.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, ColumnElement, select, text

from facilitator.accounts.models import Organisation
from facilitator.archive.exchange.exporting import export
from facilitator.archive.files import vault
from facilitator.archive.models import Attachment, Card, Remark
from facilitator.archive.search.reindexing import reindex
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import Sealed, changing, db, now, random_id
from facilitator.groups import agreements
from facilitator.meetings import models, snapshot_cache
from facilitator.meetings.actions import offering, outcomes
from facilitator.meetings.models import Contribution
from facilitator.meetings.offered import NOTHING, Case
from facilitator.migrations.tables import metadata
from facilitator.operations.jobs import JOBS
from facilitator.operations.sealed import Opener, unreadable
from facilitator.proof.models import Attendance, Certificate, Sheet
from facilitator.reports import actions as reports
from facilitator.reports.access import Reader, Role
from facilitator.reports.models import VersionRow
from facilitator.reports.store import approved, standing
from facilitator.year.evaluation import ABOUT
from facilitator.year.models import Evaluation, EvaluationAnswer
from tests.accounts_cast import make_member
from tests.cards import ADVICE_OF_PETE, IDEA_OF_ADA, Deciding, Pages, accounts, told_meeting
from tests.cast import Cast, Meeting, new_op
from tests.contract.afterwards import account_of, picture_with
from tests.contract.everybody import signed_in
from tests.houses import empty_house, settings_in
from tests.proof import confirm, send, set_times
from tests.scenes import HouseCopy

SEALED = sorted(
    (column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Sealed)), key=str
)
# Who looks at what. Pages of many things are there whatever became of one of them; about one thing there may be a sentence.
LISTS = {
    "mo": ("/meetings", "/mine", "/archive", "/archive?q=shift", '/archive?q="the+shift"', "/archive/review"),
    "gia": ("{over}/mine", "{over}/mine/data.json"),
    "pete": ("/mine", "/proof", "/proof.csv", "/proof.xlsx", "/proof.pdf", "/account/data.json"),
    "mate": ("/mine", "/archive", "/archive/new", "/account/data.json", "/questions", "/together", "/together/offers"),
    "at the table": ("{runs}/phone",),
    "console": ("{runs}/console", "{runs}/report"),
    "wall": ("{runs}/screen",),
}
SINGLE = {
    "mo": (
        *(f"{{over}}/{page}" for page in ("report", "report.md", "report/versions/1", "presence", "attendance.pdf")),
    ),
    "gia": (
        *(f"{{over}}/{page}" for page in ("report/approve", "consent/1", "consent/1/share", "objection", "proof")),
    ),
    "phone of pete": ("{over}/proof", "{over}/proof.pdf", "{over}/annex", "{over}/annex.pdf"),
    "mate": ("{card}", "{card}/edit", "{card}/withdraw", "{card}.pdf", "{file}"),
}
TABLE = {"console": "{runs}/console", "at the table": "{runs}/phone", "wall": "{runs}/screen"}
UNREADABLE = "This text cannot be read any more."
SAYS_SO = ("This cannot be read", "This report cannot be read", "cannot be read any more")


@dataclass(frozen=True)
class House:
    """A meeting that is over with all that came of it, another one that runs, and who looks at them."""

    app: Flask
    over: Meeting
    runs: Meeting
    people: dict[str, FlaskClient]
    places: dict[str, str]
    kept: HouseCopy

    def look(self, pages: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int, str]]:
        """Everybody opens what there is for them: who and where, the status, and what stands there."""
        for name, theirs in pages.items():
            for page in theirs:
                status, body = self.get(name, page)
                yield f"{name} at {page}", status, body

    def get(self, name: str, page: str) -> tuple[int, str]:
        """The status of a page and what stands there."""
        answer = self.people[name].get(page.format(**self.places))
        return answer.status_code, answer.get_data().decode(errors="replace")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with empty_house(settings_in(tmp_path_factory.mktemp("damage"))) as app:
        yield furnished(app)


def evaluated(group_id: str) -> None:
    """What came out last time, and an answer to what is open now."""
    today, about = now().date(), dict.fromkeys(ABOUT, 3)
    with db.writing() as session:
        for key_id, days in ((random_id(), 200), (random_id(), 0)):
            sealing.keyring().make(key_id)
            row = Evaluation(id=random_id(), group_id=group_id, key_id=key_id, opened_at=now() - timedelta(days=days))
            row.opens_on, row.closes_on = today - timedelta(days=days), today + timedelta(days=14 - days)
            row.is_closed = days > 0
            session.add(row)
            session.flush()
            if row.is_closed:
                row.result = sealing.seal(key_id, "evaluation", {"count": 4, **about})
            else:
                name = random_id()
                body = sealing.seal(key_id, f"answer:{name}", about)
                session.add(EvaluationAnswer(id=name, evaluation_id=row.id, body=body))


def furnished(app: Flask) -> House:
    """Every kind of sealed thing is in it at least once."""
    cast = Cast(app)
    over, runs = told_meeting(cast), cast.meeting(group="Noord")
    users = {**accounts(over), "Pete": account_of(over, over.pete)}
    with app.app_context(), db.writing() as session:
        set_times(session, over, {"start": 0, "next": 5, "end": 60})
    assert confirm(over).status_code == 302
    pete, mate = over.client(over.pete), signed_in(app, users["mate"])
    assert send(pete, f"/meetings/{over.id}/proof", name="Pete Peters", is_listed="y").status_code == 302
    assert pete.get(f"/meetings/{over.id}/proof.pdf").status_code == 200
    assert send(pete, f"/meetings/{over.id}/annex", goal="To wait longer").status_code == 302
    Deciding(over).edits({"text_title": "Let a starter speak"}, ("use_insight_1",), swaps=False)
    over.act(outcomes.tell, over.actions[0].id, "owner", "partly", "He talked")
    card, file = instruction(mate)
    with app.app_context(), db.writing() as session:
        row = session.get_one(models.Meeting, runs.id)
        row.wifi = sealing.seal(row.id, "wifi", {"name": "Room"})
        assert cast.user is not None
        assert row.group_id is not None
        lead, group_id = cast.user, row.group_id
    with app.app_context():
        for seen in range(2):
            agreements.write(lead, group_id, seen, "We listen")
        offering.offer(users["Pete"], runs.id, Case("A plan nobody reads", "How do I go on?", "soon"), NOTHING)
        offering.offer(users["mate"], runs.id, Case("A shift that is too long", "", "now"), NOTHING)
        evaluated(group_id)
    runs.advance_to("story")
    runs.tell_case(runs.gia, "My own case", "How do I go on?")
    with app.app_context(), db.writing() as session:
        around = session.scalars(select(models.Round).where(models.Round.meeting_id == runs.id)).one()
        around.key_question = sealing.seal(runs.id, f"round:{around.id}:key_question", {"text": "And now?"})
    runs.advance_to("clarify")
    runs.write(runs.pete, "question", question="What happened then?")
    assert runs.post(runs.pete, "notebook", op=new_op(), base="", text="It is about trust").status_code == 200
    assert runs.post(runs.pete, "signal", sign="break").status_code == 200
    runs.write(runs.ada, "question", question="Since when is it so?")
    runs.reveal()
    assert cast.user is not None
    people = {
        "mo": signed_in(app, cast.user),
        "gia": over.client(over.gia),
        "pete": signed_in(app, users["Pete"]),
        "phone of pete": pete,
        "mate": mate,
        "at the table": runs.client(runs.ada),
        "console": runs.client(runs.mo),
        "wall": runs.client(runs.wall),
    }
    for client in people.values():
        client.set_cookie("lang", "en")
    places = {
        "over": f"/meetings/{over.id}",
        "runs": f"/meetings/{runs.id}",
        "card": f"/archive/{card}",
        "file": f"/archive/files/{file}",
    }
    return House(app, over, runs, people, places, HouseCopy.of(app))


def instruction(mate: FlaskClient) -> tuple[str, str]:
    """A card of a colleague's with a picture, a question, an answer and how it went."""
    by = Pages(mate)
    card = by.post("/archive/new", kind="instruction", title="Begin the shift").request.path.split("/")[2]
    answer = mate.post(
        f"/archive/{card}/edit",
        data={
            "csrf_token": by.csrf,
            "title": "Begin the shift",
            "steps": "1",
            "step_0": "Read the plan aloud",
            "picture_0": (picture_with("x"), "x.png"),
            "go": "publish",
        },
    )
    assert answer.status_code == 302, answer.text
    by.post(f"/archive/{card}/questions", text="Also at night?")
    by.post(f"/archive/{card}/questions", text="And in summer?")
    by.post(f"/archive/{card}/tried", verdict="worked", why="It was quiet")
    for title in ("Who lends me a tester?", "Which grease is it?"):
        question = by.post("/questions/new", title=title, name="named").request.path
        for said in ("Ask at the gate", "Look in the shed"):
            by.post(f"{question}/answers", text=said)
        by.post(f"{question}/report", why="There is only one")
    agree(mate)
    with mate.application.app_context():
        return card, db.session.scalars(select(Attachment.id)).one()


def agree(mate: FlaskClient) -> None:
    """Two arrangements with a colleague, each with a moment and check-ins."""
    for said in ("Watch me weld", "See how we plan"):
        Pages(mate).post("/together/offers/new", what="shadowing-offer", text=said)
    buddy = make_member(mate.application, "Bo")
    other = Pages(signed_in(mate.application, buddy))
    for goal in ("Find my way", "Plan a shift"):
        until = (now() + timedelta(days=90)).date().isoformat()
        form = {"email": buddy.email, "goal": goal, "until": until, "weeks": "2"}
        here = Pages(mate).post("/together/new", **form).request.path
        other.post(f"{here}/accept")
        for place in ("Gate", "Shed"):
            Pages(mate).post(f"{here}/moments", day=until, at="10:00", minutes="30", place=place)
        for by in (Pages(mate), other):
            by.post(f"{here}/check-ins", well="The night shift", hard="", need="")


@contextmanager
def changed(house: House, column: ColumnElement[Any], how: str, which: str = "1 = 1") -> Iterator[None]:
    """A row of a column is changed as a disk would, or somebody with an editor; everything is put back at the end."""
    assert isinstance(column, Column)
    name, table = column.name, column.table.name
    with house.app.app_context(), db.engine.begin() as connection:
        found = f"(SELECT min({name}) FROM {table} WHERE {name} IS NOT NULL AND {which})"
        done = connection.execute(text(f"UPDATE {table} SET {name} = {how.format(name)} WHERE {name} = {found}"))
        assert done.rowcount == 1, f"nothing in {column}"
    forget(house)
    try:
        yield
    finally:
        house.kept.put_back(house.app)


@contextmanager
def one_text(house: House, said: str) -> Iterator[str]:
    """A text of a meeting, which one is known by what it says; gives its id."""
    every = [item for meeting in (house.over, house.runs) for item in meeting.snapshot.items]
    (item_id,) = [item.id for item in every if said in str(dict(item.fields))]
    with changed(house, Contribution.__table__.c.body, GARBLED, f"id = '{item_id}'"):
        yield item_id


def forget(house: House) -> None:
    """Nobody remembers how it was a moment ago."""
    with house.app.app_context():
        snapshot_cache.readings().forget()


GARBLED = "CAST(substr({0}, 1, 20) || x'00ff00ff' || substr({0}, 24) AS BLOB)"
DAMAGES = {
    "garbled": GARBLED,
    "cut off": "substr({0}, 1, 10)",
    "empty": "x''",
    "a text that is none": "{0} || 'more'",
    "a number": "42",
}


def test_there_is_something_of_everything(house: House) -> None:
    for where, status, _ in (*house.look(LISTS), *house.look(SINGLE)):
        assert status == 200, where
    with house.app.app_context():
        for column in SEALED:
            assert db.session.execute(select(column).where(column.is_not(None))).first(), column


@pytest.mark.parametrize("column", SEALED, ids=str)
def test_one_row_takes_nothing_else_along(house: House, column: Column[Any]) -> None:
    assert damaged_tables(house) == []
    with changed(house, column, GARBLED):
        assert damaged_tables(house) == [column.table.name], "and whoever looks after it is told"
        assert_nothing_else_is_lost(house)


def damaged_tables(house: House) -> list[str]:
    """Where something does not open, as `facilitator doctor` counts it."""
    with house.app.app_context(), db.engine.connect() as texts, sealing.keyring().engine.connect() as keys:
        return list(unreadable(texts, Opener(keys, sealing.keyring().master)))


@pytest.mark.parametrize("how", DAMAGES.values(), ids=DAMAGES)
def test_it_does_not_matter_how(house: House, how: str) -> None:
    with changed(house, Contribution.__table__.c.body, how):
        assert_nothing_else_is_lost(house)


def assert_nothing_else_is_lost(house: House) -> None:
    for where, status, _ in house.look(LISTS):
        assert status == 200, where
    for where, status, body in house.look(SINGLE):
        is_said = status == 503 and any(words in body for words in SAYS_SO)
        # What cannot be made now: the page it belongs to says why.
        assert status == 200 or is_said or (status == 409 and where.endswith(".pdf")), (where, status)


# -- The rest is shown, and what is damaged is named -------------------------------------------------------------------


def test_the_table_sees_the_other_texts_and_that_one_is_missing(house: House) -> None:
    lost, other = "Since when is it so?", "What happened then?"
    screens = {name: house.get(name, page)[1] for name, page in TABLE.items()}
    assert {name for name, body in screens.items() if lost in body} == {"console", "at the table"}
    with one_text(house, lost):
        for name, page in TABLE.items():
            status, body = house.get(name, page)
            assert status == 200, name
            assert lost not in body, name
            assert (UNREADABLE in body) == (lost in screens[name]), name
            assert (other in body) == (other in screens[name]), name


def test_whoever_wrote_it_gets_a_new_text_in(house: House) -> None:
    """The composer of their own text is empty, and what they send stands in its place."""
    with one_text(house, "Since when is it so?") as item_id:
        runs = house.runs
        runs.handle(item_id, "done")
        assert runs.item(item_id).is_damaged
        runs.write(runs.bob, "question", question="And before that?")
        assert "And before that?" in str(runs.snapshot.items)


def test_a_person_gets_everything_else_that_is_kept_about_them(house: House) -> None:
    whole = json.loads(house.get("pete", "/account/data.json")[1])
    assert ADVICE_OF_PETE in json.dumps(whole)
    with one_text(house, ADVICE_OF_PETE):
        found = json.loads(house.get("pete", "/account/data.json")[1])
        (meeting,) = found["meetings"]
        assert [text for text in meeting["wrote"] if text.get("cannot_be_read")]
        assert {key: value for key, value in meeting.items() if key != "wrote"} == {
            key: value for key, value in whole["meetings"][0].items() if key != "wrote"
        }


def test_a_card_that_does_not_open_is_named_in_the_list_and_can_be_taken_back(house: House) -> None:
    with changed(house, Card.__table__.c.body, GARBLED, "published_on IS NOT NULL"):
        assert UNREADABLE in house.get("mate", "/archive")[1]
        assert house.get("mate", "{card}")[0] == 503
        assert UNREADABLE in house.get("mate", "{card}/withdraw")[1]
        taken_back = Pages(house.people["mate"]).post(f"{house.places['card']}/withdraw")
        assert taken_back.status_code == 200
        assert house.get("mate", "{card}")[0] == 404


def test_one_remark_and_one_reason_leave_the_others(house: House) -> None:
    with changed(house, Remark.__table__.c.body, GARBLED):
        body = house.get("mate", "{card}")[1]
        assert UNREADABLE in body
        assert ("Also at night?" in body) != ("And in summer?" in body)


def test_the_moderator_confirms_once_more_and_everything_is_whole_again(house: House) -> None:
    with changed(house, Attendance.__table__.c.confirmed, GARBLED):
        assert "confirm once more" in house.get("mo", "{over}/presence")[1]
        assert house.get("mo", "{over}/attendance.pdf")[0] == 409
        assert confirm(house.over).status_code == 302
        assert house.get("mo", "{over}/attendance.pdf")[0] == 200
        assert "cannot be read" not in house.get("mo", "{over}/presence")[1]


def test_a_certificate_that_does_not_open_is_replaced_by_one_that_does(house: House) -> None:
    with changed(house, Certificate.__table__.c.body, GARBLED):
        assert house.get("phone of pete", "{over}/proof.pdf")[0] == 200
        with house.app.app_context():
            numbers = db.session.scalars(select(Certificate).where(Certificate.is_replaced.is_(False))).all()
            assert len(numbers) == 1


def test_the_draft_of_a_report_never_takes_over_damage(house: House) -> None:
    with house.app.app_context():
        before = approved(house.over.id)
        assert before is not None
        assert IDEA_OF_ADA in str(before.report)
    with one_text(house, IDEA_OF_ADA), house.app.app_context():
        reader = Reader(Role.MODERATOR, house.over.id, house.over.snapshot.organisation_id)
        reports.reopen(reader)
        with changing(house.over.id):
            pass  # the meeting has changed since, so the draft is filled anew
        draft = standing(house.over.id).draft
        assert draft is not None
        assert IDEA_OF_ADA in str(draft.report)


def test_nobody_s_words_are_published_where_it_cannot_be_said_whose_they_are(house: House) -> None:
    with one_text(house, ADVICE_OF_PETE):
        status, body = house.get("gia", "{over}/consent/1/share")
        assert status == 503
        assert "This cannot be read" in body


# -- Other damage ------------------------------------------------------------------------------------------------------


def test_what_is_no_json_inside_is_damage_like_any_other(house: House) -> None:
    for plain in (b"{", b"[1, 2]", b"7", b"\xff\xfe", b'{"other": 1}'):
        with house.app.app_context(), db.writing() as session:
            version = session.scalars(select(VersionRow)).one()
            ring = sealing.keyring()
            place = f"{version.report_id}:version:{version.id}"
            version.body = sealing._encrypt(ring.key(version.report_id), plain, place)
        try:
            assert_nothing_else_is_lost(house)
            assert house.get("mo", "{over}/report")[0] == 503
        finally:
            house.kept.put_back(house.app)


@pytest.mark.parametrize("how", ["DELETE FROM meeting_keys", "UPDATE meeting_keys SET wrapped = x'00'"])
def test_a_key_that_is_lost_loses_nothing_else(house: House, how: str) -> None:
    with house.app.app_context():
        owners = {"meeting": house.runs.id, "card": house.places["card"].rpartition("/")[2]}
        owners["report"] = db.session.scalars(select(VersionRow.report_id)).one()
        owners["sheet"] = db.session.scalars(select(Sheet.id)).one()
    for kind, owner in owners.items():
        with house.app.app_context(), sealing.keyring().engine.begin() as connection:
            assert connection.execute(text(f"{how} WHERE meeting_id = :id"), {"id": owner}).rowcount == 1
            sealing.begin_generation(connection)
        try:
            for where, status, body in house.look(LISTS):
                is_of_it = kind == "meeting" and "{runs}" in where
                is_said = any(words in body for words in SAYS_SO)
                assert (status == 503 and is_said) if is_of_it else status == 200, (kind, where)
        finally:
            house.kept.put_back(house.app)


def test_what_is_sent_to_a_meeting_whose_key_is_lost_stays_on_the_phone(house: House) -> None:
    with house.app.app_context(), sealing.keyring().engine.begin() as connection:
        connection.execute(text("DELETE FROM meeting_keys WHERE meeting_id = :id"), {"id": house.runs.id})
        sealing.begin_generation(connection)
    try:
        answer = house.runs.post(house.runs.pete, "contribute", form="question", question="Where?", op="a" * 22)
        assert answer.status_code == 503, "the outbox tries again and keeps it meanwhile"
        assert "cannot be read" in answer.text
    finally:
        house.kept.put_back(house.app)


@pytest.mark.parametrize("how", ["gone", "cut off", "changed"])
def test_a_file_that_is_damaged_leaves_its_card(house: House, how: str) -> None:
    with house.app.app_context():
        path = vault.folder() / house.places["file"].rpartition("/")[2]
    content = path.read_bytes()
    try:
        path.unlink() if how == "gone" else path.write_bytes(content[:40] if how == "cut off" else content[:-1] + b"x")
        status, body = house.get("mate", "{file}")
        assert (status, "This cannot be read" in body) == (503, True)
        assert [house.get("mate", page)[0] for page in ("{card}", "{card}.pdf", "{card}/edit")] == [200] * 3
    finally:
        path.write_bytes(content)


# -- What the product does by itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("column", SEALED, ids=str)
def test_no_job_is_kept_from_its_work(house: House, column: Column[Any]) -> None:
    """Not even from erasing the meeting that is damaged: its time is over all the same."""
    with changed(house, column, GARBLED), house.app.app_context():
        for days in (54, 61):
            moment = now() + timedelta(days=days)
            clock().confirm(moment)
            for job in JOBS:
                job.do(moment)
        left = db.session.scalars(select(models.Meeting.id).where(models.Meeting.erased_at.is_(None))).all()
        assert left == []


def test_an_export_has_the_rest_and_says_that_something_is_missing(house: House, tmp_path: Path) -> None:
    with house.app.app_context():
        here = db.session.scalars(select(Organisation).where(Organisation.name == "Werkplaats")).one()
        assert export(here, tmp_path / "whole.zip") == (1, 0)
        with changed(house, Remark.__table__.c.body, GARBLED):
            assert export(here, tmp_path / "rest.zip") == (1, 1)
            document = zipfile.ZipFile(tmp_path / "rest.zip").read("archive.json").decode()
            assert ("Also at night?" in document) != ("And in summer?" in document)
        with changed(house, Card.__table__.c.body, GARBLED, "published_on IS NOT NULL"):
            assert export(here, tmp_path / "none.zip") == (0, 1)
            assert reindex() == 0
