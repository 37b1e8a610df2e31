"""The canary test of what comes after a meeting. A word that occurs nowhere else stands in every field of every form; then the
report is approved, proof is given, a card is published, all of it is taken back and erased, and an old backup is restored.
Everything that is sent, logged, mailed, exported, copied or lies in a file is searched – as it stands and in disguise.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest

from facilitator.core.config import Settings
from facilitator.core.extensions import limiter
from tests.contract.afterwards import play
from tests.contract.ledger import carried_in, found_in
from tests.contract.written_down import Story
from tests.houses import empty_house
from tests.services import Postgres

KEPT_BACK = ("private", "hidden", "late", "kept", "removed")
CAME_OUT = ("out", "nameless", "card", "goal")
ON_CARDS = ("card", "instruction", "talk")
QUIET = ("sqlalchemy", "PIL", "fontTools")  # they tell of every statement and every glyph where somebody asks for it
BEFORE = ("draft", "approved", "decided")
AFTER = ("erased", "restored")
STAYS_WITH_THE_REPORT = ("report_versions", "attendance", "key of")


DATABASES = ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.long])]


@pytest.fixture(scope="module", params=DATABASES)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Everything that happened, with everything that was logged meanwhile."""
    folder = tmp_path_factory.mktemp("story")
    (folder / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as house:
        environ = {}
        if request.param == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            environ = house.enter_context(server.house())
        app = house.enter_context(empty_house(Settings.load(folder / "house", environ)))
        patch.setattr(limiter, "enabled", False)
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        told, root = Story(app, folder), logging.getLogger()
        for logger, level in ((root, logging.DEBUG), *((logging.getLogger(q), logging.WARNING) for q in QUIET)):
            patch.setattr(logger, "level", level)
        root.addHandler(told.log)
        try:
            play(told)
        finally:
            root.removeHandler(told.log)
        yield told


def words_in(files: Mapping[str, bytes]) -> set[str]:
    """The words that stand in any of these files."""
    return found_in([content.decode("latin-1") for content in files.values()])


def test_words_of_every_kind_were_there(story: Story) -> None:
    for state in (*KEPT_BACK, *CAME_OUT, *ON_CARDS, "left out", "annex", "unseen"):
        assert story.words_of(state), state
    assert story.words_of(*KEPT_BACK) <= story.stored, "they were sent, and lie in the meeting"
    assert {heard.status for *_, heard in story.everything_sent()} <= {200, 302, 303, 308, 403, 404, 409, 410}


@pytest.mark.promise("kept-back")
def test_what_was_kept_back_reaches_nobody_but_its_writer(story: Story) -> None:
    assert story.heard("draft", "Ada", "data.json") & story.words_of("hidden", by="Ada")
    assert story.heard("draft", "Gia", "data.json") & story.words_of("private", by="Gia")
    for stage, who, address, heard in story.everything_sent():
        others = story.words_of(*KEPT_BACK) - story.words_of(*KEPT_BACK, by=who)
        assert not heard.words & others, (stage, who, address)
        if "/report" in address:
            assert not heard.words & story.words_of(*KEPT_BACK), (stage, who, address)


def test_nothing_travels_in_disguise(story: Story) -> None:
    for stage, who, address, heard in story.everything_sent():
        assert not heard.disguised, (stage, who, address)
    for stage, files in story.files.items():
        for name, content in files.items():
            assert not carried_in([content.decode("latin-1")]), (stage, name)


@pytest.mark.promise("own-data")
def test_what_was_sent_without_a_name_is_in_nobody_s_own_data(story: Story) -> None:
    assert story.heard("approved", "Pete", "/report") & story.words_of("nameless")
    for stage, who, address, heard in story.everything_sent():
        if "data.json" in address:
            theirs = {word.core for word in story.words if word.by == who and word.state != "nameless"}
            assert heard.words <= theirs | story.words_of("goal"), (stage, who, address)


def test_a_draft_is_read_by_nobody_but_the_moderator_and_the_case_giver(story: Story) -> None:
    for stage, who, address, heard in story.everything_sent():
        if stage == "draft" and "/report" in address and who not in ("Mo", "Gia"):
            assert not heard.words, (who, address)
    for who in ("Mo", "Gia"):
        assert story.words_of("left out", "nameless") <= story.heard("draft", who, "/report")


@pytest.mark.promise("left-out")
def test_what_was_left_out_is_in_no_report(story: Story) -> None:
    for stage, who, address, heard in story.everything_sent():
        if stage != "draft" and "/report" in address:
            assert not heard.words & story.words_of("left out"), (stage, who, address)


@pytest.mark.promise("files-say-what-the-page-says")
def test_every_format_holds_what_was_approved_and_nothing_else(story: Story) -> None:
    for who in ("Mo", "Pete"):
        heard = {at.rpartition("/")[2]: found.words for at, found in story.sent["approved", who].items()}
        whole = heard["report"]
        assert whole & story.words_of("out")
        assert whole <= story.words_of(*CAME_OUT)
        for ending in ("json", "pdf", "docx", "md"):
            assert heard[f"report.{ending}"] == whole, (who, ending)
        assert heard["report.csv"] < whole
        assert not heard["report.ics"], "calendars are shared"


@pytest.mark.promise("proof-and-content-apart", "annex")
def test_proof_tells_nothing_of_what_was_said_and_an_annex_is_its_holder_s(story: Story) -> None:
    assert story.words_of("annex") <= story.heard("approved", "Pete", "/annex")
    assert story.words_of("annex") <= story.heard("approved", "Pete", "/annex.pdf")
    for stage, who, address, heard in story.everything_sent():
        assert who == "Pete" or not heard.words & story.words_of("annex"), (stage, who, address)
        if any(paper in address for paper in ("/proof", "/attendance", "/presence")):
            assert not heard.words, (stage, who, address)


@pytest.mark.promise("stays-with-the-group")
def test_outside_of_the_group_nobody_hears_a_word_before_a_card_is_published(story: Story) -> None:
    for stage, who, address, heard in story.everything_sent():
        if stage in BEFORE and who in ("other_group", "administrator", "ola", "visitor"):
            assert not heard.words, (stage, who, address)
    assert story.words_of("card") & story.heard("decided", "Gia", "/consent")


@pytest.mark.promise("consent")
def test_a_published_card_holds_what_its_case_giver_chose_and_nobody_elsewhere_finds_it(story: Story) -> None:
    for who in ("other_group", "administrator"):
        assert story.words_of("card", "instruction") <= story.heard("published", who, "/archive")
        assert story.heard("published", who) <= story.words_of(*ON_CARDS)
        assert story.heard("published", who, "feed.atom")
        assert story.heard("published", who, "q=quokka") & story.words_of("card")
    for stage, who, address, heard in story.everything_sent():
        assert who not in ("ola", "visitor") or not heard.words, (stage, who, address)
        assert not heard.words & story.words_of("unseen"), "what a picture's file says beside what can be seen"
        if "/archive" in address:
            assert heard.words <= story.words_of(*ON_CARDS), (stage, who, address)


@pytest.mark.promise("taking-back")
def test_what_was_taken_back_is_found_by_nobody(story: Story) -> None:
    assert story.rows["published"]["search_cards"] == 2
    assert story.rows["published"]["search_postings"]
    for stage, who, address, heard in story.everything_sent():
        if stage not in (*BEFORE, "published") and ("/archive" in address or who == "other_group"):
            assert not heard.words, (stage, who, address)
    for table in ("search_cards", "search_postings", "card_remarks", "card_trials", "card_themes", "consents"):
        assert story.rows["taken back"][table] == 0, table


def test_after_its_time_only_the_report_is_left_and_then_nothing(story: Story) -> None:
    assert story.heard("raw input erased", "mate") == story.heard("approved", "mate", "/report")
    for stage, who, address, heard in story.everything_sent():
        assert stage not in AFTER or not heard.words, (stage, who, address)
        if stage == "raw input erased":
            assert "/report" in address or not heard.words, (who, address)


@pytest.mark.promise("sealed", "goal")
def test_no_file_holds_a_word(story: Story) -> None:
    """Texts lie sealed; the goal of a meeting does not, and goes with the raw input. Of PostgreSQL the files of its tables
    are meant: what its write-ahead log holds is written over by and by.
    """
    assert any(name.endswith(".eml") for name in story.files["published"]), "mails lie there as well"
    assert any("/uploads/" in name for name in story.files["published"])
    for stage in ("published", "taken back", "backup"):
        assert words_in(story.files[stage]) == story.words_of("goal"), stage
        assert not any(b"quokka" in content for content in story.files[stage].values()), "the index holds no word"
    for stage in ("raw input erased", *AFTER):
        assert not words_in(story.files[stage]), stage


def test_an_export_holds_what_is_published(story: Story) -> None:
    assert words_in(story.files["export"]) == story.words_of(*ON_CARDS)


@pytest.mark.promise("no-access-log", "nothing-typed-is-logged")
def test_nothing_that_was_typed_is_logged(story: Story) -> None:
    assert any("erased" in line for line in story.log.lines), "there is a log"
    assert not found_in(story.log.lines)
    assert not carried_in(story.log.lines)


@pytest.mark.promise("card-sealed", "nothing-left")
def test_what_was_sealed_leaves_every_file_with_its_key(story: Story) -> None:
    for what, pieces in story.sealed.items():
        for piece in pieces:
            assert lies_in(story, "published", piece), what
            if story.is_on_postgres and not what.startswith("key of"):
                continue  # there it may lie on in a file of a table, and nobody has its key
            assert what.startswith(STAYS_WITH_THE_REPORT) or not lies_in(story, "raw input erased", piece), what
            for stage in AFTER:
                assert not lies_in(story, stage, piece), (what, stage)
    for what in ("contributions.body", "cards.body", "card_remarks.body", "report_versions.body", "uploads"):
        assert story.sealed[what], what


@pytest.mark.promise("taking-back")
def test_the_key_of_a_card_that_is_taken_back_leaves_every_file_at_once(story: Story) -> None:
    for card_id in story.cards.values():
        (key,) = story.sealed[f"key of {card_id}"]
        assert lies_in(story, "published", key)
        assert not lies_in(story, "taken back", key)


def lies_in(story: Story, stage: str, piece: bytes) -> bool:
    """Whether some file of a stage holds these bytes."""
    return any(piece in content for content in story.files[stage].values())
