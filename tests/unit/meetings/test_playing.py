"""Playing a method in memory finds what its words promise and no meeting by it would keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from facilitator.meetings import playing, seen
from facilitator.meetings.seen import Seen
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method
from tests.own_methods import problems

STORY = 'kind = "story"\nminutes = 5'
ADVISE = 'kind = "advise"\nminutes = 9'
THREE_TEXTS = """kind = "inventory"
minutes = 9
pace = "together"
[[phases.forms]]
key = "seen"
who = "everyone"
fields = [{ name = "what" }, { name = "when" }, { name = "why" }]
[phases.texts.en.fields]
"seen.what" = "What"
"seen.when" = "When"
"seen.why" = "Why"
[phases.texts.nl.fields]
"seen.what" = "Wat"
"seen.when" = "Wanneer"
"seen.why" = "Waarom"
"""
DOTS = """kind = "choose"
minutes = 5
forms = []
marks = { kind = "dot", who = "peers", on = "advise" }
[phases.reveals]
"""


def test_a_method_of_usual_phases_plays_true(tmp_path: Path) -> None:
    assert problems(tmp_path, STORY, ADVISE, 'kind = "choose"\nminutes = 5') == []


@pytest.mark.parametrize("method", load_catalogue().values(), ids=load_catalogue())
def test_every_method_of_the_catalogue_plays_true(method: Method) -> None:
    assert playing.problems_of_play(method) == []


def test_a_text_that_reaches_no_screen_is_named(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, STORY, THREE_TEXTS)
    assert "phases[1].forms[0].fields[2]: nobody but its writer is ever shown what is written here" in found


def test_what_an_action_never_shows_is_named(tmp_path: Path) -> None:
    fields = '[{ name = "then", is_required = true }, { name = "whom" }]'
    labels = "".join(f'[phases.texts.{each}.fields]\n"action.whom" = "With whom"\n' for each in ("nl", "en"))
    commit = f'kind = "commit"\nminutes = 5\nforms = [{{ key = "action", who = "case_giver", makes_action = true, fields = {fields} }}]\n{labels}'
    (found,) = problems(tmp_path, STORY, commit)
    assert "phases[1].forms[0].fields[1]: of an action only when_if, then and due are shown" in found


def test_marks_without_a_text_to_set_them_on_are_named(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, STORY, ADVISE, f'{DOTS}wall = {{ before = ["items"], after = ["items", "marks"] }}')
    assert "phases[2].marks: nobody who may set one has a text before them" in found


def test_marks_that_nobody_is_shown_are_named(tmp_path: Path) -> None:
    shown = 'wall = { before = ["items"], after = ["items"] }\npeer = { before = ["items"], after = ["items"] }'
    (found,) = problems(tmp_path, STORY, ADVISE, DOTS + shown)
    assert "phases[2].marks: what was marked is shown to nobody" in found
    assert problems(tmp_path, STORY, ADVISE, DOTS + shown.replace('"items"]', '"items", "marks"]')) == []


def test_a_turn_that_nobody_gets_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, STORY, f'{ADVISE}\nspeaks = "case_giver"')
    assert any("phases[1].pace: what is written here does not come out at this pace" in line for line in found), found


def test_an_instruction_to_write_needs_a_form(tmp_path: Path) -> None:
    asks = 'kind = "talk"\nminutes = 5\ntexts.en.instruction = "Write down what you think."'
    (found,) = problems(tmp_path, STORY, asks)
    assert "phases[1].texts.en.instruction: asks to write something, and there is nothing to write in" in found


def test_what_would_be_shown_too_early_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file that passes can do that; a change of what seats see could."""
    method = load_catalogue()["basis"]
    usual = seen.facets
    monkeypatch.setattr(seen, "facets", lambda phase, audience, *_, **__: usual(phase, audience, is_revealed=True))
    monkeypatch.setattr("facilitator.meetings.snapshot.Item.is_shown", property(lambda item: not item.is_removed))
    found = {problem.reason for problem in playing.problems_of_play(method)}
    assert any("before it is revealed" in reason for reason in found)


def test_what_seats_no_longer_see_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    method = load_catalogue()["basis"]
    monkeypatch.setattr(Seen, "sees", lambda _me, _item: False)
    assert any("nobody but its writer" in problem.reason for problem in playing.problems_of_play(method))
