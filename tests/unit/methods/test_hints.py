"""Advice in disguise is recognised on the phone; a real question is left alone."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest

from facilitator.methods.hints import phrases
from tests.unit.test_js import NODE, ROOT

SCRIPT = """
import { soundsLike } from "%s";
import { readFileSync } from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(([text, phrases]) => soundsLike(text, phrases))));
"""
IN_DISGUISE = [
    ("nl", "Heb je al eens met zijn leidinggevende gepraat?"),
    ("nl", "ZOU JE NIET   liever\neven wachten?"),
    ("nl", "En waarom doe je niet gewoon mee?"),
    ("nl_NL", "Heb je al eens gevraagd wat hij wil?"),
    ("en", "Have you tried talking to him?"),
    ("en", "Wouldn’t you rather wait?"),
    ("en", "Wouldn‘t you rather wait?"),
    ("en-GB", "Why don't you ask her?"),
    ("en-GB", "Why donʼt you ask her?"),
]
REAL = [
    ("nl", "Wat gebeurde er vlak voordat hij wegliep?"),
    ("nl", "Wat heb je al geprobeerd?"),
    ("nl", "Wat zou je niet willen dat er gebeurt?"),
    ("nl", "Hoe lang werken jullie al samen?"),
    ("nl", "Ik zou graag weten wie erbij was."),
    ("en", "What happened just before he walked away?"),
    ("en", "What do you think you should do?"),
    ("en", "What did you try?"),
    ("en", "Who else was there?"),
    ("en", ""),
    ("xx", "Have you tried it?"),
]


@cache
def judged() -> dict[tuple[str, str], bool]:
    """What the phone's own script makes of each of them."""
    every = [*IN_DISGUISE, *REAL]
    script = SCRIPT % (ROOT / "facilitator/static/src/js/hints.js").as_uri()
    answer = subprocess.run(
        [NODE, "--input-type=module", "--eval", script],
        input=json.dumps([(text, phrases(language)) for language, text in every]),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=Path(__file__).parent,
    )
    return dict(zip(every, json.loads(answer.stdout), strict=True))


@pytest.mark.parametrize("asked", IN_DISGUISE)
def test_advice_in_disguise_is_recognised(asked: tuple[str, str]) -> None:
    assert judged()[asked]


@pytest.mark.parametrize("asked", REAL)
def test_a_real_question_is_left_alone(asked: tuple[str, str]) -> None:
    assert not judged()[asked]


def test_a_language_without_a_list_gets_no_hints() -> None:
    assert phrases("xx") == ()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_phrases_are_written_as_they_are_matched(language: str) -> None:
    listed = phrases(language)
    assert len(listed) == len(set(listed)) > 10
    assert all(phrase == " ".join(phrase.lower().split()) and "’" not in phrase for phrase in listed)
