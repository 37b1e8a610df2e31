"""The page on which somebody writes their own annex. Nobody else has such a page."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.proof import store
from facilitator.proof.access import Holder, address, own_holder
from facilitator.proof.annexes import annex_of, delete, keep
from facilitator.proof.content import Reflection
from facilitator.proof.forms import AnnexForm
from facilitator.proof.learned import own_learning
from facilitator.proof.views import blueprint


@blueprint.route("/meetings/<meeting_id>/annex", methods=["GET", "POST"])
def annex(meeting_id: str) -> Response:
    """What somebody keeps for themselves; at first their own learning point is in it already."""
    mine = own_holder(meeting_id)
    known, is_damaged = _kept(mine)
    offered = known or Reflection(learned=own_learning(meeting_id, mine.seat.id, mine.hand_id))
    form = AnnexForm(obj=offered)
    if not form.is_fine():
        page = render_template(
            "proof/annex.html",
            form=form,
            is_kept=known is not None,
            is_damaged=is_damaged,
            has_learning=known is None and bool(offered.learned),
            pdf=address(meeting_id, "annex.pdf"),
            erase=address(meeting_id, "annex/delete"),
            proof=address(meeting_id, "proof"),
        )
        return make_response(page, 422 if form.was_sent else 200)
    keep(mine, _filled(mine, form))
    flash(_("Kept. Only you can see it."))
    return redirect(address(meeting_id, "annex"))


@blueprint.post("/meetings/<meeting_id>/annex/delete")
def delete_annex(meeting_id: str) -> Response:
    if delete(own_holder(meeting_id)):
        flash(_("Your annex is deleted, and nobody can bring it back."))
    return redirect(address(meeting_id, "annex"))


def _kept(mine: Holder) -> tuple[Reflection | None, bool]:
    """What somebody kept, if anything, and whether it is there and cannot be read any more."""
    with db.reading() as session:
        found = annex_of(session, mine)
        known = sealing.readable(lambda: store.reflection_of(found), None) if found else None
        return known, found is not None and known is None


def _filled(mine: Holder, form: AnnexForm) -> Reflection:
    group = db.session.get(Group, mine.meeting.group_id) if mine.meeting.group_id else None
    return Reflection(
        held_at=mine.meeting.started_at,
        group=group.name if group else "",
        goal=form.goal.data or "",
        technical=form.technical.data or "",
        normative=form.normative.data or "",
        personal=form.personal.data or "",
        learned=form.learned.data or "",
        intended=form.intended.data or "",
        competence=form.competence.data or "",
    )
