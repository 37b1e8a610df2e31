"""The pages of an organisation: how long what is kept, whether the clock can be trusted, and the log of who did what.

Promises: administrators only, of their own organisation; the log tells what was done with which kind of thing and by whom,
and leads to no content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from facilitator.accounts.access import administrator_required, me, sign_in_required
from facilitator.accounts.models import Organisation, User
from facilitator.core.audit import AuditEntry, Deed, note
from facilitator.core.clock import clock
from facilitator.core.db import db, now
from facilitator.meetings.visitor import visitor
from facilitator.retention.announcing import untold
from facilitator.retention.forms import ClockForm, OrganisationForm
from facilitator.retention.own_data import of_account, of_device

PER_PAGE = 50

blueprint = Blueprint("retention", __name__)


@blueprint.get("/account/data.json")
@sign_in_required
def own_data() -> Response:
    """Everything the product holds about whoever is signed in."""
    with db.writing() as session:
        note(session, me().organisation_id, me().id, Deed.EXPORTED, "person", me().id)
    return _as_file(of_account(me()))


@blueprint.get("/meetings/<meeting_id>/mine/data.json")
def own_data_of_device(meeting_id: str) -> Response:
    """What one meeting holds about whoever's seat this device has."""
    found = visitor(meeting_id)
    if found is None or found.held is None or found.device is None or not found.device.takes_part:
        abort(404)
    return _as_file(of_device(found.held))


def _as_file(found: dict[str, object]) -> Response:
    answer = make_response(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@dataclass(frozen=True)
class Logged:
    """One line of the log; `who` is empty where nobody is named."""

    at: datetime
    who: str
    deed: str
    thing: str


@blueprint.route("/organisation", methods=["GET", "POST"])
@administrator_required
def organisation() -> ResponseReturnValue:
    form = OrganisationForm(obj=me().organisation)
    if not form.is_fine():
        return render_template("retention/organisation.html", form=form), 422 if form.errors else 200
    with db.writing() as session:
        user = session.get(User, me().id)  # as they are now: the role may have been taken away meanwhile
        if user is None or not (user.active and user.is_administrator):
            abort(403)
        form.put_into(session.get_one(Organisation, me().organisation_id))
        note(session, me().organisation_id, me().id, Deed.CHANGED, "settings", me().organisation_id)
    flash(_("Your changes are saved."), "success")
    return redirect("/organisation")


@blueprint.route("/organisation/clock", methods=["GET", "POST"])
@administrator_required
def trust_clock() -> ResponseReturnValue:
    """Whether the server does what cannot be undone, and if not, a way to say that its clock is right."""
    moment = now()
    form = ClockForm()
    if not form.is_fine():
        page = render_template(
            "retention/clock.html", form=form, doubt=clock().doubt(moment), has_untold=untold(db.session()) > 0
        )
        return page, 422 if form.errors else 200
    clock().confirm(moment)
    with db.writing() as session:
        note(session, me().organisation_id, me().id, Deed.CHANGED, "clock", me().organisation_id)
    flash(_("The clock counts again. What is due is done within the hour."), "success")
    return redirect("/organisation/clock")


@blueprint.get("/organisation/log")
@administrator_required
def log() -> ResponseReturnValue:
    """Who did what, newest first."""
    page = request.args.get("page", 1, type=int)
    mine = AuditEntry.organisation_id == me().organisation_id
    count = db.session.scalar(select(func.count()).select_from(AuditEntry).where(mine)) or 0
    pages = max(1, -(-count // PER_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    asked = select(AuditEntry, User.name).outerjoin(User, User.id == AuditEntry.by_id).where(mine)
    asked = asked.order_by(AuditEntry.at.desc(), AuditEntry.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    entries = [
        Logged(entry.at, name or "", _in_words(entry.deed), _thing(entry.thing))
        for entry, name in db.session.execute(asked)
    ]
    return render_template("retention/log.html", entries=entries, page=page, pages=pages, count=count)


def _in_words(deed: str) -> str:
    words = {
        Deed.OPENED: _("opened"),
        Deed.EXPORTED: _("exported"),
        Deed.APPROVED: _("approved"),
        Deed.REOPENED: _("reopened"),
        Deed.PUBLISHED: _("published"),
        Deed.WITHDREW: _("withdrew"),
        Deed.CHANGED: _("changed"),
        Deed.ISSUED: _("issued"),
        Deed.ERASED: _("erased"),
    }
    return str(words[Deed(deed)])


def _thing(thing: str) -> str:
    words = {
        "report": _("a report"),
        "card": _("a card"),
        "proof": _("proof of participation"),
        "meeting": _("what was written in a meeting"),
        "archive": _("the archive"),
        "remark": _("a question or an answer"),
        "settings": _("the settings"),
        "clock": _("the clock"),
        "themes": _("the themes"),
        "person": _("data of a person"),
        "group": _("a group"),
        "register": _("a register"),
    }
    return str(words.get(thing, thing))
