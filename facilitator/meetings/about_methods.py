"""What a page shows of methods: how long each phase takes, drawn to scale, for how many people, and what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString

from facilitator.accounts.languages import readers_language
from facilitator.core import languages
from facilitator.meetings.methods_in_words import AIMS, EXPERIENCES
from facilitator.methods import timing
from facilitator.methods.vocabulary import Experience, Method, MethodTexts, PhaseTexts

WIDE = 398
LEFT = 1
MOST_DRAWN = 14


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, from one place to another (`partials/bars.html`)."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnPhase:
    """A phase: its texts, its minutes, and where on the time of the whole meeting it lies; `writing` is the part in silence.

    `is_option`: one of several of which the group takes one, so it has no place of its own on the line. `is_maybe`: left out where there
    is nothing to work on.
    """

    texts: PhaseTexts
    minutes: float
    writing_minutes: float
    whole: Piece
    writing: tuple[Piece, ...]
    is_option: bool
    is_maybe: bool


@dataclass(frozen=True, slots=True)
class Described:
    """What somebody who chooses a method wants to know of it; `minutes` with its lobby, `share` of the longest one beside it, `spoken`: the languages of the
    interface that it has.
    """

    key: str
    texts: MethodTexts
    spoken: tuple[str, ...]
    source: str
    minutes: int
    least_minutes: int
    lobby_minutes: float
    people_min: int
    people_max: int
    aims: tuple[LazyString, ...]
    experience: LazyString
    asks_for_experience: bool
    is_for_safe_groups: bool
    share: float
    people: Piece
    lobby: Piece
    phases: tuple[DrawnPhase, ...]


def described(methods: Iterable[Method]) -> list[Described]:
    """Methods in the reader's language, in the order of their titles, drawn on one scale."""
    found = list(methods)
    longest = max((timing.usual_minutes(method, 1) for method in found), default=1)
    return sorted((_described(method, longest) for method in found), key=lambda one: one.texts.title.casefold())


def _described(method: Method, longest: float) -> Described:
    whole = timing.usual_minutes(method, 1)  # of a round for each person one is drawn
    return Described(
        key=method.key,
        texts=method.text(readers_language()),
        spoken=tuple(code for code in languages.spoken() if code in method.texts),
        source=method.source_in(readers_language()),
        minutes=round(timing.usual_minutes(method)),
        least_minutes=-int(-timing.least_minutes(method) // 1),
        lobby_minutes=method.lobby_minutes,
        people_min=method.people_min,
        people_max=method.people_max,
        aims=tuple(AIMS[aim] for aim in method.aims),
        experience=EXPERIENCES[method.experience],
        asks_for_experience=method.experience is not Experience.NEW,
        is_for_safe_groups=method.is_for_safe_groups,
        share=whole / longest,
        people=_people(method),
        lobby=_piece(LEFT, method.lobby_minutes, whole),
        phases=tuple(_phases(method, whole)),
    )


def _people(method: Method) -> Piece:
    first, last = min(method.people_min, MOST_DRAWN), min(method.people_max, MOST_DRAWN)
    each = WIDE / MOST_DRAWN
    return Piece(round(LEFT + (first - 1) * each, 2), round((last - first + 1) * each, 2))


def _phases(method: Method, whole: float) -> Iterable[DrawnPhase]:
    """Every phase; options of one choice lie on the line where the group takes one of them."""
    begins, place = method.lobby_minutes, method.lobby_minutes
    held = {phase.key for phase in timing.held(method)}
    for phase in method.phases:
        if phase.key in held:
            begins, place = place, place + phase.minutes
        first = LEFT + begins / whole * WIDE
        yield DrawnPhase(
            texts=phase.text(readers_language()),
            minutes=phase.minutes,
            writing_minutes=phase.writing_minutes,
            whole=_piece(first, phase.minutes, whole),
            writing=(_piece(first, phase.writing_minutes, whole),) if phase.writing_minutes else (),
            is_option=phase.option_of is not None,
            is_maybe=phase.needs is not None,
        )


def _piece(first: float, minutes: float, whole: float) -> Piece:
    return Piece(round(first, 2), round(minutes / whole * WIDE, 2))
