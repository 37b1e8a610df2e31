"""Somebody's own page of a meeting: what is printed of them, and their certificate."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from facilitator.accounts.languages import readers_language
from facilitator.core.codes import in_groups
from facilitator.proof import labels
from facilitator.proof.access import Holder, address, holder, own_holder
from facilitator.proof.actions import NotOver, NotThere, Standing, describe, may_print, sign, standing
from facilitator.proof.content import Particulars
from facilitator.proof.forms import ParticularsForm
from facilitator.proof.views import blueprint


@blueprint.route("/meetings/<meeting_id>/proof", methods=["GET", "POST"])
def own(meeting_id: str) -> Response:
    """What is printed of whoever asks, and the way to their certificate."""
    mine = holder(meeting_id)
    found = standing(meeting_id, mine.seat.id)
    if not mine.may_describe:
        if request.method == "POST":
            abort(404)
        return _page(mine, found, None, 200)
    known = found.particulars or Particulars(name=_likely_name(mine))
    form = ParticularsForm(obj=known)
    if not form.is_fine():
        return _page(mine, found, form, 422 if form.was_sent else 200)
    describe(mine, _particulars(form))
    flash(_("Saved."))
    return redirect(address(meeting_id, "proof"))


@blueprint.post("/meetings/<meeting_id>/proof/sign")
def sign_own(meeting_id: str) -> Response:
    """Whoever holds the seat says that they took part."""
    mine = own_holder(meeting_id)
    try:
        sign(mine)
    except NotOver:
        flash(_("The meeting goes on. Confirm when it is over."), "warning")
    except NotThere:
        flash(
            _("The moderator confirmed the attendance, and you are not on it. Is that not right? Tell the moderator."),
            "warning",
        )
    else:
        flash(_("You confirmed that you took part."))
    return redirect(address(meeting_id, "proof"))


def _likely_name(mine: Holder) -> str:
    """The name somebody probably wants on paper; a pseudonym is none."""
    if mine.user is not None:
        return mine.user.name
    is_made_up = mine.meeting.uses_pseudonyms and mine.seat.kind == "participant"
    return "" if is_made_up else mine.seat.name


def _page(mine: Holder, found: Standing, form: ParticularsForm | None, status: int) -> Response:
    page = render_template(
        "proof/own.html",
        form=form,
        found=found,
        uses_pseudonyms=mine.meeting.uses_pseudonyms,
        facts=_facts(found),
        number=in_groups(found.issued.number) if found.issued else "",
        is_behind=bool(found.issued and found.proof and found.issued.proof != found.proof),
        certificate=address(mine.meeting.id, "proof.pdf") if may_print(mine, found) else "",
        sign=address(mine.meeting.id, "proof/sign") if _may_sign(mine, found) else "",
        annex=address(mine.meeting.id, "annex") if mine.is_own else "",
    )
    return make_response(page, status)


def _may_sign(mine: Holder, found: Standing) -> bool:
    """Whether whoever asks can say now that they took part, and has not yet."""
    is_left_out = found.held is not None and found.proof is None
    return mine.is_own and mine.meeting.status == "ended" and not found.has_signed and not is_left_out


def _facts(found: Standing) -> list[tuple[str, str]]:
    proof = found.proof
    if proof is None:
        return []
    rows = (
        (_("Group"), labels.group(proof.held)),
        (_("Date"), labels.day(proof.held)),
        (_("Time"), labels.hours(proof.held)),
        (_("Your net time"), labels.length(proof.minutes)),
        (_("Method"), labels.method(proof.held, readers_language())),
        (_("Your role"), labels.role(proof.role, proof.held, proof.gave_by)),
    )
    return [(label, value) for label, value in rows if value]


def _particulars(form: ParticularsForm) -> Particulars:
    return Particulars(
        name=form.name.data or "",
        function=form.function.data or "",
        registration=form.registration.data or "",
        is_listed=bool(form.is_listed.data),
    )
