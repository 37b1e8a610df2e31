"""What docs/methods.md tells contributors is true."""

from __future__ import annotations

import re
from pathlib import Path

from facilitator.methods.loader import check_file, load_file
from facilitator.methods.vocabulary import (
    Audience,
    CaseGiverState,
    Facet,
    FieldType,
    Kind,
    MarkKind,
    Needs,
    Pace,
    Part,
    Who,
)

CHOSEN = (Audience, CaseGiverState, Facet, FieldType, Kind, MarkKind, Needs, Pace, Part, Who)
GUIDE = (Path(__file__).parents[3] / "docs" / "methods.md").read_text(encoding="utf-8")


def test_the_example_in_the_guide_is_a_good_method(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    path = tmp_path / "one_round.toml"
    path.write_text(example, encoding="utf-8")
    assert check_file(path) == []
    assert load_file(path).key == path.stem


def test_the_guide_names_every_value_a_contributor_can_choose() -> None:
    words = {word.value for values in CHOSEN for word in values}
    assert {word for word in words if f"`{word}`" not in GUIDE} == set()
