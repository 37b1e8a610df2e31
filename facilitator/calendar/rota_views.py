"""The pages of a group's rota: whose turn it is for what, dividing the turns of a whole series, and swapping them.

Promises: opening the link of a mail changes nothing; turns are shown to the members of the group and to whoever leads the meeting, in the order of time, never by person; nothing
is counted. Dividing is for whoever plans the meetings, and reaches no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.accounts.limits import account
from facilitator.accounts.models import User
from facilitator.calendar import loading, swaps, turns
from facilitator.calendar.models import YES, Appointment, Swap
from facilitator.calendar.rota import Slot
from facilitator.calendar.rota_words import REFUSALS, ROLE_NAMES, SPARED, reason, role_name
from facilitator.calendar.saying import Said, said
from facilitator.calendar.swaps import Wish
from facilitator.calendar.turns import Rota
from facilitator.calendar.views import group_or_404
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.core.limits import wrong
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.groups.rules import is_member
from facilitator.meetings.turns import Turn

SWAPS = "60 per hour"
WRONG_LINKS = "40 per minute"

rota = Blueprint("rota", __name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """A turn of somebody else that one could have instead: `value` says which swap."""

    value: str
    who: str
    when: Said


@dataclass(frozen=True, slots=True)
class Asked:
    """A swap that waits: on which day each of the two would have the turn, for one of them."""

    id: str
    role: str
    who: str
    yours: Said
    theirs: Said


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn on the page: `who` is empty where it is open, `why` a sentence."""

    role: str
    who: str
    why: str
    is_own: bool
    swaps: tuple[Choice, ...] = ()


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
    open_swaps = swaps.open_swaps(me().id, found)
    return render_template(
        "calendar/rota.html",
        group=group,
        meetings=[_meeting(one, [_shown(turn, found) for turn in found.turns[one.meeting_id or ""]]) for one in mine],
        asked=[_asked(swap, found) for swap in open_swaps if swap.asked_of == me().id],
        asking=[_asked(swap, found) for swap in open_swaps if swap.asked_by == me().id],
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


@rota.post("/groups/<group_id>/rota/swap")
@sign_in_required
@limiter.limit(SWAPS, key_func=account)
def swap(group_id: str) -> ResponseReturnValue:
    """A member asks another for a swap, takes that back, or answers."""
    group = group_or_404(group_id)
    if not _is_member(group):
        abort(404)
    gives_id, _sign, rest = request.form.get("ask", "").partition(":")
    wants_id, _sign, role = rest.partition(":")
    try:
        if role:
            swaps.ask(me(), group, Wish(role, gives_id, wants_id))
            flash(_("You asked for a swap. As soon as it is answered you get a mail."), "success")
        elif taken_back := request.form.get("back"):
            swaps.take_back(taken_back, me().id)
            flash(_("You do not ask for this swap any more."), "success")
        else:
            _answer(request.form.get("swap", ""), me().id)
    except Refused as refused:
        flash(_sentence(refused), "warning")
    return redirect(f"/groups/{group_id}/rota")


@rota.route("/swap/<token>", methods=["GET", "POST"])
def by_mail(token: str) -> ResponseReturnValue:
    """The link in a mail: what is asked, and two buttons; no sign-in."""
    found = swaps.swap_of(token)
    if found is None:
        wrong(WRONG_LINKS, "links of swaps")
        return _closed(_("This link is not right."), 404)
    asked, user_id = found
    group = swaps.group_of(db.session(), asked) if asked is not None else None
    if asked is None or group is None or asked.asked_of != user_id:
        return _closed(str(REFUSALS[swaps.CHANGED]), 410)
    if asked.answer:
        return _closed(_("You swapped.") if asked.answer == YES else _("You keep your turn. That is fine."), 200)
    if request.method == "POST":
        try:
            _answer(asked.id, user_id)
        except Refused as refused:
            return _closed(_sentence(refused), refused.status)
        return redirect(f"/swap/{token}")
    rota_ = turns.rota_of(group, now())
    code, name = swaps.problem(rota_, swaps.wish_of(asked), asked.asked_by, asked.asked_of)
    if code:
        return _closed(_problem(code, name), 410)
    return render_template("calendar/swap.html", asked=_asked(asked, rota_, user_id))


def _answer(swap_id: str, user_id: str) -> None:
    says = request.form.get("says", "")
    swaps.answer(swap_id, user_id, says)
    flash(_("You swapped.") if says == YES else _("You keep your turn. That is fine."), "success")


def _sentence(refused: Refused) -> str:
    code = refused.code if refused.code in REFUSALS else swaps.CHANGED
    return _problem(code, refused.name)


def _closed(sentence: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/closed.html", sentence=sentence), status


def _asked(swap_: Swap, found: Rota, reader_id: str = "") -> Asked:
    """As the one who asked or is asked reads it; `reader_id` where nobody is signed in."""
    is_asker = swap_.asked_by == (reader_id or me().id)
    when = {one.meeting_id: said(one, loading.readers_zone()) for one in found.appointments}
    wants, gives = when[swap_.wants_id], when[swap_.gives_id]
    return Asked(
        id=swap_.id,
        role=str(ROLE_NAMES[swap_.role]),
        who=found.members[swap_.asked_of if is_asker else swap_.asked_by],
        yours=wants if is_asker else gives,
        theirs=gives if is_asker else wants,
    )


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
            role=role_name(turn),
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


def _shown(turn: Turn, found: Rota) -> Shown:
    why = reason(turn.why, turn.role, turn.name) if turn.user_id else ""
    is_own = turn.user_id == me().id
    wishes = swaps.possible(found, me().id, (turn.meeting_id, turn.role)) if is_own else ()
    return Shown(role_name(turn), turn.name, why, is_own, tuple(_choice(wish, found) for wish in wishes))


def _choice(wish: Wish, found: Rota) -> Choice:
    one = next(one for one in found.appointments if one.meeting_id == wish.wants_id)
    value = f"{wish.gives_id}:{wish.wants_id}:{wish.role}"
    return Choice(value, found.members[found.stands[wish.wants]], said(one, loading.readers_zone()))


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
