"""Everything the product holds about one person, for that person: as JSON, readable without this product.

Promises: it names nobody else and holds no word of anybody else; what was sent without a name is not in it, because nobody
can tell whose it was; whoever asks gets their own and nothing can be asked for somebody else. What is damaged is named in its
place, and the rest is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive import store as cards
from facilitator.archive.models import Card, Consent, Remark, Trial
from facilitator.archive.remarks import reason_of, words_of
from facilitator.arrangements import store as arrangements
from facilitator.arrangements.models import Arrangement, CheckIn, MomentBetween, MomentYes, Offer, Party
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.groups.models import Acceptance, Agreement, Group, Member
from facilitator.meetings import loading, table_ids
from facilitator.meetings.actions import offering
from facilitator.meetings.actions.notebooks import notes_of
from facilitator.meetings.models import Meeting, Presence, Seat
from facilitator.meetings.seats import Held, whose_seat
from facilitator.meetings.snapshot import Snapshot
from facilitator.proof.access import Holder
from facilitator.proof.actions import Standing, standing
from facilitator.proof.annexes import annex_of
from facilitator.proof.models import Annex
from facilitator.proof.store import PROOF, REFLECTION, reflection_of
from facilitator.questions import store as questions
from facilitator.questions.models import Answer, Question
from facilitator.retention.own_traces import beside_account, beside_seat

T = TypeVar("T")
Json = dict[str, object]
FORMAT = 1
UNREADABLE: Json = {"cannot_be_read": True}


def of_account(user: User) -> Json:
    """What is held about somebody with an account, across all their meetings."""
    mine = (
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.user_id == user.id, Seat.joined_to_id.is_(None))
    )  # never by another's word
    seats = db.session.scalars(
        mine.where(Meeting.organisation_id == user.organisation_id).order_by(Seat.joined_at)
    ).all()
    return {
        "format": FORMAT,
        "account": {
            "name": user.name,
            "email": user.email,
            "language": user.locale,
            "organisation": user.organisation.name,
            "roles": sorted(role.name for role in user.roles),
            **beside_account(user),
        },
        "groups": list(_groups(user)),
        "meetings": [*(of_seat(seat, user) for seat in seats), *_by_hand(user)],
        "offered_cases": list(_offered(user)),
        "cards": list(_cards(user)),
        "said_under_cards": list(_said(user)),
        "tried": list(_tried(user)),
        "asked_colleagues": list(_asked(user)),
        "answered_colleagues": list(_answered(user)),
        "arranged": list(_arranged(user)),
        "offers": list(_offers(user)),
    }


def of_device(held: Held) -> Json:
    """What is held about somebody who was there on a phone only; of a joined seat without what another device wrote."""
    here = of_seat(held.seat, None, held.hand_id)
    return {"format": FORMAT, "meetings": [here, *(of_seat(seat, None) for seat in _at_tables(held))]}


def _at_tables(held: Held) -> list[Seat]:
    """Where the meeting was divided, the seats at its tables that are theirs by the same device."""
    if held.hand_id is not None:
        return []
    at_any = Seat.id.like(f"{held.seat.id}{table_ids.MARK}%")
    return list(db.session.scalars(select(Seat).where(at_any).order_by(Seat.id)))


def _by_hand(user: User) -> Iterator[Json]:
    """What an account wrote with a seat that the moderator joined to another one, of which nothing else is theirs by that."""
    mine = select(Seat).join(Meeting, Meeting.id == Seat.meeting_id).where(Seat.user_id == user.id)
    joined = mine.where(Meeting.organisation_id == user.organisation_id, Seat.joined_to_id.is_not(None))
    for hand in db.session.scalars(joined.order_by(Seat.joined_at)).all():
        meeting, seat = db.session.get_one(Meeting, hand.meeting_id), whose_seat(db.session(), hand)
        yield {
            "goal": meeting.goal,
            "began": _moment(meeting.started_at),
            "ended": _moment(meeting.ended_at),
            "name": hand.name,
            "came": _moment(hand.joined_at),
            "language": hand.locale,
            "promised_confidentiality": hand.has_agreed,
            "wrote": _of_meeting(meeting, partial(_wrote, seat, hand.id)),
            "notes": _notes(hand.id),
        }


def of_seat(seat: Seat, user: User | None, hand_id: str | None = None) -> Json:
    """One meeting, as far as it is about the holder of one seat. `user` is None where the seat's own device asks. With
    `hand_id` its texts are those of that joined seat's device.
    """
    meeting = db.session.get_one(Meeting, seat.meeting_id)
    presences = db.session.scalars(select(Presence).where(Presence.seat_id == seat.id).order_by(Presence.came_at))
    proof = standing(meeting.id, seat.id)
    annex = annex_of(db.session(), Holder(meeting, seat, user, has_device=user is None, hand_id=hand_id))
    return {
        "goal": meeting.goal,
        "began": _moment(meeting.started_at),
        "ended": _moment(meeting.ended_at),
        "name": seat.name,
        "role": seat.role or seat.kind,
        "promised_confidentiality": seat.has_agreed,
        "accepted_agreement": seat.has_accepted,
        "there": [{"from": _moment(one.came_at), "to": _moment(one.went_at)} for one in presences],
        "left": _moment(seat.left_at),
        **beside_seat(seat, proof.particulars),
        "wrote": _of_meeting(meeting, partial(_wrote, seat, hand_id)),
        "notes": _notes(hand_id or seat.id),
        "actions": _of_meeting(meeting, partial(_actions, seat)),
        "signs": _of_meeting(meeting, partial(_told, seat, hand_id)),
        "confirmed_taking_part": proof.has_signed,
        "proof": _proof(proof),
        "annex": sealing.readable(lambda: _reflection(annex), UNREADABLE) if annex else None,
    }


def _of_meeting(meeting: Meeting, read: Callable[[Snapshot], Iterator[Json]]) -> list[Json]:
    """Some of a meeting's texts; none where they were erased."""
    found = sealing.each((meeting.id,), lambda one: list(read(loading.read(one))), lambda _: [UNREADABLE])
    return next(found, [])


def _notes(device_id: str) -> object:
    """Their own notes; empty where they made none, or where they were erased."""
    try:
        notes = notes_of(device_id)
    except sealing.KeyIsGone:
        return ""
    return UNREADABLE if notes.is_damaged else notes.text


def _proof(found: Standing) -> Json | None:
    if found.issued is None:
        return UNREADABLE if found.is_damaged else None
    issued: Json = PROOF.dump_python(found.issued.proof, mode="json")
    return issued


def _reflection(annex: Annex) -> Json:
    found: Json = REFLECTION.dump_python(reflection_of(annex), mode="json")
    return found


def _wrote(seat: Seat, hand_id: str | None, snapshot: Snapshot) -> Iterator[Json]:
    for item in snapshot.items:
        if (item.seat_id, item.hand_id) == (seat.id, hand_id):
            phase = snapshot.phases.get(item.step_id)
            words = UNREADABLE if item.is_damaged else item.fields
            yield {"phase": phase.key if phase else "", "form": item.form, **words}


def _actions(seat: Seat, snapshot: Snapshot) -> Iterator[Json]:
    for action in snapshot.actions:
        due = action.due.isoformat() if action.due else None
        if seat.id == action.owner_id:
            words = {"if": action.when_if, "then": action.then, "told": action.told.line if action.told else None}
            yield {"as": "owner", **words, "due": due, "status": action.status}
        elif seat.id == action.buddy_id:  # the words are the owner's
            yield {"as": "buddy", "due": due, "status": action.status}


def _told(seat: Seat, hand_id: str | None, snapshot: Snapshot) -> Iterator[Json]:
    """What stands of what they told the moderator beside the meeting."""
    for one in snapshot.signals:
        if (one.seat_id, one.hand_id) == (seat.id, hand_id):
            yield {"sign": one.sign or UNREADABLE, "with_name": one.is_named}


def _groups(user: User) -> Iterator[Json]:
    mine = select(Group.id, Group.name, Member.added_at, Member.left_at).join(Member, Member.group_id == Group.id)
    mine = mine.where(Member.user_id == user.id).order_by(Member.added_at)
    for group_id, name, added_at, left_at in db.session.execute(mine).all():
        accepted = select(Agreement.number).join(Acceptance, Acceptance.agreement_id == Agreement.id)
        accepted = accepted.where(Acceptance.user_id == user.id, Agreement.group_id == group_id)
        numbers = list(db.session.scalars(accepted.order_by(Agreement.number)))
        yield {"name": name, "from": _moment(added_at), "to": _moment(left_at), "accepted_agreements": numbers}


def _offered(user: User) -> Iterator[Json]:
    """Cases they offered beforehand that did not come into a meeting."""
    for day, one in offering.every(user):
        words = UNREADABLE
        if one.case is not None:
            words = {"title": one.case.title, "question": one.case.question, "how_soon": one.case.urgency}
        yield {"for_meeting_on": _day(day), "tells_whoever_leads": one.tells, **words}


def _cards(user: User) -> Iterator[Json]:
    """Cards somebody added, and cards made from their cases: those are theirs to know, and nobody else's."""
    from_cases = select(Consent.card_id).where(Consent.user_id == user.id)
    mine = (Card.author_id == user.id) | Card.id.in_(from_cases)
    found = db.session.scalars(
        select(Card).where(mine, Card.is_withdrawn.is_(False)).order_by(Card.made_on, Card.id)
    ).all()
    words = sealing.each(
        found, lambda card: (card, cards.CONTENT.dump_python(cards.content_of(card), mode="json")), _unreadable
    )
    for card, said in words:
        yield {"state": card.state.value, "for": card.scope, "published": _day(card.published_on), **said}


def _said(user: User) -> Iterator[Json]:
    mine = (
        select(Remark)
        .where(Remark.author_id == user.id, Remark.body.is_not(None))
        .order_by(Remark.card_id, Remark.number)
    )
    for remark, said in sealing.each(db.session.scalars(mine).all(), _remarked, _unreadable):
        yield {"card": remark.card_id, "on": _day(remark.written_on)} | said


def _tried(user: User) -> Iterator[Json]:
    mine = select(Trial).where(Trial.user_id == user.id).order_by(Trial.card_id)
    for trial, said in sealing.each(db.session.scalars(mine).all(), _reasoned, _unreadable):
        yield {"card": trial.card_id, "how": trial.verdict} | said


def _asked(user: User) -> Iterator[Json]:
    """Questions with their name. Of those without one nobody can tell that they asked them."""
    mine = select(Question).where(Question.author_id == user.id).order_by(Question.opens_on, Question.id)
    for question, said in sealing.each(db.session.scalars(mine).all(), _put_question, _unreadable):
        yield {"question": question.id, "on": _day(question.opens_on)} | said


def _answered(user: User) -> Iterator[Json]:
    mine = select(Answer).where(Answer.author_id == user.id).order_by(Answer.written_on, Answer.id)
    for answer, said in sealing.each(db.session.scalars(mine).all(), _put_answer, _unreadable):
        yield {"question": answer.question_id, "on": _day(answer.written_on)} | said


def _arranged(user: User) -> Iterator[Json]:
    """What they agreed with others, of which the words are theirs that they wrote."""
    mine = select(Party, Arrangement).join(Arrangement).where(Party.user_id == user.id)
    for party, one in db.session.execute(mine.order_by(Arrangement.proposed_on, Arrangement.id)).all():
        suits = select(MomentBetween).join(MomentYes).where(MomentYes.user_id == user.id)
        suits = suits.where(MomentBetween.arrangement_id == one.id).order_by(MomentBetween.begins)
        written = select(CheckIn).where(CheckIn.user_id == user.id, CheckIn.arrangement_id == one.id)
        said = sealing.each(db.session.scalars(written.order_by(CheckIn.written_on)).all(), _checked_in, _unreadable)
        yield {
            "form": one.form,
            "proposed": party.proposed,
            "accepted": party.has_accepted,
            "from": _day(one.begins_on),
            "until": _day(one.ended_on or one.until),
            "goal": arrangements.shown_goal(one) if party.proposed else None,
            "moments": [{"begins": when.begins.isoformat(), "zone": when.zone} for when in db.session.scalars(suits)],
            "check_ins": [{"on": _day(row.written_on)} | words for row, words in said],
        }


def _offers(user: User) -> Iterator[Json]:
    """What they offer to colleagues, and what they wish for."""
    mine = select(Offer).where(Offer.user_id == user.id).order_by(Offer.made_on, Offer.id)
    for offer, said in sealing.each(db.session.scalars(mine).all(), _put_offer, _unreadable):
        yield {"form": offer.form, "is_wish": offer.is_wish, "on": _day(offer.made_on)} | said


def _put_offer(offer: Offer) -> tuple[Offer, Json]:
    return offer, {"text": arrangements.offer_of(offer)}


def _checked_in(check_in: CheckIn) -> tuple[CheckIn, Json]:
    return check_in, {**asdict(arrangements.answers_of(check_in))}


def _put_question(question: Question) -> tuple[Question, Json]:
    words = questions.words_of(question)
    return question, {"title": words.title, "text": words.text}


def _put_answer(answer: Answer) -> tuple[Answer, Json]:
    return answer, {"text": questions.text_of(answer)}


def _remarked(remark: Remark) -> tuple[Remark, Json]:
    return remark, {"text": words_of(remark)[0]}


def _reasoned(trial: Trial) -> tuple[Trial, Json]:
    return trial, {"why": reason_of(trial)}


def _unreadable(row: T) -> tuple[T, Json]:
    return row, UNREADABLE


def _moment(found: datetime | None) -> str | None:
    return found.isoformat() if found else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
