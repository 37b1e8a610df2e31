"""The pages of a group's rota: whose turn it is for what, and dividing the turns of a whole series.

Promises: turns are shown to the members of the group and to whoever leads the meeting, in the order of time, never by person; nothing
is counted. Dividing is for whoever plans the meetings, and reaches no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.accounts.models import User
from facilitator.calendar import loading, turns
from facilitator.calendar.models import Appointment
from facilitator.calendar.rota import Slot
from facilitator.calendar.rota_words import REFUSALS, ROLE_NAMES, SPARED, reason
from facilitator.calendar.saying import Said, said
from facilitator.calendar.turns import Rota
from facilitator.calendar.views import group_or_404
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.groups.rules import is_member
from facilitator.meetings.turns import Turn

rota = Blueprint("rota", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn on the page: `who` is empty where it is open, `why` a sentence."""

    role: str
    who: str
    why: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A turn on the page where turns are divided. `options` are who may have it, `shown` who had it when the page was made, `user_id` who
    is chosen.
    """

    key: str
    role: str
    options: tuple[tuple[str, str], ...]
    shown: str
    user_id: str
    why: str
    problem: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A planned meeting with its turns."""

    id: str
    when: Said
    turns: tuple[Shown | Chosen, ...]


@rota.get("/groups/<group_id>/rota")
@sign_in_required
def turns_ahead(group_id: str) -> ResponseReturnValue:
    """Whose turn it is for what in the meetings ahead."""
    group = group_or_404(group_id)
    found = turns.rota_of(group, now())
    mine = [one for one in found.appointments if one.meeting_id and loading.is_theirs(me(), one)]
    return render_template(
        "calendar/rota.html",
        group=group,
        meetings=[_meeting(one, [_shown(turn, me()) for turn in found.turns[one.meeting_id or ""]]) for one in mine],
        may_divide=bool(_planned_by(me(), found)),
        is_open=any(not turn.user_id for one in _planned_by(me(), found) for turn in found.turns[one.meeting_id or ""]),
        may_plan=loading.may_plan(me(), group),
        is_member=_is_member(group),
        spared=turns.spared_roles(me(), group),
        roles=SPARED,
    )


@rota.route("/groups/<group_id>/rota/divide", methods=["GET", "POST"])
@moderator_required
def divide(group_id: str) -> ResponseReturnValue:
    """Gives the turns of all meetings that somebody plans, in one go: those that are open as they are proposed."""
    group = group_or_404(group_id)
    found = turns.rota_of(group, now())
    if not _planned_by(me(), found):
        abort(404)
    if request.method == "GET":
        return _divide(group, found, {}, {}, 200)
    wanted, shown = _sent("turn"), _sent("was")
    try:
        against = turns.settle(me(), group, wanted, shown)
    except Refused as refused:
        flash(str(REFUSALS["turns_changed"]), "warning")
        return _divide(group, turns.rota_of(group, now()), {}, {}, refused.status)
    if against:
        return _divide(group, found, wanted, against, 422)
    flash(_("The turns are divided. Everybody in the group sees them."), "success")
    return redirect(f"/groups/{group_id}/rota")


@rota.post("/groups/<group_id>/rota/spared")
@sign_in_required
def spare(group_id: str) -> ResponseReturnValue:
    """A member says which roles they cannot take."""
    group = group_or_404(group_id)
    if not _is_member(group):
        abort(404)
    turns.spare(me(), group, request.form.getlist("role"))
    flash(_("That is noted. Proposals leave you out of it, and nobody is told why."), "success")
    return redirect(f"/groups/{group_id}/rota#spared")


def _divide(
    group: Group, found: Rota, wanted: Mapping[Slot, str], against: Mapping[Slot, str], status: int
) -> ResponseReturnValue:
    proposed = turns.proposed(group, found, me())

    def chosen(turn: Turn) -> Chosen:
        slot = (turn.meeting_id, turn.role)
        new = proposed.get(slot)
        user_id = wanted.get(slot, turn.user_id or (new.user_id if new else ""))
        why = new.why if new and not turn.user_id else turn.why
        whose = new.user_id if new and not turn.user_id else turn.user_id
        may = [one for one in found.members if not found.refusal(slot, one, {}) or one in (user_id, turn.user_id)]
        return Chosen(
            key=":".join(slot),
            role=str(ROLE_NAMES[turn.role]),
            options=tuple((one, found.members[one]) for one in may),
            shown=turn.user_id,
            user_id=user_id,
            why=reason(why, turn.role, found.members[whose]) if whose else "",
            problem=_problem(against.get(slot, ""), found.members.get(user_id, "")),
        )

    mine = _planned_by(me(), found)
    meetings = [_meeting(one, [chosen(turn) for turn in found.turns[one.meeting_id or ""]]) for one in mine]
    page = render_template("calendar/divide.html", group=group, meetings=meetings, problems=len(against))
    return page, status


def _problem(code: str, name: str) -> str:
    return str(REFUSALS[code] % {"name": name}) if code else ""


def _shown(turn: Turn, reader: User) -> Shown:
    why = reason(turn.why, turn.role, turn.name) if turn.user_id else ""
    return Shown(str(ROLE_NAMES[turn.role]), turn.name, why, turn.user_id == reader.id)


def _meeting(one: Appointment, turns_: Iterable[Shown | Chosen]) -> Meeting:
    return Meeting(one.meeting_id or "", said(one, loading.readers_zone()), tuple(turns_))


def _planned_by(user: User, found: Rota) -> list[Appointment]:
    return [one for one in found.appointments if one.led_by == user.id]


def _sent(name: str) -> dict[Slot, str]:
    """What the page said of each turn, by `turn:<meeting>:<role>` or `was:…`."""
    found = {}
    for key, value in request.form.items():
        kind, _sign, slot = key.partition(":")
        meeting_id, _sign, role = slot.partition(":")
        if kind == name and role:
            found[meeting_id, role] = value
    return found


def _is_member(group: Group) -> bool:
    return is_member(db.session(), me().id, group.id)
