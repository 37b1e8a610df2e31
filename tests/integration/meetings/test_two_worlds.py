"""Anonymity that holds: two worlds in which two people wrote each other's answers look the same to everybody else, and
the database knows neither who wrote them nor when (I6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import count
from pathlib import Path
from random import Random
from typing import Self

import pytest
from flask import Flask
from sqlalchemy import select, text

from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import Moment, db
from facilitator.core.refusals import Refused
from facilitator.meetings import loading
from facilitator.migrations.tables import metadata
from tests.cast import Cast, Meeting, Person
from tests.houses import empty_house, settings_in
from tests.own_methods import LABELLED, in_the_catalogue, written
from tests.pages import without_tokens
from tests.services import Postgres

OTHERS = ("Gia", "Bob", "Cleo", "Mo", "Wall")
ONE = "It was safe, and I could think aloud."
OTHER = "I would have liked more silence."
BEGAN = 1_936_000_000.0  # some day in 2031, the same for every world
Answer = dict[str, str | int]


def answer(line: str, level: int) -> Answer:
    scales = ("safe", "listened", "open_questions", "turns", "guarded", "useful")
    return {"line": line, **dict.fromkeys(scales, level)}


@pytest.fixture
def worlds(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Iterator[Flask]]:
    """One world after the other, each a house of its own with the same clock and the same chance, so that only the
    authors differ. Every look at the clock is a second later: what goes by time shows itself.
    """
    chance, looks = Random(), count()

    class Clock(datetime):
        """A second later at every look."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(BEGAN + next(looks), tz)

    def each() -> Iterator[Flask]:
        nonlocal looks
        for house in (app, other):
            chance.seed(1)
            looks = count()
            yield house

    monkeypatch.setattr("secrets.randbelow", chance.randrange)
    monkeypatch.setattr("secrets.choice", chance.choice)
    monkeypatch.setattr("facilitator.core.db.datetime", Clock)
    with empty_house(Settings.load(tmp_path / "other", {})) as other:
        yield each()


def evaluating(app: Flask) -> Meeting:
    meeting = Cast(app).meeting()
    meeting.advance_to("evaluate")
    return meeting


def evaluate(meeting: Meeting, person: Person, fields: Answer, item: str = "", capability: str = "") -> None:
    meeting.send(person, meeting.sent("evaluation", item=item, capability=capability, fields={**fields}))


def play(meeting: Meeting, first: Person, second: Person) -> list[dict[str, str]]:
    """`first` writes one answer and `second` the other; gives what the others see before and after the reveal."""
    evaluate(meeting, first, answer(ONE, 5))
    evaluate(meeting, second, answer(OTHER, 2))
    evaluate(meeting, meeting.bob, answer("", 3))
    evaluate(meeting, meeting.cleo, answer("", 4))
    seen = [seen_by_others(meeting)]
    meeting.reveal()
    return [*seen, seen_by_others(meeting)]


def seen_by_others(meeting: Meeting) -> dict[str, str]:
    pages = {name: meeting.screen(meeting[name]) for name in OTHERS}
    for name in ("report", "report.md"):
        pages[name] = meeting.get(meeting.mo, name).text
    return {name: without_tokens(page) for name, page in pages.items()}


@pytest.mark.promise("anonymous")
def test_others_cannot_tell_who_wrote_which_answer(worlds: Iterator[Flask]) -> None:
    world = evaluating(next(worlds))
    before, after = play(world, world.pete, world.ada)
    swapped_world = evaluating(next(worlds))
    swapped_before, swapped_after = play(swapped_world, swapped_world.ada, swapped_world.pete)
    assert ONE in after["report"], "there was something to see"
    assert before == swapped_before
    assert after == swapped_after


@pytest.mark.promise("marks")
def test_nobody_can_tell_whose_dots_are_whose(worlds: Iterator[Flask]) -> None:
    def cases_with_dots(app: Flask, first: str, second: str) -> dict[str, str]:
        meeting = Cast(app).meeting(case_giver=None)
        meeting.start()
        for person, title in ((meeting.gia, "A starter"), (meeting.bob, "Night shifts")):
            meeting.write(person, "case", title=title)
        meeting.reveal()
        one, other = (
            next(i.id for i in meeting.items() if i.text("title") == t) for t in ("A starter", "Night shifts")
        )
        for name, case in ((first, one), (second, other), ("Gia", one), ("Bob", one), ("Cleo", one)):
            meeting.mark(meeting[name], case)
        assert sum(mark.item_id == one for mark in meeting.snapshot.marks) == 4
        return seen_by_others(meeting)

    seen = cases_with_dots(next(worlds), "Pete", "Ada")
    assert seen == cases_with_dots(next(worlds), "Ada", "Pete")
    assert "Night shifts" in seen["Mo"], "there is something to see"


@pytest.mark.promise("anonymous")
def test_an_anonymous_answer_has_no_author_and_no_time_in_the_database(app: Flask, settings: Settings) -> None:
    meeting = evaluating(app)
    evaluate(meeting, meeting.pete, answer(ONE, 5))
    rows = query(settings, "SELECT seat_id, about_id FROM contributions WHERE form = 'evaluation'")
    assert rows == [(None, None)]
    named = query(settings, "SELECT count FROM tallies WHERE form = 'evaluation'")
    assert named == [(1,)], "that somebody wrote is kept, for the limit"
    assert query(settings, "SELECT count(*) FROM ops_done") == [(0,)]
    assert query(settings, "SELECT count(*) FROM used_ops") == [(1,)]


@pytest.mark.promise("no-log-of-who-wrote-when")
def test_no_table_of_the_meeting_keeps_the_order_of_insertion(app: Flask, settings: Settings) -> None:
    evaluating(app)
    for table in ("contributions", "used_ops", "tallies", "marks", "seats", "ops_done", "actions"):
        with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
            query(settings, f"SELECT rowid FROM {table}")


@pytest.mark.promise("sealed")
def test_no_file_of_the_installation_holds_a_text_in_the_clear(app: Flask, settings: Settings) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("story")
    meeting.write(meeting.gia, "question", question="How do I help Canarybird?", note="Canarynote")
    meeting.advance_to("clarify")
    meeting.write(meeting.pete, "question", question="What did Canarybird say?")
    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in files)
    assert not [path.name for path in files if b"Canary" in path.read_bytes()]


@pytest.mark.promise("keys-apart")
def test_a_key_alone_or_the_texts_alone_open_nothing(app: Flask, settings: Settings) -> None:
    meeting = evaluating(app)
    evaluate(meeting, meeting.pete, answer(ONE, 5))
    keys = Path(settings.keys_url.removeprefix("sqlite:///"))
    assert keys != Path(settings.database_url.removeprefix("sqlite:///"))
    [(wrapped,)] = query(settings, "SELECT wrapped FROM meeting_keys", keys)
    assert isinstance(wrapped, bytes)
    assert len(wrapped) > 32, "the key itself is sealed with the master key"
    assert [item.text("line") for item in meeting.items("evaluation")] == [ONE], "whoever has all three reads it"
    ring = app.extensions["keyring"]
    with app.app_context():
        app.extensions["keyring"] = sealing.Keyring(ring.engine, b"another key of thirty-two bytes.")
        with pytest.raises(sealing.Damaged):
            loading.read(meeting.id)
    with app.app_context(), sqlite3.connect(keys) as connection:
        app.extensions["keyring"] = sealing.Keyring(ring.engine, ring.master)
        connection.execute("DELETE FROM meeting_keys")
        connection.commit()
        with pytest.raises(sealing.Damaged):
            loading.read(meeting.id)


@pytest.mark.promise("written-anew")
def test_what_is_revealed_was_written_anew_so_that_no_row_leads_to_its_writer(app: Flask) -> None:
    meeting = evaluating(app)
    for name, person in zip("pabc", (meeting.pete, meeting.ada, meeting.bob, meeting.cleo), strict=True):
        evaluate(meeting, person, answer(f"From {name}", 4), capability=name * 24)
    before = {item.id: item.text("line") for item in meeting.items("evaluation")}
    meeting.reveal()
    after = {item.id: item.text("line") for item in meeting.items("evaluation")}
    assert sorted(after.values()) == sorted(before.values())
    assert not set(after) & set(before)


@pytest.mark.promise("written-anew")
@pytest.mark.postgres
@pytest.mark.parametrize("move", ["reveal", "end"])
def test_what_a_database_notes_of_transactions_brings_no_answer_together_with_its_writer(
    postgres: Postgres, tmp_path: Path, move: str
) -> None:
    """PostgreSQL tells of every row which transaction wrote it."""
    with postgres.house() as environ, empty_house(settings_in(tmp_path, environ)) as app:
        meeting = evaluating(app)
        for person in (meeting.pete, meeting.ada, meeting.bob, meeting.cleo):
            evaluate(meeting, person, answer(ONE, 4), capability=person.name * 8)

        def transactions() -> list[str]:
            rows = "SELECT xmin FROM contributions WHERE form = 'evaluation' UNION ALL SELECT xmin FROM tallies WHERE form = 'evaluation'"
            with app.app_context(), db.engine.connect() as connection:
                return [str(found) for found in connection.scalars(text(rows))]

        before = transactions()
        assert sorted(before[:4]) == sorted(before[4:]), "each answer was written together with the count of its writer"
        assert len(set(before)) == 4
        meeting.steer(move)
        assert len(transactions()) == 8
        assert len(set(transactions())) == 1


@pytest.mark.promise("no-log-of-who-wrote-when")
def test_no_row_of_any_table_tells_when_somebody_wrote_or_tapped(app: Flask) -> None:
    def moments() -> set[tuple[str, datetime]]:
        with app.app_context(), db.engine.connect() as connection:
            return {
                (f"{table.name}.{column.name}", found)
                for table in metadata.sorted_tables
                for column in table.columns
                if isinstance(column.type, Moment)
                for found in connection.scalars(select(column))
                if found is not None
            }

    meeting = Cast(app).meeting()
    before = moments()
    meeting.join("Zoe")
    assert {name for name, _ in moments() - before} >= {"seats.joined_at"}, (
        "when somebody comes is kept, for their hours"
    )
    for step in ("story", "clarify", "diagnose", "advise", "choose", "commit", "evaluate"):
        meeting.play_to(step)
        before = moments()
        meeting.fill()
        meeting._mark_all()
        assert moments() == before, step
    assert len(meeting.snapshot.items) > 15, "much was written"


def test_an_answer_can_still_be_changed_after_the_group_was_in_another_phase(app: Flask) -> None:
    meeting = evaluating(app)
    evaluate(meeting, meeting.pete, answer(ONE, 5), capability="p" * 24)
    [item] = meeting.items("evaluation")
    meeting.back()
    meeting.next()
    evaluate(meeting, meeting.pete, answer(OTHER, 1), item=item.id, capability="p" * 24)
    assert [item.text("line") for item in meeting.items("evaluation")] == [OTHER]


@pytest.mark.promise("from-four-answers")
def test_fewer_than_four_answers_are_not_revealed(app: Flask) -> None:
    meeting = evaluating(app)
    for person in (meeting.pete, meeting.ada, meeting.bob):
        evaluate(meeting, person, answer(ONE, 4))
    with pytest.raises(Refused) as refused:
        meeting.reveal()
    assert refused.value.code == "too_few_texts"
    assert not [name for name, screen in meeting.screens().items() if ONE in screen]


def test_fewer_than_four_people_are_not_asked_without_a_name(app: Flask) -> None:
    meeting = Cast(app).meeting("Gia", "Pete", "Ada")
    meeting.advance_to("evaluate")
    assert 'value="evaluation"' not in meeting.screen(meeting.pete)
    with pytest.raises(Refused):
        evaluate(meeting, meeting.pete, answer(ONE, 4))


def test_only_the_phone_that_wrote_an_answer_can_change_it_and_only_until_the_reveal(app: Flask) -> None:
    meeting = evaluating(app)
    evaluate(meeting, meeting.pete, answer(ONE, 5), capability="p" * 24)
    evaluate(meeting, meeting.pete, answer(OTHER, 1), capability="p" * 24)
    assert len(meeting.items("evaluation")) == 1
    [item] = meeting.items("evaluation")
    assert item.text("line") == OTHER
    with pytest.raises(Refused):
        evaluate(meeting, meeting.ada, answer(ONE, 1), item=item.id, capability="a" * 24)
    for name, person in zip("abc", (meeting.ada, meeting.bob, meeting.cleo), strict=True):
        evaluate(meeting, person, answer("", 3), capability=name * 24)
    meeting.reveal()
    with pytest.raises(Refused):
        evaluate(meeting, meeting.pete, answer(ONE, 3), capability="p" * 24)


def query(settings: Settings, statement: str, path: Path | None = None) -> list[tuple[object, ...]]:
    file = path or Path(settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        return connection.execute(statement).fetchall()


ANONYMOUS = (
    'kind = "advise"\nminutes = 5\npace = "together"\n'
    'forms = [{ key = "advice", who = "everyone", is_anonymous = true, fields = [{ name = "what" }] }]\n'
    + LABELLED.format('"advice.what" = "What"', ""),
    'kind = "diagnose"\nminutes = 5\npace = "items"\nforms = []\nshows = { of = "advise" }',
    'kind = "learn"\nminutes = 4',
)


def test_what_points_at_a_text_without_a_name_still_does_once_it_was_written_anew(cast: Cast, tmp_path: Path) -> None:
    with in_the_catalogue(written(tmp_path, *ANONYMOUS)) as key:
        meeting = cast.meeting("Gia", "Pete", "Ada", "Bob", "Cleo", method=key)
        meeting.advance_to("advise")
        for name in ("Gia", "Pete", "Ada"):
            meeting.write(meeting[name], "advice", what=f"Advice of {name}.")
        meeting.reveal()
        meeting.next()
        meeting.next_item()
        meeting.next_item()
        before = talked_about(meeting)
        old_names = {item.id for item in meeting.snapshot.items}
        meeting.steer("back")
        meeting.next()
        assert old_names.isdisjoint(item.id for item in meeting.snapshot.items), "they were written anew"
        assert talked_about(meeting) == before


def talked_about(meeting: Meeting) -> list[str]:
    """The texts that had their turn in the step at hand, and the one that has it."""
    found = (meeting.snapshot.item(text) for text in (*meeting.step.done, meeting.step.item))
    return [item.text("what") if item else "a text that is not there" for item in found]
