"""From an approved report to the draft of a card."""

from __future__ import annotations

from datetime import UTC, datetime

from facilitator.consent.drafts import Draft, Piece, Place, first_draft
from facilitator.meetings.machine import Status
from facilitator.methods.vocabulary import Kind
from facilitator.reports.deeds import Deed
from facilitator.reports.people import People
from facilitator.reports.report import Case, Report
from facilitator.reports.texts import Section, Told

NAMES = ("Gia", "Pete", "Ada")
CASE = Case(
    number=1,
    title="A starter at Bosch",
    case_giver="Gia",
    question="How do I reach him?",
    key_question="How can I help Pete's starter speak?",
    is_stopped=False,
    sections=(
        Section(Kind.CLARIFY, "Questions", (Told("What happened on 12 March 2026?"),)),
        Section(Kind.DIAGNOSE, "Core", (Told("It is about safety"), Told("It is about Ada"))),
        Section(Kind.ADVISE, "Advice", (Told("Ask him", is_chosen=True), Told("Wait a week"))),
    ),
    has_actions=True,
    actions=(
        Deed("Gia", "Pete", "the shift begins", "I ask him", None),
        Deed("Pete", "", "", "I will listen", None),
    ),
)
REPORT = Report(
    meeting_id="m",
    status=Status.ENDED,
    goal="",
    group="",
    number=0,
    place="",
    method="",
    created_at=datetime(2026, 3, 12, tzinfo=UTC),
    started_at=None,
    ended_at=None,
    net=0,
    people=People((), (), (), (), ()),
    looks_back=False,
    follow_up=(),
    cases=(CASE,),
    sections=(Section(Kind.LEARN, "Learned", (Told("I talk too much"),)),),
    results=(),
    kept_cases=(),
    agreement=(),
    times=(),
    here=-1,
)
DRAFT = first_draft(REPORT, CASE, NAMES, "en")


def test_a_draft_is_in_new_words_and_holds_what_was_chosen() -> None:
    content = DRAFT.content()
    assert content.title == "A starter at a company"
    assert content.question == "How can I help a colleague's starter speak?"
    assert content.advice == ("Ask him",)
    assert content.insights == ("It is about safety", "It is about a colleague")
    assert content.action == "If the shift begins, then I ask him"


def test_what_was_not_chosen_waits_to_be_chosen() -> None:
    waits = [piece.text for piece in DRAFT.pieces if piece.original and not piece.is_included]
    assert waits == ["I talk too much", "Wait a week"]
    chosen = DRAFT.changed("advice-2", "Wait a week", is_included=True)
    assert chosen.content().advice == ("Ask him", "Wait a week")


def test_what_is_left_out_or_taken_out_is_not_published() -> None:
    assert DRAFT.changed("action", "If the shift begins, then I ask him", is_included=False).content().action == ""
    without = DRAFT.without(["advice-1"])
    assert without.content().advice == ()
    assert without.changed("advice-1", "Ask him", is_included=True).content().advice == (), (
        "not in the same words again"
    )
    assert without.changed("advice-1", "Begin with a question", is_included=True).content().advice == (
        "Begin with a question",
    )


def test_a_card_without_a_title_takes_its_question_for_one() -> None:
    draft = Draft((Piece("title", Place.TITLE), Piece("question", Place.QUESTION, "", "How?")))
    assert draft.content().title == "How?"


def test_the_words_of_the_report_stand_beside_the_draft_with_marks() -> None:
    title = DRAFT.piece("title")
    assert title
    marks = title.marks(NAMES, "en")
    assert [piece.text for piece in marks if piece.finding] == ["Bosch"]
    assert "".join(piece.text for piece in marks) == CASE.title
