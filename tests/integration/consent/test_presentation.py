"""What a presentation brings, from the phones of those who were there to a card of its presenter."""

from __future__ import annotations

import pytest

from facilitator.core.config import Settings
from tests.cards import Deciding, approve
from tests.cast import Cast, Meeting
from tests.houses import empty_house

TAKEN_ALONG = "I read the plan aloud at every start of a shift"


@pytest.fixture
def presented(tmp_path_factory: pytest.TempPathFactory) -> Meeting:
    """Gia presented; Pete asked something on his phone, and Ada wrote what she takes with her."""
    with empty_house(Settings.load(tmp_path_factory.mktemp("presented"), {})) as app:
        meeting = Cast(app).meeting("Gia", "Pete", "Ada", method="presentation", group="North")
        meeting.advance_to("present")
        meeting.tell_case(meeting.gia, "Reading a plan aloud", "How do we begin a shift?")
        meeting.advance_to("clarify")
        meeting.write(meeting.pete, "question", question="What do you do when nobody listens?")
        meeting.advance_to("taken_along")
        meeting.write(meeting.ada, "learning", learning=TAKEN_ALONG)
        meeting.reveal()
        meeting.end()
        approve(meeting)
        return meeting


def test_its_presenter_makes_a_card_of_it_and_nobody_else_does(presented: Meeting) -> None:
    presenter = Deciding(presented)
    fields = presenter.fields()
    assert fields["text_question"] == "How do we begin a shift?"
    assert f"text_{presenter.key_of(TAKEN_ALONG)}" in fields, "what others take with them can be chosen for the card"
    assert presented.client(presented.pete).get(presenter.address).status_code == 404
