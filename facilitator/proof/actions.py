"""The verbs of proof: the moderator confirms who was there, somebody says what is printed of them, a certificate is given out.

Promises: everything or nothing of a confirmation is stored; what was given out never changes: a certificate that says
something else gets a number of its own, and the old number says that it was replaced.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now, random_id
from facilitator.meetings import models
from facilitator.meetings.visitor import account_for_hours
from facilitator.proof import store
from facilitator.proof.access import Holder, Keeper, still_keeps
from facilitator.proof.content import Confirmed, Held, Listed, Particulars, Proof
from facilitator.proof.corrections import Choice, corrected, is_there
from facilitator.proof.counting import count
from facilitator.proof.models import Attendance, Certificate, Sheet
from facilitator.proof.numbers import new_number


class NotOver(Exception):
    """A meeting that has not ended, or never began, cannot be confirmed yet."""


class NotThere(Exception):
    """Whoever confirmed the attendance says that somebody was not there."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that was given out and still holds."""

    number: str
    issued_on: date
    proof: Proof


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody's proof has come. `held` is None until the moderator confirmed; `proof` is what a certificate would
    say now, None where they were not there; `issued` is the one they have. `lacks_name`: all that is known of them is a
    pseudonym, which proves nothing of anybody. `is_damaged`: something of it does not open, and what does is told. `has_signed`: they
    said themselves that they took part.
    """

    held: Held | None
    proof: Proof | None
    particulars: Particulars | None
    issued: Issued | None
    lacks_name: bool
    is_damaged: bool = False
    has_signed: bool = False


def standing(meeting_id: str, seat_id: str) -> Standing:
    """Where somebody's proof stands. Changes nothing."""
    with db.reading() as session:
        sheet = sheet_of(session, meeting_id)
        row = rows_of(session, sheet).get(store.mark("seat", seat_id)) if sheet else None
        held = sealing.readable(lambda: store.held_of(sheet), None) if sheet else None
        if sheet is None or row is None:
            return Standing(held, None, None, None, lacks_name=False)
        live, meeting = live_certificate(session, row), session.get(models.Meeting, meeting_id)
        said = _said(live, sheet)
        try:
            proof, particulars = proof_for(session, sheet, row), store.particulars_of(row) if row.particulars else None
            is_damaged = live is not None and said is None
        except sealing.Damaged:
            proof, particulars, is_damaged = said, sealing.readable(lambda: store.particulars_of(row), None), True
        return Standing(
            held=held,
            proof=proof,
            particulars=particulars,
            issued=Issued(live.number, live.issued_on, said) if live and said else None,
            lacks_name=_lacks_name(session, meeting, row),
            is_damaged=is_damaged,
            has_signed=row.has_signed,
        )


def sheet_of(session: Session, meeting_id: str) -> Sheet | None:
    """The sheet of a meeting, if there is one."""
    return session.scalar(select(Sheet).where(Sheet.meeting_mark == store.mark("meeting", meeting_id)))


def rows_of(session: Session, sheet: Sheet) -> dict[str, Attendance]:
    """Everybody on a sheet, by the mark of their seat."""
    rows = session.scalars(select(Attendance).where(Attendance.sheet_id == sheet.id))
    return {row.seat_mark: row for row in rows}


def confirm(
    keeper: Keeper,
    held: Held,
    people: Mapping[str, Confirmed],
    particulars: Mapping[str, Particulars],
    on_paper: Mapping[str, bool] = MappingProxyType({}),
) -> None:
    """The moderator says who was there, by seat, and signs for themselves by that; `particulars` are of those who have no device to
    fill them in, and `on_paper` is whether those signed the list. Raises LookupError for somebody who keeps the attendance no more.
    """
    meeting, user_id = keeper.meeting, keeper.user_id
    sheet_id = _sheet_id(meeting)
    with db.writing() as session:
        sheet = _locked(session, sheet_id)
        if not still_keeps(session, keeper):
            raise LookupError(meeting.id)
        fresh = session.get(models.Meeting, meeting.id)
        if fresh is None or fresh.status != "ended":
            raise NotOver(meeting.id)
        store.put_held(sheet, held)
        sheet.confirmed_on, sheet.counted_from = now().date(), end_of_month(held.started_at)
        for seat_id, confirmed in people.items():
            row = _row(session, sheet, seat_id)
            store.put_confirmed(row, confirmed)
            if seat_id in particulars:
                store.put_particulars(row, particulars[seat_id])
            row.has_signed = on_paper.get(seat_id, row.has_signed or _is_keeper_s(session, keeper, seat_id))
        session.flush()
        note(session, sheet.organisation_id, user_id, Deed.CHANGED, "proof", sheet.id)
        for row in rows_of(session, sheet).values():
            _follow(session, sheet, row, user_id, _lacks_name(session, fresh, row))


def _is_keeper_s(session: Session, keeper: Keeper, seat_id: str) -> bool:
    """Whether a seat is that of whoever confirms, by their device or by their account."""
    seat = session.get_one(models.Seat, seat_id)
    return keeper.seat_id == seat_id or (keeper.user_id is not None and keeper.user_id == seat.user_id)


def sign(holder: Holder) -> None:
    """Somebody says that they took part in a meeting that is over: once, and for nobody but themselves. Raises NotOver, and NotThere where
    the attendance says otherwise.
    """
    if not holder.is_own:
        raise PermissionError(holder.seat.id)
    sheet_id = _sheet_id(holder.meeting)
    with db.writing() as session:
        sheet = _locked(session, sheet_id)
        if session.get_one(models.Meeting, holder.meeting.id).status != "ended":
            raise NotOver(holder.meeting.id)
        row = _row(session, sheet, holder.seat.id)
        if sheet.confirmed_on is not None and not _was_there(store.confirmed_of(row)):
            raise NotThere(holder.seat.id)
        row.has_signed = True


def may_print(holder: Holder, found: Standing) -> bool:
    """Whether a certificate may be handed to whoever asks: not what somebody said of themselves to who proved nothing."""
    return holder.may_describe or (found.particulars is None and not found.is_damaged)


def describe(holder: Holder, particulars: Particulars) -> None:
    """Somebody says what is printed of them. A certificate they have already is given out anew if it says less or more."""
    sheet_id = _sheet_id(holder.meeting)
    with db.writing() as session:
        sheet = _locked(session, sheet_id)
        row = _row(session, sheet, holder.seat.id)
        store.put_particulars(row, particulars)
        session.flush()
        live, proof = live_certificate(session, row), sealing.readable(lambda: proof_for(session, sheet, row), None)
        if live is not None and proof is not None and _said(live, sheet) != proof:
            _issue(session, sheet, row, proof, holder.user_id)


def certificate(meeting_id: str, seat_id: str, user_id: str | None) -> Issued | None:
    """Somebody's certificate, given out the first time it is asked for; None while their attendance is not confirmed, or
    nobody has said what their name is.
    """
    found = standing(meeting_id, seat_id)
    if found.proof is None or found.issued is not None or found.lacks_name:
        return found.issued
    with db.writing() as session:
        known = sheet_of(session, meeting_id)
        assert known is not None
        sheet = _locked(session, known.id)
        row = rows_of(session, sheet).get(store.mark("seat", seat_id))
        proof = proof_for(session, sheet, row) if row else None
        if row is None or proof is None:
            return None
        issued = live_certificate(session, row)
        if issued is None or _said(issued, sheet) is None:  # one that does not open any more is replaced
            issued = _issue(session, sheet, row, proof, user_id)
        return Issued(issued.number, issued.issued_on, store.proof_of(issued, sheet.id))


def live_certificate(session: Session, row: Attendance) -> Certificate | None:
    """The certificate of somebody that holds now."""
    query = select(Certificate).where(Certificate.attendance_id == row.id, Certificate.is_replaced.is_(False))
    return session.scalar(query)


def _said(live: Certificate | None, sheet: Sheet) -> Proof | None:
    """What a certificate says, if there is one and it opens."""
    return sealing.readable(lambda: store.proof_of(live, sheet.id), None) if live else None


def proof_for(session: Session, sheet: Sheet, row: Attendance) -> Proof | None:
    """What a certificate would say now; None where nothing is confirmed, or somebody was not there. Raises
    `sealing.Damaged` rather than leave anybody out.
    """
    held, confirmed = store.held_of(sheet), store.confirmed_of(row)
    if held is None or not _was_there(confirmed):
        return None
    assert confirmed is not None
    assert confirmed.came is not None
    assert confirmed.went is not None
    own = store.particulars_of(row)
    others = [other for other in rows_of(session, sheet).values() if _was_there(store.confirmed_of(other))]
    return Proof(
        name=own.name or confirmed.name,
        function=own.function,
        registration=own.registration,
        role=confirmed.role,
        has_agreed=confirmed.has_agreed,
        came=confirmed.came,
        went=confirmed.went,
        minutes=confirmed.minutes,
        held=held,
        listed=_listed(others),
        people=len(others),
        gave_by=confirmed.gave_by,
        has_signed=row.has_signed,
        all_signed=all(other.has_signed for other in others),
    )


def _lacks_name(session: Session, meeting: models.Meeting | None, row: Attendance) -> bool:
    """Whether all that is known of somebody is a pseudonym. Whoever leads by their account is there by its name."""
    said = sealing.readable(lambda: store.particulars_of(row).name, "")
    if meeting is None or not meeting.uses_pseudonyms or said:
        return False
    leads = (models.Seat.meeting_id == meeting.id, models.Seat.kind == "moderator", models.Seat.user_id.is_not(None))
    return row.seat_mark not in {
        store.mark("seat", found) for found in session.scalars(select(models.Seat.id).where(*leads))
    }


def _follow(session: Session, sheet: Sheet, row: Attendance, user_id: str | None, lacks_name: bool) -> None:
    """After a correction: what was given out and says something else now is replaced, or taken back. Where somebody's own
    words do not open, what they have stays.
    """
    live = live_certificate(session, row)
    if live is None:
        return
    try:
        proof = None if lacks_name else proof_for(session, sheet, row)
    except sealing.Damaged:
        return
    said = _said(live, sheet)
    if proof is None:
        live.is_replaced = True
    elif said is None or not proof.says_the_same(said):
        _issue(session, sheet, row, proof, user_id)


def _issue(session: Session, sheet: Sheet, row: Attendance, proof: Proof, user_id: str | None) -> Certificate:
    live = live_certificate(session, row)
    if live is not None:
        live.is_replaced = True
    certificate_id = random_id()
    found = Certificate(
        id=certificate_id,
        attendance_id=row.id,
        number=new_number(),
        issued_on=now().date(),
        body=store.sealed_proof(certificate_id, sheet.id, proof),
    )
    session.add(found)
    note(session, sheet.organisation_id, user_id, Deed.ISSUED, "proof", certificate_id)
    session.flush()
    return found


def _listed(rows: list[Attendance]) -> tuple[Listed, ...]:
    """Those who want to be on the documents of the others, by name; whose wish cannot be read is not named."""
    found = []
    for row in rows:
        own = sealing.readable(partial(store.particulars_of, row), Particulars())
        confirmed = store.confirmed_of(row)
        if own.is_listed and confirmed is not None:
            found.append(Listed(own.name or confirmed.name, own.function, own.registration))
    return tuple(sorted(found, key=lambda listed: (listed.name.casefold(), listed.name)))


def follow_seat(session: Session, again_id: str, first_id: str, is_proved: bool) -> None:
    """A seat was joined to another one: the hours of the two are counted as those of one person, nothing twice, and the certificate
    of the one that is no more was replaced. What is printed of somebody, and what they signed, goes along by proof only; until then it waits.
    """
    other = session.scalar(select(Attendance).where(Attendance.seat_mark == store.mark("seat", again_id)))
    seat = session.get(models.Seat, first_id)
    if other is None or seat is None:
        return
    sheet, meeting = _locked(session, other.sheet_id), session.get_one(models.Meeting, seat.meeting_id)
    row = _row(session, sheet, first_id)
    session.flush()
    if is_proved and not row.particulars and other.particulars:
        store.put_particulars(row, store.particulars_of(other))
    if is_proved and other.has_signed:
        row.has_signed = True
    _recount(session, sheet, meeting, first_id)
    given_out = Certificate.attendance_id == other.id
    session.execute(update(Certificate).where(given_out).values(attendance_id=row.id, is_replaced=True))
    if is_proved or not (other.particulars or other.has_signed):
        session.delete(other)
    else:
        other.confirmed = other.user_id = None
    _follow_everybody(session, sheet, meeting)


def part_seat(session: Session, parted_id: str, first_id: str) -> None:
    """Two seats that were joined are two people's: each has their own hours on a sheet that was confirmed, and a certificate that
    counted them as one was replaced.
    """
    meeting = session.get_one(models.Meeting, session.get_one(models.Seat, first_id).meeting_id)
    known = sheet_of(session, meeting.id)
    if known is None:
        return
    sheet = _locked(session, known.id)
    _recount(session, sheet, meeting, first_id, parted_id)
    _follow_everybody(session, sheet, meeting)


def _recount(session: Session, sheet: Sheet, meeting: models.Meeting, *seat_ids: str) -> None:
    """Has a sheet that was confirmed say what is counted of these seats now."""
    if sheet.confirmed_on is None:
        return
    counted = count(session, meeting, now())
    for person in filter(None, map(counted.person, seat_ids)):
        choice = Choice(was_there=is_there(person), role=person.role, has_agreed=person.has_agreed)
        store.put_confirmed(_row(session, sheet, person.seat_id), corrected(person, choice, counted.ran))


def _follow_everybody(session: Session, sheet: Sheet, meeting: models.Meeting) -> None:
    session.flush()
    for row in rows_of(session, sheet).values():
        _follow(session, sheet, row, None, _lacks_name(session, meeting, row))


def _was_there(confirmed: Confirmed | None) -> bool:
    return confirmed is not None and confirmed.was_there and confirmed.came is not None and confirmed.went is not None


def _row(session: Session, sheet: Sheet, seat_id: str) -> Attendance:
    """Somebody's row, made where there is none; whose account it is follows the seat."""
    seat_mark = store.mark("seat", seat_id)
    row = session.scalar(select(Attendance).where(Attendance.seat_mark == seat_mark))
    if row is None:
        row = Attendance(id=random_id(), sheet_id=sheet.id, seat_mark=seat_mark)
        session.add(row)
    seat = session.get(models.Seat, seat_id)
    if seat is not None and (user_id := account_for_hours(seat)) is not None:
        row.user_id = user_id
    return row


def _locked(session: Session, sheet_id: str) -> Sheet:
    """The sheet, for this transaction alone."""
    sheet = session.get(Sheet, sheet_id, with_for_update=True)
    assert sheet is not None
    return sheet


def _sheet_id(meeting: models.Meeting) -> str:
    """The sheet of a meeting, made with its key where there is none; of two who make it at once one wins."""
    with db.reading() as session:
        found = sheet_of(session, meeting.id)
    if found is not None:
        return found.id
    sheet_id = random_id()
    store.make_key(sheet_id)
    try:
        with db.writing() as session:
            session.add(
                Sheet(
                    id=sheet_id,
                    organisation_id=meeting.organisation_id,
                    meeting_mark=store.mark("meeting", meeting.id),
                    counted_from=end_of_month(meeting.started_at or meeting.created_at),
                )
            )
    except IntegrityError:
        store.destroy_key(sheet_id)
        with db.reading() as session:
            found = sheet_of(session, meeting.id)
        assert found is not None
        return found.id
    return sheet_id


def end_of_month(moment: datetime) -> date:
    """The last day of the month in which something was."""
    day = moment.date()
    return day.replace(day=monthrange(day.year, day.month)[1])
