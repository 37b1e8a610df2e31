"""What the example says, read from its files. Pure."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from facilitator.core import languages

FOLDER = Path(__file__).parent


class Piece(BaseModel):
    """A part of the files; a word nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ExampleCard(Piece):
    """A card, and a case somebody could bring."""

    title: str
    question: str
    context: str
    tried: str
    insights: tuple[str, ...]
    advice: tuple[str, ...]
    action: str
    outcome: str
    outcome_state: str
    when_to_use: str
    when_not: str
    themes: tuple[str, ...]
    method: str
    quarters_ago: int
    related_form: str = ""


class ExampleGroup(Piece):
    """A group and its year: it meets every so many weeks. `offered`: the case that its second member offers for the next one."""

    name: str
    members: tuple[str, ...]
    goal: str
    place: str
    weeks: int
    offered: tuple[str, str]


class ExampleMeeting(Piece):
    """A meeting: whose, about which card, and what was said beside what the card says. `state` is how far its report came."""

    group: int
    card: str
    goal: str
    weeks_ago: int
    state: str
    others: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    why: str
    chosen: int = 0
    learning: tuple[str, ...]
    lines: tuple[str, ...]
    when_if: str = Field(alias="if")
    then: str
    continues: int | None = None
    status: str = ""
    effect: str = ""


class Asked(Piece):
    """A question under a card, and an answer."""

    card: str
    question: str
    answer: str


class Tried(Piece):
    """How somebody tried what a card says."""

    card: str
    how: str
    why: str


class ExampleQuestion(Piece):
    """A question to colleagues, and what they answered; `worked` is the number of the answer that did, from one."""

    title: str
    text: str = ""
    theme: str
    days_ago: int
    is_anonymous: bool = False
    answers: tuple[str, ...] = ()
    worked: int = 0


class ExampleCheckIn(Piece):
    """What one of two buddies answers to the three questions."""

    well: str
    hard: str = ""
    need: str = ""


class ExampleOffer(Piece):
    """What somebody offers or wishes for, by its value in the form."""

    what: str
    text: str


class ExamplePair(Piece):
    """Two buddies who have met for some weeks, and what somebody else asks one of them."""

    goal: str
    place: str
    asked: str
    check_ins: tuple[ExampleCheckIn, ExampleCheckIn]
    offers: tuple[ExampleOffer, ...]


class ExampleInstruction(Piece):
    """An instruction card somebody added."""

    title: str
    question: str
    steps: tuple[str, ...]
    when_to_use: str
    when_not: str


class Example(Piece):
    """Everything of the example in one language."""

    language: str
    organisation: str
    administrator: str
    moderator: str
    function: str
    theme: str
    professional_register: str
    groups: tuple[ExampleGroup, ...]
    meetings: tuple[ExampleMeeting, ...]
    asked: tuple[Asked, ...]
    tried: tuple[Tried, ...]
    instruction: ExampleInstruction
    questions: tuple[ExampleQuestion, ...]
    pair: ExamplePair
    cards: tuple[ExampleCard, ...]

    def card(self, title: str) -> ExampleCard:
        """The card with this title; raises StopIteration for one that is not there."""
        return next(card for card in self.cards if card.title == title)


def example(language: str) -> Example:
    """The example in a language, else in the one that is always there; raises ValidationError where a file is not right."""
    is_there = (FOLDER / "words" / f"{language}.toml").exists()
    told = language if is_there else languages.FALLBACK
    words, cards = (
        tomllib.loads((FOLDER / folder / f"{told}.toml").read_text(encoding="utf-8")) for folder in ("words", "cards")
    )
    return Example.model_validate({"language": told, **words, **cards})
