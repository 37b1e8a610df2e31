"""What every verb of a live page has in common: whose seat it is, the request token, and the answer – the sender's own new
screen, with a sentence where something was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from flask import Response, jsonify
from werkzeug.wrappers import Response as BaseResponse

from facilitator.core import sealing
from facilitator.core.db import Busy
from facilitator.core.extensions import csrf, limiter
from facilitator.core.op_ids import with_op
from facilitator.core.refusals import Refused
from facilitator.meetings import live, loading, refusals, seats
from facilitator.meetings.screens import Payload
from facilitator.meetings.seats import KIND_OF_VIEW, Held, Said, csrf_token, is_csrf_right, said_by_page, whose
from facilitator.meetings.showing.console_lists import Pages
from facilitator.meetings.snapshot import Seat, Snapshot
from facilitator.meetings.views import pages

GONE = frozenset({403, 410})
OFTEN = "240 per minute"


@dataclass(frozen=True)
class Sender:
    """Who sent a request: a seat of a meeting, by the device that holds it, through one of its views, and what of long lists it
    looks at.
    """

    meeting_id: str
    seat_id: str
    view: str
    as_seat: int
    pages: Pages


Verb = Callable[..., BaseResponse]


def verb(*views: str) -> Callable[[Callable[[Sender], Response | None]], Verb]:
    """Makes a POST of a live page: checks the seat and the token, runs the verb, answers with the sender's screen. Only
    pages with one of `views` may send it; everybody else is refused.
    """

    def decorate(act: Callable[[Sender], Response | None]) -> Verb:
        @wraps(act)
        @limiter.limit(OFTEN, key_func=whose)
        def handled(meeting_id: str) -> BaseResponse:
            said = said_by_page()
            found = _made(act, views, sender_of(meeting_id, said), said)
            if said.is_script:
                return with_op(found)
            by = held(meeting_id, said.view, said.as_seat)
            return with_op(pages.answer(by.seat if by is not None else None, said, found.get_json(), found.status_code))

        return csrf.exempt(handled)  # type: ignore[no-any-return, no-untyped-call]  # the token of the seat is checked instead

    return decorate


def _made(
    act: Callable[[Sender], Response | None], views: tuple[str, ...], sender: Sender | Response, said: Said
) -> Response:
    """The answer as a script is told it, after the verb was done, or why not."""
    if isinstance(sender, Response):
        return sender
    if sender.view not in views:
        return gone("not_moderator" if "phone" not in views else "not_let_in", 403)
    try:
        return (None if said.asks_for_news else act(sender)) or screen_answer(sender)
    except Refused as refused:
        return refusal(sender, refused)
    except sealing.KeyIsGone:
        return gone("erased", 410)
    except (Busy, sealing.Damaged) as error:
        return plain({"notice": refusals.sentence("busy" if isinstance(error, Busy) else "unreadable")}, 503)


def sender_of(meeting_id: str, said: Said) -> Sender | Response:
    """Whose request this is, or the answer to somebody who has no seat here."""
    view, as_seat = said.view, said.as_seat
    row = held(meeting_id, view, as_seat)
    if row is not None and not is_csrf_right(meeting_id, view, as_seat, said.token):
        answer = {"token": csrf_token(meeting_id, view, as_seat), "notice": refusals.sentence("token")}
        return plain(answer, 400)
    return holder(row, meeting_id, view, as_seat, said.pages)


def held(meeting_id: str, view: str, as_seat: int) -> Held | None:
    """How this device holds a seat for a view, if there is such a view."""
    return seats.held(meeting_id, view, as_seat) if view in KIND_OF_VIEW else None


def holder(found: Held | None, meeting_id: str, view: str, as_seat: int, page: str | None) -> Sender | Response:
    """Whoever holds a seat, if it still has this view; else the answer in words."""
    if found is None:
        return gone("no_seat", 403)
    row = found.seat
    if row.is_expelled:
        return gone("disconnected" if view == "wall" else "expelled", 403, live.may_return(row))
    if view == "console" and not row.leads:
        return gone("not_moderator", 403)
    return Sender(meeting_id, found.device_id, view, as_seat, Pages.read(page))


def screen_answer(sender: Sender, status: int = 200, **extra: object) -> Response:
    """The sender's own new screen, and what else there is to say."""
    found = own_screen(sender)
    return plain({**(found or {}), **{k: v for k, v in extra.items() if v is not None}}, status)


def own_screen(sender: Sender) -> Payload | None:
    """The screen of whoever sent this, as it is after what they did; None where they have none any more."""
    renderer = live.current(live.hall(), sender.meeting_id)
    seat = live.seat_to_show(renderer.snapshot, sender.seat_id, sender.view)
    return renderer.payload(seat, sender.view, sender.as_seat, sender.pages) if seat else None


def meeting_of(sender: Sender) -> tuple[Snapshot, Seat | None]:
    """The meeting as it is, and the sender's seat if it still has this view."""
    snapshot = live.current(live.hall(), sender.meeting_id).snapshot
    return snapshot, live.seat_to_show(snapshot, sender.seat_id, sender.view)


def refusal(sender: Sender, refused: Refused) -> Response:
    """A refusal in words, with the screen as it is now; nothing that was typed is lost by it."""
    sentence = refusals.sentence(refused.code)
    if refused.status in GONE and refused.code in ("expelled", "erased", "not_moderator"):
        return plain({"gone": sentence, "may_return": refused.code == "expelled"}, refused.status)
    try:
        return screen_answer(sender, refused.status, notice=sentence)
    except (loading.NoSuchMeeting, sealing.KeyIsGone):
        return plain({"gone": refusals.sentence("no_such_meeting")}, 410)


def gone(code: str, status: int, may_return: bool = False) -> Response:
    """An answer to somebody who has no seat here (any more)."""
    return plain({"gone": refusals.sentence(code), "may_return": may_return}, status)


def plain(answer: Mapping[str, object], status: int) -> Response:
    """JSON that nobody keeps a copy of."""
    response = jsonify(dict(answer))
    response.status_code = status
    return response
