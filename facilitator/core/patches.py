"""What changed from one text to the next, line by line, for a page that still has the one before.

Promises: a patch makes exactly the new text of the old one; where much changed it may be longer than it needs to be, never wrong.
"""

from __future__ import annotations

from difflib import SequenceMatcher

Change = tuple[
    int, int, list[str]
]  # from which line of the old text, how many of them go, and what comes in their place


def changes(old: str, new: str) -> list[Change]:
    """From the end to the beginning, so that each finds its lines where they were."""
    was, now = old.split("\n"), new.split("\n")
    found = SequenceMatcher(
        None, was, now
    ).get_opcodes()  # lines that occur often, such as closing tags, tell it nothing: quick
    return [(i, end - i, now[j:until]) for tag, i, end, j, until in reversed(found) if tag != "equal"]
