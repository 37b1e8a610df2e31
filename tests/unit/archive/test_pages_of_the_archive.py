"""The pure parts of the archive's pages: proposals, charts, bars, addresses, and what an export looks like."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from facilitator.archive.charts import MOST_PERIODS, MOST_THEMES, draw
from facilitator.archive.content import CardContent
from facilitator.archive.listing import Wish, wish_of
from facilitator.archive.remarks import bars
from facilitator.archive.themes import fitting_themes, sorted_names, telling_words

CARD = CardContent(
    "Overdracht tussen ploegen",
    context="Bij de overdracht viel de momentsleutel weg. Een momentsleutel is duur.",
    advice=("Begeleid de starter in de eerste weken.",),
)


def test_a_theme_fits_in_whatever_form_its_words_stand() -> None:
    names = ["Begeleiden", "Ploeg", "Werkdruk", "Overdrachten in de ploeg", "de"]
    assert fitting_themes(CARD, "nl", names) == ["Begeleiden", "Overdrachten in de ploeg", "Ploeg"]
    assert fitting_themes(CardContent(""), "nl", names) == []


def test_a_word_that_sets_a_card_apart_is_proposed_unless_it_is_on_the_list_or_everywhere() -> None:
    assert telling_words(CARD, "nl", [], []) == ["momentsleutel", "overdracht"]
    assert telling_words(CARD, "nl", [], ["Overdracht"]) == ["momentsleutel"]
    assert telling_words(CARD, "nl", [CardContent("De momentsleutels")] * 3, ["Overdracht"]) == []


def test_names_are_sorted_as_in_a_dictionary() -> None:
    assert sorted_names(["zorg", "École", "Angst", "eigen", "Überblick", "angst"]) == [
        "Angst",
        "angst",
        "École",
        "eigen",
        "Überblick",
        "zorg",
    ]


def test_the_chart_has_every_quarter_and_room_for_so_many() -> None:
    found = {("Trust", "2025-Q4"): 2, ("Trust", "2026-Q2"): 1, ("Work", "2026-Q2"): 4}
    chart = draw(found, {"worked": 3, "": 1})
    assert chart.periods == ("2025-Q4", "2026-Q1", "2026-Q2")
    assert [(row.name, row.counts) for row in chart.rows] == [("Work", (0, 0, 4)), ("Trust", (2, 0, 1))]
    assert chart.most == 4
    assert [(part.outcome, part.x, part.width) for part in chart.outcomes if part.count] == [
        ("worked", 0, 75),
        ("", 75, 25),
    ]


@given(
    st.dictionaries(
        st.tuples(st.text(max_size=3), st.builds("{}-Q{}".format, st.integers(1000, 2999), st.integers(1, 4))),
        st.integers(1, 9),
        max_size=30,
    ),
    st.dictionaries(st.sampled_from(["worked", "partly", "not", ""]), st.integers(0, 9)),
)
def test_no_archive_is_too_long_or_too_empty_for_the_charts(
    found: dict[tuple[str, str], int], outcomes: dict[str, int]
) -> None:
    chart = draw(found, outcomes)
    assert len(chart.periods) <= MOST_PERIODS
    assert len(chart.rows) <= MOST_THEMES
    assert all(sum(row.counts) == row.total > 0 for row in chart.rows)
    assert sum(part.width for part in chart.outcomes) <= 100.01


def test_bars_are_three_also_where_nobody_is() -> None:
    assert [(bar.verdict, bar.count, bar.percent) for bar in bars(["worked", "worked", "not"])] == [
        ("worked", 2, 67),
        ("partly", 0, 0),
        ("not", 1, 33),
    ]
    assert sum(bar.percent for bar in bars([])) == 0


def test_an_address_says_again_what_was_asked() -> None:
    wish = wish_of(
        MultiDict([("q", " open  a shift "), ("theme", "A&B"), ("theme", "C"), ("language", "nl"), ("page", "3")])
    )
    assert (wish.text, wish.page, wish.count) == ("open a shift", 3, 3)
    assert wish.href(2) == "/archive?q=open+a+shift&theme=A%26B&theme=C&language=nl&page=2"
    assert wish.without("theme", "A&B").href() == "/archive?q=open+a+shift&theme=C&language=nl"
    assert Wish().href() == "/archive"


@given(st.lists(st.tuples(st.sampled_from(["q", "theme", "page", "sort", "language", "x"]), st.text()), max_size=30))
def test_whatever_stands_in_an_address_is_a_wish(pairs: list[tuple[str, str]]) -> None:
    wish = wish_of(MultiDict(pairs))
    assert 1 <= wish.page <= 9999
    assert len(wish.text) <= 200
    assert wish.href(wish.page).startswith("/archive")
    assert wish.query().per_page
