"""The pages on which a case giver decides about the card of their case, somebody whose words it holds answers, and its owner
tells how it went or takes it back.

Promises: to everybody else there is no such page, whatever was decided; what a refusal leaves behind is what was there before anybody
looked; nobody sees anybody else's words, or what somebody said to theirs. An owner is whoever holds the case giver's seat or account,
whoever made the card, or whoever has the card's own link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from facilitator.accounts import mail
from facilitator.accounts.access import signed_in
from facilitator.accounts.models import Organisation, User
from facilitator.archive import store
from facilitator.archive.content import CardContent, Outcome
from facilitator.archive.models import Card, Consent, Objection
from facilitator.archive.themes import fitting_themes, list_of, names_of, sort_key
from facilitator.consent import decisions
from facilitator.consent.decisions import Decided
from facilitator.consent.drafts import Draft, OwnCase, gives_case, own_cases, own_seats, own_words
from facilitator.consent.forms import OutcomeForm, answers, pieces_form, place_hint, place_name, rows
from facilitator.consent.mine import suggested
from facilitator.consent.redaction import find
from facilitator.core.addresses import base_here
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.limits import wrong
from facilitator.core.refusals import Refused
from facilitator.core.sealing import hashed
from facilitator.meetings.seats import whose
from facilitator.meetings.visitor import seat_query
from facilitator.reports.voices import voices

blueprint = Blueprint("consent", __name__)

FRESH = "fresh_card_link"
OFTEN = "120 per minute"
ANSWERS = "60 per minute"
WRONG_LINKS = "40 per minute"


@blueprint.get("/meetings/<meeting_id>/consent")
def consent(meeting_id: str) -> ResponseReturnValue:
    """The cases somebody gave; of a single one the page itself."""
    if not gives_case(meeting_id):
        abort(404)
    cases = own_cases(meeting_id)
    if len(cases) == 1:
        return redirect(_address(cases[0]))
    return render_template("archive/consent.html", meeting_id=meeting_id, cases=cases, seat_query=seat_query())


@blueprint.route("/meetings/<meeting_id>/consent/<int:number>", methods=["GET", "POST"])
@limiter.limit(OFTEN, key_func=whose, methods=["POST"])
def consent_edit(meeting_id: str, number: int) -> ResponseReturnValue:
    """First step: the words, field by field."""
    case = _own(meeting_id, number)
    found = decisions.decided(case)
    if found is not None and found.card.published_on is not None:
        return redirect(_address(case, "/share"))
    draft = _draft(case, found)
    form = pieces_form(draft)
    if not form.is_fine():
        shown = rows(form, draft, case.names, case.locale)
        page = render_template(
            "archive/consent_edit.html",
            case=case,
            form=form,
            rows=shown,
            found=found,
            place_name=place_name,
            place_hint=place_hint,
            share=_address(case, "/share"),
        )
        return page, 422 if form.errors else 200
    try:
        decisions.save(case, lambda now: answers(form, now, request.form, case.names, case.locale))
    except Refused as refused:
        flash(str(refused), "error")
    return redirect(_address(case, "/share"))


@blueprint.get("/meetings/<meeting_id>/consent/<int:number>/share")
def consent_share(meeting_id: str, number: int) -> ResponseReturnValue:
    """Second step: exactly what would be published, for whom and when. After that: how it stands."""
    return _share(_own(meeting_id, number))


@blueprint.post("/meetings/<meeting_id>/consent/<int:number>/share")
@limiter.limit(OFTEN, key_func=whose)
def consent_decide(meeting_id: str, number: int) -> ResponseReturnValue:
    """The decision, and what may be changed about it."""
    case, do = _own(meeting_id, number), request.form.get("do", "")
    try:
        _do(case, do)
    except Refused as refused:
        return _share(case, str(refused), refused.status)
    return redirect(_address(case, "/share"))


def _do(case: OwnCase, do: str) -> None:
    if do == "nobody":
        decisions.refuse(case)
        flash(_("Nothing is shared. Nobody sees that."), "success")
    elif do in decisions.SCOPES:
        decisions.save(case, lambda draft: draft)
        asked = decisions.decide(
            case, do, at_once=request.form.get("when") == "now", themes=request.form.getlist("theme")
        )
        _tell(asked, case)
    elif do == "now":
        decisions.publish_now(case)
    elif do == "link":
        found = decisions.decided(case)
        if found is not None:
            session[FRESH] = {"card": found.card.id, "token": decisions.make_link(found.card.id)}
    else:
        abort(400)


def _tell(asked: list[str], case: OwnCase) -> None:
    """Whoever's words are used and has an account gets a mail; everybody finds it on their own page."""
    for user in db.session.scalars(select(User).where(User.id.in_(asked), User.active.is_(True))):
        link = f"{base_here()}/meetings/{case.meeting_id}/objection"
        mail.send("objection", user.email, user.locale, name=user.name, link=link)


def _share(case: OwnCase, problem: str = "", status: int = 200) -> ResponseReturnValue:
    found = decisions.decided(case)
    draft = None if found is not None and found.draft is None else _draft(case, found)
    content = store.content_of(found.card) if found is not None and draft is None else (draft or Draft()).content()
    page = render_template(
        "archive/consent_share.html",
        case=case,
        found=found,
        content=content,
        problem=problem,
        still_there=_still_there(draft, case) if draft else [],
        others=bool(draft and own_words(draft, voices(case.meeting_id), case.seat_id)),
        taken_out=any(piece.is_taken_out and piece.is_included for piece in draft.pieces) if draft else False,
        days=db.session.get_one(Organisation, case.organisation_id).cooling_off_days,
        window_days=decisions.WINDOW_AT_LEAST.days,
        link=_fresh_link(found),
        themes=names_of(db.session(), found.card.id) if found is not None else (),
        offered=_offered(case, content, found),
        edit=_address(case),
        share=_address(case, "/share"),
    )
    return make_response(page, status)


def _offered(case: OwnCase, content: CardContent, found: Decided | None) -> list[tuple[str, str, bool]]:
    """The organisation's themes: id, name, and whether it was chosen or, before anything was, the card's words say it."""
    themes = sorted(list_of(db.session(), case.organisation_id), key=lambda theme: sort_key(theme.name))
    chosen = names_of(db.session(), found.card.id) if found is not None else []
    chosen = chosen or fitting_themes(content, case.locale, [theme.name for theme in themes])
    return [(theme.id, theme.name, theme.name in chosen) for theme in themes]


def _still_there(draft: Draft, case: OwnCase) -> list[str]:
    """What may tell who or where it was and would be published all the same."""
    words = [
        found.of(piece.text).strip()
        for piece in draft.pieces
        if piece.is_published
        for found in find(piece.text, case.names, case.locale)
    ]
    return list(dict.fromkeys(words))


def _draft(case: OwnCase, found: Decided | None) -> Draft:
    return found.draft if found is not None and found.draft is not None else case.draft()


def _own(meeting_id: str, number: int) -> OwnCase:
    """The case with this number, if it is theirs and its report is approved."""
    return next((case for case in own_cases(meeting_id) if case.number == number), None) or abort(404)


def _address(case: OwnCase, more: str = "") -> str:
    return f"/meetings/{case.meeting_id}/consent/{case.number}{more}{seat_query()}"


def _fresh_link(found: Decided | None) -> str:
    """The card's own link, right after it was made: the page shows it once."""
    fresh = session.get(FRESH)
    if found is None or not isinstance(fresh, dict) or fresh.get("card") != found.card.id:
        return ""
    session.pop(FRESH)
    return f"{base_here()}/archive/{found.card.id}/withdraw/{fresh.get('token', '')}"


@dataclass(frozen=True)
class Asked:
    """A card on its way that holds somebody's words: those words as they would appear, for whom, and until when to say so."""

    card_id: str
    scope: str
    until: datetime | None
    answer: str
    lines: tuple[str, ...]


@blueprint.get("/meetings/<meeting_id>/objection")
def objection(meeting_id: str) -> ResponseReturnValue:
    """What is asked of whoever sent this request."""
    seats = own_seats(meeting_id)
    if not seats:
        abort(404)
    return render_template("archive/objection.html", meeting_id=meeting_id, asked=asked_of(meeting_id, seats))


@blueprint.post("/meetings/<meeting_id>/objection")
@limiter.limit(ANSWERS, key_func=whose)
def object_or_agree(meeting_id: str) -> ResponseReturnValue:
    """Their answer; it may be changed until the card is published."""
    seats, says = own_seats(meeting_id), request.form.get("do", "")
    if not seats:
        abort(404)
    try:
        decisions.answer(meeting_id, request.form.get("card", ""), seats, says)
    except Refused as refused:
        flash(str(refused), "error")
    else:
        took_out = _("Your words are not on the card. Nobody hears that it was you.")
        flash(took_out if says == decisions.OBJECTS else _("Thank you. Your words may be used."), "success")
    return redirect(f"/meetings/{meeting_id}/objection{seat_query()}")


def asked_of(meeting_id: str, seats: frozenset[str]) -> list[Asked]:
    """The cards on their way that hold words of these seats."""
    query = select(Card, Consent, Objection).join(Consent, Consent.card_id == Card.id)
    query = query.join(Objection, Objection.card_id == Card.id).where(
        Consent.meeting_id == meeting_id, Objection.seat_id.in_(seats), Card.approved_at.is_not(None)
    )
    found = db.session.execute(query.where(Objection.answer != decisions.OBJECTS).order_by(Card.id)).all()
    said = voices(meeting_id) if found else ()
    return [
        Asked(card.id, card.scope, card.publish_at, row.answer, decisions.words_of(consent, row.seat_id, said))
        for card, consent, row in found
    ]


@blueprint.get("/archive/<card_id>/withdraw")
@blueprint.get("/archive/<card_id>/withdraw/<token>")
def own_card(card_id: str, token: str = "") -> ResponseReturnValue:
    """The card as it stands, and what its owner may do with it."""
    card, form = _owned(card_id, token), OutcomeForm()
    form.outcome.data = card.outcome or suggested(db.session(), card)
    return _page(card, token, form)


@blueprint.post("/archive/<card_id>/withdraw")
@blueprint.post("/archive/<card_id>/withdraw/<token>")
def withdraw(card_id: str, token: str = "") -> ResponseReturnValue:
    """Takes it back: from this moment nobody finds it."""
    card = _owned(card_id, token)
    decisions.take_back(card.id)
    return render_template("archive/withdrawn.html")


@blueprint.post("/archive/<card_id>/outcome")
@blueprint.post("/archive/<card_id>/outcome/<token>")
def tell_outcome(card_id: str, token: str = "") -> ResponseReturnValue:
    card, form = _owned(card_id, token), OutcomeForm()
    if card.published_on is None:
        abort(404)
    if not form.is_fine():
        return _page(card, token, form)
    try:
        decisions.tell_outcome(card.id, Outcome(form.typed("outcome")), form.typed("why"))
    except Refused as refused:
        abort(refused.status)
    flash(_("How it went now stands on the card."), "success")
    return redirect(f"/archive/{card_id}/withdraw{'/' + token if token else ''}")


def _page(card: Card, token: str, form: OutcomeForm) -> ResponseReturnValue:
    page = render_template(
        "archive/own_card.html",
        card_row=card,
        content=store.shown(card),
        themes=names_of(db.session(), card.id),
        form=form,
        looked_back=card.outcome == "" and bool(suggested(db.session(), card)),
        more=f"/{token}" if token else "",
    )
    return page, 422 if form.errors else 200


def _owned(card_id: str, token: str) -> Card:
    card = db.session.get(Card, card_id)
    if card is None or card.is_withdrawn or not _is_owner(card, token):
        wrong(WRONG_LINKS, "links of cards")
        abort(404)
    return card


def _is_owner(card: Card, token: str) -> bool:
    user = signed_in()
    if user is not None and user.organisation_id == card.organisation_id and card.author_id == user.id:
        return True
    consent = db.session.scalar(select(Consent).where(Consent.card_id == card.id))
    if consent is None:
        return False
    if token:
        return consent.link_hash == hashed(token)
    if user is not None and consent.user_id == user.id:
        return True
    return bool(consent.meeting_id and consent.seat_id in own_seats(consent.meeting_id))
