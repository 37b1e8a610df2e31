"""The list of meetings, and setting one up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from flask import Response, abort, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import to_user_timezone, to_utc
from sqlalchemy import func, or_, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.accounts.languages import readers_language
from facilitator.core.config import settings
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.groups import rules
from facilitator.groups.models import Group
from facilitator.meetings import listing, loading, models, seats, summaries
from facilitator.meetings.about_methods import described
from facilitator.meetings.actions import people, setting_up, steering
from facilitator.meetings.choosing_form import ChoosingForm
from facilitator.meetings.kept_methods import kept_methods
from facilitator.meetings.open_actions import open_actions
from facilitator.meetings.planning import FURTHER, LONGEST_MEETING, PlanForm, accepted, joined, plan_form_class
from facilitator.meetings.refusals import sentence
from facilitator.meetings.variety import IN_A_ROW, instead_of
from facilitator.meetings.views import blueprint
from facilitator.meetings.views.live import led_by_account, not_leading, own_meeting
from facilitator.methods import rounds, timing
from facilitator.methods.choosing import Misfit, Proposal, passed_over, proposals
from facilitator.methods.vocabulary import Clients, Method
from facilitator.repertoire.store import methods_for

DEFAULT_METHOD = "basis"
LAST = "last"  # instead of the meeting that is continued: whichever the group held last


@blueprint.get("/meetings")
@moderator_required
def index() -> BaseResponse:
    """The meetings this account set up."""
    page = render_template(
        "meetings/index.html",
        live=listing.of_account(me(), *listing.LIVE),
        planned=listing.of_account(me(), "planned"),
        ended=listing.of_account(me(), "ended"),
        open_actions=open_actions(me(), led=True),
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
        meeting_id = setting_up.create(_plan(form, method, None))
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
        setting_up.change_plan(meeting_id, _plan(form, method, meeting))
    except Refused as refused:
        return _refused(refused, form, meeting)
    return _open(meeting_id) if request.form.get("go") == "now" else redirect("/meetings")


@blueprint.post("/meetings/<meeting_id>/open")
@sign_in_required
def open_lobby(meeting_id: str) -> BaseResponse:
    """Opens the lobby of a planned meeting, for whoever it is to lead. Of one that is open already somebody else may have the lead."""
    if led_by_account(meeting_id)[1].status != "planned":
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
    try:
        holding = people.moderator_seat(meeting_id, user.name, readers_language(), user.id)
    except Refused as refused:
        return not_leading(user, db.session.get_one(models.Meeting, meeting_id), refused)
    try:
        steering.steer(meeting_id, holding.seat_id, "open", 0)
    except Refused as refused:
        if refused.code not in ("not_planned", "moved_already"):
            abort(refused.status)
    answer = redirect(f"/meetings/{meeting_id}/console")
    seats.keep(answer, "console", holding)
    return answer


def _form(meeting: models.Meeting | None = None) -> tuple[PlanForm, Method]:
    catalogue = _methods(meeting)
    asked = (
        request.form.get("take") or request.form.get("method") or ("" if meeting else request.args.get("method", ""))
    )
    key = asked or (meeting.method_key if meeting else DEFAULT_METHOD)
    whole = _for_a_meeting(catalogue, meeting)
    method = whole.get(key, whole[DEFAULT_METHOD])
    language = readers_language()
    minutes = _minutes(method, meeting)
    typed = _typed_for(catalogue, method, minutes) if request.method == "POST" else None
    form = plan_form_class(method, language, minutes)(formdata=typed, **_defaults(method, meeting, minutes))
    form.method.choices = [SelectChoice(m.key, m.text(language).title) for m in whole.values()]
    earlier = [SelectChoice(row.id, row.goal) for row in listing.rows(me(), "ended")]
    cases = [SelectChoice(m.key, m.text(language).title) for m in catalogue.values() if rounds.of_a_case(m)]
    for number in FURTHER:
        of_case = form[f"case_{number}_method"]
        assert isinstance(of_case, SelectField)
        of_case.choices = [SelectChoice("", _("No further case")), *cases]
    form.group_id.choices = [SelectChoice("", _("No group: just this once")), *_groups(meeting)]
    starts = [SelectChoice("", _("Nothing: this is a new start")), SelectChoice(LAST, _("What its group held last"))]
    form.continues.choices = [*starts, *earlier]
    return form, method


def _offered(meeting: models.Meeting | None) -> Mapping[str, Method]:
    """What there is to choose from; of what was put away since, the methods of this plan."""
    return methods_for(me().organisation_id, *_held(meeting))


def _methods(meeting: models.Meeting | None) -> Mapping[str, Method]:
    """What can be planned: what is offered and, of what is gone, the methods of this plan as it keeps them."""
    offered = _offered(meeting)
    if meeting is None or offered.keys() >= set(_held(meeting)):
        return offered
    return {**kept_methods(meeting), **offered}


def _for_a_meeting(methods: Mapping[str, Method], meeting: models.Meeting | None) -> Mapping[str, Method]:
    """Those that a meeting can be by: of one that is gone and that only a further case has, too little is kept."""
    offered = {*_offered(meeting), meeting.method_key if meeting else ""}
    return {key: method for key, method in methods.items() if key in offered}


def _held(meeting: models.Meeting | None) -> Sequence[str]:
    """The methods of a plan."""
    if meeting is None:
        return ()
    return db.session.scalars(select(models.Round.method_key).where(models.Round.meeting_id == meeting.id)).all()


def _typed_for(methods: Mapping[str, Method], method: Method, minutes: tuple[float, ...]) -> MultiDict[str, str]:
    """What was typed. Where another method was chosen than the page showed, its phases have their own minutes. Where that or a further
    case changes how long everything takes, the time there is grows along, unless somebody typed another one than stood there.
    """
    typed = MultiDict(request.form)
    typed["method"] = typed.get("take") or typed.get("method", "")
    shown = methods.get(typed.get("shown_method", ""), method)
    stood = typed.get("shown_minutes") or str(_whole(shown, _usual_minutes(shown)))
    if shown.key != method.key:
        for phase, planned in zip(timing.counted(method.phases), minutes, strict=True):
            typed[f"phase_{phase.key}"] = str(planned)
        typed["planned_phases"] = joined(minutes)
        typed["shown_method"] = method.key
    cases = _typed_cases(methods, typed, method)
    people = int(_minutes_typed(typed.get("people", ""))) or None
    is_another = shown.key != method.key or _cases_as_text(cases, people) != typed.get("shown_cases", "")
    if is_another:
        stands = str(_whole(method, _typed_minutes(typed, method) or minutes, cases, people))
        if typed.get("minutes", "").strip() == stood:
            typed["minutes"] = stands
        stood = stands
    typed["shown_minutes"], typed["shown_cases"] = stood, _cases_as_text(cases, people)
    return typed


def _typed_minutes(typed: MultiDict[str, str], method: Method) -> tuple[float, ...]:
    """The minutes of phases as they were typed; nothing where one of them is no number."""
    found = tuple(_minutes_typed(typed.get(f"phase_{phase.key}", "")) for phase in timing.counted(method.phases))
    return found if all(found) else ()


def _typed_cases(
    methods: Mapping[str, Method], typed: MultiDict[str, str], first: Method
) -> tuple[setting_up.PlannedCase, ...]:
    """The further cases that were typed, as far as they can be counted with."""
    found = []
    for number in FURTHER:
        method = methods.get(typed.get(f"case_{number}_method", ""))
        if method is not None and rounds.of_a_case(method):
            phases = rounds.further_case(first, method)
            minutes = rounds.in_minutes(phases, _minutes_typed(typed.get(f"case_{number}_minutes", "")) or None)
            found.append(setting_up.PlannedCase(method, minutes))
            typed.setdefault(f"case_{number}_minutes", "")
            if not typed[f"case_{number}_minutes"].strip():
                typed[f"case_{number}_minutes"] = f"{sum(minutes):g}"
    return tuple(found)


def _minutes_typed(text: str) -> float:
    """A number of minutes one can count with, or 0."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return 0.0
    return found if 0 < found <= LONGEST_MEETING else 0.0


def _cases_as_text(cases: tuple[setting_up.PlannedCase, ...], people: int | None) -> str:
    return _as_text([(case.method.key, sum(case.minutes)) for case in cases], people)


def _as_text(cases: Sequence[tuple[str, float]], people: int | None) -> str:
    """What changes how long everything takes, beside the phases of the first method."""
    return " ".join((str(people or 0), *(f"{key}:{minutes:g}" for key, minutes in cases)))


def _whole(
    method: Method,
    minutes: tuple[float, ...],
    cases: tuple[setting_up.PlannedCase, ...] = (),
    people: int | None = None,
) -> int:
    """How long a meeting takes with these minutes and so many people, its lobby and further cases included."""
    turns = timing.turns(method, people)
    return round(timing.together(method, minutes, turns) + sum(sum(case.minutes) for case in cases))


def _minutes(method: Method, meeting: models.Meeting | None) -> tuple[float, ...]:
    """How long the phases of a method are planned: each as this plan has it, also where they changed places since."""
    if meeting is None or meeting.method_key != method.key:
        return _usual_minutes(method)
    of_first = or_(models.Step.round_id.is_(None), models.Round.number == 1)
    query = select(models.Step.phase, models.Step.planned)
    query = query.outerjoin(models.Round, models.Round.id == models.Step.round_id)
    rows = db.session.execute(query.where(models.Step.meeting_id == meeting.id, of_first))
    planned = {phase["key"]: seconds / 60 for phase, seconds in rows}
    return tuple(planned.get(phase.key, phase.minutes) for phase in timing.counted(method.phases))


def _usual_minutes(method: Method) -> tuple[float, ...]:
    return tuple(phase.minutes for phase in timing.counted(method.phases))


def _turns(meeting: models.Meeting) -> int:
    """How many people a plan has a round for."""
    of_meeting = (models.Round.meeting_id == meeting.id, models.Round.is_in_turn)
    return db.session.scalar(select(func.count()).select_from(models.Round).where(*of_meeting)) or 0


def _cases(meeting: models.Meeting) -> list[tuple[str, float]]:
    """The methods of the further cases of a plan, and how many minutes each takes."""
    query = (
        select(models.Round.method_key, func.sum(models.Step.planned))
        .join(models.Step, models.Step.round_id == models.Round.id)
        .where(models.Round.meeting_id == meeting.id, models.Round.number > 1, models.Round.is_in_turn.is_(False))
        .where(models.Step.is_left_out.is_(False))
        .group_by(models.Round.id, models.Round.method_key, models.Round.number)
        .order_by(models.Round.number)
    )
    return [(key, seconds / 60) for key, seconds in db.session.execute(query)]


def _defaults(method: Method, meeting: models.Meeting | None, minutes: tuple[float, ...]) -> dict[str, object]:
    cases = _cases(meeting) if meeting is not None else []
    people = _turns(meeting) if meeting is not None and method.clients is Clients.EACH else None
    whole = round(_whole(method, minutes, people=people) + sum(minutes for _key, minutes in cases))
    settled: dict[str, object] = {
        "method": method.key,
        "shown_method": method.key,
        "minutes": whole,
        "locale": readers_language(),
        "planned_phases": joined(minutes),
        "wifi_name": settings().wifi_name or "",
        "wifi_password": settings().wifi_password or "",
    }
    for number, (key, planned) in zip(FURTHER, cases, strict=False):
        settled |= {f"case_{number}_method": key, f"case_{number}_minutes": Decimal(f"{planned:g}")}
    settled |= {"people": people} if people else {}
    if meeting is None:
        settled |= _asked_for()
    asked_for = settled.get("people")
    settled["shown_cases"] = _as_text(cases, asked_for if isinstance(asked_for, int) else None)
    settled["shown_minutes"] = str(settled["minutes"])
    if meeting is not None:
        wifi = loading.read(meeting.id).wifi
        settled |= {
            "wifi_name": wifi.get("name") or "",
            "wifi_password": wifi.get("password") or "",
            "goal": meeting.goal,
            "names": meeting.names,
            "locale": meeting.locale,
            "group_id": meeting.group_id or "",
            "continues": LAST if meeting.follows_group else meeting.continues_id or "",
            "place": meeting.place,
            "planned_for": to_user_timezone(meeting.planned_for) if meeting.planned_for else None,
            "capacity": meeting.capacity,
        }
    return settled


def _asked_for() -> dict[str, object]:
    """What an address that leads to a new meeting says of it already."""
    group, args = request.args.get("group", ""), ChoosingForm(request.args)
    figures = {"people": args.people.data, "minutes": args.minutes.data}
    continues = LAST if group else ""
    return {name: value for name, value in {"group_id": group, "continues": continues, **figures}.items() if value}


def _plan(form: PlanForm, method: Method, meeting: models.Meeting | None) -> setting_up.Plan:
    user = me()
    cases = form.further_cases(method, _methods(meeting))
    return setting_up.Plan(
        organisation_id=user.organisation_id,
        user_id=user.id,
        goal=form.goal.data or "",
        method=method,
        minutes=timing.spread(method.phases, form.planned_minutes(method, cases)),
        cases=cases,
        turns=timing.turns(method, form.people.data),
        locale=form.locale.data,
        names=form.names.data,
        group_id=form.group_id.data or None,
        group_name=form.group.data or "",
        place=form.place.data or "",
        capacity=form.capacity.data or 14,
        planned_for=_moment(form.planned_for.data),
        continues_id=None if form.continues.data == LAST else form.continues.data or None,
        follows_group=form.continues.data == LAST,
        length=form.minutes.data or 0,
        wifi={"name": form.wifi_name.data or "", "password": form.wifi_password.data or ""},
    )


def _groups(meeting: models.Meeting | None) -> list[SelectChoice]:
    """The groups somebody may use, and the one the meeting has already."""
    usable = rules.usable(me(), summaries.led_by(me().id))
    present = meeting.group_id if meeting else None
    found = db.session.scalars(select(Group).where(or_(usable, Group.id == present)))
    return [SelectChoice(group.id, group.name) for group in sorted(found, key=lambda group: group.name.casefold())]


def _instead(
    form: PlanForm, chosen: Method, offered: Iterable[Method], meeting: models.Meeting | None
) -> tuple[Proposal, ...]:
    """What to try where the group that is chosen – one that somebody may use – has met by this method again and again."""
    minutes = form.minutes.data or round(timing.usual_minutes(chosen))
    is_theirs = form.group_id.data in {choice.value for choice in _groups(meeting)}
    return instead_of(chosen, form.group_id.data, offered, minutes) if is_theirs else ()


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
    found = form.misfits(method, form.further_cases(method, _methods(meeting)))
    if found and form.anyway.data != accepted(method, found):
        return _page(form, 422, meeting, misfits=found)
    return None


def _scaled_page(form: PlanForm, method: Method, meeting: models.Meeting | None = None) -> Response:
    """The page again, with the minutes fitted to the time there is; nothing that was typed is lost."""
    if form.minutes.validate(form):
        further = sum(sum(case.minutes) for case in _typed_cases(_methods(meeting), MultiDict(request.form), method))
        free = float(form.minutes.data or 0) - method.lobby_minutes - further
        minutes = timing.scaled_in_turn(method, max(1.0, free), timing.turns(method, form.people.data))
        for phase, planned in zip(form.phases, minutes, strict=True):
            phase.minutes.data, phase.minutes.raw_data = planned, None
        form.planned_phases.data = joined(minutes)
    return _page(form, 200, meeting)


def _page(
    form: PlanForm, status: int, meeting: models.Meeting | None = None, misfits: tuple[Misfit, ...] = ()
) -> Response:
    every, known = _offered(meeting), _methods(meeting)
    chosen = known.get(form.method.data, known[DEFAULT_METHOD])
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
        instead=_instead(form, chosen, every.values(), meeting),
        in_a_row=IN_A_ROW,
        accepted=accepted(chosen, misfits),
        meeting=meeting,
        shows_phases=request.form.get("go") == "scale",
    )
    return make_response(page, status)
