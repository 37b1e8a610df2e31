"""The catalogue and the sketches: what ships is complete, and what comes later fits the vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest

from facilitator.methods.loader import CATALOGUE, check_file, load_catalogue, load_file
from facilitator.methods.vocabulary import Audience, CaseGiverState, Facet, Method, Needs, OnTable, Part, Phase

SKETCHES = Path(__file__).parent / "sketches"
TEXTS = {Facet.ITEMS, Facet.CURRENT, Facet.NAMES, Facet.RESULTS}


@pytest.mark.parametrize("path", list(CATALOGUE.glob("*.toml")), ids=lambda path: path.name)
def test_every_method_file_is_without_problems(path: Path) -> None:
    assert check_file(path) == []


@pytest.mark.parametrize("path", list(SKETCHES.glob("*.toml")), ids=lambda path: path.name)
def test_every_sketch_has_the_shape_of_a_method(path: Path) -> None:
    """Whether a meeting by it would keep all that it says is another question."""
    assert load_file(path).key == path.stem or path.stem == "whole"


def test_the_catalogue_is_read_once_and_keyed_by_file_name() -> None:
    assert load_catalogue() is load_catalogue()
    assert sorted(load_catalogue()) == sorted(path.stem for path in CATALOGUE.glob("*.toml"))


@pytest.mark.parametrize("method", load_catalogue().values(), ids=load_catalogue())
def test_a_method_tells_in_each_language_where_it_comes_from(method: Method) -> None:
    told = [method.source_in(language) for language in method.texts]

    assert all(told)
    assert len(set(told)) == len(told)
    assert method.source_in("fr") == method.source_in("en"), "as its other texts"


def test_the_basic_consultation_takes_little_more_than_an_hour_of_which_the_end_has_ten_minutes() -> None:
    basis = load_catalogue()["basis"]
    minutes = {phase.key: phase.minutes for phase in basis.phases}
    assert sum(minutes.values()) + basis.lobby_minutes == 65
    assert minutes["commit"] + minutes["learn"] + minutes["evaluate"] == 10


def test_a_second_case_of_the_basic_consultation_repeats_story_to_action() -> None:
    basis = load_catalogue()["basis"]
    again = [phase.key for phase in basis.phases if phase.part is Part.ROUND]
    assert again == ["story", "clarify", "diagnose", "advise", "choose", "commit"]
    assert {phase.needs for phase in basis.phases if phase.needs} == set(Needs)


def in_silence(method: Method) -> list[Phase]:
    """The phases whose texts wait to be revealed."""
    return [phase for phase in method.phases if phase.forms and not any(form.is_open for form in phase.forms)]


def test_there_is_something_written_in_silence_and_shown_later() -> None:
    silent = [phase for method in load_catalogue().values() for phase in in_silence(method)]
    assert any(reveal.after & TEXTS for phase in silent for reveal in phase.reveals.values())


@pytest.mark.parametrize("method", load_catalogue().values(), ids=lambda method: method.key)
def test_what_is_written_in_silence_is_on_no_screen_before_the_reveal(method: Method) -> None:
    assert not any(reveal.before & TEXTS for phase in in_silence(method) for reveal in phase.reveals.values())


def test_the_ending_of_an_incident_is_hidden_until_a_later_phase_shows_it() -> None:
    incident = load_file(SKETCHES / "incident.toml")
    story, ending = incident.phase("story"), incident.phase("ending")
    assert story
    assert ending
    assert story.form("ending")
    assert ending.shows == OnTable(of="story", form="ending")
    assert Facet.ITEMS in ending.reveals[Audience.PEER].after
    assert not any(reveal.after & TEXTS for reveal in story.reveals.values())


def test_a_client_of_troika_is_turned_away_and_sees_no_idea_of_the_others() -> None:
    consult = load_file(SKETCHES / "troika.toml").phase("consult")
    assert consult
    assert consult.case_giver is CaseGiverState.TURNED_AWAY
    assert Facet.ITEMS in consult.reveals[Audience.PEER].before
    assert not consult.reveals[Audience.CASE_GIVER].after & TEXTS


def test_a_group_can_choose_between_modules() -> None:
    tietze = load_file(SKETCHES / "tietze.toml")
    assert [phase.key for phase in tietze.phases if phase.option_of == "module"] == ["brainstorm", "resonance"]
