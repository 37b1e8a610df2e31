"""When a text still is somebody's own words."""

from __future__ import annotations

import pytest

from facilitator.consent.drafts import Draft, Piece, Place, is_near, own_words
from facilitator.reports.voices import Voice

SAID = "Give him a fixed small role to speak at the start of every shift"


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        SAID.upper(),
        "Give a colleague a fixed small role to speak at the start of every shift.",
        "We tried this: give him a fixed small role to speak at the start, and it went well for a week or two.",
    ],
)
def test_a_copy_is_near_with_a_name_replaced_or_a_frame_around_it(text: str) -> None:
    assert is_near(text, SAID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Let the newcomer open the day with one sentence.",
        "Ask him to say something at the start.",
        "the start of a shift",
    ],
)
def test_new_words_are_not_near(text: str) -> None:
    assert not is_near(text, SAID)


def test_of_a_short_text_all_words_count() -> None:
    assert is_near("Ask him!", "ask him")
    assert not is_near("Ask her", "ask him")
    assert not is_near("Ask him what he thinks about the planning of next week", "ask him")


def test_whoever_s_words_are_published_is_asked_and_the_case_giver_is_not() -> None:
    draft = Draft(
        (
            Piece("advice-1", Place.ADVICE, SAID, SAID),
            Piece("advice-2", Place.ADVICE, "Wait a week", "Wait a week", is_included=False),
            Piece("action", Place.ACTION, "x", "If it is early then I will ask him to open"),
        )
    )
    said = [
        Voice("pete", None, SAID, True),
        Voice("ada", None, "Wait a week", True),
        Voice("gia", None, "If it is early then I will ask him to open", True),
    ]
    assert own_words(draft, said, "gia") == {"pete": ("advice-1",)}
