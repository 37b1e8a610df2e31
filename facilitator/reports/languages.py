"""A stored report in the language of whoever reads it. Pure.

Promises: what people wrote stays as they wrote it; words of the method – titles, roles, statements, what we agreed – come from the
copies of its methods that the meeting keeps, in the reader's language, and stay as they were stored where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from facilitator.meetings.titles import together
from facilitator.methods.roles import role_names, roles_of
from facilitator.methods.vocabulary import Method, Phase
from facilitator.reports.deeds import Deed
from facilitator.reports.report import Case, Report
from facilitator.reports.results import Results, Scale
from facilitator.reports.texts import Section
from facilitator.reports.times import PhaseTime


def in_language(report: Report, locale: str, methods: Mapping[str, Method]) -> Report:
    """The same report with the words of its methods in another language. A method that lacks it has them in one that it has."""
    first = methods.get(report.method_key)
    of_round = {case.number: methods.get(case.method_key) if case.method_key else first for case in report.cases}
    every = (first, *of_round.values())
    named = _with_roles(report, first, of_round, locale)
    if report.locale == locale or not any(every):
        return named
    return replace(
        named,
        locale=locale,
        method=_titles(report, methods, locale),
        agreement=first.text(locale).agreement if first and report.agreement else report.agreement,
        follow_up=tuple(_deed(first, deed, locale) for deed in report.follow_up),
        cases=tuple(_case(of_round[case.number], case, locale) for case in named.cases),
        sections=tuple(_section(first, section, locale) for section in report.sections),
        results=tuple(_results(_phase_of(every, found, report.locale), found, locale) for found in report.results),
        times=tuple(_time(_phase_at(first, of_round, row, report.locale), row, locale) for row in report.times),
    )


def _with_roles(report: Report, first: Method | None, of_round: Mapping[int, Method | None], locale: str) -> Report:
    """Roles by the words of the methods that are known; of others as they were stored."""
    cases = tuple(
        replace(case, giver_is_called=role_names(locale, roles_of(method)).case_giver) if method else case
        for case in report.cases
        for method in (of_round[case.number],)
    )
    return replace(report, cases=cases, roles=role_names(locale, roles_of(first)) if first else report.roles)


def _phase_of(methods: Iterable[Method | None], named: Results | PhaseTime, stored: str) -> Phase | None:
    """The phase of something of which nobody kept by which of several methods it was. With one that is not known among them only a
    phase with the very title that was stored is it.
    """
    every = tuple(methods)
    found = [phase for method in every if method and (phase := method.phase(named.key))]
    if None in every:
        found = [phase for phase in found if phase.text(stored).title == named.title]
    return found[0] if found else None


def _phase_at(first: Method | None, of_round: Mapping[int, Method | None], row: PhaseTime, stored: str) -> Phase | None:
    if row.round and row.round not in of_round:  # a case that is not in the report
        return _phase_of((first, *of_round.values(), None), row, stored)
    method = of_round.get(row.round, first)
    return method.phase(row.key) if method else None


def _titles(report: Report, methods: Mapping[str, Method], locale: str) -> str:
    further = (
        methods[case.method_key].text(locale).title if case.method_key in methods else case.method
        for case in report.cases
    )
    first = methods.get(report.method_key)
    if first is None and 1 not in {case.number for case in report.cases}:
        return report.method  # how the first one is called is nowhere else
    return together((first.text(locale).title if first else "", *further))


def _case(method: Method | None, case: Case, locale: str) -> Case:
    is_known = method is not None and method.key == case.method_key
    return replace(
        case,
        method=method.text(locale).title if method and is_known else case.method,
        sections=tuple(_section(method, section, locale) for section in case.sections),
    )


def _section(method: Method | None, section: Section, locale: str) -> Section:
    phase = method.phase(section.key) if method else None
    return replace(section, title=phase.text(locale).title) if phase else section


def _results(phase: Phase | None, results: Results, locale: str) -> Results:
    if phase is None:
        return results
    scales = tuple(_scale(phase, scale, locale) for scale in results.scales)
    return replace(results, title=phase.text(locale).title, scales=scales)


def _scale(phase: Phase, scale: Scale, locale: str) -> Scale:
    texts = phase.text(locale)
    return replace(
        scale,
        label=texts.fields.get(scale.name, scale.label),
        low=texts.ends.get(f"{scale.name}.low", scale.low),
        high=texts.ends.get(f"{scale.name}.high", scale.high),
    )


def _deed(method: Method | None, deed: Deed, locale: str) -> Deed:
    phase_key, _, choice = deed.status_key.partition(":")
    phase = method.phase(phase_key) if method else None
    return replace(deed, status=phase.text(locale).choices.get(choice, deed.status)) if phase else deed


def _time(phase: Phase | None, row: PhaseTime, locale: str) -> PhaseTime:
    return replace(row, title=phase.text(locale).title, short=phase.text(locale).short) if phase else row
