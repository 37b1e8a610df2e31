"""Before the first phase the moderator has a line to open with, and a minute for everybody to arrive."""

from __future__ import annotations

import pytest

from tests.cast import Cast

pytestmark = pytest.mark.either

ARRIVING = "We take one minute to arrive"


@pytest.mark.parametrize("case_giver", ["Gia", None])
def test_there_is_a_line_to_open_with_whatever_phases_are_held(cast: Cast, case_giver: str | None) -> None:
    meeting = cast.meeting(case_giver=case_giver)
    assert ARRIVING in meeting.screen(meeting.mo)
    assert ARRIVING not in meeting.screen(meeting.wall)
    assert ARRIVING not in meeting.screen(meeting.pete)
    meeting.start()
    assert ARRIVING not in meeting.screen(meeting.mo)
