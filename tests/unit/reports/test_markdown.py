"""Whatever people write, Markdown made of it is text and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from facilitator.core.text import printable
from facilitator.reports.blocks import Bar, Facts, Line, Lines, Part, ScaleRow, Scales, Sheet, TimeRow, Times, Words
from facilitator.reports.markdown import line, lines, markdown

READERS = (
    MarkdownIt("commonmark"),
    MarkdownIt("gfm-like", {"linkify": False}),
    MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]),
)
TRICKS = (
    "# A heading",
    "- a list\n* another",
    "1. first\n2) second",
    "a | b\n--- | ---\n1 | 2",
    "Title\n=====",
    "Title\n---",
    "> quoted",
    "    code by spaces",
    "\tcode by a tab",
    "```\nfenced\n```",
    "~~~\nfenced",
    "`code` and ``more``",
    "*a* **b** _c_ __d__ ~~e~~",
    "[link](https://example.org) ![image](x.png)",
    "[ref]: https://example.org 'x'",
    "<script>alert(1)</script> <b>",
    "<https://example.org> https://example.org www.example.org mail@example.org",
    "&lt;b&gt; &amp; &copy;",
    "back\\slash\\",
    "ends with two spaces  \nand goes on",
    ":--- | ---:",
    "+ plus",
    "***\n___\n- - -",
    "\u2028# after a separator\x85# and another\x0b# one",
    "$math$ ==mark== ^up^ @somebody #12 :smile:",
    "- [ ] a task",
    "\r\n\r\n# after blank lines",
)
WRITTEN = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="#*_-+=`~<>[]()!|\\:&.@$^/ \n\t1ab", max_size=60),
    st.sampled_from(TRICKS),
)


def seen(text: str) -> str:
    """What a reader should see of a text: its words, however they are spaced."""
    return " ".join(printable(text).split())


def plain(tokens: list[Token]) -> str:
    """The characters of what was parsed."""
    pieces = (child for token in tokens for child in token.children or [token])
    return " ".join("".join(" " if one.type.endswith("break") else one.content for one in pieces).split())


def kinds(tokens: list[Token]) -> set[str]:
    return {child.type for token in tokens for child in (token, *(token.children or ()))}


@settings(deadline=None)
@given(WRITTEN)
@example("1")
def test_a_line_reads_back_as_it_was_written(text: str) -> None:
    for reader in READERS:
        tokens = reader.parse(line(text))
        assert kinds(tokens) <= {"paragraph_open", "inline", "text", "paragraph_close"}, line(text)
        assert plain(tokens) == seen(text)


@settings(deadline=None)
@given(WRITTEN)
@example("a\n- b\n1. c\n# d")
def test_lines_keep_their_breaks_and_nothing_else(text: str) -> None:
    for reader in READERS:
        tokens = reader.parse(lines(text))
        allowed = {"paragraph_open", "inline", "text", "hardbreak", "softbreak", "paragraph_close"}
        assert kinds(tokens) <= allowed, lines(text)
        assert plain(tokens) == seen(text)


@settings(deadline=None)
@given(st.lists(WRITTEN, min_size=9, max_size=9))
def test_a_whole_report_keeps_its_shape_whatever_is_written_in_it(texts: list[str]) -> None:
    shape = [(t.type, t.tag, t.nesting) for t in READERS[2].parse(markdown(sheet_of(["x"] * 9))) if t.type != "inline"]
    found = READERS[2].parse(markdown(sheet_of([f"x{text}" for text in texts])))
    assert [(t.type, t.tag, t.nesting) for t in found if t.type != "inline"] == shape
    assert not kinds(found) & {"link_open", "image", "html_inline", "html_block", "code_inline", "fence", "code_block"}


@pytest.mark.parametrize("trick", TRICKS)
def test_known_tricks_in_a_list_stay_one_entry(trick: str) -> None:
    one = Sheet("Report", "", "", Facts(()), (Part("p", "Part", 2, (Lines((Line(trick), Line("next"))),)),))
    tokens = READERS[2].parse(markdown(one))
    assert [t.type for t in tokens].count("list_item_open") == 2
    assert [t.type for t in tokens].count("heading_open") == 2


@pytest.mark.parametrize("address", ["https://example.org/a", "www.example.org", "example.org", "me@example.org"])
def test_addresses_are_broken_for_readers_that_link_by_themselves(address: str) -> None:
    assert line(address) != address
    assert plain(READERS[0].parse(line(address))) == address


def test_ordinary_sentences_stay_as_readable_as_they_were() -> None:
    for sentence in ("At 19:55, room 2.14 (or 3.5 minutes later).", "Is it 'yes, but'? No; \"yes, and\"!", "A - b + c"):
        assert line(sentence) == sentence


def sheet_of(texts: list[str]) -> Sheet:
    goal, group, title, first, under, words, statement, phase, fact = texts
    scale = ScaleRow(statement, "4.0", (Bar(1, 4, 1.0),), "1 low, 5 high", "4 × 1")
    row = TimeRow(phase, "skipped", "5", "4", 1.0, 0.8)
    parts = (
        Part("case", title, 2, (Facts((("Question", fact),)),)),
        Part("advice", "Advice", 3, (Lines((Line(first, (under,), "chosen"),)), Words(words))),
        Part("results", "Evaluation", 2, (Scales((scale,), ("Statement", "Average", "Answers")),)),
        Part("times", "Time", 2, (Times((row,), row, ("Phase", "Planned", "Used")),)),
    )
    return Sheet("Session report", goal, "So far.", Facts((("Group", group),)), parts)
