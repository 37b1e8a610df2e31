"""Saying how an action went, before the next meeting: by the link of a mail, or from one's own page.

Promises: only its owner and whoever is its buddy get there; looking changes nothing, so a program that opens links of mails uses nothing
up; the link opens this action and nothing else, for as long as its words are there. Of what its owner said in a meeting a buddy hears
nothing before that meeting shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from facilitator.accounts.models import User
from facilitator.archive.content import Outcome
from facilitator.archive.models import Card, Consent
from facilitator.consent import decisions
from facilitator.core import lengths, sealing
from facilitator.core.db import db
from facilitator.core.forms import Form
from facilitator.core.limits import wrong
from facilitator.core.refusals import Refused
from facilitator.core.sealed_links import opened_link
from facilitator.meetings import loading, looking_back, models
from facilitator.meetings.actions import outcomes
from facilitator.meetings.mine import in_words, until
from facilitator.meetings.refusals import sentence
from facilitator.meetings.snapshot import Action
from facilitator.meetings.visitor import visitor
from facilitator.methods.vocabulary import STATUSES
from facilitator.mine.reminding import WENT

WRONG_LINKS = "40 per minute"
KEEP = "keep"

went = Blueprint("went", __name__)


CHOICES = [
    SelectChoice(status, text)
    for status, text in zip(STATUSES, (_l("Done"), _l("Partly done"), _l("Not done"), _l("I let it go")), strict=True)
]


class WentForm(Form):
    """How it went, in one tap and perhaps a line."""

    status = RadioField(
        _l("How did it go?"),
        choices=CHOICES,
        validators=[InputRequired(message=_l("Choose how it went."))],
    )
    line = StringField(
        _l("What came of it?"),
        validators=[Length(max=lengths.LINE, message=_l("Keep it within %(max)d characters."))],
        render_kw={"maxlength": lengths.LINE, "autocomplete": "off"},
    )
    outcome = RadioField(
        _l("And on your card?"),
        choices=[
            SelectChoice(KEEP, _l("Leave the card as it is")),
            SelectChoice(Outcome.WORKED.value, _l("It worked")),
            SelectChoice(Outcome.PARTLY.value, _l("It worked in part")),
            SelectChoice(Outcome.NOT.value, _l("It did not work")),
        ],
        default=KEEP,
    )


@dataclass(frozen=True)
class Concern:
    """An action, what somebody is to it, and their card of that case if it does not say yet how it went."""

    meeting_id: str
    action: Action
    part: looking_back.Part
    owner: str
    card: Card | None


@went.route("/went/<token>", methods=["GET", "POST"])
def by_mail(token: str) -> ResponseReturnValue:
    """The link in the mail of the day."""
    ids = opened_link(WENT, token, 2)
    concern = _of_account(*ids) if ids is not None else None
    if concern is None:
        wrong(WRONG_LINKS, "links of actions")
        words = _("What you planned was erased by now, or is not yours any more.")
        return render_template("accounts/closed.html", sentence=words), 410
    return _page(concern)


@went.route("/meetings/<meeting_id>/actions/<action_id>", methods=["GET", "POST"])
def from_own_page(meeting_id: str, action_id: str) -> ResponseReturnValue:
    """The same for whoever holds the seat, without any mail."""
    found = visitor(meeting_id)
    concern = _concern(action_id, {seat.id for seat in found.own}) if found is not None else None
    if concern is None or concern.meeting_id != meeting_id:
        abort(404)
    return _page(concern)


def _page(concern: Concern) -> ResponseReturnValue:
    form = WentForm()
    told = concern.action.told
    if concern.part == "buddy":
        form.status.choices = [choice for choice in CHOICES if choice.value != "dropped"]
    if form.is_fine():
        try:
            _tell(concern, form)
        except Refused as refused:
            form.status.errors = [str(sentence(refused.code))]
            return _shown(concern, form, refused.status)
        return redirect(request.path)
    if request.method == "GET" and told is not None:
        form.status.data, form.line.data = told.status, told.line
    return _shown(concern, form, 422 if form.errors else 200)


def _shown(concern: Concern, form: WentForm, status: int) -> ResponseReturnValue:
    is_settled = concern.part == "buddy" and concern.action.told is not None and not concern.action.told.is_by_buddy
    page = render_template(
        "mine/went.html",
        concern=concern,
        words=in_words(concern.action),
        until=until(concern.action),
        form=form,
        is_settled=is_settled,
        labels={choice.value: choice.label for choice in CHOICES},
    )
    return page, status


def _tell(concern: Concern, form: WentForm) -> None:
    outcomes.tell(concern.meeting_id, concern.action.id, concern.part, form.typed("status"), form.typed("line"))
    if concern.card is not None and form.outcome.data not in (None, KEEP):
        decisions.tell_outcome(concern.card.id, Outcome(form.outcome.data), "")
    if form.typed("status") == "dropped":
        flash(_("You let it go. That is fine: nobody asks about it any more."), "success")
    else:
        flash(_("Noted. Your next meeting opens with it."), "success")


def _of_account(action_id: str, user_id: str) -> Concern | None:
    user = db.session.get(User, user_id)
    if user is None or not user.active:
        return None
    own = select(models.Seat).join(models.Meeting, models.Meeting.id == models.Seat.meeting_id)
    own = own.where(models.Seat.user_id == user_id, models.Meeting.organisation_id == user.organisation_id)
    return _concern(action_id, {seat.id for seat in db.session.scalars(own) if seat.takes_part})


def _concern(action_id: str, seat_ids: set[str]) -> Concern | None:
    row = db.session.get(models.Action, action_id)
    part = looking_back.part_of(row, seat_ids) if row is not None else None
    if row is None or part is None or row.is_carried or not row.is_confirmed:
        return None
    try:
        snapshot = loading.read(row.meeting_id)
    except (loading.NoSuchMeeting, sealing.KeyIsGone):
        return None
    action = next((action for action in snapshot.actions if action.id == action_id), None)
    if action is None:
        return None
    card = _card(row) if part == "owner" else None
    return Concern(row.meeting_id, action, part, snapshot.name(action.owner_id) or action.owner_name, card)


def _card(row: models.Action) -> Card | None:
    """The one card of the owner's case, where it does not say yet how it went."""
    asked = select(Card).join(Consent, Consent.card_id == Card.id)
    asked = asked.where(Consent.meeting_id == row.meeting_id, Consent.seat_id == row.owner_id, Card.outcome == "")
    cards = db.session.scalars(asked.where(Card.published_on.is_not(None), Card.is_withdrawn.is_(False))).all()
    return cards[0] if len(cards) == 1 else None
