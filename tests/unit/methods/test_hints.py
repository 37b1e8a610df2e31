"""Advice in disguise is recognised; a real question is left alone."""

from __future__ import annotations

import pytest

from facilitator.methods.hints import phrases, sounds_like_advice


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Heb je al eens met zijn leidinggevende gepraat?"),
        ("nl", "ZOU JE NIET   liever\neven wachten?"),
        ("nl", "En waarom doe je niet gewoon mee?"),
        ("nl_NL", "Heb je al eens gevraagd wat hij wil?"),
        ("en", "Have you tried talking to him?"),
        ("en", "Wouldn’t you rather wait?"),
        ("en-GB", "Why don't you ask her?"),
    ],
)
def test_advice_in_disguise_is_recognised(language: str, text: str) -> None:
    assert sounds_like_advice(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
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
    ],
)
def test_a_real_question_is_left_alone(language: str, text: str) -> None:
    assert not sounds_like_advice(text, language)


def test_a_language_without_a_list_gets_no_hints() -> None:
    assert phrases("xx") == ()
    assert not sounds_like_advice("Have you tried it?", "xx")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_phrases_are_written_as_they_are_matched(language: str) -> None:
    listed = phrases(language)
    assert len(listed) == len(set(listed)) > 10
    assert all(phrase == " ".join(phrase.lower().split()) and "’" not in phrase for phrase in listed)
