"""The pages on which a case giver decides about the card of their case, on their own device.

Promises: to everybody else there is no such page, whatever was decided; what a refusal leaves behind is what was there
before anybody looked.
"""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from facilitator.accounts import mail
from facilitator.accounts.models import Organisation, User
from facilitator.archive import consenting, store
from facilitator.archive.cases import OwnCase, gives_case, own_cases
from facilitator.archive.consenting import Decided
from facilitator.archive.content import CardContent
from facilitator.archive.drafts import Draft
from facilitator.archive.forms import answers, pieces_form, place_hint, place_name, rows
from facilitator.archive.likeness import own_words
from facilitator.archive.redaction import find
from facilitator.archive.themes.actions import list_of
from facilitator.archive.themes.naming import names_of
from facilitator.archive.themes.proposing import fitting_themes, sort_key
from facilitator.archive.views import blueprint
from facilitator.core.addresses import base_here
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.meetings.seats import whose
from facilitator.meetings.visitor import seat_query
from facilitator.reports.voices import voices

FRESH = "fresh_card_link"
OFTEN = "120 per minute"


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
    found = consenting.decided(case)
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
        consenting.save(case, lambda now: answers(form, now, request.form, case.names, case.locale))
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
        consenting.refuse(case)
        flash(_("Nothing is shared. Nobody sees that."), "success")
    elif do in consenting.SCOPES:
        consenting.save(case, lambda draft: draft)
        asked = consenting.decide(
            case, do, at_once=request.form.get("when") == "now", themes=request.form.getlist("theme")
        )
        _tell(asked, case)
    elif do == "now":
        consenting.publish_now(case)
    elif do == "link":
        found = consenting.decided(case)
        if found is not None:
            session[FRESH] = {"card": found.card.id, "token": consenting.make_link(found.card.id)}
    else:
        abort(400)


def _tell(asked: list[str], case: OwnCase) -> None:
    """Whoever's words are used and has an account gets a mail; everybody finds it on their own page."""
    for user in db.session.scalars(select(User).where(User.id.in_(asked), User.active.is_(True))):
        link = f"{base_here()}/meetings/{case.meeting_id}/objection"
        mail.send("objection", user.email, user.locale, name=user.name, link=link)


def _share(case: OwnCase, problem: str = "", status: int = 200) -> ResponseReturnValue:
    found = consenting.decided(case)
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
        window_days=consenting.WINDOW_AT_LEAST.days,
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
