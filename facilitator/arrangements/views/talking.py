"""Starting the talk of an arrangement, and coming in."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue

from facilitator.accounts.access import me, sign_in_required
from facilitator.accounts.languages import readers_language
from facilitator.accounts.limits import account
from facilitator.arrangements import talking
from facilitator.arrangements.views import OFTEN, or_404, together
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.meetings import seats
from facilitator.meetings.refusals import sentence


@together.post("/together/<arrangement_id>/talk")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def begin_talk(arrangement_id: str) -> ResponseReturnValue:
    """Opens a talk, on the device of whoever watched."""
    try:
        lead, phone = or_404(lambda: talking.begin(me(), arrangement_id, readers_language()))
    except Refused as refused:
        return _refused(refused, arrangement_id)
    answer = redirect(f"/meetings/{lead.meeting_id}/console")
    seats.keep(answer, "console", lead)
    seats.keep(answer, "phone", phone)
    return answer


@together.post("/together/<arrangement_id>/talk/seat")
@sign_in_required
@limiter.limit(OFTEN, key_func=account)
def come_in(arrangement_id: str) -> ResponseReturnValue:
    """Into the talk that is open, on this device."""
    try:
        holding = or_404(lambda: talking.come_in(me(), arrangement_id, readers_language()))
    except Refused as refused:
        return _refused(refused, arrangement_id)
    answer = redirect(f"/meetings/{holding.meeting_id}/phone")
    seats.keep(answer, "phone", holding)
    return answer


def _refused(refused: Refused, arrangement_id: str) -> ResponseReturnValue:
    if refused.status == 404:
        abort(404)
    flash(str(sentence(refused.code)) if refused.code else str(refused), "warning")
    return redirect(f"/together/{arrangement_id}")
