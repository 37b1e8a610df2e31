"""A group chooses among phases: what is seen of the choice, which one comes, and how the moderator takes another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from facilitator.core.refusals import Refused
from facilitator.methods import timing
from facilitator.methods.vocabulary import Method
from tests import pages
from tests.accounts_cast import english, make_moderator, post, sign_in
from tests.cast import Cast, Meeting
from tests.own_methods import in_the_catalogue, problems, written
from tests.phones import device

KEYS = ("ideas", "images", "guesses")


def option(key: str, kind: str = "advise") -> str:
    return f"""
key = "{key}"
kind = "{kind}"
minutes = 10
option_of = "way"
texts.en.short = "{key.title()}"
texts.nl.short = "{key.title()}"
"""


CHOOSING = """
key = "way"
kind = "talk"
minutes = 5
[[phases.forms]]
key = "vote"
who = "everyone"
fields = [{ name = "way", type = "choice", choices = ["ideas", "images", "guesses"], is_required = true }]
[phases.texts.en]
fields = { "vote.way" = "How do we think along?" }
choices = { "vote.way.ideas" = "Ideas", "vote.way.images" = "Images", "vote.way.guesses" = "Guesses" }
[phases.texts.nl]
fields = { "vote.way" = "Hoe denken we mee?" }
choices = { "vote.way.ideas" = "Ideeën", "vote.way.images" = "Beelden", "vote.way.guesses" = "Vermoedens" }
"""
PHASES = (
    'kind = "story"\nminutes = 5',
    CHOOSING,
    *map(option, KEYS, ("advise", "resonate", "diagnose")),
    'kind = "choose"\nminutes = 5',
    'kind = "learn"\nminutes = 10',
)


@pytest.fixture
def method(tmp_path: Path) -> Iterator[Method]:
    """Three ways to think along, of which the group chooses one."""
    found = written(tmp_path, *PHASES)
    with in_the_catalogue(found):
        yield found


@pytest.fixture
def meeting(cast: Cast, method: Method) -> Meeting:
    """Gia gave her case, and the group chooses."""
    found = cast.meeting("Gia", "Pete", "Ada", "Bob", method=method.key)
    found.start()
    found.next()
    return found


def vote(meeting: Meeting, **ways: str) -> None:
    for name, way in ways.items():
        meeting.write(meeting[name.capitalize()], "vote", way=way)


def line(meeting: Meeting) -> list[str]:
    return [step.key for step in meeting.state.steps]


def counts(meeting: Meeting, name: str) -> list[str]:
    """The figures of the choice on somebody's page."""
    return [
        figure.text
        for box in device(meeting, meeting[name]).open().all("figure", class_="counts")
        for figure in box.all("b", class_="num")
    ]


def test_what_was_chosen_is_seen_by_nobody_before_it_is_revealed_and_then_by_all(meeting: Meeting) -> None:
    vote(meeting, pete="images", ada="images", bob="guesses")
    for name in ("Gia", "Pete", "Wall"):
        assert counts(meeting, name) == []
    assert counts(meeting, "Mo") == ["0", "0", "0"], "what may come, without figures"
    meeting.reveal()
    for name in ("Gia", "Pete", "Wall", "Mo"):
        assert counts(meeting, name) == ["0", "2", "1"], name


def test_the_next_phase_is_what_was_chosen_most(meeting: Meeting) -> None:
    vote(meeting, pete="images", ada="images", bob="guesses")
    meeting.reveal()
    assert "Take Images" in meeting.screen(meeting.mo)
    assert line(meeting) == ["story", "way", "ideas", "choose", "learn"]
    meeting.next()
    assert meeting.step.key == "images"
    assert meeting.step.running_since is not None
    assert line(meeting) == ["story", "way", "images", "choose", "learn"]
    meeting.write(meeting.pete, "image", image="A locked door")


def test_where_nobody_chose_the_first_one_comes_and_the_moderator_can_still_take_another(meeting: Meeting) -> None:
    meeting.next()
    assert meeting.step.key == "ideas"
    meeting.steer("undo")
    mo = device(meeting, meeting.mo)
    mo.press(pages.named(mo.open(), "Take Guesses")[0])
    assert line(meeting)[2] == "guesses"
    meeting.next()
    assert meeting.step.key == "guesses"


def test_what_the_moderator_takes_holds_against_the_count_and_is_taken_back_with_one_tap(meeting: Meeting) -> None:
    vote(meeting, pete="images", ada="images")
    meeting.reveal()
    mo = device(meeting, meeting.mo)
    for taken in ("Guesses", "Ideas"):
        mo.press(pages.named(mo.open(), f"Take {taken}")[0])
    meeting.next()
    assert meeting.step.key == "ideas", "the first one, taken by hand: nobody's count puts it aside"


def test_it_can_be_taken_until_somebody_wrote_in_it_and_by_nobody_else(meeting: Meeting) -> None:
    meeting.steer("take", target="images")
    for by, target, code in ((meeting.wall, "ideas", "not_moderator"), (meeting.mo, "learn", "no_choice")):
        with pytest.raises(Refused) as refused:
            meeting.steer("take", by=by, target=target)
        assert refused.value.code == code
    meeting.next()
    meeting.write(meeting.pete, "image", image="A locked door")
    meeting.back()
    with pytest.raises(Refused) as late:
        meeting.steer("take", target="ideas")
    assert late.value.code == "no_choice"
    assert "Which one comes?" not in meeting.screen(meeting.mo)
    assert line(meeting)[2] == "images"


def test_the_options_take_the_time_of_one(cast: Cast, meeting: Meeting, method: Method) -> None:
    assert sum(step.planned for step in meeting.state.steps) == 35 * 60
    meeting.steer("extend", seconds=120)
    before = [step.planned + step.added for step in meeting.state.steps]
    meeting.steer("take", target="images")
    assert [step.planned + step.added for step in meeting.state.steps] == before
    shorter = timing.scaled(timing.counted(method.phases), 28)
    assert len(shorter) == 5
    assert sum(shorter) == 28
    assert timing.spread(method.phases, shorter)[2:5] == (shorter[2],) * 3
    lobby = cast.meeting(method=method.key)
    assert len(lobby.state.steps) == 5, "also before it starts"


def test_the_plan_counts_one_of_them(app_for_all_on: Flask, method: Method) -> None:
    mo = english(app_for_all_on.test_client())
    sign_in(mo, make_moderator(app_for_all_on, "Mona"))
    page = pages.read(post(mo, "/meetings/new", method=method.key, go="scale", minutes="38").text)
    labels = [label.text for label in page.all("label") if label.get("for").startswith("phase_")]
    assert labels[2] == "One of: Ideas, Images, Guesses"
    assert len(labels) == 5


def test_another_case_begins_with_its_own_choice(meeting: Meeting) -> None:
    meeting.steer("take", target="images")
    meeting.steer("add_round")
    keys = line(meeting)
    assert keys == ["story", "way", "images", "choose", "story", "way", "ideas", "choose", "learn"]
    meeting.advance_to("choose")
    while meeting.state.here < 5:
        meeting.next()
    vote(meeting, pete="guesses")
    meeting.reveal()
    meeting.next()
    assert line(meeting)[2:7] == ["images", "choose", "story", "way", "guesses"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("minutes = 10", "minutes = 8", "phases[3].option_of: must be as long as 'ideas', in whose place it comes"),
        ("minutes = 10", 'minutes = 10\nneeds = "open_actions"', "phases[3].option_of: cannot go with needs"),
    ],
)
def test_options_that_do_not_fit_in_one_place_are_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    phases = list(PHASES)
    phases[3] = phases[3].replace(old, new)
    assert any(sentence in problem for problem in problems(tmp_path, *phases))


def test_options_apart_from_each_other_are_refused(tmp_path: Path) -> None:
    phases = [*PHASES[:4], PHASES[5], PHASES[4], PHASES[6]]
    sentence = "phases[5].option_of: must stand beside 'ideas', in whose place it comes"
    assert any(sentence in problem for problem in problems(tmp_path, *phases))
