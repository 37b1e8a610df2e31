"""A stored report in the language of whoever reads it. Pure.

Promises: what people wrote stays as they wrote it; words of the method – titles, statements, what we agreed – come from the
catalogue in the reader's language, and stay as they were stored where the method no longer has them.
"""

from __future__ import annotations

from dataclasses import replace

from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method, Phase
from facilitator.reports.deeds import Deed
from facilitator.reports.report import Report
from facilitator.reports.results import Results, Scale
from facilitator.reports.texts import Section
from facilitator.reports.times import PhaseTime


def in_language(report: Report, locale: str) -> Report:
    """The same report with the method's words in another language."""
    method = load_catalogue().get(report.method_key)
    if method is None or report.locale == locale:
        return report
    return replace(
        report,
        locale=locale,
        method=method.text(locale).title,
        agreement=method.text(locale).agreement if report.agreement else (),
        follow_up=tuple(_deed(method, deed, locale) for deed in report.follow_up),
        cases=tuple(
            replace(case, sections=tuple(_section(method, section, locale) for section in case.sections))
            for case in report.cases
        ),
        sections=tuple(_section(method, section, locale) for section in report.sections),
        results=tuple(_results(method, results, locale) for results in report.results),
        times=tuple(_time(method, row, locale) for row in report.times),
    )


def _section(method: Method, section: Section, locale: str) -> Section:
    phase = method.phase(section.key)
    return replace(section, title=phase.text(locale).title) if phase else section


def _results(method: Method, results: Results, locale: str) -> Results:
    phase = method.phase(results.key)
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
