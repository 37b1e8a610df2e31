"""Home, the list of meetings, and setting one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, abort, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import to_user_timezone, to_utc
from sqlalchemy import func, or_, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from facilitator.accounts.access import me, moderator_required, signed_in
from facilitator.accounts.languages import readers_language
from facilitator.core.config import settings
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.groups import rules
from facilitator.groups.models import Group
from facilitator.meetings import forms, loading, models, seats, summaries
from facilitator.meetings.about_methods import described
from facilitator.meetings.actions import people, setting_up, steering
from facilitator.meetings.choosing_form import ChoosingForm
from facilitator.meetings.open_actions import open_actions
from facilitator.meetings.planning import PlanForm, accepted, joined, plan_form_class
from facilitator.meetings.views import blueprint
from facilitator.meetings.views.live import own_meeting
from facilitator.meetings.words import sentence
from facilitator.methods import timing
from facilitator.methods.choosing import Misfit, passed_over, proposals
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method

DEFAULT_METHOD = "basis"


@dataclass(frozen=True)
class Listed:
    """A meeting in a list."""

    id: str
    goal: str
    code: str
    status: str
    planned_for: datetime | None
    ended_at: datetime | None
    method_title: str
    people: int


@blueprint.get("/")
def home() -> BaseResponse:
    """The list of meetings for moderators, the code for everybody else."""
    user = signed_in()
    if user is None or not user.is_moderator:
        page = render_template("meetings/code.html", form=forms.CodeForm(formdata=None), problem="")
        return make_response(page)
    return _index()


@blueprint.get("/meetings")
@moderator_required
def index() -> BaseResponse:
    """The meetings this account set up."""
    return _index()


def _index() -> Response:
    listed = [_listed(row) for row in _own_rows()]
    page = render_template(
        "meetings/index.html",
        live=[m for m in listed if m.status in ("lobby", "running")],
        planned=[m for m in listed if m.status == "planned"],
        ended=[m for m in listed if m.status == "ended"],
        open_actions=open_actions(me()),
    )
    return make_response(page)


@blueprint.route("/meetings/new", methods=["GET", "POST"])
@moderator_required
def new() -> BaseResponse:
    """Sets a meeting up: now, or for later."""
    form, method = _form()
    if (page := _looked_at(form, method)) is not None:
        return page
    try:
        meeting_id = setting_up.create(_plan(form, method))
    except Refused as refused:
        return _refused(refused, form)
    if request.form.get("go") == "later":
        flash(_("The meeting is planned."))
        return redirect("/meetings")
    return _open(meeting_id)


@blueprint.route("/meetings/<meeting_id>/plan", methods=["GET", "POST"])
@moderator_required
def plan(meeting_id: str) -> BaseResponse:
    """Changes a meeting that has not opened yet."""
    meeting = own_meeting(meeting_id)
    if meeting.status != "planned":
        return redirect(f"/meetings/{meeting_id}/console")
    form, method = _form(meeting)
    if (page := _looked_at(form, method, meeting)) is not None:
        return page
    try:
        setting_up.change_plan(meeting_id, _plan(form, method))
    except Refused as refused:
        return _refused(refused, form, meeting)
    return _open(meeting_id) if request.form.get("go") == "now" else redirect("/meetings")


@blueprint.post("/meetings/<meeting_id>/open")
@moderator_required
def open_lobby(meeting_id: str) -> BaseResponse:
    """Opens the lobby of a planned meeting. Of one that is open already somebody else may have the lead."""
    if own_meeting(meeting_id).status != "planned":
        return redirect(f"/meetings/{meeting_id}/console")
    return _open(meeting_id)


@blueprint.post("/meetings/<meeting_id>/delete")
@moderator_required
def delete(meeting_id: str) -> BaseResponse:
    """Takes a planned meeting back."""
    own_meeting(meeting_id)
    try:
        setting_up.delete_plan(meeting_id)
    except Refused as refused:
        abort(refused.status)
    flash(_("The meeting was removed."))
    return redirect("/meetings")


def _open(meeting_id: str) -> BaseResponse:
    user = me()
    holding = people.moderator_seat(meeting_id, user.name, readers_language(), user.id)
    try:
        steering.steer(meeting_id, holding.seat_id, "open", 0)
    except Refused as refused:
        if refused.code not in ("not_planned", "moved_already"):
            abort(refused.status)
    answer = redirect(f"/meetings/{meeting_id}/console")
    seats.keep(answer, "console", holding)
    return answer


def _form(meeting: models.Meeting | None = None) -> tuple[PlanForm, Method]:
    catalogue = load_catalogue()
    asked = (
        request.form.get("take") or request.form.get("method") or ("" if meeting else request.args.get("method", ""))
    )
    key = asked or (meeting.method_key if meeting else DEFAULT_METHOD)
    method = catalogue.get(key, catalogue[DEFAULT_METHOD])
    language = readers_language()
    minutes = _minutes(method, meeting)
    typed = _typed_for(method, minutes) if request.method == "POST" else None
    form = plan_form_class(method, language, minutes)(formdata=typed, **_defaults(method, meeting, minutes))
    form.method.choices = [SelectChoice(m.key, m.text(language).title) for m in catalogue.values()]
    earlier = [SelectChoice(row.id, row.goal) for row in _own_rows() if row.status == "ended"]
    form.group_id.choices = [SelectChoice("", _("No group: just this once")), *_groups(meeting)]
    form.continues.choices = [SelectChoice("", _("Nothing: this is a new start")), *earlier]
    return form, method


def _typed_for(method: Method, minutes: tuple[float, ...]) -> MultiDict[str, str]:
    """What was typed. On the page of one method another one was chosen: its phases have their own minutes, and together the time that
    somebody typed, if they typed another one than stood there.
    """
    typed = MultiDict(request.form)
    typed["method"] = typed.get("take") or typed.get("method", "")
    shown = load_catalogue().get(typed.get("shown_method", ""), method)
    if shown.key == method.key:
        return typed
    for phase, planned in zip(method.phases, minutes, strict=True):
        typed[f"phase_{phase.key}"] = str(planned)
    typed["planned_phases"] = joined(minutes)
    typed["shown_method"] = method.key
    if typed.get("minutes", "").strip() == str(_whole(shown, tuple(phase.minutes for phase in shown.phases))):
        typed["minutes"] = str(_whole(method, minutes))
    return typed


def _whole(method: Method, minutes: tuple[float, ...]) -> int:
    """How long a meeting takes with these minutes, its lobby included."""
    return round(sum(minutes) + method.lobby_minutes)


def _minutes(method: Method, meeting: models.Meeting | None) -> tuple[float, ...]:
    if meeting is not None:
        query = select(models.Step.planned).where(models.Step.meeting_id == meeting.id).order_by(models.Step.position)
        found = tuple(planned / 60 for planned in db.session.scalars(query))
        if len(found) == len(method.phases):
            return found
    return tuple(phase.minutes for phase in method.phases)


def _defaults(method: Method, meeting: models.Meeting | None, minutes: tuple[float, ...]) -> dict[str, object]:
    settled: dict[str, object] = {
        "method": method.key,
        "shown_method": method.key,
        "minutes": _whole(method, minutes),
        "locale": readers_language(),
        "planned_phases": joined(minutes),
        "wifi_name": settings().wifi_name or "",
        "wifi_password": settings().wifi_password or "",
    }
    if meeting is None:
        settled |= _asked_for()
    if meeting is not None:
        wifi = loading.read(meeting.id).wifi
        settled |= {
            "wifi_name": wifi.get("name") or "",
            "wifi_password": wifi.get("password") or "",
            "goal": meeting.goal,
            "names": meeting.names,
            "locale": meeting.locale,
            "group_id": meeting.group_id or "",
            "continues": meeting.continues_id or "",
            "place": meeting.place,
            "planned_for": to_user_timezone(meeting.planned_for) if meeting.planned_for else None,
            "capacity": meeting.capacity,
        }
    return settled


def _asked_for() -> dict[str, object]:
    """What an address that leads to a new meeting says of it already."""
    group, args = request.args.get("group", ""), ChoosingForm(request.args)
    figures = {"people": args.people.data, "minutes": args.minutes.data}
    return {name: value for name, value in {"group_id": group, **figures}.items() if value}


def _plan(form: PlanForm, method: Method) -> setting_up.Plan:
    user = me()
    return setting_up.Plan(
        organisation_id=user.organisation_id,
        user_id=user.id,
        goal=form.goal.data or "",
        method=method,
        minutes=form.planned_minutes(method),
        locale=form.locale.data,
        names=form.names.data,
        group_id=form.group_id.data or None,
        group_name=form.group.data or "",
        place=form.place.data or "",
        capacity=form.capacity.data or 14,
        planned_for=_moment(form.planned_for.data),
        continues_id=form.continues.data or None,
        wifi={"name": form.wifi_name.data or "", "password": form.wifi_password.data or ""},
    )


def _groups(meeting: models.Meeting | None) -> list[SelectChoice]:
    """The groups somebody may use, and the one the meeting has already."""
    usable = rules.usable(me(), summaries.led_by(me().id))
    present = meeting.group_id if meeting else None
    found = db.session.scalars(select(Group).where(or_(usable, Group.id == present)))
    return [SelectChoice(group.id, group.name) for group in sorted(found, key=lambda group: group.name.casefold())]


def _refused(refused: Refused, form: PlanForm, meeting: models.Meeting | None = None) -> Response:
    """The page again with what is wrong on top."""
    flash(sentence(refused.code))
    return _page(form, refused.status, meeting)


def _moment(local: datetime | None) -> datetime | None:
    """What somebody typed in their own time, as a moment."""
    return to_utc(local).replace(tzinfo=UTC) if local else None


def _looked_at(form: PlanForm, method: Method, meeting: models.Meeting | None = None) -> Response | None:
    """The page, unless the plan is right and whoever plans wants to go on with it: new, to be looked at again, or with what is wrong."""
    if not form.was_sent:
        return _page(form, 200, meeting)
    if request.form.get("go") == "scale":
        return _scaled_page(form, method, meeting)
    if request.form.get("go") == "choose":
        return _page(form, 200, meeting)
    if request.form.get("take"):
        return _page(form, 200, meeting)
    if not form.is_fine():
        return _page(form, 422, meeting)
    found = form.misfits(method)
    if found and form.anyway.data != accepted(method, found):
        return _page(form, 422, meeting, misfits=found)
    return None


def _scaled_page(form: PlanForm, method: Method, meeting: models.Meeting | None = None) -> Response:
    """The page again, with the minutes fitted to the time there is; nothing that was typed is lost."""
    if form.minutes.validate(form):
        minutes = timing.scaled(method.phases, max(1.0, float(form.minutes.data or 0) - method.lobby_minutes))
        for phase, planned in zip(form.phases, minutes, strict=True):
            phase.minutes.data, phase.minutes.raw_data = planned, None
        form.planned_phases.data = joined(minutes)
    return _page(form, 200, meeting)


def _page(
    form: PlanForm, status: int, meeting: models.Meeting | None = None, misfits: tuple[Misfit, ...] = ()
) -> Response:
    every = load_catalogue()
    chosen = every.get(form.method.data, every[DEFAULT_METHOD])
    asked = ChoosingForm(request.form or request.args, minutes=form.minutes.data)
    wish = asked.wish if request.form.get("go") == "choose" and asked.validate() else None
    page = render_template(
        "meetings/new.html",
        form=form,
        asked=asked,
        wish=wish,
        proposals=proposals(every.values(), wish) if wish else (),
        passed_over=passed_over(every.values(), wish) if wish else (),
        methods=described(every.values()),
        chosen=chosen,
        misfits=misfits,
        accepted=accepted(chosen, misfits),
        meeting=meeting,
        shows_phases=request.form.get("go") == "scale",
    )
    return make_response(page, status)


def _own_rows() -> list[models.Meeting]:
    user = me()
    query = (
        select(models.Meeting)
        .where(models.Meeting.organisation_id == user.organisation_id, models.Meeting.created_by == user.id)
        .order_by(models.Meeting.created_at.desc())
    )
    return list(db.session.scalars(query))


def _listed(row: models.Meeting) -> Listed:
    method = load_catalogue().get(row.method_key)
    here = (
        models.Seat.meeting_id == row.id,
        models.Seat.kind == "participant",
        models.Seat.is_expelled.is_(False),
        models.Seat.is_admitted,
    )
    return Listed(
        id=row.id,
        goal=row.goal,
        code=row.code,
        status=row.status,
        planned_for=row.planned_for,
        ended_at=row.ended_at,
        method_title=method.text(readers_language()).title if method else row.method_key,
        people=db.session.scalar(select(func.count()).select_from(models.Seat).where(*here)) or 0,
    )
