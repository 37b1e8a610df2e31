"""Questions are told apart by how they are asked: as well in those that were kept aside as in those that it was learned from."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from facilitator.core import languages
from facilitator.methods.hints import KINDS, Asked, asked, language_of, spoken
from facilitator.methods.question_grammar import features
from scripts import train_hints

QUESTIONS = Path(__file__).parents[2] / "questions"
PARTS = ("training", "held_out")
ADVICE, NOT_OPEN, BLAMED = 0.85, 0.80, 0.05
APOSTROPHES = "'’‘ʼ´`"


def questions(code: str, part: str, kind: Asked) -> tuple[str, ...]:
    return languages.lines_of(QUESTIONS / code / part / f"{kind}.txt")


@cache
def judged(code: str, part: str) -> Counter[tuple[Asked, Asked]]:
    """How often each kind of question was taken for which."""
    return Counter((kind, asked(question, code)) for kind in KINDS for question in questions(code, part, kind))


def share(code: str, part: str, kinds: set[Asked], taken_for: set[Asked]) -> float:
    """Of the questions of some kinds, how many were taken for one of others."""
    table = judged(code, part)
    every = sum(count for (kind, _), count in table.items() if kind in kinds)
    return sum(count for (kind, taken), count in table.items() if kind in kinds and taken in taken_for) / every


EACH = pytest.mark.parametrize(("code", "part"), list(product(languages.complete(), PARTS)))
OTHERS = set(KINDS) - {Asked.OPEN}


@EACH
def test_advice_in_disguise_is_known_by_its_name(code: str, part: str) -> None:
    assert share(code, part, {Asked.ADVICE}, {Asked.ADVICE}) >= ADVICE


@EACH
@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_a_question_that_is_not_open_is_told_so(code: str, part: str, kind: Asked) -> None:
    assert share(code, part, {kind}, OTHERS) >= NOT_OPEN
    assert share(code, part, {kind}, {kind}) >= NOT_OPEN


@EACH
def test_an_open_question_is_left_alone(code: str, part: str) -> None:
    assert share(code, part, {Asked.OPEN}, OTHERS) <= BLAMED


def test_the_documents_tell_how_well_it_works() -> None:
    rows: dict[str, tuple[set[Asked], set[Asked]]] = {
        "advice in disguise, called `advice`": ({Asked.ADVICE}, {Asked.ADVICE}),
        "not open, told by some hint": (OTHERS, OTHERS),
        **{f"{kind}, by its own name": ({kind}, {kind}) for kind in sorted(OTHERS - {Asked.ADVICE})},
        "open, blamed for something": ({Asked.OPEN}, OTHERS),
    }
    told = (QUESTIONS.parents[1] / "docs/methods.md").read_text(encoding="utf-8")
    for row, (kinds, taken_for) in rows.items():
        shares = (share(code, part, kinds, taken_for) for code in ("nl", "en") for part in PARTS)
        assert f"| {row} | {' | '.join(f'{100 * one:.0f}' for one in shares)} |" in told, row


@pytest.mark.parametrize(("code", "kind"), list(product(languages.complete(), KINDS)))
def test_there_are_questions_enough_and_none_is_in_both_parts(code: str, kind: Asked) -> None:
    learned, aside = (questions(code, part, kind) for part in PARTS)
    assert len(learned) + len(aside) >= 300
    assert len(aside) * 2 >= len(learned)
    every = [" ".join(one.lower().rstrip("?. ").split()) for one in (*learned, *aside)]
    assert sorted(every) == sorted(set(every))


@pytest.mark.parametrize(
    ("code", "question", "kind"),
    [
        ("nl", "Wat heb je al eens geprobeerd?", Asked.OPEN),
        ("nl", "Hoe zou je dat gesprek aanpakken?", Asked.OPEN),
        ("nl", "Kun je daar wat meer over vertellen?", Asked.OPEN),
        ("nl", "Heb je al met je chef gesproken?", Asked.ADVICE),
        ("nl", "ZOU JE NIET   liever\neven wachten", Asked.ADVICE),
        ("nl-BE", "Hebt ge uw baas dat al ne keer gevraagd?", Asked.ADVICE),
        ("nl_NL", "Is hij vaak ziek", Asked.CLOSED),
        ("nl", "Dat is toch niet normaal?", Asked.LEADING),
        ("nl", "Wie was erbij en wat zeiden ze?", Asked.STACKED),
        ("en", "What have you tried?", Asked.OPEN),
        ("en-GB", "How would you handle that?", Asked.OPEN),
        ("en", "Could you tell us a bit more about it?", Asked.OPEN),
        ("en", "Have you spoken to your boss yet?", Asked.ADVICE),
        ("en", "why dont you just ask her", Asked.ADVICE),
        ("en", "Is he often ill?", Asked.CLOSED),
        ("en", "You were angry, weren't you?", Asked.LEADING),
        ("en", "Who was there and what did they say?", Asked.STACKED),
        ("nl", "", Asked.OPEN),
        ("en", "  ?!\n", Asked.OPEN),
        ("xx", "Have you tried it?", Asked.OPEN),
    ],
)
def test_a_question_of_each_kind(code: str, question: str, kind: Asked) -> None:
    assert asked(question, code) is kind


def test_capitals_and_kinds_of_apostrophes_make_no_difference() -> None:
    every = {frozenset(features(f"WHY don{sign}t  you ask?", "en")) for sign in APOSTROPHES}
    assert every == {features("why don't you ask?", "en")} != {frozenset()}


def test_a_question_is_judged_in_the_language_it_is_in() -> None:
    assert language_of("Wat heb je toen tegen hem gezegd?", "en") == "nl"
    assert language_of("What did you say to him then?", "nl_BE") == "en"
    assert language_of("Hm?", "nl_BE") == "nl_BE"


@pytest.mark.parametrize("code", spoken())
def test_the_weights_are_those_of_the_questions_and_words_that_are_there(code: str) -> None:
    assert languages.lines_of(languages.data("questions.tsv")[code])[0] == train_hints.fingerprint(code)


def test_every_complete_language_tells_questions_apart() -> None:
    assert set(languages.complete()) <= set(spoken())
