"""A live page as a whole: on first load, and – where its script does not run – as the answer to whatever its forms send.

Promises: every form of it can be sent without a script, and does the same; what could not be stored comes back on the page. With
`?plain=1` it needs no script at all: dialogs lie open, and it looks for news by itself only where nothing typed could be lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from flask import abort, flash, make_response, redirect, render_template, request
from flask_babel import force_locale
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from facilitator.accounts.languages import readers_language
from facilitator.core import lengths, sealing
from facilitator.core.config import settings
from facilitator.core.db import db, random_id
from facilitator.core.refusals import Refused
from facilitator.core.text import cleaned, is_filled
from facilitator.meetings import addresses, live, models, seats, table_ids
from facilitator.meetings.actions import notebooks, people, steering
from facilitator.meetings.screens import Screen, build, composer_html
from facilitator.meetings.showing import PhoneScreen, WallScreen
from facilitator.meetings.showing.console_lists import FIRST, Pages
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.methods.vocabulary import FieldType

PATHS = {"phone": "phone", "console": "console", "wall": "screen"}
NEWS_SECONDS = 8
Here = tuple[str, str, int, "Unsent"]
SENT_BY_SCRIPT = re.compile(r"<form\b[^>]*\bdata-(outbox|live)\b[^>]*>")
WHOLE_FORM = re.compile(r"<form\b[^>]*\bdata-(?:outbox|live)\b[^>]*>.*?</form>", re.DOTALL)
TYPED_IN = re.compile(r'<textarea\b|<input class="input"(?![^>]*(?:type="date"|name="code"))')
ITS_OWN, END = 'id="c-form"', "</form>"
COMPOSER = re.compile(r'<section id="composer".*?</section>', re.DOTALL)
TAPPED = frozenset((FieldType.SCALE, FieldType.CHOICE))
# What a form says beside what somebody typed.
SAID_ALONG = frozenset(
    (
        "plain",
        "csrf_token",
        "op",
        "step",
        "form",
        "item",
        "about",
        "base",
        "seat",
        "move",
        "turn",
        "seconds",
        "value",
        "do",
        "what",
        "capability",
        "action",
        "status",
        "target",
        "by",
        "order",
        "keep",
        "role",
        "to",
        "host",
        "code",
        "sign",
        "renew",
    )
)


@dataclass(frozen=True)
class Unsent:
    """What a form sent and was not stored: the sentence about it, and the words – in their composer, or as they are."""

    notice: str = ""
    composer: str | None = None
    texts: tuple[str, ...] = ()


def page(
    row: models.Seat, view: str, number: int = 1, pages: Pages = FIRST, unsent: Unsent | None = None, status: int = 200
) -> BaseResponse:
    """The page of a seat; or the way to where it belongs now, at a table or with everybody."""
    meeting_id = row.meeting_id
    _follow_language(row)
    _choose_address(meeting_id, row, view)
    try:
        renderer = live.current(live.hall(), meeting_id)
    except sealing.KeyIsGone:
        abort(410)
    snapshot = renderer.snapshot
    seat = live.seat_to_show(snapshot, _device_id(row, view, number), view)
    if seat is None:
        abort(403)
    payload = renderer.payload(seat, view, number, pages)
    with force_locale(seat.locale):
        screen = build(snapshot, seat, view, pages)
    if isinstance(screen, PhoneScreen) and screen.go and unsent is None:
        return redirect(f"{screen.go}?{request.query_string.decode()}".rstrip("?"))
    is_plain = unsent is not None or bool(request.args.get("plain"))
    if is_plain:
        live.hall().asks(meeting_id, row.id)  # it counts as open for a while, like any page that asks
    composer = (unsent.composer if unsent else None) or (_edited(snapshot, seat, screen) if is_plain else None)
    other = seats.held_seat(meeting_id, "phone", 3 - number) if view == "phone" else None
    token = seats.csrf_token(meeting_id, view, number)
    plain, usual = (address(meeting_id, view, number, pages, plain=is_plain) for is_plain in (True, False))
    here = (plain, usual, number, unsent or Unsent())
    html = render_template(
        f"meetings/{view}.html",
        screen=screen,
        content=Markup(_with(composer, payload["html"])),  # noqa: S704 – made by our own templates, which escape
        seat_token=token,
        clock_json=json.dumps(payload["clock"]),
        digest=payload["digest"],
        at=payload["at"],
        as_seat=number,
        pages=pages,
        other_seat=other.name if other and not other.is_expelled and other.left_at is None else "",
        plain=_plainly(screen, payload["clock"]["left"], composer, here) if is_plain else None,
        plain_address=plain,
        notes=notebooks.notes_of(table_ids.seat_of(_device_id(row, view, number))) if view == "phone" else None,
        lengths=lengths,
    )
    html = _sendable(html, f"{view}:{number}:{token}:{pages}")
    return make_response(_with_news(html) if is_plain else html, status)


@dataclass(frozen=True)
class Plainly:
    """What a page without a script says about itself: its own address and the usual one, and which of two people on one phone it is
    for. `news_seconds`: after how long it loads itself anew; 0: never.
    """

    here: str
    usual: str
    number: int
    unsent: Unsent
    news_seconds: int
    is_writing: bool
    minutes_left: int | None
    is_noting: bool = False


def _plainly(screen: Screen, left: float, composer: str | None, here: Here) -> Plainly:
    if isinstance(screen, PhoneScreen):
        is_writing, unsent, is_noting = bool(screen.composer or composer), here[-1], bool(request.args.get("notes"))
        is_read = is_writing or is_noting or screen.dictation or unsent.texts or unsent.notice
        return Plainly(*here, 0 if is_read else NEWS_SECONDS, is_writing, None, is_noting)
    minutes = round(left / 60) if screen.frame.status == "running" else None
    news_seconds = NEWS_SECONDS if isinstance(screen, WallScreen) else 0
    return Plainly(*here, news_seconds, is_writing=False, minutes_left=minutes)


def address(meeting_id: str, view: str, number: int = 1, pages: Pages = FIRST, *, plain: bool = False) -> str:
    """Where a live page is."""
    page = str(pages) if pages != FIRST else ""
    asked = {"as": "2" if number == 2 else "", "page": page, "plain": "1" if plain else "", "cover": _cover()}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/meetings/{meeting_id}/{PATHS[view]}{'?' if query else ''}{query}"


def _cover() -> str:
    """Whether the phone is being passed on, so that nothing is shown yet."""
    return "1" if request.method == "GET" and request.args.get("cover") else ""


def answer(row: models.Seat | None, said: seats.Said, found: Mapping[str, object], status: int) -> BaseResponse:
    """The answer to a form that no script sent, from what a script would have been told."""
    notice, pages = str(found.get("notice") or found.get("gone") or ""), Pages.read(said.pages)
    if row is None or "gone" in found or status == HTTPStatus.SERVICE_UNAVAILABLE:
        return make_response(render_template("meetings/not_stored.html", sentence=notice, texts=typed()), status)
    if status == HTTPStatus.OK and not said.asks_for_news:
        if notice:
            flash(notice)
        place = str(found.get("go") or address(row.meeting_id, said.view, said.as_seat, pages, plain=True))
        return redirect(place, HTTPStatus.SEE_OTHER)
    composer = str(found["form"]) if found.get("form") else _typed_again(row, said)
    unsent = Unsent(notice, composer, () if composer else typed(_tapped(row)))
    return page(row, said.view, said.as_seat, pages, unsent, status)


def _device_id(row: models.Seat, view: str, number: int) -> str:
    """By what the page of this device is known."""
    found = seats.held(row.meeting_id, view, number)
    return found.device_id if found is not None and found.seat.id == row.id else row.id


def _typed_again(row: models.Seat, said: seats.Said) -> str | None:
    """The composer with what was typed in it, while it is at hand; what was written down for another is no text of one's own."""
    if "seat" in request.form:
        return None
    snapshot = live.current(live.hall(), row.meeting_id).snapshot
    device_id = _device_id(row, said.view, said.as_seat)
    seat = live.seat_to_show(snapshot, device_id, said.view) if said.view == "phone" else None
    sent = {name: cleaned(text) for name, text in request.form.items()}
    return composer_html(snapshot, seat, sent, {}) if seat else None


def typed(tapped: Collection[str] = ()) -> tuple[str, ...]:
    """The words somebody typed into the form that was sent; fields named in *tapped* hold none."""
    given = (cleaned(text).strip() for name, text in request.form.items() if name not in SAID_ALONG | set(tapped))
    return tuple(text for text in given if is_filled(text))


def _tapped(row: models.Seat) -> tuple[str, ...]:
    """The fields of the form that was sent in which an answer is tapped."""
    phase = live.current(live.hall(), row.meeting_id).snapshot.phases.get(request.form.get("step", ""))
    form = phase.form(request.form.get("form", "")) if phase else None
    return tuple(field.name for field in form.fields if field.type in TAPPED) if form else ()


def _sendable(html: str, page_says: str) -> str:
    """With what a script sends in headers in each form, and a name for each attempt to send something."""
    says = f'<input type="hidden" name="plain" value="{escape(page_says)}" data-plain>'

    def with_fields(found: re.Match[str]) -> str:
        op = f'<input type="hidden" name="op" value="{random_id()}" data-plain>' if found[1] == "outbox" else ""
        return found[0] + says + op

    return SENT_BY_SCRIPT.sub(with_fields, html)


def _with_news(html: str) -> str:
    """With a way to news out of each form in which somebody types: what stands in it comes along. The composer's is above it."""
    button = render_template("meetings/renew.html")

    def ending(found: re.Match[str]) -> str:
        is_typed = TYPED_IN.search(found[0]) and ITS_OWN not in found[0]
        return found[0].removesuffix(END) + button + END if is_typed else found[0]

    return WHOLE_FORM.sub(ending, html)


def _with(composer: str | None, html: str) -> str:
    return COMPOSER.sub(lambda _found: composer, html) if composer else html


def _edited(snapshot: Snapshot, seat: Seat, screen: Screen) -> str | None:
    """The composer of an own text that is to be changed."""
    own = screen.own if isinstance(screen, PhoneScreen) else ()
    text = next((text for text in own if text.id == request.args.get("edit") and text.may_edit), None)
    if text is None or text.composer is None:
        return None
    sent = {"step": text.composer.step_id, "form": text.form, "item": text.id, **text.typed}
    return composer_html(snapshot, seat, sent, {})


def _follow_language(row: models.Seat) -> None:
    """A seat's screens follow the language its owner chose on the device."""
    wanted = readers_language()
    if wanted != row.locale:
        people.speak_language(row.meeting_id, row.id, wanted)


def _choose_address(meeting_id: str, row: models.Seat, view: str) -> None:
    """The first time a lobby is opened, the address under which that happened is the one phones get, for as long as it leads here."""
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None or meeting.join_host or view == "phone" or settings().public_url:
        return
    try:
        steering.choose_host(meeting_id, row.id, addresses.host_of_lobby())
    except Refused:
        return
