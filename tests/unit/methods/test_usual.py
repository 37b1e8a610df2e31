"""What a method leaves out is usual for the kind of its phases, and what it says is never changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from facilitator.core import languages
from facilitator.methods.loader import load_catalogue, load_file
from facilitator.methods.usual import USUAL, completed, usual_reveals
from facilitator.methods.vocabulary import Audience, CaseGiverState, Facet, Kind, Method

SKETCHES = Path(__file__).parent / "sketches"
HEAD = """
key = "short"
source = "An example"
people_min = 3
people_max = 8
texts.en = { title = "T", summary = "S", suits = "S", avoid = "A", agreement = ["A"] }
texts.nl = { title = "T", summary = "S", suits = "S", avoid = "A", agreement = ["A"] }
"""


def of(tmp_path: Path, *phases: str) -> Method:
    """A method with these phases, each one what a file says of it."""
    path = tmp_path / "short.toml"
    path.write_text(HEAD + "".join(f"\n[[phases]]\n{phase}\n" for phase in phases), encoding="utf-8")
    return load_file(path)


@pytest.mark.parametrize("kind", Kind)
def test_a_phase_of_any_kind_needs_no_more_than_its_kind_and_its_minutes(tmp_path: Path, kind: Kind) -> None:
    earlier = 'kind = "story"\nminutes = 5' if kind is not Kind.STORY else 'kind = "talk"\nminutes = 5'
    phases = [f'kind = "{kind}"\nminutes = 5']
    method = of(tmp_path, *([*phases, earlier] if USUAL[kind].get("part") == "opening" else [earlier, *phases]))
    phase = method.phase(kind)
    assert phase is not None
    assert set(phase.texts) == set(languages.complete())
    assert phase.text("nl").title != phase.text("en").title or kind is Kind.GOSSIP


def test_there_is_something_usual_for_every_kind_and_for_nothing_else() -> None:
    assert set(USUAL) == set(Kind)


def test_what_a_method_says_stays_as_it_says_it() -> None:
    path = SKETCHES / "whole.toml"
    whole, said = load_file(path), completed({})
    assert said == {}, "nothing comes from nothing"
    for phase in whole.phases:
        for language in ("nl", "en"):
            assert f'title = "{phase.text(language).title}"' in path.read_text(encoding="utf-8")
    assert whole.phases[4].reveals[Audience.WALL].after == {Facet.QUESTION, Facet.CURRENT, Facet.NAMES}


def test_labels_come_along_as_far_as_their_fields_do(tmp_path: Path) -> None:
    other = 'kind = "advise"\nminutes = 5\nforms = [{ key = "idea", who = "peers", fields = [{ name = "idea" }] }]'
    words = '\n[phases.texts]\nnl.fields = { "idea.idea" = "Mijn idee" }\nen.fields = { "idea.idea" = "My idea" }'
    advise = of(tmp_path, other + words).phase("advise")
    assert advise is not None
    assert advise.text("en").fields == {"idea.idea": "My idea"}


def test_an_empty_word_takes_back_what_is_usual(tmp_path: Path) -> None:
    method = of(tmp_path, 'kind = "pick"\nminutes = 5\nneeds = ""\nmarks = {}', 'kind = "talk"\nminutes = 5')
    assert (method.phases[0].needs, method.phases[0].marks) == (None, None)


def test_phases_in_which_people_only_talk_ask_for_nothing_in_writing(tmp_path: Path) -> None:
    method = of(tmp_path, 'kind = "clarify"\nminutes = 5\nforms = []\npace = "together"')
    assert method.phases[0].forms == ()
    assert not any(reveal.after - {Facet.QUESTION} for reveal in method.phases[0].reveals.values())


@pytest.mark.parametrize("method", load_catalogue().values(), ids=lambda method: method.key)
def test_what_is_usual_to_show_leaves_out_whoever_is_turned_away(method: Method) -> None:
    for phase in method.phases:
        away = phase.model_copy(update={"case_giver": CaseGiverState.TURNED_AWAY})
        found = usual_reveals(away)[Audience.CASE_GIVER]
        assert found.after <= {Facet.OWN, Facet.QUESTION}


def test_what_is_usual_to_show_is_what_the_first_method_always_said() -> None:
    changed = {"choose": "whoever chooses should not see names", "evaluate": "the open line is shown as well"}
    for phase in load_file(SKETCHES / "whole.toml").phases:
        assert phase.key in changed or usual_reveals(phase) == phase.reveals, phase.key
