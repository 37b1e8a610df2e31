"""The pages of an organisation: how long what is kept, and the log of who did what.

Promises: administrators only, of their own organisation; the log tells what was done with which kind of thing and by whom,
and leads to no content.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from facilitator.accounts.access import administrator_required, me
from facilitator.accounts.models import Organisation, User
from facilitator.audit import AuditEntry, Deed, note
from facilitator.db import db
from facilitator.retention.forms import OrganisationForm

PER_PAGE = 50

blueprint = Blueprint("retention", __name__)


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
    """The organisation's name and its terms."""
    form = OrganisationForm(obj=me().organisation)
    if not form.is_fine():
        return render_template("retention/organisation.html", form=form), 422 if form.errors else 200
    with db.writing() as session:
        form.put_into(session.get_one(Organisation, me().organisation_id))
        note(session, me().organisation_id, me().id, Deed.CHANGED, "settings", me().organisation_id)
    flash(_("Your changes are saved."), "success")
    return redirect("/organisation")


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
        "themes": _("the themes"),
        "person": _("data of a person"),
        "group": _("a group"),
    }
    return str(words.get(thing, thing))
