"""The pages of planned meetings: a group's year, one meeting, one's own calendar, and the link in an invitation.

Promises: what somebody may not see is a 404; opening a link changes nothing, so a mail server that looks first uses nothing up; an
answer can be changed until the meeting is over.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from facilitator.accounts import reading_addresses
from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.accounts.languages import readers_language
from facilitator.accounts.limits import account
from facilitator.accounts.links import absolute
from facilitator.calendar import actions, feeding, loading
from facilitator.calendar.entries import as_feed
from facilitator.calendar.forms import FOLLOWING, CaseForm, SeriesForm, WhenForm
from facilitator.calendar.links import guest_of
from facilitator.calendar.members import is_theirs
from facilitator.calendar.models import Appointment, CalendarAddress
from facilitator.calendar.rota_words import role_name
from facilitator.calendar.saying import said
from facilitator.core.config import settings
from facilitator.core.db import db, now, random_id
from facilitator.core.extensions import limiter
from facilitator.core.limits import wrong
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.meetings import models, seats
from facilitator.meetings.actions import offering, people
from facilitator.meetings.addresses import base_of
from facilitator.meetings.loading import step_rows
from facilitator.meetings.methods_in_words import against as in_words
from facilitator.meetings.offered import told
from facilitator.meetings.open_actions import open_actions
from facilitator.meetings.refusals import sentence
from facilitator.meetings.turns import BEFORE_THE_START, may_lead, turns_of
from facilitator.methods.choosing import misfits
from facilitator.methods.vocabulary import Kind
from facilitator.repertoire.store import methods_for

SERIES = "60 per hour"
WRONG_LINKS = WRONG_KEYS = "40 per minute"
SEATS = CASES = "120 per hour"
ADDRESSES = "20 per 15 minutes"
FRESH = "fresh_calendar_address"

calendar = Blueprint("calendar", __name__)


@calendar.get("/groups/<group_id>/year")
@sign_in_required
def year(group_id: str) -> ResponseReturnValue:
    """The meetings of a group that are ahead."""
    group = group_or_404(group_id)
    ahead = loading.of_group(me(), group, now())
    return render_template("calendar/year.html", group=group, ahead=ahead, may_plan=loading.may_plan(me(), group))


@calendar.route("/groups/<group_id>/year/new", methods=["GET", "POST"])
@moderator_required
@limiter.limit(SERIES, key_func=account, methods=["POST"])
def new_series(group_id: str) -> ResponseReturnValue:
    """Plans a series: typed, looked at, planned."""
    group = group_or_404(group_id)
    if not loading.may_plan(me(), group):
        abort(403)
    form = _series_form(group)
    if not form.was_sent:
        return _series(group, form, 200)
    if not (form.is_fine() and form.is_possible()):
        return _series(group, form, 422)
    planned = _planned(form, group)
    if request.form.get("go") != "plan":
        return _series(group, form, 200, planned)
    try:
        count = actions.plan(me(), planned)
    except Refused as refused:
        flash(str(sentence(refused.code)), "warning")
        return _series(group, form, refused.status)
    flash(ngettext("%(num)s meeting is planned.", "%(num)s meetings are planned.", count), "success")
    return redirect(f"/groups/{group_id}/year")


def _series_form(group: Group) -> SeriesForm:
    form = SeriesForm(
        op=random_id(),
        goal=_("Peer consultation"),
        method="basis",
        locale=readers_language(),
        minutes=90,
        zone=settings().timezone,
    )
    language = readers_language()
    form.method.choices = [
        SelectChoice(method.key, method.text(language).title) for method in methods_for(group.organisation_id).values()
    ]
    return form


def _planned(form: SeriesForm, group: Group) -> actions.Series:
    at, minutes = form.at.data, form.minutes.data
    assert at is not None
    assert minutes is not None
    return actions.Series(
        op=form.typed("op"),
        group_id=group.id,
        days=form.chosen,
        at=at,
        zone=form.zone.data,
        minutes=minutes,
        place=form.typed("place"),
        goal=form.typed("goal"),
        method=methods_for(group.organisation_id)[form.method.data],
        locale=form.locale.data,
    )


def _series(group: Group, form: SeriesForm, status: int, planned: actions.Series | None = None) -> ResponseReturnValue:
    """The page; with what will be planned, where that was asked for."""
    found, against = [], list[str]()
    if planned is not None:
        found = [said(_as_appointment(planned, begins), settings().timezone) for begins in _begins(planned)]
        against = [in_words(misfit) for misfit in misfits(planned.method, None, planned.minutes)]
    page = render_template("calendar/series.html", group=group, form=form, found=found, against=against)
    return page, status


def _begins(planned: actions.Series) -> list[datetime]:
    return [datetime.combine(day, planned.at) for day in planned.days]


def _as_appointment(planned: actions.Series, begins: datetime) -> Appointment:
    return Appointment(begins=begins, zone=planned.zone, minutes=planned.minutes, place=planned.place)


@calendar.get("/meetings/<meeting_id>/when")
@sign_in_required
def when(meeting_id: str) -> ResponseReturnValue:
    """One planned meeting: when, where, who comes."""
    appointment = _appointment(meeting_id)
    return _when(appointment, WhenForm.of(appointment), 200)


@calendar.post("/meetings/<meeting_id>/when")
@sign_in_required
def change(meeting_id: str) -> ResponseReturnValue:
    """Puts it elsewhere, alone or with those that follow."""
    appointment, form = _led(meeting_id), WhenForm()
    if not (form.is_fine() and form.is_possible()):
        return _when(appointment, form, 422)
    to = actions.When(form.begins, form.zone.data, form.minutes.data or appointment.minutes, form.typed("place"))
    try:
        count = actions.change(me(), appointment, to, form.reach.data == FOLLOWING)
    except Refused as refused:
        flash(str(sentence(refused.code)), "warning")
        return _when(appointment, form, refused.status)
    if count:
        flash(
            ngettext(
                "%(num)s meeting is changed. Everybody's calendar hears of it.",
                "%(num)s meetings are changed. Everybody's calendar hears of it.",
                count,
            ),
            "success",
        )
    return redirect(f"/meetings/{meeting_id}/when")


@calendar.post("/meetings/<meeting_id>/when/cancel")
@sign_in_required
def cancel(meeting_id: str) -> ResponseReturnValue:
    """Calls it off, alone or with those that follow."""
    appointment = _led(meeting_id)
    group_id = appointment.group_id
    try:
        count = actions.cancel(me(), appointment, request.form.get("reach") == FOLLOWING)
    except Refused as refused:
        flash(str(sentence(refused.code)), "warning")
        return redirect(f"/meetings/{meeting_id}/when")
    flash(
        ngettext(
            "%(num)s meeting is cancelled. Everybody's calendar hears of it.",
            "%(num)s meetings are cancelled. Everybody's calendar hears of it.",
            count,
        ),
        "success",
    )
    return redirect(f"/groups/{group_id}/year")


@calendar.post("/meetings/<meeting_id>/when/answer")
@sign_in_required
def answer(meeting_id: str) -> ResponseReturnValue:
    """Says whether one comes, from the page of the meeting, of the group's year, or of one's calendar."""
    appointment = _appointment(meeting_id)
    if loading.listed(me(), appointment).answer is None:
        abort(404)
    try:
        is_kept = actions.answer_as(me(), appointment, *_said())
    except Refused as refused:
        abort(refused.status)
    if not is_kept:
        flash(_("This meeting is over."), "warning")
    back = {"year": f"/groups/{appointment.group_id}/year", "calendar": "/calendar", "home": "/"}
    return redirect(back.get(request.form.get("from", ""), f"/meetings/{meeting_id}/when"))


@calendar.post("/meetings/<meeting_id>/when/case")
@sign_in_required
@limiter.limit(CASES, key_func=account)
def offer_case(meeting_id: str) -> ResponseReturnValue:
    """Offers a case for a meeting, changes it, offers one there that was left over from another one, or takes it back."""
    appointment = _appointment(meeting_id)
    if not loading.may_offer(me(), appointment):
        abort(404)
    do, case_id = request.form.get("do", ""), request.form.get("case", "")
    if do == "withdraw":
        is_gone = offering.withdraw(me(), case_id)
        flash(_("Your case is gone.") if is_gone else _("There is nothing to take back any more."), "success")
        return redirect(f"/meetings/{meeting_id}/when#case-title")
    form = CaseForm()
    if do != "again" and not form.is_fine():
        return _when(appointment, WhenForm.of(appointment), 422, form)
    try:
        if do == "again":
            offering.offer_again(me(), case_id, meeting_id)
        else:
            offering.offer(me(), meeting_id, form.case, form.tells.data)
    except Refused as refused:
        flash(str(sentence(refused.code)), "warning")
        return _when(appointment, WhenForm.of(appointment), refused.status, None if do == "again" else form)
    flash(_("Your case is kept for the case choice."), "success")
    return redirect(f"/meetings/{meeting_id}/when#case-title")


@calendar.post("/meetings/<meeting_id>/when/seat")
@sign_in_required
@limiter.limit(SEATS, key_func=account)
def seat(meeting_id: str) -> ResponseReturnValue:
    """With one tap into a meeting that is on: the seat of the account, on whatever device, or a new one. Whoever has to say more – a
    pseudonym, who of two with one name – does so at the door.
    """
    if loading.listed(me(), _appointment(meeting_id)).answer is None:
        abort(404)
    meeting = db.session.get_one(models.Meeting, meeting_id)
    if meeting.uses_pseudonyms or seats.held_seat(meeting_id, "phone") is not None:
        return redirect(f"/j/{meeting.code}")
    try:
        earlier = seats.held_before(meeting)
        holding = people.join(meeting_id, me().name, readers_language(), True, user=me(), earlier_seats=earlier)
    except Refused as refused:
        flash(str(sentence(refused.code)), "warning")
        return redirect(f"/j/{meeting.code}" if refused.code == "name_taken" else f"/meetings/{meeting_id}/when")
    into = redirect(f"/meetings/{meeting_id}/phone")
    seats.keep(into, "phone", holding)
    return into


@calendar.get("/calendar")
@sign_in_required
def own() -> ResponseReturnValue:
    """The meetings ahead of somebody who is signed in, and their address for calendars; a new one is shown once."""
    token = session.pop(FRESH, None)
    return render_template(
        "calendar/own.html",
        ahead=loading.of_user(me(), now()),
        between=loading.between(me(), now()),
        address=absolute("calendar.feed", key=token) if token else "",
        made_on=reading_addresses.made_on(CalendarAddress, me()),
    )


@calendar.post("/calendar/address")
@sign_in_required
@limiter.limit(ADDRESSES, key_func=account)
def address() -> ResponseReturnValue:
    """Makes somebody's address, or ends it."""
    if request.form.get("do") == "end":
        reading_addresses.end_address(CalendarAddress, me())
        flash(_("Your address has ended. No calendar can read with it any more."), "success")
    else:
        session[FRESH] = reading_addresses.make_address(CalendarAddress, me())
    return redirect("/calendar#address-title")


@calendar.get("/calendar/feed.ics")
def feed() -> ResponseReturnValue:
    """What a calendar asks for by itself."""
    reader = reading_addresses.reader_of(CalendarAddress, db.session(), request.args.get("key", ""))
    if reader is None:
        wrong(WRONG_KEYS, "keys of calendars")
        abort(404)
    with force_locale(reader.locale):
        mine, actions_, between = feeding.appointments_of(reader), feeding.actions_of(reader), feeding.between(reader)
        content = as_feed(mine, actions_, between, base_of(None))
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@calendar.route("/comes/<token>", methods=["GET", "POST"])
def comes(token: str) -> ResponseReturnValue:
    """The link in an invitation: two buttons, and no sign-in."""
    guest = guest_of(token)
    appointment = db.session.get(Appointment, guest.appointment_id) if guest else None
    if guest is None or appointment is None:
        wrong(WRONG_LINKS, "links of invitations")
        return _closed(_("This link is not right, or the meeting was long ago."), 404)
    if not is_theirs(db.session(), guest):
        return _closed(_("You are no longer in the group that meets here."), 410)
    if appointment.is_cancelled:
        return _closed(_("This meeting was cancelled. You do not have to do anything."), 410)
    if appointment.until <= now():
        return _closed(_("This meeting is over."), 410)
    if request.method == "POST":
        try:
            actions.answer(guest.id, *_said())
        except Refused as refused:
            abort(refused.status)
        return redirect(f"/comes/{token}")
    when = said(appointment, loading.readers_zone())
    return render_template(
        "calendar/comes.html",
        when=when,
        place=appointment.place,
        answer=guest.answer,
        seen=appointment.as_seen,
        turns=loading.own_turns(guest.user_id, turns_of(appointment.meeting_id or "")),
        offers_at=f"/meetings/{appointment.meeting_id}/when" if appointment.meeting_id else "",
    )


def _said() -> tuple[str, str]:
    """Whether somebody comes, and to a meeting at which time."""
    return request.form.get("says", ""), request.form.get("seen", "")


def _closed(sentence_: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/closed.html", sentence=sentence_), status


def group_or_404(group_id: str) -> Group:
    """A group that whoever is signed in sees."""
    group = loading.group_of(me(), group_id)
    if group is None:
        abort(404)
    return group


def _appointment(meeting_id: str) -> Appointment:
    appointment = loading.of_meeting(me(), meeting_id)
    if appointment is None:
        abort(404)
    return appointment


def _led(meeting_id: str) -> Appointment:
    """One that is theirs to change."""
    appointment = _appointment(meeting_id)
    if appointment.led_by != me().id:
        abort(403)
    return appointment


def _when(appointment: Appointment, form: WhenForm, status: int, case: CaseForm | None = None) -> ResponseReturnValue:
    following = actions.following(appointment, me())
    meeting = db.session.get_one(models.Meeting, appointment.meeting_id)
    leads = may_lead(db.session(), me().id, meeting)
    prepares = leads and meeting.status in BEFORE_THE_START
    offered = offering.own(me(), meeting.id)
    page = render_template(
        "calendar/meeting.html",
        meeting=loading.listed(me(), appointment),
        group_id=appointment.group_id,
        form=form,
        following=len(following),
        last_report=loading.last_report(me(), appointment.group_id),
        role_name=role_name,
        may_lead=leads and meeting.status != "ended",
        may_change=appointment.led_by == me().id and loading.is_planned(appointment),
        may_offer=loading.may_offer(me(), appointment),
        offered=offered,
        chooses=any(step.phase["kind"] == Kind.PICK for step in step_rows(db.session(), meeting.id)),
        left_over=[] if offered else offering.left_over(me()),
        case=case or CaseForm.of(offered),
        is_typed=case is not None,
        tells_nobody=leads or meeting.uses_pseudonyms,
        expected=loading.expected(db.session(), meeting) if prepares else None,
        told=told(db.session(), meeting) if prepares else (),
        came_along=[(one.owner, one.what) for one in open_actions(me(), led=True, group_id=appointment.group_id)]
        if prepares
        else (),
    )
    return page, status
