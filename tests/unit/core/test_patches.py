"""A patch makes exactly the new text of the old one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facilitator.core.patches import changes
from tests.phones import changed

lines = st.lists(st.sampled_from(["", "<li>", "</li>", "a", "b", "c", "Ada 👩‍🔧", "Pete"]), max_size=30).map("\n".join)


@given(old=lines, new=lines)
def test_whatever_changed_the_new_text_comes_out(old: str, new: str) -> None:
    assert changed(old, changes(old, new)) == new


def test_of_two_rows_that_changed_only_those_go_out() -> None:
    def page(*names: str) -> str:
        return "\n".join(f'<li id="{number}">\n  <b>\n  {name}\n  </b>\n</li>' for number, name in enumerate(names))

    old, new = page("Gia", "Pete", "Ada", "Bob", "Cleo"), page("Gia", "Pete!", "Ada", "Bob", "Cleo!")
    assert changes(old, new) == [(22, 1, ["  Cleo!"]), (7, 1, ["  Pete!"])]
    assert changes(old, old) == []
