"""No promise without a test, no test of a promise that nobody made: docs/confidentiality.md and the tests say the same."""

from __future__ import annotations

import re

from tests import promises

TEXT = promises.DOCUMENT.read_text(encoding="utf-8")
SAID = promises.statements(TEXT)
# Words that promise. What explains has none of them; what admits a limit may need them.
PROMISES = re.compile(
    r"\b(nobody|no one|never|nothing|only|always|cannot|erased|deleted|destroyed|sealed|forgotten)\b", re.IGNORECASE
)


def test_every_sentence_and_every_row_names_a_promise_or_says_that_it_is_none() -> None:
    assert len(SAID) > 150, "the document was read"
    assert [said.words for said in SAID if not said.promises and not said.remarks] == []
    assert {remark for said in SAID for remark in said.remarks} <= {"context", "limit"}
    assert [said.words for said in SAID if "context" in said.remarks and PROMISES.search(said.words)] == []


def test_every_promise_names_the_tests_that_hold_it() -> None:
    """If this fails: `.venv/bin/python -m tests.promises` brings the list up to date."""
    made = {name for said in SAID for name in said.promises}
    assert made == set(promises.held()), "marks in the document, and marks of tests"
    assert promises.listed(TEXT) == promises.held(), "the list at the end"
    assert not re.search(r"^[<=>]{7}", TEXT, re.MULTILINE)
    rows = [said.words for said in SAID]
    assert [words for words in rows if rows.count(words) > 1] == [], "said twice, as after two changed it at once"


def test_a_mark_stands_at_a_test_where_a_reader_finds_it() -> None:
    """Only `@pytest.mark.promise("…")` above a test counts, so that the list and `-m promise` mean the same tests."""
    for path in sorted(promises.ROOT.glob("tests/**/*.py")):
        if path.name in ("promises.py", "test_promises.py"):
            continue
        source = path.read_text(encoding="utf-8")
        marks = re.findall(r"^@pytest\.mark\.promise\(", source, re.MULTILINE)
        assert source.count("mark.promise") == len(marks), path.name
        assert all(test.startswith("test_") for test, _ in promises.marked(source)), path.name


def test_a_sentence_without_a_mark_is_found_wherever_it_stands() -> None:
    said = promises.statements(
        "# Title\n\n**Lead.** **Also:** one is kept.[^a] Two is not. See `a.b` and [this](x.md#y).[^b][^c]\n\n"
        "- Three. <!-- context -->\n- Four: five\n  six (seven).[^d]\n\n| what | how |\n|---|---|\n| eight | nine |\n| ten[^e] | |\n\n"
        "## The tests\n\nNot this.\n\n[^a]: `tests/x.py::test_y`\n"
    )
    assert [s.words for s in said if not s.promises and not s.remarks] == [
        "**Lead.**",
        "Two is not.",
        "| eight | nine |",
    ]
    assert [s.promises for s in said if s.promises] == [("a",), ("b", "c"), ("d",), ("e",)]
