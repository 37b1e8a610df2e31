"""Every kind of phase says something sensible on every screen, whatever is written in it, by whom and at which pace. Methods of two phases
are made of the usual words and played in memory; what a meeting would show is drawn and read. A file that is refused is shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice

import pytest
from flask import Flask

from facilitator import create_app
from facilitator.core import languages
from facilitator.core.config import Settings
from facilitator.meetings import screens
from facilitator.meetings.playing import moments, problems_of_play
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.methods.loader import judged
from facilitator.methods.usual import USUAL, Document
from facilitator.methods.vocabulary import Kind, Method, Pace, Phase
from tests import pages

PLACES = {"gia": "phone", "pete": "phone", "mo": "console", "wall": "wall"}
TEXTS = {language: dict.fromkeys(("title", "summary", "suits", "avoid"), "Q") for language in languages.complete()}
HEAD: Document = {"key": "small", "source": "A test", "people_min": 3, "people_max": 8}
TEXT: Document = {"name": "told", "is_required": True}
VOTE: Document = {"name": "way", "type": "choice", "choices": ["this", "that"], "is_required": True}
WRITES = ("everyone", "peers", "case_giver")


def form(who: str, *fields: Document, key: str = "first_form", **words: object) -> Document:
    return {"key": key, "who": who, "fields": list(fields), **words}


# What is written in a phase, for whoever writes it.
INPUT: dict[str, Callable[[str], Document]] = {
    "as usual": lambda _who: {},
    "nothing": lambda _who: {"forms": []},
    "a text": lambda who: {"forms": [form(who, TEXT)]},
    "an open text": lambda who: {"forms": [form(who, TEXT, is_open=True)]},
    "several texts": lambda who: {"forms": [form(who, TEXT), form(who, TEXT, key="other_form", limit=2)]},
    "a choice": lambda who: {"forms": [form(who, VOTE)]},
    "a choice, and words if one likes": lambda who: {"forms": [form(who, VOTE, {"name": "told"})]},
    "a scale": lambda who: {"forms": [form(who, {"name": "felt", "type": "scale"}, is_anonymous=True)]},
    "ranked texts": lambda who: {"forms": [form(who, TEXT)], "marks": {"kind": "warmth", "who": "case_giver"}},
    "columns": lambda who: {"forms": [form(who, TEXT), form(who, TEXT, key="other_form")], "columns": "form"},
}

# Words about something, and whether it is there: in the texts of a phase as on screens.
ABOUT: dict[str, tuple[str, Callable[[Phase], bool]]] = {
    "writing": (
        r"writ(e|es|ing|ten)|schrijf\w*|schrijven|geschreven|noteer",
        lambda phase: phase.kind is Kind.SILENCE or any(f.has_text for f in phase.forms),
    ),
    "dots": (r"dots?|stip(pen)?|votes?|gestemd|stemmen", lambda phase: marked(phase) == "dot"),
    "stars": (r"stars?|ster(ren)?", lambda phase: marked(phase) == "star"),
    "a buddy": (r"buddy|maatje", lambda phase: marked(phase) == "buddy"),
    "warmth": (r"ranked?|warm|koud|cold", lambda phase: marked(phase) == "warmth"),
    "having no name": (
        r"without a name|your name is not|zonder naam|je naam staat",
        lambda phase: any(form.is_anonymous for form in phase.forms),
    ),
    "keeping it": (
        r"only for me|keeps? (it )?(to|for) themsel\w*|alleen voor mij|voor zichzelf",
        lambda phase: any(f.may_keep for f in phase.forms),
    ),
    "skipping the round": (r"skip the round|rondje over", lambda phase: phase.pace is Pace.ROUND),
}


def marked(phase: Phase) -> str:
    return phase.marks.kind.value if phase.marks else ""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.load(tmp_path_factory.mktemp("words"), {}).kept())


@pytest.mark.parametrize("kind", Kind)
def test_every_screen_of_a_phase_says_what_holds_there(app: Flask, kind: Kind) -> None:
    played, wrong = 0, dict[str, str]()
    for what, method in methods(kind):
        played += 1
        of_kind = [one for one in moments(method) if one.now.phase.kind is kind]
        for number, meeting in enumerate(of_kind[:3] + of_kind[3:][-1:]):
            for (name, view), language in zip(PLACES.items(), tongues(played + number), strict=False):
                seat = meeting.seat(name)
                assert seat
                stage = drawn(app, meeting, replace(seat, locale=language), view).one("main", id="stage")
                for problem in what_is_wrong(stage, meeting.now.phase, view, language):
                    wrong.setdefault(f"{name}, {language}: {problem}", what)
    assert not wrong, "\n".join(f"{problem} ({what})" for problem, what in wrong.items())
    assert played > 3 or (played and kind in (Kind.PICK, Kind.RANK)), "there was something to see"


@pytest.mark.parametrize("kind", Kind)
def test_a_phase_in_which_people_only_talk_needs_no_words_of_its_own(kind: Kind) -> None:
    method, problems = judged(document(kind, {"forms": []}))
    if kind in (Kind.PICK, Kind.RANK):
        assert problems or (method and problems_of_play(method)), "there is nothing to choose from, or to rank"
    else:
        assert problems == []
        assert method
        assert problems_of_play(method) == []


def test_what_is_said_where_people_only_talk_is_there_in_every_language() -> None:
    for kind, usual in USUAL.items():
        said = usual.get("talking", {})
        assert set(said) in (set(), set(languages.complete())), kind
        assert len({frozenset(texts) for texts in said.values()}) <= 1, kind


def what_is_wrong(stage: pages.Element, phase: Phase, view: str, language: str) -> Iterator[str]:
    """What is empty on a screen, and what it says that does not hold."""
    if view == "phone" and not any(heading.text for heading in stage.all("h1")):
        yield "nothing is said"
    if view == "wall":
        middle = next(box for box in stage.all("div") if box.get("data-fits") == "middle")
        if not middle.text or not all(one.text for tag in ("li", "p") for one in middle.all(tag)):
            yield "a place is empty"
    if view == "console" and not stage.one("p", lang=language).text:
        yield "there is nothing to say"
    read = told(stage, view)
    for about, (words, holds) in ABOUT.items():
        if not holds(phase):
            for said in re.finditer(rf"\b(?:{words})\b", read, re.IGNORECASE):
                yield f"{about}: {read[max(0, said.start() - 60) : said.end() + 40]}"


def tongues(first: int) -> Iterator[str]:
    """The languages by turns, beginning with one or the other."""
    return islice(cycle(languages.complete()), first % len(languages.complete()), None)


def told(stage: pages.Element, view: str) -> str:
    """What a screen says of the phase at hand: the console without what it always has, and what might be of use."""
    if view != "console":
        return stage.text
    parts = [panel for panel in stage.all("section") if panel.get("aria-labelledby") in OF_THE_PHASE]
    return " ".join(
        [*(part.text for part in parts), *(p.text for p in stage.all("p", class_="quiet") if not p.is_in("section"))]
    )


OF_THE_PHASE = {"say-title", "turn-title", "take-title", "items-title", "results-title", "stars-title", "actions-title"}


def drawn(app: Flask, meeting: Snapshot, seat: Seat, view: str) -> pages.Element:
    with app.app_context():
        return pages.read(
            screens.rendered(meeting, screens.build(meeting, seat, view), seat.locale, view).html_for(seat.name)
        )


def methods(kind: Kind) -> Iterator[tuple[str, Method]]:
    """Every input at the usual pace and at another one, written by one or the other; those that are not refused."""
    paces, writers = cycle(Pace), cycle(WRITES)
    for what, made in INPUT.items():
        for pace in (None, next(paces)):
            who = next(writers)
            method, problems = judged(document(kind, made(who) | ({"pace": pace.value} if pace else {})))
            if method and not problems and not problems_of_play(method):
                yield f"{what}, by {who}, {pace or 'at the usual pace'}", method


def document(kind: Kind, words: Document) -> Document:
    """A method with a phase of a kind, and another one so that there is a case."""
    phase = {"kind": kind.value, "minutes": 5, **words}
    phase["texts"] = {language: labels(phase) for language in languages.complete()}
    other: Document = {"kind": "story" if kind is not Kind.STORY else "talk", "key": "other", "minutes": 5}
    parts = [other, phase] if USUAL[kind].get("part") != "opening" else [phase, other]
    return {
        **HEAD,
        "texts": {language: {**said, "agreement": ["Q"]} for language, said in TEXTS.items()},
        "phases": parts,
    }


def labels(phase: Document) -> Document:
    """What its own fields, choices and ends are called."""
    fields = {f"{one['key']}.{field['name']}": field for one in phase.get("forms", []) for field in one["fields"]}
    choices = [f"{name}.{choice}" for name, field in fields.items() for choice in field.get("choices", [])]
    ends = [
        f"{name}.{end}" for name, field in fields.items() if field.get("type") == "scale" for end in ("low", "high")
    ]
    return {
        "fields": dict.fromkeys(fields, "Q"),
        "choices": dict.fromkeys(choices, "Q"),
        "ends": dict.fromkeys(ends, "Q"),
    }
