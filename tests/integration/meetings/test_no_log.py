"""No log of who wrote when: whatever somebody does with a text, no moment in either database tells that it was just now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Date, DateTime, select

from facilitator.archive import talk
from facilitator.core import sealing
from facilitator.core.db import Moment, db
from facilitator.meetings.actions import writing
from facilitator.migrations.tables import metadata
from tests.cast import Cast
from tests.library import Library

Found = tuple[str, str, object]


def moments() -> set[Found]:
    """Every moment in both databases, by table and column. Days are none."""
    return set(_moments())


def _moments() -> Iterator[Found]:
    for engine, tables in ((db.engine, metadata), (sealing.keyring().engine, sealing.metadata)):
        with engine.connect() as connection:
            for table in tables.sorted_tables:
                for column in table.columns:
                    if isinstance(column.type, Moment | DateTime) and not isinstance(column.type, Date):
                        yield from ((table.name, column.name, at) for at in connection.scalars(select(column)) if at)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Looks at the databases before and after everything that is done with a text; gives what was done."""
    done: list[str] = []

    def watch(name: str) -> None:
        real = getattr(writing, name)

        def also_look(*args: object) -> object:
            before = moments()
            outcome = real(*args)
            assert moments() <= before, f"{name} left a moment behind"
            done.append(name)
            return outcome

        monkeypatch.setattr(writing, name, also_look)

    for name in ("contribute", "take_down", "say_instead", "mark"):
        watch(name)
    return done


@pytest.mark.promise("no-log-of-who-wrote-when")
def test_no_text_of_a_meeting_and_no_tap_leaves_a_moment_behind(app: Flask, watched: list[str]) -> None:
    meeting = Cast(app).meeting()
    meeting.advance_to("clarify")
    mine = meeting.write(meeting.pete, "question", question="What happened?")
    meeting.write(meeting.pete, "question", item=mine.item_id or "", question="What happened then?")
    meeting.instead(meeting.ada, "question", "says")
    earlier = meeting.step
    meeting.play_step()
    meeting.next()
    meeting.write(meeting.ada, "question", step=earlier, question="Too late?")
    meeting.play()
    with app.app_context():
        assert moments(), "there are moments of other things"
    assert watched.count("contribute") > 20
    assert {"contribute", "say_instead", "mark"} <= set(watched)


@pytest.mark.promise("no-log-of-who-wrote-when")
def test_what_is_said_under_a_card_has_a_day_and_no_moment(app: Flask) -> None:
    library = Library(app)
    card, ada = library.put("How do I begin?"), library.people["Ada"]
    with app.app_context():
        before = moments()
        question = talk.ask(ada, card, "And then?")
        talk.answer(ada, card, question, "Then that.")
        talk.change(ada, card, question, "And after that?")
        talk.tell_how_it_went(ada, card, "worked", "It went well.")
        talk.remove(ada, card, question)
        assert moments() <= before
