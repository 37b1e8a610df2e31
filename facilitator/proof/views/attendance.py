"""The attendance of a meeting, for whoever leads it: what was counted, corrected and confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import abort, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from facilitator.core import sealing
from facilitator.core.db import db, now
from facilitator.core.times import times_of_day
from facilitator.meetings import models
from facilitator.proof import clock, corrections, labels, store
from facilitator.proof.access import keeper
from facilitator.proof.actions import NotOver, confirm, rows_of, sheet_of
from facilitator.proof.content import Confirmed, Held, Moderator, Particulars, Role
from facilitator.proof.corrections import CannotBe, Choice
from facilitator.proof.counting import Counted, Person, count
from facilitator.proof.forms import PersonFields, PresenceForm, presence_form
from facilitator.proof.pictures import Stretch, stretches
from facilitator.proof.presence import Span
from facilitator.proof.views import blueprint


@dataclass(frozen=True)
class Kept:
    """What was confirmed before, by seat; empty before that. `is_damaged`: something of it cannot be read any more; `signed`: who said
    themselves that they took part.
    """

    held: Held | None
    confirmed: Mapping[str, Confirmed]
    particulars: Mapping[str, Particulars]
    is_damaged: bool = False
    signed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One person on the page."""

    person: Person
    counted: str
    particulars: Particulars
    is_corrected: bool
    has_signed: bool
    certificate: str
    picture: tuple[Stretch, ...]
    fields: PersonFields | None


@blueprint.route("/meetings/<meeting_id>/presence", methods=["GET", "POST"])
def presence(meeting_id: str) -> Response:
    """Who was there; confirmed or corrected once the meeting is over."""
    by = keeper(meeting_id)
    meeting = by.meeting
    counted, kept = _read(meeting)
    if not counted.is_over or counted.held is None:
        return _page(meeting, counted, kept, None)
    form = presence_form(counted.people, counted.held)(data=_filled(counted, kept))
    if not form.was_sent:
        return _page(meeting, counted, kept, form)
    people = _people(counted, form) if form.is_fine() else None
    if people is None:
        return _page(meeting, counted, kept, form, 422)
    try:
        confirm(by, _held(counted.held, form), people, _names(counted, form, kept), _on_paper(counted, form))
    except LookupError:
        abort(404)
    except NotOver:
        flash(_("The meeting goes on. Confirm when it is over."), "warning")
        return redirect(f"/meetings/{meeting_id}/presence")
    flash(_("Attendance is confirmed. Everybody can get their certificate now."))
    return redirect(f"/meetings/{meeting_id}/presence")


def _read(meeting: models.Meeting) -> tuple[Counted, Kept]:
    with db.reading() as session:
        counted = count(session, meeting, now())
        sheet = sheet_of(session, meeting.id)
        if sheet is None:
            return counted, Kept(None, {}, {})
        rows = rows_of(session, sheet)
        seats = [(p.seat_id, rows[mark]) for p in counted.people if (mark := store.mark("seat", p.seat_id)) in rows]
        damaged: list[object] = []
        every = sealing.each(seats, lambda one: (one[0], store.confirmed_of(one[1])), damaged.append)
        known = {seat: confirmed for seat, confirmed in filter(None, every) if confirmed is not None}
        said = sealing.each(seats, lambda one: (one[0], store.particulars_of(one[1])), damaged.append)
        held = list(sealing.each([sheet], store.held_of, damaged.append))
        signed = frozenset(seat for seat, row in seats if row.has_signed)
        return counted, Kept(held[0] if held else None, known, dict(filter(None, said)), bool(damaged), signed)


def _page(
    meeting: models.Meeting, counted: Counted, kept: Kept, form: PresenceForm | None, status: int = 200
) -> Response:
    ran = counted.ran
    page = render_template(
        "proof/presence.html",
        meeting=meeting,
        held=counted.held,
        form=form,
        rows=[_row(person, kept, form, meeting, ran) for person in counted.people],
        is_confirmed=kept.held is not None,
        is_damaged=kept.is_damaged,
        was_reopened=bool(kept.held and counted.held and kept.held.ended_at != counted.held.ended_at),
        hours=labels.hours(counted.held) if counted.held else "",
        length=labels.length(counted.held.minutes) if counted.held else "",
        running=stretches(ran, ran) if ran else (),
        themes=labels.themes(),
    )
    return make_response(page, status)


def _row(person: Person, kept: Kept, form: PresenceForm | None, meeting: models.Meeting, ran: tuple[Span, ...]) -> Row:
    confirmed = kept.confirmed.get(person.seat_id)
    particulars = kept.particulars.get(person.seat_id, Particulars())
    return Row(
        person=person,
        counted=labels.counted(person.stay),
        particulars=particulars if particulars.is_listed else Particulars(),
        is_corrected=bool(confirmed and confirmed.is_corrected),
        has_signed=person.seat_id in kept.signed,
        certificate=_certificate(person, confirmed, meeting, particulars.name),
        picture=stretches(person.there, ran),
        fields=form.of(person) if form else None,
    )


def _certificate(person: Person, confirmed: Confirmed | None, meeting: models.Meeting, name: str) -> str:
    """Where whoever leads gets the certificate of somebody who has no phone to get it with; not for a pseudonym alone."""
    if person.has_phone or confirmed is None or not confirmed.was_there or (meeting.uses_pseudonyms and not name):
        return ""
    return f"/meetings/{meeting.id}/proof.pdf?seat={person.seat_id}"


def _filled(counted: Counted, kept: Kept) -> dict[str, object]:
    """The form as it is offered: what was confirmed where it was corrected, else what was counted."""
    held = kept.held or counted.held
    assert held is not None
    filled: dict[str, object] = {
        "group_number": held.group_number,
        "is_online": held.is_online,
        "place": held.place,
        "theme": held.theme,
        "moderator_name": held.moderator.name,
        "moderator_function": held.moderator.function,
        "moderator_registration": held.moderator.registration,
    }
    for person in counted.people:
        found = _filled_for(person, kept.confirmed.get(person.seat_id))
        filled |= {f"{name}_{person.seat_id}": value for name, value in found.items()}
        filled[f"paper_{person.seat_id}"] = person.seat_id in kept.signed
        filled[f"name_{person.seat_id}"] = kept.particulars.get(person.seat_id, Particulars()).name
    return filled


def _filled_for(person: Person, confirmed: Confirmed | None) -> dict[str, object]:
    is_kept = confirmed is not None and (confirmed.is_corrected or not confirmed.was_there)
    stay = person.stay
    came, went = (stay.came, stay.went) if stay else (None, None)
    if confirmed is not None and confirmed.is_corrected:
        came, went = confirmed.came, confirmed.went
    return {
        "there": confirmed.was_there if confirmed and is_kept else corrections.is_there(person),
        "came": clock.time_of(came) if came else None,
        "went": clock.time_of(went) if went else None,
        "minutes": confirmed.minutes if confirmed and confirmed.is_corrected else None,
        "role": (confirmed.role if confirmed else person.role).value,
        "agreed": confirmed.has_agreed if confirmed else person.has_agreed,
    }


def _held(counted: Held, form: PresenceForm) -> Held:
    """The meeting as the moderator says it was."""
    return replace(
        counted,
        group_number=form.group_number.data or "",
        is_online=bool(form.is_online.data),
        place=form.place.data or "",
        theme=form.theme.data or "",
        moderator=Moderator(
            name=form.moderator_name.data or "",
            function=form.moderator_function.data or "",
            registration=form.moderator_registration.data or "",
        ),
    )


def _people(counted: Counted, form: PresenceForm) -> dict[str, Confirmed] | None:
    """Everybody as confirmed; None where something cannot be, which then stands beside its field."""
    found = {}
    for person in counted.people:
        fields = form.of(person)
        try:
            found[person.seat_id] = corrections.corrected(person, _choice(person, fields, counted), counted.ran)
        except CannotBe as wrong:
            first, last = times_of_day(counted.ran[0].start, counted.ran[-1].end)
            fields.minutes.errors = [labels.cannot_be(wrong, person.name, first, last)]
    return found if len(found) == len(counted.people) else None


def _choice(person: Person, fields: PersonFields, counted: Counted) -> Choice:
    first, last = counted.ran[0].start, counted.ran[-1].end
    stay = person.stay
    return Choice(
        was_there=bool(fields.there.data),
        role=Role(fields.role.data),
        has_agreed=person.has_agreed or bool(fields.agreed.data),
        came=clock.moment_of(fields.came.data, stay.came if stay else None, first, last),
        went=clock.moment_of(fields.went.data, stay.went if stay else None, first, last),
        minutes=fields.minutes.data,
    )


def _names(counted: Counted, form: PresenceForm, kept: Kept) -> dict[str, Particulars]:
    """What the moderator filled in for those who have no device to say it on."""
    found = {}
    for person in counted.people:
        field = form.of(person).name
        if field is not None:
            known = kept.particulars.get(person.seat_id, Particulars())
            found[person.seat_id] = replace(known, name=field.data or "")
    return found


def _on_paper(counted: Counted, form: PresenceForm) -> dict[str, bool]:
    """Who of them signed the list on paper."""
    fields = {person.seat_id: form.of(person).on_paper for person in counted.people}
    return {seat_id: bool(field.data) for seat_id, field in fields.items() if field is not None}
