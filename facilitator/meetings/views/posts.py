"""The verbs of the live pages, one address each. They read the form, call the action, and answer with the screen."""

from __future__ import annotations

import re

from flask import Response, jsonify, render_template, request
from flask_babel import get_locale
from werkzeug.exceptions import TooManyRequests

from facilitator.core import languages, lengths
from facilitator.core.codes import plain_code
from facilitator.core.forms import PlainForm
from facilitator.core.limits import refuse_after
from facilitator.core.op_ids import op_of_request
from facilitator.core.refusals import Refused
from facilitator.core.text import cleaned, is_same_name, one_line, tidy
from facilitator.meetings import addresses, forms, refusals, screens, seats, table_ids, titles
from facilitator.meetings.actions import (
    choosing_case,
    dividing,
    doors,
    joined_seats,
    notebooks,
    outcomes,
    people,
    signals,
    steering,
    table,
    writing,
)
from facilitator.meetings.seen import seen_by
from facilitator.meetings.views import blueprint
from facilitator.meetings.views.answers import Sender, meeting_of, plain, screen_answer, verb
from facilitator.meetings.visitor import as_seat
from facilitator.methods import hints
from facilitator.methods.vocabulary import Form, Warmth

AT_TABLES = re.compile(r"(\d{1,2}):(\d{1,9})")
SIGNALS_OFTEN = "10 per minute"
NUMBER = re.compile(r"-?[0-9]{1,9}")
PEOPLE = {"case_giver": table.name_case_giver, "disconnect": doors.disconnect_wall}
# A table has no door of its own: whoever leaves one leaves the meeting.
AT_THE_DOOR = {
    "admit": people.admit,
    "expel": people.expel,
    "restore": people.take_back_in,
    "leave": people.leave,
    "back": people.come_back,
    "part": joined_seats.part_seats,
}


@blueprint.post("/meetings/<meeting_id>/contribute")
@verb("phone")
def contribute(sender: Sender) -> Response | None:
    """Stores what somebody wrote; 422 with the form and its errors where something is wrong with it."""
    form = _form(sender, request.form.get("step", ""), request.form.get("form", ""))
    filled = forms.input_form(form)(request.form)
    if not filled.validate():
        return _typed_again(sender, filled)
    accepted = writing.contribute(sender.meeting_id, sender.seat_id, _sent(form, filled))
    notice = refusals.DONE["late"] if accepted.how == "late" else None
    return screen_answer(
        sender,
        notice=str(notice) if notice else None,
        item=accepted.item_id or None,
        capability=accepted.capability or None,
    )


@blueprint.post("/meetings/<meeting_id>/notebook")
@verb("phone")
def notebook(sender: Sender) -> Response:
    """Keeps somebody's own notes, and says what there is now to the device that wrote them."""
    given = request.form
    op, text = given.get("op") or op_of_request(), tidy(given.get("text"))
    kept = notebooks.keep_notes(*_at_the_door(sender), op, given.get("base", ""), text)
    merged = {} if kept.text == text else {"text": kept.text}
    return screen_answer(sender, notebook={"version": kept.version, **merged})


@blueprint.post("/meetings/<meeting_id>/hint")
@verb("phone")
def hint(sender: Sender) -> Response | None:
    """Of a question that is being typed: what its author may want to know of it before it is sent. Nothing is kept or told to anybody."""
    form = _form(sender, request.form.get("step", ""), request.form.get("form", ""))
    snapshot, seat = meeting_of(sender)
    if seat is None or not seat.is_let_in:
        raise Refused("not_let_in", 403)
    me = seen_by(snapshot, seat)
    if form not in me.forms:
        raise Refused("not_yours")
    text = request.form.get("text", "")
    kind = hints.asked(text, hints.language_of(text, seat.locale)) if form.hints else hints.Asked.OPEN
    shown = render_template("meetings/_hint.html", kind=kind.value, advises_later=me.advises_later)
    return plain({"hint": shown}, 200)


@blueprint.post("/meetings/<meeting_id>/proxy")
@verb("console", "phone")
def proxy(sender: Sender) -> Response | None:
    """The moderator or the note-taker writes for somebody who says it; on a phone it says that it was written down."""
    form = _form(sender, request.form.get("step", ""), request.form.get("form", ""))
    filled = forms.input_form(form)(request.form)
    if not filled.validate():
        return screen_answer(sender, 422, notice=next(iter(forms.errors(filled).values())))
    writing.take_down(sender.meeting_id, sender.seat_id, request.form.get("seat", ""), _sent(form, filled))
    return screen_answer(sender, notice=str(refusals.DONE["taken_down"])) if sender.view == "phone" else None


@blueprint.post("/meetings/<meeting_id>/mark")
@verb("phone", "console")
def mark(sender: Sender) -> None:
    """A dot or a star on or off, or how warm a text is."""
    form, value = request.form, request.form.get("value", "")
    if value not in {"on", "off", *Warmth}:
        raise Refused("bad_choice", 422)
    warmth, is_on = value if value in set(Warmth) else "", value != "off"
    writing.mark(sender.meeting_id, sender.seat_id, form.get("step", ""), form.get("item", ""), is_on, warmth)


@blueprint.post("/meetings/<meeting_id>/instead")
@verb("phone")
def instead(sender: Sender) -> None:
    """I'll say it, or I pass."""
    form = request.form
    writing.say_instead(
        sender.meeting_id, sender.seat_id, form.get("step", ""), form.get("form", ""), form.get("value", "")
    )


@blueprint.post("/meetings/<meeting_id>/withdraw")
@verb("phone")
def withdraw(sender: Sender) -> None:
    """A case of one's own that nobody has seen yet is gone."""
    writing.withdraw(sender.meeting_id, sender.seat_id, request.form.get("item", ""))


@blueprint.post("/meetings/<meeting_id>/steer")
@verb("console", "wall")
def steer(sender: Sender) -> None:
    """A move of the meeting, chosen on the screen of a turn."""
    form = request.form
    steering.steer(
        sender.meeting_id,
        sender.seat_id,
        form.get("move", ""),
        _number(form.get("turn"), -1),
        seconds=_number(form.get("seconds"), 0),
        target=form.get("target") or form.get("seat") or form.get("item") or "",
    )


@blueprint.post("/meetings/<meeting_id>/tables")
@verb("console")
def tables(sender: Sender) -> None:
    """Divides people into tables, puts somebody at another one, and moves tables together or one by one."""
    form, me = request.form, (sender.meeting_id, sender.seat_id)
    what = form.get("do", "")
    if what in ("order", "random"):
        dividing.divide(*me, at_random=what == "random")
    elif what == "undo":
        dividing.undo(*me)
    elif what == "place":
        dividing.place(*me, _somebody(sender, form.get("seat", "")), form.get("to", ""))
    else:
        seen = {int(found[1]): int(found[2]) for found in AT_TABLES.finditer(form.get("at", "")[:600])}
        steering.steer_tables(*me, form.get("move", ""), seen, _number(form.get("seconds"), 0))


@blueprint.post("/meetings/<meeting_id>/round")
@verb("console")
def another_round(sender: Sender) -> None:
    """One more case in this meeting."""
    form = request.form
    steering.steer(
        sender.meeting_id, sender.seat_id, "add_round", _number(form.get("turn"), -1), target=form.get("target", "")
    )


@blueprint.post("/meetings/<meeting_id>/item")
@verb("console")
def item(sender: Sender) -> None:
    """Done, off the screen, together with another, admitted."""
    form = request.form
    table.handle(sender.meeting_id, sender.seat_id, form.get("item", ""), form.get("do", ""), form.get("to", ""))


@blueprint.post("/meetings/<meeting_id>/people")
@verb("console", "wall")
def someone(sender: Sender) -> Response | None:
    """Lets in, takes out and back in, joins two seats of one person, adds, names roles and the case giver, locks the door; each verb knows what a room screen may."""
    form = request.form
    what, seat = form.get("do", ""), _somebody(sender, form.get("seat", ""))
    if what in AT_THE_DOOR:
        AT_THE_DOOR[what](*_at_the_door(sender), table_ids.seat_of(seat))
    elif what in PEOPLE:
        PEOPLE[what](sender.meeting_id, sender.seat_id, seat)
    elif what == "join":
        to = _somebody(sender, form.get("to", ""))
        free = joined_seats.join_seats(*_at_the_door(sender), table_ids.seat_of(seat), table_ids.seat_of(to))
        return screen_answer(sender, notice=_role_is_free(sender, free)) if free else None
    elif what == "role":
        people.give_role(sender.meeting_id, sender.seat_id, seat, form.get("role", ""))
    elif what in ("lock", "unlock"):
        people.lock(*_at_the_door(sender), what == "lock")
    elif what == "add":
        _add_without_phone(sender)
    else:
        raise Refused("bad_choice", 422)
    return None


@blueprint.post("/meetings/<meeting_id>/order")
@verb("console", "wall")
def order(sender: Sender) -> None:
    """The order in which people sit: all of it, or somebody's place."""
    seat, by = request.form.get("seat", ""), request.form.get("by", "")
    if seat and by in ("-1", "1"):
        people.move_seat(sender.meeting_id, sender.seat_id, seat, int(by))
    else:
        people.order(sender.meeting_id, sender.seat_id, tuple(request.form.get("order", "").split(",")[:300]))


@blueprint.post("/meetings/<meeting_id>/case")
@verb("console", "phone")
def case(sender: Sender) -> None:
    """The title and the question of the case."""
    form = request.form
    title, question, key = (
        one_line(form.get(name)) if name in form else None for name in ("title", "question", "key_question")
    )
    table.tell_case(sender.meeting_id, sender.seat_id, title, question, key)


@blueprint.post("/meetings/<meeting_id>/decline")
@verb("phone")
def decline(sender: Sender) -> None:
    """I would rather not give the case."""
    choosing_case.decline(sender.meeting_id, sender.seat_id)


@blueprint.post("/meetings/<meeting_id>/agreement")
@verb("phone")
def agreement(sender: Sender) -> None:
    """I accept what our group agreed on."""
    people.accept_agreement(sender.meeting_id, sender.seat_id, _number(request.form.get("number"), 0))


@blueprint.post("/meetings/<meeting_id>/offer")
@verb("phone")
def offer(sender: Sender) -> None:
    """I would take this role."""
    form = request.form
    people.offer(sender.meeting_id, sender.seat_id, form.get("role", ""), is_on=form.get("value") == "on")


@blueprint.post("/meetings/<meeting_id>/time")
@verb("phone")
def time(sender: Sender) -> None:
    """The timekeeper tells the moderator that the time is nearly over."""
    form = request.form
    people.tell_time(sender.meeting_id, sender.seat_id, form.get("step", ""), form.get("value", ""))


@blueprint.post("/meetings/<meeting_id>/show")
@verb("console", "wall")
def show(sender: Sender) -> Response | None:
    """Switches of the room screen. A console that turns out to be the big screen becomes one, and stays folded."""
    what, value = request.form.get("what", ""), request.form.get("value", "")
    if (what, value) == ("screen", "wall"):
        return screen_answer(sender, go=f"/meetings/{sender.meeting_id}/screen")
    if what == "page":
        page, _, pages = value.partition("/")
        if not (page.isdecimal() and pages.isdecimal() and len(value) < 10):
            raise Refused("bad_choice", 422)
        steering.turn_page(sender.meeting_id, sender.seat_id, int(page), int(pages))
        return None
    steering.show(sender.meeting_id, sender.seat_id, what, value in ("on", "own"))
    return None


@blueprint.post("/meetings/<meeting_id>/nudge")
@verb("console")
def nudge(sender: Sender) -> None:
    """Whoever leads puts away what the console reminds of in this step, or has it back."""
    form = request.form
    steering.put_away(
        sender.meeting_id, sender.seat_id, form.get("step", ""), form.get("about", ""), form.get("value") != "off"
    )


@blueprint.post("/meetings/<meeting_id>/host")
@verb("console", "wall")
def host(sender: Sender) -> None:
    """The address the lobby shows; only one that is this machine's."""
    chosen = request.form.get("host", "")
    if chosen not in addresses.hosts(meeting_of(sender)[0]):
        raise Refused("bad_choice", 422)
    steering.choose_host(sender.meeting_id, sender.seat_id, chosen)


@blueprint.post("/meetings/<meeting_id>/pair")
@verb("console")
def pair(sender: Sender) -> None:
    """Confirms the code of a room screen."""
    doors.pair_wall(sender.meeting_id, sender.seat_id, plain_code(request.form.get("code")))


@blueprint.post("/meetings/<meeting_id>/action")
@verb("console")
def action(sender: Sender) -> None:
    """Whose an earlier action is, and how it went."""
    form, me = request.form, (sender.meeting_id, sender.seat_id)
    if form.get("do") == "owner":
        outcomes.set_owner(*me, form.get("action", ""), _somebody(sender, form.get("seat", "")))
    else:
        outcomes.set_status(*me, form.get("action", ""), form.get("status", ""))


@blueprint.post("/meetings/<meeting_id>/confirm")
@verb("phone", "console")
def confirm(sender: Sender) -> None:
    """That's right."""
    outcomes.confirm(sender.meeting_id, sender.seat_id, request.form.get("action", ""))


@blueprint.post("/meetings/<meeting_id>/buddy")
@verb("phone")
def buddy(sender: Sender) -> None:
    """I'll be the buddy."""
    is_on = request.form.get("value", "on") == "on"
    outcomes.be_buddy(sender.meeting_id, sender.seat_id, request.form.get("action", ""), is_on)


@blueprint.post("/meetings/<meeting_id>/signal")
@verb("phone", "console")
def signal(sender: Sender) -> None:
    """A sign to the moderator, given or taken back; from the console: it was seen."""
    form, me = request.form, (sender.meeting_id, sender.seat_id)
    if sender.view == "console":
        signals.put_away(*me, form.get("sign", ""))
    elif form.get("value") == "off":
        signals.take_back(*me)
    else:
        _require_seldom(sender)
        signals.give(*me, form.get("sign", ""), is_named=form.get("value") == "named")


@blueprint.post("/meetings/<meeting_id>/leave")
@verb("phone")
def leave(sender: Sender) -> None:
    """I have to go."""
    meeting_id, seat_id = _at_the_door(sender)
    people.leave(meeting_id, seat_id, seat_id)


@blueprint.post("/meetings/<meeting_id>/same")
@verb("phone")
def same(sender: Sender) -> None:
    """What a device says of a seat that the moderator joined another one's to: one person, or two after all."""
    is_one, hand = request.form.get("value") == "yes", request.form.get("seat", "")
    joined_seats.say_whose(*_at_the_door(sender), is_one, table_ids.seat_of(hand))


@blueprint.post("/meetings/<meeting_id>/return")
@verb("phone")
def come_back(sender: Sender) -> None:
    """I am back."""
    meeting_id, seat_id = _at_the_door(sender)
    people.come_back(meeting_id, seat_id, seat_id)


@blueprint.get("/meetings/<meeting_id>/token")
def token(meeting_id: str) -> Response:
    """A fresh request token for a page that holds a seat."""
    view = request.args.get("view", "")
    row = seats.held_seat(meeting_id, view, as_seat()) if view in seats.KIND_OF_VIEW else None
    if row is None or row.is_expelled or (view == "console" and not row.leads):
        return plain({"gone": refusals.sentence("no_seat")}, 403)
    return jsonify({"token": seats.csrf_token(meeting_id, view, as_seat())})


def _at_the_door(sender: Sender) -> tuple[str, str]:
    """The meeting that somebody came in to, and their seat there."""
    return table_ids.plenary_of(sender.meeting_id), table_ids.seat_of(sender.seat_id)


def _add_without_phone(sender: Sender) -> None:
    meeting_id, seat_id = _at_the_door(sender)
    added = people.add_without_phone(meeting_id, seat_id, _name(request.form.get("name")), _language(sender))
    if number := table_ids.number_of(sender.meeting_id):
        dividing.place(meeting_id, seat_id, added, str(number))


def _form(sender: Sender, step_id: str, form_key: str) -> Form:
    """The method's form a step has under a key."""
    snapshot, _seat = meeting_of(sender)
    phase = snapshot.phases.get(step_id)
    form = phase.form(form_key) if phase else None
    if form is None:
        raise Refused("no_such_step", 404)
    return form


def _sent(form: Form, filled: PlainForm) -> writing.Sent:
    given = request.form
    return writing.Sent(
        op=given.get("op") or op_of_request(),
        step_id=given.get("step", ""),
        form=form.key,
        fields=forms.body(form, filled),
        item_id=given.get("item", ""),
        about_id=given.get("about", ""),
        capability=given.get("capability", "")[:200],
        is_kept=bool(given.get("keep")),
    )


def _typed_again(sender: Sender, filled: PlainForm) -> Response:
    errors = forms.errors(filled)
    snapshot, seat = meeting_of(sender)
    typed = {name: cleaned(text) for name, text in request.form.items()}
    composer = screens.composer_html(snapshot, seat, typed, errors) if seat else None
    return screen_answer(sender, 422, notice=next(iter(errors.values()), None), form=composer)


def _require_seldom(sender: Sender) -> None:
    """The console shows each sign once, however often it is given; this keeps a phone from making it flicker."""
    try:
        refuse_after(SIGNALS_OFTEN, "signal", sender.seat_id)
    except TooManyRequests as error:
        raise Refused("signals_often", 429) from error


def _role_is_free(sender: Sender, role: str) -> str:
    snapshot, _ = meeting_of(sender)
    return str(refusals.DONE["role_is_free"]) % {"role": titles.roles(snapshot, None, str(get_locale())).of(role)}


def _somebody(sender: Sender, said: str) -> str:
    """The seat that is meant by its id, or by the name of somebody in the meeting."""
    meeting, _ = meeting_of(sender)
    called = (seat for seat in meeting.seats if seat.kind == "participant" and is_same_name(seat.name, said))
    found = next(called, None) if said and meeting.seat(said) is None else None
    return found.id if found else said


def _name(text: str | None) -> str:
    name = one_line(text)
    if len(name) > lengths.NAME_AT_THE_DOOR:
        raise Refused("too_long", 422)
    return name


def _language(sender: Sender) -> str:
    snapshot, _seat = meeting_of(sender)
    return languages.spoken_or(snapshot.locale, languages.DEFAULT)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and NUMBER.fullmatch(text) else otherwise
