"""Methods that a test writes itself: TOML as people write it, read and judged like any file, and for a while in the catalogue.

with in_the_catalogue(written(tmp_path, 'kind = "talk"\\nminutes = 5')) as key:
    meeting = cast.meeting(method=key)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facilitator.methods.loader import check_file, load_catalogue, load_file
from facilitator.methods.vocabulary import Method

KEY = "own_method"
HEAD = f"""
key = "{KEY}"
source = "A test"
people_min = 3
people_max = 8

[texts.en]
title = "Our own"
summary = "S"
suits = "S"
avoid = "A"
agreement = ["We keep it."]

[texts.nl]
title = "Van ons"
summary = "S"
suits = "S"
avoid = "A"
agreement = ["We houden het."]
"""

LABELLED = """texts.en = {{ fields = {{ {0} }}, choices = {{ {1} }} }}
texts.nl = {{ fields = {{ {0} }}, choices = {{ {1} }} }}"""
UNLIKE_ANY = (
    f"""kind = "inventory"
key = "expects"
part = "opening"
minutes = 3
pace = "together"
forms = [{{ key = "hope", who = "everyone", fields = [{{ name = "note", is_private = true }}] }}]
{LABELLED.format('"hope.note" = "For myself"', "")}""",
    'kind = "story"\nminutes = 5',
    f"""kind = "clarify"
key = "people"
minutes = 8
forms = [{{ key = "person", who = "peers", limit = 10, fields = [
  {{ name = "who", type = "line", is_required = true }},
  {{ name = "side", type = "choice", choices = ["ours", "theirs"], is_required = true }},
  {{ name = "note", is_private = true }},
] }}]
{LABELLED.format('"person.who" = "Who", "person.side" = "Side", "person.note" = "Note"', '"person.side.ours" = "Ours", "person.side.theirs" = "Theirs"')}""",
    f"""kind = "advise"
minutes = 8
laps = 2
forms = [{{ key = "advice", who = "peers", limit = 2, fields = [
  {{ name = "how", type = "choice", choices = ["soon", "later"], is_required = true }},
  {{ name = "what", is_required = true }},
] }}]
{LABELLED.format('"advice.how" = "When", "advice.what" = "What"', '"advice.how.soon" = "Soon", "advice.how.later" = "Later"')}""",
    f"""kind = "learn"
minutes = 4
forms = [
  {{ key = "growth", who = "everyone", fields = [{{ name = "how", is_private = true }}] }},
  {{ key = "learning", who = "everyone", may_keep = true, fields = [{{ name = "who" }}] }},
]
{LABELLED.format('"growth.how" = "For myself", "learning.who" = "Whom I will ask"', "")}""",
)


def problems(tmp_path: Path, *phases: str, head: str = "") -> list[str]:
    """What is wrong with a method of these phases, each one what a file says of it."""
    return check_file(_file(tmp_path, phases, head))


def written(tmp_path: Path, *phases: str, head: str = "") -> Method:
    """A method of these phases. It is right."""
    path = _file(tmp_path, phases, head)
    assert check_file(path) == []
    return load_file(path)


def unlike_any(tmp_path: Path) -> Method:
    """A method with what none of the catalogue has: notes for oneself in the opening and the closing, a choice that must be made with a
    text, a field called `who`, and more texts of one person than a phase usually asks for.
    """
    return written(tmp_path, *UNLIKE_ANY)


@contextmanager
def in_the_catalogue(method: Method) -> Iterator[str]:
    """As if its file lay there; gives its key."""
    load_catalogue()[method.key] = method
    try:
        yield method.key
    finally:
        del load_catalogue()[method.key]


def _file(tmp_path: Path, phases: tuple[str, ...], head: str) -> Path:
    path = tmp_path / f"{KEY}.toml"
    path.write_text(HEAD + head + "".join(f"\n[[phases]]\n{phase}\n" for phase in phases), encoding="utf-8")
    return path
