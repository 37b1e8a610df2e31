"""The own overview of whoever is signed in: sessions, hours and totals, over a period they choose."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from facilitator.accounts.access import me
from facilitator.accounts.languages import readers_language
from facilitator.core.codes import in_groups
from facilitator.core.spreadsheets import KINDS, Cell, Kind
from facilitator.proof import labels
from facilitator.proof.forms import NumberForm, PeriodForm
from facilitator.proof.overview import Overview, overview_of, sessions_of


def overview_page() -> Response:
    form = PeriodForm(request.args)
    is_right = form.validate()
    everything, unreadable = sessions_of(me())
    found = overview_of(everything, form.first.data, form.last.data) if is_right else overview_of([])
    page = render_template(
        "proof/overview.html",
        found=found,
        form=form,
        has_any=bool(everything),
        unreadable=labels.unreadable(unreadable) if unreadable else "",
        years=sorted({session.day.year for session in everything}, reverse=True),
        period=labels.period(found.first, found.last),
        query=_query(found),
        spreadsheets=KINDS,
        words=labels,
        grouped=in_groups,
        locale=readers_language(),
        number_form_fields=NumberForm(formdata=None),
    )
    return make_response(page, 200 if is_right else 422)


def chosen_overview() -> Overview:
    """The overview of the period in the address; what is no date there is no limit."""
    form = PeriodForm(request.args)
    form.validate()
    first = None if form.first.errors else form.first.data
    last = None if form.last.errors else form.last.data
    return overview_of(sessions_of(me())[0], first, last)


def overview_table(found: Overview, locale: str, kind: Kind) -> bytes:
    """The sessions as a file of this kind, with the total in the last row."""
    heads = [
        _("Date"),
        _("Time"),
        _("Group"),
        _("Method"),
        _("Theme"),
        _("Role"),
        _("Moderator"),
        _("Net minutes"),
        _("Net hours"),
        _("Document number"),
    ]
    rows: list[list[Cell]] = [
        [
            one.day.isoformat(),
            labels.hours(one.held),
            labels.group(one.held),
            labels.method(one.held, locale),
            one.held.theme,
            labels.role(one.role, one.held, one.gave_by),
            one.held.moderator.name,
            one.minutes,
            labels.in_hours(one.minutes),
            in_groups(one.number) if one.number else "",
        ]
        for one in found.sessions
    ]
    total: list[Cell] = [_("Together"), "", "", "", "", "", "", found.minutes, labels.in_hours(found.minutes), ""]
    return kind.write(heads, [*rows, total])


def _query(found: Overview) -> str:
    """The period, for the addresses of the files."""
    chosen = {"first": found.first, "last": found.last}
    parts = [f"{name}={day.isoformat()}" for name, day in chosen.items() if day]
    return f"?{'&'.join(parts)}" if parts else ""
