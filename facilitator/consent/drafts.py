"""The draft of a card: piece by piece what the approved report says of a case, what would be published instead, and whether it is.

Promises: nobody else's case comes out of here; a piece begins in new words – with every proposal of the redaction in its
place – and holds no author; what its case giver did not choose, or somebody else took out, is not in the content. A text put into
new words is nobody's own any more; a word or two in common are no reason to call it theirs, in whatever language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import select

from facilitator.archive.content import CardContent
from facilitator.archive.models import Consent
from facilitator.consent.redaction import Segment, applied, find, segments
from facilitator.consent.redaction.names import folded
from facilitator.consent.redaction.wordlists import language_of
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.meetings.models import Meeting, Round, Seat
from facilitator.meetings.visitor import visitor
from facilitator.methods.vocabulary import OnCard
from facilitator.reports import store as reports
from facilitator.reports.report import Case, Report
from facilitator.reports.texts import Section, Told
from facilitator.reports.voices import Voice

SHARE = 0.6  # of the shorter text's words, in the same order
FEWEST = 4  # words in common; of a text with fewer words all of them
TOGETHER = 2  # a word alone is nobody's; words that follow each other are
ROOM = 3  # words around a short text within which it is still that text


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
        return self.is_included and not self.is_taken_out and bool(self.text.strip())

    def marks(self, names: Sequence[str], locale: str) -> tuple[Segment, ...]:
        """What the report says, cut where something may tell who or where it was."""
        return segments(self.original, find(self.original, names, locale))


@dataclass(frozen=True, slots=True)
class Draft:
    pieces: tuple[Piece, ...] = field(default=())

    def piece(self, key: str) -> Piece | None:
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
    told = (told.text for told in _told(case.sections, OnCard.CONTEXT))
    yield Piece("context", Place.CONTEXT, "\n".join((*case.context, *told)))
    yield Piece("tried", Place.TRIED)
    yield from _lines("insight", Place.INSIGHTS, _told(case.sections, OnCard.INSIGHT), is_in=True)
    yield from _lines("learned", Place.INSIGHTS, _told((*case.sections, *report.sections), OnCard.LEARNED), is_in=False)
    yield from _lines("advice", Place.ADVICE, _told(case.sections, OnCard.ADVICE), is_in=False)
    yield Piece("action", Place.ACTION, "\n".join(_actions(case, locale)))
    yield Piece("when_to_use", Place.WHEN_TO_USE)
    yield Piece("when_not", Place.WHEN_NOT)


def _told(sections: Iterable[Section], on_card: OnCard) -> tuple[Told, ...]:
    return tuple(told for section in sections if section.kind.on_card is on_card for told in section.texts if told.text)


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


def own_words(draft: Draft, voices: Iterable[Voice], case_giver_id: str) -> dict[str, tuple[str, ...]]:
    """The keys of the pieces that would be published and hold somebody else's words, by the seat of whoever they are."""
    near: dict[str, dict[str, None]] = {}
    published = [piece for piece in draft.pieces if piece.is_published]
    for voice in voices:
        for piece in published if voice.seat_id != case_giver_id else ():
            if is_near(piece.text, voice.text):
                near.setdefault(voice.seat_id, {})[piece.key] = None
    return {seat_id: tuple(keys) for seat_id, keys in sorted(near.items())}


def is_near(text: str, said: str) -> bool:
    """Whether a text has most of the words of another one, in the same order."""
    ours, theirs = _words(text), _words(said)
    shorter = min(len(ours), len(theirs))
    if shorter == 0:
        return False
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    if shorter < FEWEST:
        return sum(block.size for block in blocks) == shorter and abs(len(ours) - len(theirs)) <= ROOM
    shared = sum(block.size for block in blocks if block.size >= TOGETHER)
    return shared >= max(FEWEST, SHARE * shorter)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text).text)


@dataclass(frozen=True)
class OwnCase:
    """One case, its case giver's seat, and what its card will carry of the meeting."""

    meeting_id: str
    organisation_id: str
    group_id: str | None
    group_name: str
    method_key: str
    locale: str
    ended_at: datetime | None
    round_id: str
    number: int
    seat_id: str
    names: tuple[str, ...]
    report: Report
    case: Case

    @property
    def period(self) -> str:
        """The quarter of the meeting: the finest time a card tells."""
        held = self.report.started_at or self.report.created_at
        return f"{held.year}-Q{(held.month - 1) // 3 + 1}"

    def draft(self) -> Draft:
        return first_draft(self.report, self.case, self.names, self.locale)


def own_cases(meeting_id: str) -> list[OwnCase]:
    """The cases of this meeting that whoever sent this request gave, as far as their report is approved."""
    meeting = db.session.get(Meeting, meeting_id)
    rounds = rounds_of(meeting_id, own_seats(meeting_id)) if meeting else []
    approved = reports.approved(meeting_id) if rounds else None
    if meeting is None or approved is None:
        return []
    told = {case.number: case for case in approved.report.cases}
    return [_own_case(meeting, found, approved.report, told[found.number]) for found in rounds if found.number in told]


def gives_case(meeting_id: str) -> bool:
    """Whether whoever sent this request gave a case in this meeting, approved or not."""
    return bool(rounds_of(meeting_id, own_seats(meeting_id)))


def rounds_of(meeting_id: str, seat_ids: frozenset[str]) -> list[Round]:
    """The rounds of a meeting whose case one of these seats gave."""
    asked = select(Round).where(
        Round.meeting_id == meeting_id, Round.case_giver_id.in_(seat_ids), Round.is_stopped.is_(False)
    )
    return list(db.session.scalars(asked.order_by(Round.number)))


def own_seats(meeting_id: str) -> frozenset[str]:
    """The visitor's own seats at the table; an account that leads or led the meeting opens nothing here."""
    found = visitor(meeting_id)
    if found is None:
        return frozenset()
    by_account = not any(seat.user_id == found.user.id for seat in found.led) if found.user else False
    return frozenset(seat.id for seat in found.own if by_account or seat is found.device)


def _own_case(meeting: Meeting, found: Round, report: Report, case: Case) -> OwnCase:
    group = db.session.get(Group, meeting.group_id) if meeting.group_id else None
    assert found.case_giver_id is not None
    giver = db.session.get_one(Seat, found.case_giver_id)
    return OwnCase(
        meeting_id=meeting.id,
        organisation_id=meeting.organisation_id,
        group_id=meeting.group_id,
        group_name=group.name if group else "",
        method_key=found.method_key or meeting.method_key,
        locale=meeting.locale,
        ended_at=meeting.ended_at,
        round_id=found.id,
        number=found.number,
        seat_id=giver.id,
        names=_names(meeting.id, report),
        report=report,
        case=case,
    )


def _names(meeting_id: str, report: Report) -> tuple[str, ...]:
    """Everybody who was there or is named in the report, whatever became of their seat."""
    seats = db.session.scalars(select(Seat.name).where(Seat.meeting_id == meeting_id, Seat.name != ""))
    people = report.people
    told = (*people.present, *people.moderators, *people.timekeepers, *people.note_takers, *people.observers)
    deeds = [deed for case in report.cases for deed in case.actions] + list(report.follow_up)
    named = {*seats, *told, *(deed.owner for deed in deeds), *(deed.buddy for deed in deeds)}
    return tuple(sorted(name for name in named if name))


DRAFT = TypeAdapter(Draft)


def put_draft(consent: Consent, draft: Draft) -> None:
    """Seals the draft of a card with a key that does not live as long as the card: it holds what was left out of that."""
    body = DRAFT.dump_json(draft).decode()
    consent.draft = sealing.seal(consent.draft_key or consent.card_id, "draft", {"draft": body})


def draft_of(consent: Consent) -> Draft:
    """The draft of a card that was not published yet; raises `sealing.Unreadable`."""
    assert consent.draft is not None, "a card that was published has no draft any more"
    return sealing.unseal_as(DRAFT, consent.draft_key or consent.card_id, "draft", consent.draft, "draft")
