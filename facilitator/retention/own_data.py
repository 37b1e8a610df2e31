"""Everything the product holds about one person, for that person: as JSON, readable without this product.

Promises: it names nobody else and holds no word of anybody else; what was sent without a name is not in it, because nobody
can tell whose it was; whoever asks gets their own and nothing can be asked for somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive import store as cards
from facilitator.archive.models import Card, Consent
from facilitator.archive.talk.loading import reason_of, words_of
from facilitator.archive.talk.models import Remark, Trial
from facilitator.db import db
from facilitator.groups.models import Group, Member
from facilitator.meetings import loading, sealing
from facilitator.meetings.models import Meeting, Presence, Seat
from facilitator.meetings.snapshot import Snapshot
from facilitator.proof.access import Holder
from facilitator.proof.annexes import annex_of
from facilitator.proof.sheets import standing
from facilitator.proof.store import PROOF, REFLECTION, reflection_of
from facilitator.retention.own_traces import beside_account, beside_seat

Json = dict[str, object]
FORMAT = 1


def of_account(user: User) -> Json:
    """What is held about somebody with an account, across all their meetings."""
    mine = (
        select(Seat).join(Meeting, Meeting.id == Seat.meeting_id).where(Seat.user_id == user.id)
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
            "since": _moment(user.created_at),
            **beside_account(user),
        },
        "groups": list(_groups(user)),
        "meetings": [of_seat(seat, user) for seat in seats],
        "cards": list(_cards(user)),
        "said_under_cards": list(_said(user)),
        "tried": list(_tried(user)),
    }


def of_device(seat: Seat) -> Json:
    """What is held about somebody who was there on a phone only."""
    return {"format": FORMAT, "meetings": [of_seat(seat, None)]}


def of_seat(seat: Seat, user: User | None) -> Json:
    """One meeting, as far as it is about the holder of one seat. `user` is None where the seat's own device asks."""
    meeting = db.session.get_one(Meeting, seat.meeting_id)
    presences = db.session.scalars(select(Presence).where(Presence.seat_id == seat.id).order_by(Presence.came_at))
    proof = standing(meeting.id, seat.id)
    annex = annex_of(db.session(), Holder(meeting, seat, user, has_device=user is None))
    return {
        "goal": meeting.goal,
        "began": _moment(meeting.started_at),
        "ended": _moment(meeting.ended_at),
        "name": seat.name,
        "role": seat.role or seat.kind,
        "promised_confidentiality": _moment(seat.agreed_at),
        "there": [{"from": _moment(one.came_at), "to": _moment(one.went_at)} for one in presences],
        "left": _moment(seat.left_at),
        **beside_seat(seat, proof.particulars),
        "wrote": list(_wrote(meeting, seat)),
        "actions": list(_actions(meeting, seat)),
        "proof": PROOF.dump_python(proof.issued.proof, mode="json") if proof.issued else None,
        "annex": REFLECTION.dump_python(reflection_of(annex), mode="json") if annex else None,
    }


def _snapshot(meeting: Meeting) -> Snapshot | None:
    try:
        return loading.read(meeting.id)
    except sealing.KeyIsGone:
        return None


def _wrote(meeting: Meeting, seat: Seat) -> Iterator[Json]:
    snapshot = _snapshot(meeting)
    for item in snapshot.items if snapshot else ():
        if item.seat_id == seat.id and snapshot is not None:
            phase = snapshot.phases.get(item.step_id)
            yield {"phase": phase.key if phase else "", "form": item.form, **dict(item.fields)}


def _actions(meeting: Meeting, seat: Seat) -> Iterator[Json]:
    snapshot = _snapshot(meeting)
    for action in snapshot.actions if snapshot else ():
        due = action.due.isoformat() if action.due else None
        if seat.id == action.owner_id:
            words = {"if": action.when_if, "then": action.then}
            yield {"as": "owner", **words, "due": due, "status": action.status}
        elif seat.id == action.buddy_id:  # the words are the owner's
            yield {"as": "buddy", "due": due, "status": action.status}


def _groups(user: User) -> Iterator[Json]:
    mine = select(Group.name, Member.added_at, Member.left_at).join(Member, Member.group_id == Group.id)
    for name, added_at, left_at in db.session.execute(mine.where(Member.user_id == user.id).order_by(Member.added_at)):
        yield {"name": name, "from": _moment(added_at), "to": _moment(left_at)}


def _cards(user: User) -> Iterator[Json]:
    """Cards somebody added, and cards made from their cases: those are theirs to know, and nobody else's."""
    from_cases = select(Consent.card_id).where(Consent.user_id == user.id)
    mine = (Card.author_id == user.id) | Card.id.in_(from_cases)
    for card in db.session.scalars(select(Card).where(mine, Card.withdrawn_at.is_(None)).order_by(Card.created_at)):
        try:
            content = cards.content_of(card)
        except sealing.KeyIsGone:
            continue
        words = cards.CONTENT.dump_python(content, mode="json")
        yield {"state": card.state.value, "for": card.scope, "published": _moment(card.published_at), **words}


def _said(user: User) -> Iterator[Json]:
    mine = select(Remark).where(Remark.author_id == user.id, Remark.body.is_not(None)).order_by(Remark.written_at)
    for remark in db.session.scalars(mine):
        try:
            yield {"card": remark.card_id, "at": _moment(remark.written_at), "text": words_of(remark)[0]}
        except sealing.KeyIsGone:
            continue


def _tried(user: User) -> Iterator[Json]:
    for trial in db.session.scalars(select(Trial).where(Trial.user_id == user.id).order_by(Trial.card_id)):
        try:
            yield {"card": trial.card_id, "how": trial.verdict, "why": reason_of(trial)}
        except sealing.KeyIsGone:
            continue


def _moment(found: datetime | None) -> str | None:
    return found.isoformat() if found else None
