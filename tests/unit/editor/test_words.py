"""Every word of a method file is called what it is, also where two kinds of words are written with the same letters."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations

import pytest
from flask_babel import force_locale

from facilitator import create_app
from facilitator.core.config import Settings
from facilitator.editor.sentences import in_words
from facilitator.editor.words import OPTIONS, option, option_name
from facilitator.meetings.methods_in_words import AIMS, EXPERIENCES
from facilitator.methods.vocabulary import (
    Aim,
    Audience,
    Facet,
    Kind,
    MarkKind,
    Only,
    Order,
    Pace,
    Part,
    Role,
    Who,
)

MEANT: dict[type[StrEnum], dict[str, str]] = {
    Pace: {"items": "One text after the other", "round": "One person after the other"},
    Facet: {"items": "All texts", "chosen": "What got a star"},
    Part: {"round": "In the round, for every case again"},
    Kind: {"learn": "Learning points", "evaluate": "Evaluation"},
    Aim: {"learn": "Learn from what went well, or from each other's work", "evaluate": "Look back on a project"},
    MarkKind: {"warmth": "Warm, neutral or cold"},
    Order: {"warmth": "Warm before neutral before cold"},
    Only: {"chosen": "Those with a star"},
    Who: {"case_giver": "The case giver"},
    Audience: {"case_giver": "Case giver"},
    Role: {"case_giver": "Case giver"},
}


@pytest.fixture(scope="module", autouse=True)
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    app = create_app(Settings.load(tmp_path_factory.mktemp("words"), {}).kept())
    with app.test_request_context(), force_locale("en"):
        yield


def _shared() -> list[StrEnum]:
    """Members whose letters another kind of word has too."""
    found = {
        (kind.__name__, member.value): member
        for a, b in combinations(OPTIONS, 2)
        for kind in (a, b)
        for member in kind
        if member.value in {one.value for one in a} & {one.value for one in b}
    }
    return [found[place] for place in sorted(found)]


@pytest.mark.parametrize("member", _shared(), ids=lambda member: f"{type(member).__name__}.{member.name}")
def test_words_with_the_same_letters_are_called_what_each_of_them_is(member: StrEnum) -> None:
    meant = MEANT[type(member)][member.value]
    assert (str(option(member)), option_name(type(member).__name__, member.value)) == (meant, meant)


def test_aims_and_experience_are_called_what_they_are_called_elsewhere() -> None:
    for member, words in (AIMS | EXPERIENCES).items():
        assert str(option(member)) == str(words)


def test_a_sentence_of_a_check_calls_a_part_a_part() -> None:
    said = in_words("clarify cannot come after round", {})
    assert said is not None
    assert "In the round, for every case again" in said
    kinds = (Facet, Audience, Part)
    assert len({one.value for kind in kinds for one in kind}) == sum(map(len, kinds)), "their letters are all different"
