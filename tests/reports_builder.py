"""Reports made by hand, for formats: a usual one, one with 150 contributions, and one in which people wrote everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from flask import Flask

from facilitator.meetings.machine import Status
from facilitator.methods.vocabulary import Kind
from facilitator.reports.deeds import Deed
from facilitator.reports.formats import FORMATS
from facilitator.reports.people import People
from facilitator.reports.report import Case, Report
from facilitator.reports.results import Results, Scale
from facilitator.reports.sheet import sheet
from facilitator.reports.texts import Section, Told
from facilitator.reports.times import PhaseTime

START = datetime(2031, 3, 4, 13, 0, tzinfo=UTC)
EVERYTHING = (
    "Zażółć gęślą jaźń – wszystko w porządku",
    "Goed gedaan ✅ 🎉 en 👩‍💻 met 👍🏽 en 🇳🇱",
    "كيف أشرك زميلا جديدا لا يقول شيئا؟",
    "איך אני מערב עובד חדש?",
    "Πώς; Как? Thế nào? → ★ ✓ ≤ € ½ “zo”",
    "Arbeidsongeschiktheidsverzekeringsmaatschappij en hottentottententententoonstelling",
    "Eerste regel\nTweede regel\n\nNa een lege regel",
    '=HYPERLINK("https://example.org") <b>&amp;</b> #panic() \\u{41} `code` $x$',
)
PHASES = (
    ("Terugkoppeling", 5),
    ("Casuskeuze", 5),
    ("Casusinbreng", 8),
    ("Informatievragen", 12),
    ("Kern", 7),
    ("Advies", 10),
    ("Keuze", 5),
    ("Actie", 3),
    ("Leeropbrengst", 4),
    ("Evaluatie", 3),
)
STATEMENTS = (
    "Ik voelde me veilig.",
    "Er werd geluisterd.",
    "De vragen waren open.",
    "Iedereen kwam aan de beurt.",
    "De tijd en de regels werden bewaakt.",
    "Ik neem iets nuttigs mee.",
)


def a_report(goal: str = "Een starter begeleiden", contributions: int = 24, texts: tuple[str, ...] = ()) -> Report:
    """An ended meeting with one case. `texts` take turns as what people wrote."""
    told = [Told(f"Bijdrage {number}: {_text(texts, number)}") for number in range(1, contributions + 1)]
    first, second = contributions // 3, 2 * contributions // 3
    advice = tuple(Told(one.text, is_chosen=index < 2) for index, one in enumerate(told[second:]))
    sections = (
        Section(Kind.CLARIFY, "Informatievragen", tuple(told[:first]), "clarify"),
        Section(Kind.DIAGNOSE, "Kern van de casus", tuple(told[first:second]), "diagnose"),
        Section(Kind.ADVISE, "Adviesronde", advice, "advise"),
        Section(Kind.CHOOSE, "Reactie en keuze", (Told("Dit past bij hoe ik werk."),), "choose"),
    )
    case = Case(
        number=1,
        title=_text(texts, 0) or "Een starter die niets zegt",
        case_giver="Gia",
        question="Hoe houd ik een starter die niets zegt betrokken?",
        key_question="Wat heeft hij van mij nodig om iets te durven zeggen?",
        is_stopped=False,
        sections=sections,
        has_actions=True,
        actions=(Deed("Gia", "Pete", "hij stil blijft", "vraag ik het hem onder vier ogen", date(2031, 5, 1)),),
    )
    return Report(
        meeting_id="m1",
        status=Status.ENDED,
        goal=goal,
        group="Noord",
        number=3,
        place="Kamer 2",
        method="Basismethode",
        created_at=START,
        started_at=START,
        ended_at=START + timedelta(minutes=70),
        net=66 * 60,
        people=People(("Ada", "Bob", "Cleo", "Gia", "Pete"), ("Mo",), ("Ada",), (), ()),
        looks_back=True,
        follow_up=(Deed("Ada", "", "het druk is", "plan ik een uur", None, "Gedeeltelijk", "Het hielp even."),),
        cases=(case,),
        sections=(Section(Kind.LEARN, "Leeropbrengst", (Told("Eerst vragen, dan pas iets vinden."),), "learn"),),
        results=(
            Results("Evaluatie", tuple(_scale(label) for label in STATEMENTS), ("Fijn dat er tijd was.",), "evaluate"),
        ),
        kept_cases=(Told("Een klant die niet betaalt"),),
        agreement=("Wat hier gezegd wordt, vertel ik niet verder.", "We stellen open vragen."),
        times=tuple(_time(title, minutes) for title, minutes in PHASES),
        here=len(PHASES),
        version=1,
        approved_at=START + timedelta(days=2),
        next_at=START + timedelta(days=42),
    )


def wild_report(goal: str = " · ".join(EVERYTHING[:4])) -> Report:
    """150 contributions in which every script, sign and trick takes its turn."""
    return a_report(goal, contributions=150, texts=EVERYTHING)


def _text(texts: tuple[str, ...], number: int) -> str:
    if texts:
        return texts[number % len(texts)]
    return "een zin van gewone lengte zoals iemand die in een bijeenkomst op een telefoon typt" if number else ""


def _scale(label: str) -> Scale:
    return Scale(label, 1, 4.2, (0, 0, 1, 2, 2), "Niet eens", "Helemaal eens")


def _time(title: str, minutes: int) -> PhaseTime:
    course: Literal["done", "skipped"] = "skipped" if title == "Casuskeuze" else "done"
    used = 0.0 if course == "skipped" else minutes * 66.0
    return PhaseTime(title, title, 0, minutes * 60.0, used, course)


@contextmanager
def reading(app: Flask, locale: str) -> Iterator[None]:
    """A request of somebody who reads this language."""
    with app.test_request_context(headers={"Accept-Language": locale}):
        yield


def made(app: Flask, ending: str, report: Report, locale: str = "nl") -> bytes:
    """A report in a format, in a reader's language."""
    with reading(app, locale):
        return FORMATS[ending].draw(report, sheet(report))
