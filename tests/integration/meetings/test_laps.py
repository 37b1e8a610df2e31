"""A round that goes around the table more than once: each turn has one text, whoever has none left is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitator.meetings import moves
from tests.cast import Cast, Meeting, Person
from tests.own_methods import in_the_catalogue, problems, written
from tests.phones import device

EVERYBODY = ("Pete", "Ada", "Bob")

IDEAS = """
kind = "advise"
minutes = 10
pace = "round"
laps = 3
forms = [{ key = "idea", who = "peers", limit = 3, fields = [{ name = "idea", is_required = true }] }]
texts.en.fields = { "idea.idea" = "Your idea" }
texts.nl.fields = { "idea.idea" = "Je idee" }
"""
STORY, LEARN = 'kind = "story"\nminutes = 5', 'kind = "learn"\nminutes = 5'


@pytest.fixture
def meeting(cast: Cast, tmp_path: Path) -> Iterator[Meeting]:
    """Gia gave her case to Pete, Ada and Bob, who now write ideas and then go around."""
    with in_the_catalogue(written(tmp_path, STORY, IDEAS, LEARN)) as key:
        found = cast.meeting("Gia", "Pete", "Ada", "Bob", method=key)
        found.start()
        found.next()
        yield found


def write(meeting: Meeting, person: Person, count: int) -> None:
    for number in range(1, count + 1):
        meeting.write(person, "idea", idea=f"{person.name}-{number}")


def turns(meeting: Meeting) -> list[tuple[str, int, str]]:
    """Presses *next* until the round is over: who had the floor, in which lap, with what on the table."""
    found = []
    while moves.next_move(meeting.snapshot) == "next_speaker":
        meeting.next_speaker()
        if meeting.step.speaker:
            found.append(turn(meeting))
    return found


def turn(meeting: Meeting) -> tuple[str, int, str]:
    step = meeting.step
    item = meeting.snapshot.item(step.item)
    return meeting.snapshot.name(step.speaker), step.lap, item.text("idea") if item else ""


def main(page: str) -> str:
    """What a screen shows, without its clock."""
    found = re.search(r'(?s)<main id="stage".*</main>', page)
    assert found
    return found.group(0)


def heard(meeting: Meeting) -> set[str]:
    """The ideas that stand on the wall now."""
    page = meeting.screen(meeting.wall)
    return {f"{name}-{n}" for name in ("Pete", "Ada", "Bob") for n in (1, 2, 3) if f"{name}-{n}" in page}


def test_each_turn_has_one_text_and_whoever_has_none_left_is_passed_over(meeting: Meeting) -> None:
    for person, count in ((meeting.pete, 3), (meeting.ada, 2), (meeting.bob, 1)):
        write(meeting, person, count)
    assert heard(meeting) == set()
    told = []
    for _ in range(6):
        meeting.next_speaker()
        told.append(turn(meeting))
        assert heard(meeting) == {told[-1][2]}, "one at a time"
        assert f"Lap {told[-1][1]} of 3" in meeting.screen(meeting.mo)
        assert f"Lap {told[-1][1]} of 3" in meeting.screen(meeting.wall)
    assert [lap for _, lap, _ in told] == [1, 1, 1, 2, 2, 3]
    assert {name for name, lap, _ in told if lap == 1} == {"Pete", "Ada", "Bob"}
    assert [name for name, lap, _ in told if lap == 2] == [name for name, _, _ in told[:3] if name != "Bob"]
    assert told[-1][0] == "Pete"
    assert {text for _, _, text in told} == {"Pete-1", "Pete-2", "Pete-3", "Ada-1", "Ada-2", "Bob-1"}
    assert not any(item.is_hidden for item in meeting.items())


@pytest.mark.promise("revealed")
@pytest.mark.parametrize("turns_taken", [3, 4, 5, 6])
def test_no_screen_but_the_console_tells_before_the_turn_whether_somebody_has_another_text(
    meeting: Meeting, turns_taken: int
) -> None:
    for person, count in ((meeting.pete, 2), (meeting.ada, 2), (meeting.bob, 2)):
        write(meeting, person, count)
    for _ in range(turns_taken):
        meeting.next_speaker()
    before = {person.name: main(meeting.screen(person)) for person in meeting.people.values()}
    others = [person for person in (meeting.pete, meeting.ada, meeting.bob) if person.seat_id != meeting.step.speaker]
    for person in others:
        meeting.write(person, "idea", idea="One more")
    for name in {"Wall", "Gia", *EVERYBODY} - {person.name for person in others}:
        assert main(meeting.screen(meeting[name])) == before[name], name


def test_that_nobody_has_another_text_comes_out_by_going_on(meeting: Meeting) -> None:
    for person in (meeting.pete, meeting.ada, meeting.bob):
        write(meeting, person, 1)
    for _ in range(3):
        meeting.next_speaker()
    assert moves.next_move(meeting.snapshot) == "next_speaker"
    assert "Next speaker" in meeting.screen(meeting.wall)
    assert "Next speaker" in meeting.screen(meeting.mo)
    meeting.next_speaker()
    assert moves.next_move(meeting.snapshot) == "next"
    assert heard(meeting) == set()
    for person in (meeting.mo, meeting.wall, meeting.pete):
        assert "Lap" not in meeting.screen(person)
    assert "Silent writing" not in meeting.screen(meeting.wall)
    assert not any(item.is_hidden or not item.is_done for item in meeting.items())
    write(meeting, meeting.pete, 1)
    assert moves.next_move(meeting.snapshot) == "next", "the wall does not tell that Pete wrote once more"
    meeting.steer("give_floor", target=meeting.pete.seat_id)
    assert heard(meeting) == {"Pete-1"}
    assert "Lap" not in meeting.screen(meeting.wall)


def test_whoever_says_it_speaks_in_every_lap_and_whoever_passes_in_none_after_the_first(meeting: Meeting) -> None:
    meeting.instead(meeting.pete, "idea", "says")
    meeting.instead(meeting.ada, "idea", "passes")
    told = turns(meeting)
    laps = {name: [lap for who, lap, _ in told if who == name] for name in ("Pete", "Ada", "Bob")}
    assert laps == {"Pete": [1, 2, 3], "Ada": [1], "Bob": [1, 2, 3]}


def test_the_floor_out_of_turn_takes_one_text_and_costs_nobody_theirs(meeting: Meeting) -> None:
    for person in (meeting.pete, meeting.ada, meeting.bob):
        write(meeting, person, 2)
    meeting.next_speaker()
    told = [turn(meeting)]
    other = next(n for n in ("Bob", "Ada", "Pete") if meeting[n].seat_id == meeting.step.speakers[2])
    meeting.steer("give_floor", target=meeting[other].seat_id)
    told += [turn(meeting), *turns(meeting)]
    assert told[1][:2] == (other, 1)
    assert len({text for _, _, text in told}) == len(told) == 6


def test_people_who_leave_and_come_keep_the_laps_going(meeting: Meeting) -> None:
    for person in (meeting.pete, meeting.ada, meeting.bob):
        write(meeting, person, 2)
    for _ in range(3):
        meeting.next_speaker()
    last = meeting.snapshot.name(meeting.step.speaker)
    meeting.leave(meeting[last])
    meeting.join("Cleo")
    meeting.admit(meeting["Cleo"])
    write(meeting, meeting["Cleo"], 1)
    told = turns(meeting)
    assert told[0] == ("Cleo", 1, "Cleo-1"), "whoever comes later speaks last, in this lap"
    assert [lap for _, lap, _ in told[1:]] == [2, 2]
    assert last not in {name for name, _, _ in told}


def test_going_back_and_undoing_find_the_lap_as_it_was(meeting: Meeting) -> None:
    for person in (meeting.pete, meeting.ada, meeting.bob):
        write(meeting, person, 2)
    for _ in range(4):
        meeting.next_speaker()
    before = turn(meeting)
    assert before[1] == 2
    meeting.next()
    meeting.steer("undo")
    assert turn(meeting) == before
    assert heard(meeting) == {before[2]}
    meeting.next()
    meeting.back()
    assert turn(meeting) == before


def test_the_phone_of_the_speaker_shows_the_text_of_this_lap(meeting: Meeting) -> None:
    write(meeting, meeting.pete, 2)
    meeting.next_speaker()
    while turn(meeting)[0] != "Pete":
        meeting.next_speaker()
    quote = device(meeting, meeting.pete).open().all("p", class_="quote")
    assert [found.text for found in quote] == [turn(meeting)[2]]


def test_in_one_lap_everything_of_the_speaker_is_on_the_wall(cast: Cast, tmp_path: Path) -> None:
    once = IDEAS.replace("laps = 3\n", "")
    with in_the_catalogue(written(tmp_path, STORY, once, LEARN)) as key:
        meeting = cast.meeting("Gia", "Pete", "Ada", method=key)
        meeting.start()
        meeting.next()
        write(meeting, meeting.pete, 3)
        write(meeting, meeting.ada, 1)
        seen = []
        for _ in range(2):
            meeting.next_speaker()
            seen.append(heard(meeting))
        assert sorted(seen, key=len) == [{"Ada-1"}, {"Pete-1", "Pete-2", "Pete-3"}]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('pace = "round"', 'pace = "together"', "phases[1].laps: more than one goes with the pace round"),
        ("limit = 3", "limit = 4", "phases[1].laps: peers may write 4 texts here, more than there are turns"),
        ("laps = 3", "laps = 6", "phases[1].laps: input should be less than or equal to 5"),
    ],
)
def test_laps_that_cannot_be_are_refused_in_words(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert any(sentence in problem for problem in problems(tmp_path, STORY, IDEAS.replace(old, new), LEARN))


def test_what_was_said_in_turn_is_on_the_wall_where_it_is_chosen_from(cast: Cast) -> None:
    meeting = cast.meeting(method="ten_steps_90")
    advise = meeting.play_to("advise")
    for _ in range(advise.laps):
        meeting.fill()
    meeting.play_step()
    said = [item for item in meeting.items() if item.step_id == advise.id and item.is_shown]
    assert len(said) > len(meeting.participants), "more than one lap"
    meeting.next()
    assert meeting.step.key == "choose"
    assert shown_on_wall(meeting) == len(said)


def shown_on_wall(meeting: Meeting) -> int:
    return len(re.findall(r'<li class="(?:is-starred|is-now|)">', meeting.screen(meeting.wall)))
