"""The draft of a card: piece by piece what the approved report says, what would be published instead, and whether it is. Pure.

Promises: a piece begins in new words – with every proposal of the redaction in its place – and holds no author; what its
case giver did not choose, or somebody else took out, is not in the content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from facilitator.archive.content import CardContent
from facilitator.archive.redaction import Segment, applied, find, segments
from facilitator.archive.redaction.words import language_of
from facilitator.methods.vocabulary import Kind
from facilitator.reports.report import Case, Report
from facilitator.reports.texts import Section, Told

INSIGHTS = (Kind.DIAGNOSE, Kind.GOSSIP, Kind.RESONATE, Kind.REFRAME)
ADVICE = (Kind.ADVISE,)
LEARNED = (Kind.LEARN,)
CONTEXT = (Kind.STORY,)


class Place(StrEnum):
    """Where on the card a piece stands; the names of the fields of CardContent."""

    TITLE = "title"
    QUESTION = "question"
    CONTEXT = "context"
    TRIED = "tried"
    INSIGHTS = "insights"
    ADVICE = "advice"
    ACTION = "action"
    WHEN_TO_USE = "when_to_use"
    WHEN_NOT = "when_not"


EMPTY_AT_FIRST = (Place.TITLE, Place.CONTEXT, Place.TRIED, Place.WHEN_TO_USE, Place.WHEN_NOT)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a card on its way. `original` is what the report says, empty where the case giver adds something.
    `is_taken_out`: it held somebody else's words, and they rather kept those in the room.
    """

    key: str
    place: Place
    original: str = ""
    text: str = ""
    is_included: bool = True
    is_taken_out: bool = False

    @property
    def is_published(self) -> bool:
        """Whether it would stand on the card."""
        return self.is_included and not self.is_taken_out and bool(self.text.strip())

    def marks(self, names: Sequence[str], locale: str) -> tuple[Segment, ...]:
        """What the report says, cut where something may tell who or where it was."""
        return segments(self.original, find(self.original, names, locale))


@dataclass(frozen=True, slots=True)
class Draft:
    """A card on its way, for one case of one meeting."""

    pieces: tuple[Piece, ...] = field(default=())

    def piece(self, key: str) -> Piece | None:
        """The piece with this key."""
        return next((piece for piece in self.pieces if piece.key == key), None)

    def content(self) -> CardContent:
        """Exactly what would be published."""
        one = {place: self._one(place) for place in Place}
        return CardContent(
            title=one[Place.TITLE] or one[Place.QUESTION],
            question=one[Place.QUESTION],
            context=one[Place.CONTEXT],
            tried=one[Place.TRIED],
            insights=self._all(Place.INSIGHTS),
            advice=self._all(Place.ADVICE),
            action=one[Place.ACTION],
            when_to_use=one[Place.WHEN_TO_USE],
            when_not=one[Place.WHEN_NOT],
        )

    def changed(self, key: str, text: str, is_included: bool) -> Draft:
        """With other words in one piece. What was taken out comes back only in other words than those."""
        return replace(self, pieces=tuple(_changed(p, text, is_included) if p.key == key else p for p in self.pieces))

    def without(self, keys: Iterable[str]) -> Draft:
        """With pieces taken out by somebody whose words they hold."""
        gone = frozenset(keys)
        return replace(self, pieces=tuple(replace(p, is_taken_out=True) if p.key in gone else p for p in self.pieces))

    def _all(self, place: Place) -> tuple[str, ...]:
        return tuple(piece.text.strip() for piece in self.pieces if piece.place is place and piece.is_published)

    def _one(self, place: Place) -> str:
        return "\n\n".join(self._all(place))


def _changed(piece: Piece, text: str, is_included: bool) -> Piece:
    is_same = text.split() == piece.text.split()
    return replace(piece, text=text, is_included=is_included, is_taken_out=piece.is_taken_out and is_same)


def first_draft(report: Report, case: Case, names: Sequence[str], locale: str) -> Draft:
    """What the approved report offers for a card of one case: chosen advice and the case giver's own words are in it from
    the start, the rest waits to be chosen.
    """
    pieces = [piece for piece in _pieces(report, case, locale) if piece.original or piece.place in EMPTY_AT_FIRST]
    return Draft(tuple(replace(p, text=applied(p.original, find(p.original, names, locale))) for p in pieces))


def _pieces(report: Report, case: Case, locale: str) -> Iterator[Piece]:
    question = case.key_question or case.question
    yield Piece("title", Place.TITLE, case.title)
    yield Piece("question", Place.QUESTION, question)
    told = (told.text for told in _told(case.sections, CONTEXT))
    yield Piece("context", Place.CONTEXT, "\n".join((*case.context, *told)))
    yield Piece("tried", Place.TRIED)
    yield from _lines("insight", Place.INSIGHTS, _told(case.sections, INSIGHTS), is_in=True)
    yield from _lines("learned", Place.INSIGHTS, _told((*case.sections, *report.sections), LEARNED), is_in=False)
    yield from _lines("advice", Place.ADVICE, _told(case.sections, ADVICE), is_in=False)
    yield Piece("action", Place.ACTION, "\n".join(_actions(case, locale)))
    yield Piece("when_to_use", Place.WHEN_TO_USE)
    yield Piece("when_not", Place.WHEN_NOT)


def _told(sections: Iterable[Section], kinds: tuple[Kind, ...]) -> tuple[Told, ...]:
    return tuple(told for section in sections if section.kind in kinds for told in section.texts if told.text)


def _lines(name: str, place: Place, found: tuple[Told, ...], is_in: bool) -> Iterator[Piece]:
    """A piece for each text. Where some were chosen, only those are in from the start."""
    has_chosen = any(told.is_chosen for told in found)
    for number, told in enumerate(found, start=1):
        is_included = told.is_chosen if has_chosen else is_in
        yield Piece(f"{name}-{number}", place, " ".join((told.text, *told.more)), is_included=is_included)


def _actions(case: Case, locale: str) -> Iterator[str]:
    """The case giver's actions, without owner, buddy and date."""
    sentence = language_of(locale).if_then
    for deed in case.actions:
        if deed.owner == case.case_giver and deed.then:
            yield sentence.format(when=deed.when_if, then=deed.then) if deed.when_if else deed.then
