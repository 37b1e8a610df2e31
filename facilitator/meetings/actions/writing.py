"""Writing, marking and passing: what people add. Accepted means committed; a replay of the same op changes nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from facilitator.core import sealing
from facilitator.core.db import random_id
from facilitator.core.refusals import Refused
from facilitator.meetings import models, rules
from facilitator.meetings.actions.base import RANKS, Change, change, require_moderator, require_present
from facilitator.meetings.actions.outcomes import follow, make_action
from facilitator.meetings.actions.setting_up import seal_line
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Seat, Value
from facilitator.methods.vocabulary import Form, MarkKind, Warmth

Body = dict[str, Value]


@dataclass(frozen=True)
class Sent:
    """Something a phone sends: the random op id names the attempt, `item_id` the text it changes, if any."""

    op: str
    step_id: str
    form: str
    fields: Body
    item_id: str = ""
    about_id: str = ""
    capability: str = ""
    is_kept: bool = False


@dataclass(frozen=True)
class Accepted:
    """What became of it: `stored`, `late` or `again` (a replay). The capability is for an anonymous text's writer."""

    how: str
    item_id: str = ""
    capability: str = ""


def contribute(meeting_id: str, seat_id: str, sent: Sent) -> Accepted:
    """Stores a text once, however often it is sent. Raises Refused with the reason people read."""
    try:
        with change(meeting_id) as found:
            return _contribute(found, seat_id, sent)
    except IntegrityError:
        # Two attempts of one op met: the other one has stored it, so this one is the replay.
        with change(meeting_id) as found:
            return _contribute(found, seat_id, sent)


def take_down(meeting_id: str, by_id: str, seat_id: str, sent: Sent) -> Accepted:
    """The moderator writes for somebody without a phone or for a case giver who dictates, the note-taker for somebody
    without a phone; it is marked so.
    """
    with change(meeting_id) as found:
        by = _writing_seat(found, by_id)
        seat = found.seat(seat_id)
        sent = _without_private(sent, _place(found, sent)[1])
        replay = _replay(found, seat, sent)
        if replay:
            return replay
        step, form = _current(found, sent)
        if not seen_by(found.before, by).may_take_down(seat, step, form):
            raise Refused("not_yours" if by.kind == "moderator" else "not_theirs")
        return _store(found, seat, step, form, sent, by)


def say_instead(meeting_id: str, seat_id: str, step_id: str, form_key: str, instead: str) -> None:
    """Counts `says` (I'll say it) or `passes` as done; an empty value takes it back."""
    with change(meeting_id) as found:
        seat = require_present(found, seat_id)
        step, form = _current(found, Sent("", step_id, form_key, {}))
        if instead not in ("", "says", "passes"):
            raise Refused("bad_choice", 422)
        if form not in seen_by(found.before, seat).forms:
            raise Refused("not_yours")
        _tally(found, step, seat, form).instead = instead


def withdraw(meeting_id: str, seat_id: str, item_id: str) -> None:
    """Takes a case away that nobody has seen yet, for good; there is room for another one then."""
    with change(meeting_id) as found:
        seat = require_present(found, seat_id)
        item = found.before.item(item_id)
        if item is None or not seen_by(found.before, seat).may_withdraw(item):
            raise Refused("revealed_already" if item is not None and item.is_by(seat) else "not_yours")
        tally = found.session.get(models.Tally, (item.step_id, seat.id, item.form))
        if tally is not None:
            tally.count = max(0, tally.count - 1)
        found.session.delete(found.item_row(item_id))


def mark(meeting_id: str, seat_id: str, step_id: str, item_id: str, is_on: bool, warmth: str = "") -> None:
    """Sets a dot, a star or how warm a text is, or takes it away; a moderator does for a case giver without a phone."""
    with change(meeting_id) as found:
        seat = _marking_seat(found, seat_id)
        step = found.before.now.step
        if step.id != step_id:
            raise Refused("step_over")
        marks = seen_by(found.before, seat).marks
        if (
            marks is None
            or marks.kind is MarkKind.BUDDY
            or item_id not in {item.id for item in rules.markable(found.before)}
        ):
            raise Refused("not_markable")
        if is_on and (warmth in set(Warmth)) != (marks.kind is MarkKind.WARMTH):
            raise Refused("bad_choice", 422)
        row = found.session.get(models.Mark, (step.id, seat.id, item_id))
        if row is not None and not is_on:
            found.session.delete(row)
        if row is not None and is_on and row.value != warmth:
            row.value = warmth
        if row is None and is_on:
            if seen_by(found.before, seat).marks_left <= 0:
                raise Refused("no_marks_left")
            found.session.add(
                models.Mark(
                    step_id=step.id, seat_id=seat.id, contribution_id=item_id, kind=marks.kind.value, value=warmth
                )
            )


def _contribute(found: Change, seat_id: str, sent: Sent) -> Accepted:
    seat = require_present(found, seat_id)
    replay = _replay(found, seat, sent)
    if replay:
        return replay
    step, form = _place(found, sent)
    if step.id != found.before.now.step.id:
        return _late(found, seat, step, form, sent)
    item_id = _anonymous_item(found, step, form, sent) or sent.item_id
    if item_id:
        return _rewrite(found, seat, step, form, sent, item_id)
    if form not in seen_by(found.before, seat).forms:
        raise Refused("left" if seat.has_left else "not_yours")
    if seen_by(found.before, seat).left(step, form) <= 0:
        raise Refused("enough_written")
    return _store(found, seat, step, form, sent)


def _without_private(sent: Sent, form: Form) -> Sent:
    private = {field.name for field in form.fields if field.is_private}
    return replace(sent, fields={name: value for name, value in sent.fields.items() if name not in private})


def _place(found: Change, sent: Sent) -> tuple[Step, Form]:
    """The step and the form something was written for, in a meeting that runs."""
    if found.row.status != "running":
        raise Refused("ended" if found.row.status == "ended" else "not_running")
    step = next((step for step in found.before.state.steps if step.id == sent.step_id), None)
    form = found.before.phases[step.id].form(sent.form) if step else None
    if step is None or form is None:
        raise Refused("no_such_step", 404)
    return step, form


def _replay(found: Change, seat: Seat, sent: Sent) -> Accepted | None:
    """What an op became when it was accepted before; the same op with another content is refused."""
    if not sent.op:
        raise Refused("no_op", 400)
    fingerprint = sealing.mac(found.row.id, _named_body(sent))
    used = found.session.get(models.UsedOp, sealing.hashed(sent.op))
    if used is not None:
        if used.body_mac != fingerprint:
            raise Refused("op_reused")
        return Accepted("again")
    known = select(models.OpDone).where(
        models.OpDone.seat_id == seat.id, models.OpDone.op_hash == sealing.hashed(sent.op)
    )
    done = found.session.scalar(known)
    if done is None:
        return None
    if done.body_mac != fingerprint:
        raise Refused("op_reused")
    return Accepted("again", done.contribution_id)


def _remember(found: Change, seat: Seat, sent: Sent, item_id: str) -> None:
    found.session.add(
        models.OpDone(
            seat_id=seat.id,
            op_hash=sealing.hashed(sent.op),
            body_mac=sealing.mac(found.row.id, _named_body(sent)),
            contribution_id=item_id,
        )
    )


def _remember_anonymous(found: Change, sent: Sent) -> None:
    found.session.add(
        models.UsedOp(
            op_hash=sealing.hashed(sent.op),
            meeting_id=found.row.id,
            body_mac=sealing.mac(found.row.id, _named_body(sent)),
        )
    )


def _store(found: Change, seat: Seat, step: Step, form: Form, sent: Sent, by: Seat | None = None) -> Accepted:
    if form.is_anonymous:
        return _store_anonymous(found, seat, step, form, sent)
    if form.about_actions:
        if any(i.about_id == sent.about_id and not i.is_late for i in found.before.items_of(step, form.key)):
            raise Refused("enough_written")
        follow(found, seat, sent.about_id, sent.fields)
    item = _new_item(found, step, form, sent)
    item.seat_id, item.hand_id = seat.id, seat.hand_id
    item.about_id = sent.about_id if form.about_actions else None
    item.taken_down_by = by.id if by else None
    item.is_kept = sent.is_kept and form.may_keep
    if form.is_open and not (form.makes_action and by):
        item.is_revealed = True
    _remember(found, seat, sent, item.id)
    tally = _tally(found, step, seat, form)
    tally.count, tally.instead = tally.count + 1, ""
    found.session.flush()
    _consequences(found, seat, step, form, item, sent.fields, is_dictated=by is not None)
    return Accepted("stored", item.id)


def _store_anonymous(found: Change, seat: Seat, step: Step, form: Form, sent: Sent) -> Accepted:
    """No author; a count for the limit, and a capability that only the writer's phone gets."""
    item = _new_item(found, step, form, sent)
    capability = sent.capability or secrets.token_urlsafe(24)
    item.capability_hash = sealing.hashed(capability)
    _remember_anonymous(found, sent)
    tally = _tally(found, step, seat, form)
    tally.count, tally.instead = tally.count + 1, ""
    return Accepted("stored", item.id, capability)


def _anonymous_item(found: Change, step: Step, form: Form, sent: Sent) -> str:
    """An anonymous text is found again by its capability alone, which only its writer's phone knows."""
    if not form.is_anonymous or not sent.capability:
        return ""
    query = select(models.Contribution.id).where(
        models.Contribution.step_id == step.id, models.Contribution.capability_hash == sealing.hashed(sent.capability)
    )
    return found.session.scalar(query) or ""


def _rewrite(found: Change, seat: Seat, step: Step, form: Form, sent: Sent, item_id: str) -> Accepted:
    row = found.item_row(item_id)
    item = found.before.item(item_id)
    assert item is not None
    if row.form != form.key or row.step_id != step.id:
        raise Refused("not_yours")
    is_writer = sealing.hashed(sent.capability) == row.capability_hash if form.is_anonymous else item.is_by(seat)
    if not is_writer:
        raise Refused("not_yours")
    if form.is_anonymous:
        if item.is_revealed or item.is_removed:
            raise Refused("revealed_already")
        _remember_anonymous(found, sent)
    else:
        if not seen_by(found.before, seat).may_edit(item):
            raise Refused("revealed_already")
        _remember(found, seat, sent, row.id)
        row.is_kept = sent.is_kept and form.may_keep
    row.body = sealing.seal(found.row.id, f"contribution:{row.id}", sent.fields)
    if form.about_actions:
        follow(found, seat, row.about_id or "", sent.fields)
    if form.is_open:  # also what was taken down: with the writer's own words it is confirmed
        row.is_revealed = True
    _consequences(found, seat, step, form, row, sent.fields, is_dictated=False)
    return Accepted("stored", row.id, sent.capability)


def _late(found: Change, seat: Seat, step: Step, form: Form, sent: Sent) -> Accepted:
    """Keeps what was written for a step that is over, for the moderator to admit; nothing anonymous, nothing twice."""
    is_over = step.has_begun and found.before.state.steps.index(step) < found.before.state.here
    belongs = seen_by(found.before, seat).belongs(form.who, step)
    if not is_over or not belongs or form.is_anonymous or form.makes_action or form.about_actions or sent.item_id:
        raise Refused("step_over")
    if seen_by(found.before, seat).written(step, form) >= form.limit:
        raise Refused("enough_written")
    item = _new_item(found, step, form, sent)
    item.seat_id, item.hand_id, item.is_late = seat.id, seat.hand_id, True
    item.is_kept = sent.is_kept and form.may_keep
    _remember(found, seat, sent, item.id)
    return Accepted("late", item.id)


def _new_item(found: Change, step: Step, form: Form, sent: Sent) -> models.Contribution:
    new_id = random_id()
    item = models.Contribution(
        id=new_id,
        meeting_id=found.row.id,
        step_id=step.id,
        form=form.key,
        body=sealing.seal(found.row.id, f"contribution:{new_id}", sent.fields),
        rank=secrets.randbelow(RANKS),
    )
    found.session.add(item)
    return item


def _consequences(
    found: Change, seat: Seat, step: Step, form: Form, item: models.Contribution, fields: Body, is_dictated: bool
) -> None:
    around = found.before.round_of(step)
    row = found.session.get(models.Round, around.id) if around else None
    if row is not None and row.case_giver_id == seat.id and rules.tells_case(step, form):
        row.is_told = True
    text = str(fields.get("question") or "")
    if form.sets_question and row is not None and text:
        row.question = seal_line(found.row.id, f"round:{row.id}:question", text)
    if form.sets_key_question and row is not None and text:
        row.key_question = seal_line(found.row.id, f"round:{row.id}:key_question", text)
    if form.makes_action:
        make_action(found, seat, item, fields, is_confirmed=not is_dictated)


def _current(found: Change, sent: Sent) -> tuple[Step, Form]:
    now = found.before.now
    if not now.is_running or now.step.id != sent.step_id:
        raise Refused("step_over")
    form = now.phase.form(sent.form)
    if form is None:
        raise Refused("no_such_step", 404)
    return now.step, form


def _tally(found: Change, step: Step, seat: Seat, form: Form) -> models.Tally:
    row = found.session.get(models.Tally, (step.id, seat.id, form.key))
    if row is None:
        row = models.Tally(step_id=step.id, seat_id=seat.id, form=form.key, count=0, instead="")
        found.session.add(row)
    return row


def _writing_seat(found: Change, seat_id: str) -> Seat:
    """Who may write for others at all; read anew in every transaction, so a role that was taken away is gone."""
    seat = found.seat(seat_id)
    if seat.kind != "participant":
        return require_moderator(found, seat_id)
    if not seen_by(found.before, seat).takes_notes:
        raise Refused("not_note_taker", 403)
    return seat


def _marking_seat(found: Change, seat_id: str) -> Seat:
    seat = found.seat(seat_id)
    if not seen_by(found.before, seat).is_moderator:
        return require_present(found, seat_id)
    marks, giver = found.before.now.phase.marks, rules.case_giver(found.before)
    if marks is None or marks.kind not in (MarkKind.STAR, MarkKind.WARMTH) or giver is None:
        raise Refused("not_yours")
    if giver.has_phone:
        raise Refused("has_a_phone")
    return giver


def _named_body(sent: Sent) -> Body:
    """What makes two sendings the same: the text, where it belongs and what it changes."""
    place = {"#step": sent.step_id, "#form": sent.form, "#item": sent.item_id, "#about": sent.about_id}
    return {**sent.fields, **place, "#kept": sent.is_kept}
