"""Hours by the year of a register, for whoever is signed in: the registers there are, what each asks for, and one's own years by it.

Promises: everybody sees their own hours and nobody else's, administrators as well.
"""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.languages import readers_language
from facilitator.core.codes import in_groups
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.core.spreadsheets import KINDS, Cell, Kind
from facilitator.proof import documents, labels
from facilitator.proof.forms import RegisterForm
from facilitator.proof.models import RegisterRule
from facilitator.proof.overview import Session
from facilitator.proof.register_rules import keep, may_change, own_years, register_of, registers_for, remove
from facilitator.proof.registers import RegisterYear
from facilitator.proof.views import blueprint
from facilitator.proof.views.files import named, pdf

Years = tuple[RegisterYear[Session], ...]


@blueprint.get("/proof/registers")
@sign_in_required
def registers() -> ResponseReturnValue:
    """The registers of the organisation, and one's own."""
    return render_template("proof/registers.html", registers=registers_for(me()), words=labels)


@blueprint.route("/proof/registers/new", methods=["GET", "POST"])
@sign_in_required
def new_register() -> ResponseReturnValue:
    form = RegisterForm()
    if form.is_fine():
        try:
            rule_id = keep(me(), form.asked, is_for_all=bool(form.is_for_all.data))
        except LookupError:
            abort(403)
        except Refused as refused:
            form.name.errors = [str(refused)]
        else:
            return redirect(f"/proof/registers/{rule_id}")
    return _form_page(form, None)


@blueprint.get("/proof/registers/<register_id>")
@sign_in_required
def register(register_id: str) -> ResponseReturnValue:
    """One's own years by a register."""
    rule = _readable(register_id)
    years, unreadable = own_years(me(), rule)
    return render_template(
        "proof/register.html",
        rule=rule,
        asked=labels.register(rule),
        years=years,
        unreadable=labels.unreadable(unreadable) if unreadable else "",
        may_change=may_change(me(), rule),
        spreadsheets=KINDS,
        words=labels,
        locale=readers_language(),
    )


@blueprint.route("/proof/registers/<register_id>/edit", methods=["GET", "POST"])
@sign_in_required
def change_register(register_id: str) -> ResponseReturnValue:
    rule = _changeable(register_id)
    form = RegisterForm(obj=rule)
    if form.is_fine():
        try:
            keep(me(), form.asked, rule.id)
        except LookupError:
            abort(404)
        flash(_("Your changes are saved."), "success")
        return redirect(f"/proof/registers/{rule.id}")
    return _form_page(form, rule)


@blueprint.post("/proof/registers/<register_id>/remove")
@sign_in_required
def remove_register(register_id: str) -> ResponseReturnValue:
    try:
        remove(me(), register_id)
    except LookupError:
        abort(404)
    flash(_("The register is taken away. Your hours are still there."), "success")
    return redirect("/proof/registers")


@blueprint.get("/proof/registers/<register_id>.pdf")
@sign_in_required
def register_pdf(register_id: str) -> Response:
    """One's own years by a register, on paper."""
    rule = _readable(register_id)
    content = documents.register(rule, own_years(me(), rule)[0], me().name, now(), readers_language())
    return pdf(content, documents.file_name("register", now()))


@blueprint.get(f"/proof/registers/<register_id>.<any({', '.join(KINDS)}):ending>")
@sign_in_required
def register_spreadsheet(register_id: str, ending: str) -> Response:
    """The same for a spreadsheet."""
    rule = _readable(register_id)
    answer = make_response(_table(own_years(me(), rule)[0], readers_language(), KINDS[ending]))
    answer.headers["Content-Type"] = KINDS[ending].media_type
    return named(answer, documents.file_name("register", now(), ending))


def _readable(register_id: str) -> RegisterRule:
    rule = register_of(db.session(), me(), register_id)
    if rule is None:
        abort(404)
    return rule


def _changeable(register_id: str) -> RegisterRule:
    rule = _readable(register_id)
    if not may_change(me(), rule):
        abort(404)
    return rule


def _form_page(form: RegisterForm, rule: RegisterRule | None) -> ResponseReturnValue:
    page = render_template(
        "proof/register_form.html", form=form, rule=rule, offers_all=rule is None and me().is_administrator
    )
    return page, 422 if form.errors else 200


def _table(years: Years, locale: str, kind: Kind) -> bytes:
    """Each year with its totals, and then its sessions: those that count and those that do not."""
    heads = [
        _("Year"),
        _("Date"),
        _("Group"),
        _("Method"),
        _("Role"),
        _("Net minutes"),
        _("Net hours"),
        _("Does it count?"),
        _("Document number"),
    ]
    rows: list[list[Cell]] = []
    for year in years:
        name = labels.register_year(year)
        rows += [
            [name, line.label, "", "", "", line.minutes, labels.in_hours(line.minutes), "", ""]
            for line in labels.standing(year)
        ]
        rows += [_row(name, one, locale, _("yes")) for one in year.sessions]
        rows += [_row(name, one, locale, labels.lack(why, one.people)) for one, why in year.left_out]
    return kind.write(heads, rows)


def _row(year: str, one: Session, locale: str, counts: str) -> list[Cell]:
    return [
        year,
        one.day.isoformat(),
        labels.group(one.held),
        labels.method(one.held, locale),
        labels.role(one.role, one.held, one.gave_by),
        one.minutes,
        labels.in_hours(one.minutes),
        counts,
        in_groups(one.number) if one.number else "",
    ]
