"""A method is written back as short as by hand, and read as the same one."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from facilitator.methods.loader import CATALOGUE, judged, load_catalogue, load_file
from facilitator.methods.shortening import document_of, shortened
from facilitator.methods.vocabulary import Kind, Method
from facilitator.methods.writing import written
from tests.contract.test_any_method import methods

SKETCHES = Path(__file__).parent / "sketches"
FILES = [*CATALOGUE.glob("*.toml"), *SKETCHES.glob("*.toml")]
HEAD = {
    "key": "short",
    "source": "An example",
    "people_min": 3,
    "people_max": 8,
    "texts": {"en": {"title": "T", "summary": "S", "suits": "S", "avoid": "A", "agreement": ["A"]}},
}


def read(text: str) -> Method:
    method, problems = judged(tomllib.loads(text))
    assert (method is not None, problems) == (True, [])
    assert method is not None
    return method


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_method_is_read_as_it_was_written_back(path: Path) -> None:
    method = load_file(path)
    assert read(written(document_of(method))) == method


@pytest.mark.parametrize("key", load_catalogue())
def test_a_method_of_the_catalogue_takes_no_more_than_by_hand(key: str) -> None:
    path = CATALOGUE / f"{key}.toml"
    by_hand = written(tomllib.loads(path.read_text(encoding="utf-8")))
    assert len(written(document_of(load_file(path)))) <= len(by_hand)


@pytest.mark.parametrize("key", load_catalogue())
def test_what_is_short_is_not_shortened_again(key: str) -> None:
    short = document_of(load_catalogue()[key])
    assert shortened(short) == short


def test_no_word_of_it_could_be_left_out() -> None:
    """The usual phase of every kind, written out whole, comes back as its kind and its minutes."""
    for kind in Kind:
        short = {**HEAD, "phases": [{"kind": kind.value, "minutes": 5}]}
        method, _ = judged(short)
        assert method is not None
        assert len(json.dumps(method.model_dump(mode="json"))) > len(json.dumps(short))
        assert document_of(method)["phases"] == short["phases"], kind


def test_what_takes_back_something_usual_stays() -> None:
    short = {**HEAD, "phases": [{"kind": "pick", "minutes": 5, "needs": "", "marks": {}}]}
    method, _ = judged(short)
    assert method is not None
    assert (method.phases[0].needs, method.phases[0].marks) == (None, None)
    assert document_of(method)["phases"] == short["phases"]


def test_a_word_of_a_later_version_stays_where_it_is() -> None:
    short = {**HEAD, "phases": [{"kind": "story", "minutes": 5, "colour": {"of": "sand"}}], "later": ["word"]}
    assert shortened(short) == short


@given(methods())
@settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_a_method_made_by_chance_is_read_as_it_was_written_back(document: dict[str, object]) -> None:
    method, _ = judged(document)
    assume(method is not None)
    assert method is not None
    again, _ = judged(tomllib.loads(written(document_of(method))))
    assert again == method


@given(
    st.recursive(st.text() | st.booleans() | st.integers(), lambda one: st.dictionaries(st.text(), one) | st.lists(one))
)
@settings(max_examples=100, deadline=None, database=None)
def test_whatever_is_written_is_read_again(value: object) -> None:
    document = {"said": value}
    assert tomllib.loads(written(document)) == document
