"""A report put into words, in the language of whoever reads it. Every format draws this sheet and adds nothing to it.

Promises: no sentence of ours says more than the report does, and where there is nothing to tell, one sentence says so.
"""

from __future__ import annotations

from flask_babel import format_date, format_datetime, format_decimal, gettext, ngettext

from facilitator.core.times import half_minutes, time_of_day, times_of_day, whole_minutes
from facilitator.meetings.machine import Status
from facilitator.meetings.rules import SCALES_TO_REVEAL
from facilitator.methods.roles import heading, role_names
from facilitator.methods.vocabulary import Kind
from facilitator.reports.blocks import (
    Bar,
    Block,
    Facts,
    Line,
    Lines,
    Part,
    ScaleRow,
    Scales,
    Sheet,
    TimeRow,
    Times,
    Words,
)
from facilitator.reports.closing import closing_parts
from facilitator.reports.deeds import Deed
from facilitator.reports.report import Case, Report
from facilitator.reports.results import Results, Scale
from facilitator.reports.texts import Section, Told
from facilitator.reports.times import Course, PhaseTime


def _(text: str, /, **names: object) -> str:
    return str(gettext(text, **names))


def sheet(report: Report) -> Sheet:
    """The report in the language of whoever reads it now."""
    parts = [
        *_follow_up(report),
        *_cases(report),
        *(part for section in report.sections for part in section_parts(section, "closing", 2)),
        *(results_part(results) for results in report.results),
        *_kept_cases(report),
        *_agreement(report),
        *closing_parts(report),
        *_times(report),
    ]
    return Sheet(_("Session report"), report.goal, _state(report), Facts(_facts(report)), tuple(parts))


def file_name(report: Report, ending: str) -> str:
    """What a downloaded report is called: its date, and nothing of what it is about."""
    day = format_datetime(report.started_at or report.created_at, "yyyy-MM-dd")
    return f"report-{day}.{ending}"


def _state(report: Report) -> str:
    if report.started_at is None:
        return _("The meeting has not started yet.")
    if report.status is Status.RUNNING:
        return _("The meeting is still going on. This is the report so far.")
    if report.approved_at is None:
        return _("This is a draft. It has not been approved yet.")
    if not report.is_whole:
        return _("A part of this report has not been approved yet. It is left out.")
    if report.is_without_case:
        return _("No case was worked out in this meeting. The moderator approved this report.")
    return ""


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    found, roles = report.people, report.roles or role_names(report.locale, {})
    rows = (
        (_("Group"), _group(report)),
        (_("Date"), format_date(report.started_at, "full") if report.started_at else ""),
        (_("Time"), _time(report)),
        (_("Place"), report.place),
        (_("Method"), report.method),
        (_("Moderator"), _names(found.moderators)),
        (heading(roles.timekeeper), _names(found.timekeepers)),
        (heading(roles.note_taker), _names(found.note_takers)),
        (heading(roles.observer), _names(found.observers)),
        (_("Present"), _names(found.present) or _("Nobody has come in.")),
        (_("Absent"), _names(found.absent)),
        (_("Approved"), _approved(report)),
    )
    return tuple((label, value) for label, value in rows if value)


def _approved(report: Report) -> str:
    if report.approved_at is None:
        return ""
    day = format_date(report.approved_at, "long")
    return _("%(date)s, version %(number)s", date=day, number=report.version)


def _group(report: Report) -> str:
    if not report.group:
        return ""
    return _("%(group)s, meeting %(number)s", group=report.group, number=report.number)


def _time(report: Report) -> str:
    if report.started_at is None:
        return ""
    length = _minutes(report.net)
    if report.ended_at is None:
        start = time_of_day(report.started_at)
        return _("from %(start)s, %(length)s so far without pauses", start=start, length=length)
    start, end = times_of_day(report.started_at, report.ended_at)
    return _("%(start)s to %(end)s, %(length)s without pauses", start=start, end=end, length=length)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _minutes(seconds: float) -> str:
    return str(ngettext("%(num)s minute", "%(num)s minutes", whole_minutes(seconds)))


def _follow_up(report: Report) -> list[Part]:
    if not report.looks_back:
        return []
    blocks = tuple(deed_facts(deed) for deed in report.follow_up)
    return [Part("follow-up", _("Earlier actions"), 2, blocks or nothing_to_tell(_("There were no earlier actions.")))]


def deed_facts(deed: Deed) -> Facts:
    rows = (
        (_("If"), deed.when_if),
        (_("Then"), deed.then),
        (_("No later than"), format_date(deed.due, "long") if deed.due else ""),
        (_("Who"), deed.owner),
        (_("Buddy"), deed.buddy),
        (_("How it went"), deed.status),
        (_("Effect"), deed.effect),
    )
    return Facts(tuple((label, value) for label, value in rows if value))


def _cases(report: Report) -> list[Part]:
    if not report.cases:
        has_begun = report.started_at is not None
        return [Part("case", _("Case"), 2, nothing_to_tell(_("No case has been told.")))] if has_begun else []
    is_one = len(report.cases) == 1
    return [part for case in report.cases for part in _case(case, is_one, _giver(report, case))]


def _giver(report: Report, case: Case) -> str:
    return heading(case.giver_is_called or role_names(report.locale, {}).case_giver)


def _case(case: Case, is_one: bool, giver: str) -> list[Part]:
    key = f"case-{case.number}"
    name = _("Case") if is_one else _("Case %(number)s", number=case.number)
    rows = (
        (_("Method"), "" if is_one else case.method),
        (giver, case.case_giver),
        (_("Question at the start"), case.question),
        (_("Key question after"), case.key_question),
    )
    facts = tuple((label, value) for label, value in rows if value)
    blocks: list[Block] = [Facts(facts)] if facts else []
    if case.context:
        blocks.append(Lines(tuple(Line(text) for text in case.context)))
    if case.is_stopped:
        blocks.append(Words(_("The group stopped this case before the end."), is_quiet=True))
    title = _("%(name)s: %(title)s", name=name, title=case.title) if case.title else name
    parts = [Part(key, title, 2, tuple(blocks))]
    for section in case.sections:
        parts += choice_parts(case, section, key) if section.kind is Kind.CHOOSE else section_parts(section, key, 3)
    if case.has_actions or case.actions:
        deeds = tuple(deed_facts(deed) for deed in case.actions)
        parts.append(Part(f"{key}-action", _("Action"), 3, deeds or nothing_to_tell(_("No action was taken on."))))
    return parts


def choice_parts(case: Case, section: Section, key: str) -> list[Part]:
    """What the case giver chose from all texts of the round, and why."""
    chosen = tuple(told for other in case.sections for told in other.texts if told.is_chosen)
    why = tuple(Words(text) for told in section.texts for text in (told.text, *told.more))
    if not chosen and why:
        return section_parts(section, key, 3)
    blocks: tuple[Block, ...] = (Lines(tuple(Line(told.text) for told in chosen)),) if chosen else ()
    reasons = (Facts(((_("Why"), "\n".join(words.text for words in why)),)),) if why else ()
    nothing = nothing_to_tell(_("Nothing was chosen."))
    return [Part(f"{key}-choose", _("Chosen"), 3, (*blocks, *reasons) or nothing)]


def section_parts(section: Section, key: str, level: int) -> list[Part]:
    lines = told_blocks(section.texts)
    nothing = nothing_to_tell(_("Nothing was shown in this phase."))
    return [Part(f"{key}-{section.key}", section_heading(section), level, lines or nothing)]


def told_blocks(texts: tuple[Told, ...]) -> tuple[Block, ...]:
    """Texts as a list, or as one for each column, under its label."""
    blocks: list[Block] = []
    for column in dict.fromkeys(told.column for told in texts):
        blocks += [Words(column)] if column else []
        blocks.append(Lines(tuple(told_line(told) for told in texts if told.column == column)))
    return tuple(blocks)


def section_heading(section: Section) -> str:
    """The words of a report for the phases most methods have; elsewhere the method's own."""
    known = {
        Kind.CLARIFY: _("Questions"),
        Kind.DIAGNOSE: _("Hypotheses"),
        Kind.ADVISE: _("Advice"),
        Kind.LEARN: _("Learning points"),
    }
    return known.get(section.kind, section.title)


def told_line(told: Told) -> Line:
    """A text with what belongs to it."""
    doubles = tuple(_("Together with: %(text)s", text=text) for text in told.doubles)
    return Line(told.text, (*told.more, *doubles), _("chosen") if told.is_chosen else "")


def results_part(results: Results) -> Part:
    """How a phase with scales was answered."""
    if not results.scales:
        nothing = nothing_to_tell(
            _(
                "There are no results. They are shown from %(count)s answers up, after they were revealed.",
                count=SCALES_TO_REVEAL,
            )
        )
        return Part(f"results-{results.key}", results.title, 2, nothing)
    heads = (_("Statement"), _("Average"), _("Answers"))
    blocks: list[Block] = [Scales(tuple(_scale(scale) for scale in results.scales), heads)]
    if results.lines:
        blocks.append(Lines(tuple(Line(line) for line in results.lines)))
    return Part(f"results-{results.key}", results.title, 2, tuple(blocks))


def _scale(scale: Scale) -> ScaleRow:
    tallest = max((*scale.counts, 1))
    bars = tuple(Bar(scale.first + i, count, count / tallest) for i, count in enumerate(scale.counts))
    last = scale.first + len(scale.counts) - 1
    ends = ""
    if scale.low and scale.high:
        ends = _("%(first)s %(low)s, %(last)s %(high)s", first=scale.first, low=scale.low, last=last, high=scale.high)
    given = (_("%(count)s × %(value)s", count=bar.count, value=bar.value) for bar in bars if bar.count)
    return ScaleRow(scale.label, format_decimal(scale.mean, "0.0"), bars, ends, ", ".join(given))


def _kept_cases(report: Report) -> list[Part]:
    if not report.kept_cases:
        return []
    return [
        Part("kept", _("Cases kept for next time"), 2, (Lines(tuple(told_line(told) for told in report.kept_cases)),))
    ]


def _agreement(report: Report) -> list[Part]:
    if not report.agreement:
        return []
    lines = list(report.agreement)
    if report.agreement_version:
        lines.append(_("And what the group itself agreed on, version %(number)s.", number=report.agreement_version))
    return [Part("agreement", _("What we agreed"), 2, (Lines(tuple(map(Line, lines))),))]


def _times(report: Report) -> list[Part]:
    if report.started_at is None or not report.times:
        return []
    longest = max(max(row.planned, row.used) for row in report.times) or 1.0
    rows = tuple(_time_row(row, longest) for row in report.times)
    planned, used = sum(row.planned for row in report.times), sum(row.used for row in report.times)
    total = TimeRow(_("Together"), "", _figure(planned), _figure(used), 0.0, 0.0)
    heads = (_("Phase"), _("Planned minutes"), _("Used minutes"))
    return [Part("times", _("How the time was spent"), 2, (Times(rows, total, heads),))]


def _time_row(row: PhaseTime, longest: float) -> TimeRow:
    title = _("%(phase)s, case %(number)s", phase=row.title, number=row.round) if row.round else row.title
    used = _figure(row.used) if row.used or row.course in ("done", "now") else ""
    return TimeRow(title, _remark(row.course), _figure(row.planned), used, row.planned / longest, row.used / longest)


def _remark(course: Course) -> str:
    remarks = {"skipped": _("skipped"), "now": _("going on"), "ahead": _("to come"), "not_held": _("not held")}
    return remarks.get(course, "")


def _figure(seconds: float) -> str:
    return str(format_decimal(half_minutes(seconds), "0.#"))


def nothing_to_tell(sentence: str) -> tuple[Words]:
    """One sentence where there is nothing to tell."""
    return (Words(sentence, is_quiet=True),)
