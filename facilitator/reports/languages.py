"""A stored report in the language of whoever reads it. Pure.

Promises: what people wrote stays as they wrote it; words of the method – titles, statements, what we agreed – come from the
catalogue in the reader's language, and stay as they were stored where the method no longer has them.
"""

from __future__ import annotations

from dataclasses import replace

from facilitator.meetings.titles import together
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method, Phase
from facilitator.reports.deeds import Deed
from facilitator.reports.report import Case, Report
from facilitator.reports.results import Results, Scale
from facilitator.reports.texts import Section
from facilitator.reports.times import PhaseTime


def in_language(report: Report, locale: str) -> Report:
    """The same report with the words of its methods in another language."""
    method = load_catalogue().get(report.method_key)
    if method is None or report.locale == locale:
        return report
    of_round = {case.number: _method_of(case, method) for case in report.cases}
    everything = (method, *of_round.values())
    return replace(
        report,
        locale=locale,
        method=_titles(report, method, locale),
        agreement=method.text(locale).agreement if report.agreement else (),
        follow_up=tuple(_deed(method, deed, locale) for deed in report.follow_up),
        cases=tuple(_case(of_round[case.number], case, locale) for case in report.cases),
        sections=tuple(_section(method, section, locale) for section in report.sections),
        results=tuple(_results(everything, results, locale) for results in report.results),
        times=tuple(_time(of_round.get(row.round, method), row, locale) for row in report.times),
    )


def _method_of(case: Case, first: Method) -> Method:
    return load_catalogue().get(case.method_key, first)


def _titles(report: Report, first: Method, locale: str) -> str:
    known = load_catalogue()
    further = (
        known[case.method_key].text(locale).title if case.method_key in known else case.method for case in report.cases
    )
    return together((first.text(locale).title, *further))


def _case(method: Method, case: Case, locale: str) -> Case:
    is_known = method.key == case.method_key
    return replace(
        case,
        method=method.text(locale).title if is_known else case.method,
        sections=tuple(_section(method, section, locale) for section in case.sections),
    )


def _section(method: Method, section: Section, locale: str) -> Section:
    phase = method.phase(section.key)
    return replace(section, title=phase.text(locale).title) if phase else section


def _results(methods: tuple[Method, ...], results: Results, locale: str) -> Results:
    phase = next((phase for method in methods if (phase := method.phase(results.key))), None)
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


def _deed(method: Method, deed: Deed, locale: str) -> Deed:
    phase_key, _, choice = deed.status_key.partition(":")
    phase = method.phase(phase_key)
    return replace(deed, status=phase.text(locale).choices.get(choice, deed.status)) if phase else deed


def _time(method: Method, row: PhaseTime, locale: str) -> PhaseTime:
    phase = method.phase(row.key)
    return replace(row, title=phase.text(locale).title, short=phase.text(locale).short) if phase else row
